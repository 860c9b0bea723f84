#include "onehead/core/policy/change_scope.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "core/environment/config_directory.h"
#include "core/environment/location.h"
#include "core/policy/environment_index.h"
#include "core/policy/looks_like_migration.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"
#include "onehead/core/migration/migration.h"
#include "onehead/core/tree/checkout_encoding.h"

namespace onehead {
namespace {

Result<bool> IsDirectory(const SourceTree& tree, const std::string& path) {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree.Find(path));
  return entry && entry->kind == EntryKind::kDirectory;
}

// A text that Python cannot read either, with no environment beside or below it: it says nothing
// to anybody, and once it does it is judged as new.
bool IsFar(const Error& error, const std::vector<Environment>& environments) {
  const std::string_view directory = DirName(error.path);
  return error.kind == ErrorKind::kInvalid && !error.path.empty() &&
         std::none_of(environments.begin(), environments.end(), [&](const Environment& e) {
           return IsUnder(e.script_location, directory) ||
                  std::any_of(e.version_locations.begin(), e.version_locations.end(),
                              [&](const std::string& l) { return IsUnder(l, directory); });
         });
}

// "alembic.ini:3: script_location is absolute" without the place, which moves with other lines.
std::set<std::string_view> WithoutPlaces(const std::vector<std::string>& notes) {
  std::set<std::string_view> texts;
  for (const std::string_view note : notes) {
    const std::size_t place = note.find(": ");
    texts.insert(note.substr(place == std::string_view::npos ? 0 : place));
  }
  return texts;
}

// Of a compiled file in __pycache__, where its source would be; else the path itself.
std::string SourceOf(const std::string& path) {
  const std::string_view directory = DirName(path);
  if (BaseName(directory) != "__pycache__" || !path.ends_with(".pyc")) return path;
  return JoinPath(DirName(directory), BaseName(path));
}

class ScopeFinder {
 public:
  ScopeFinder(const SourceTree* before, const SourceTree& after, const ScopeOptions& options,
              StateLoader* loader)
      : before_(before),
        after_(after),
        options_(options),
        surveys_(options.surveys != nullptr ? options.surveys : &no_surveys_),
        loader_(loader) {}

  Result<Scope> Run() {
    if (before_ != nullptr && options_.check_for_change_first) {
      ONEHEAD_ASSIGN_OR_RETURN(const bool may_differ, MigrationsMayDiffer(*before_, after_));
      if (!may_differ) return std::move(scope_);
    }
    ONEHEAD_ASSIGN_OR_RETURN(diff_, DiffTrees(before_, after_));
    if (diff_.files.empty()) return std::move(scope_);
    scope_.attributes_changed =
        std::any_of(diff_.files.begin(), diff_.files.end(),
                    [](const ChangedFile& file) { return BaseName(file.path) == kAttributesFile; });
    ONEHEAD_TRY(Discover());
    const bool any_outside = AnyOutside();
    if (!searched_all_ && (any_outside || MayConcernOthers())) {
      ONEHEAD_TRY(SearchAll());
    }
    if (any_outside) {
      ONEHEAD_TRY(CollectStrays());
    }
    ONEHEAD_TRY(CollectErrors());
    ONEHEAD_TRY(PairAll());
    return std::move(scope_);
  }

 private:
  bool IsGivenByHand() const {
    return !options_.discovery.script_locations.empty() || !options_.discovery.versions.empty();
  }

  Status Discover() {
    if (IsGivenByHand()) return TakeGiven();
    if (before_ != nullptr) return ResolveAll();
    // Every directory has been visited.
    ONEHEAD_TRY(Survey({}));
    return ResolveAll();
  }

  Status SearchAll() {
    ONEHEAD_ASSIGN_OR_RETURN(TreeSurvey before, surveys_->Of(*before_));
    ONEHEAD_TRY(Survey(before));
    diff_.candidates_before = std::move(before.candidates);
    return ResolveAll();
  }

  // From what the old tree has.
  Status Survey(const TreeSurvey& before) {
    searched_all_ = true;
    ONEHEAD_ASSIGN_OR_RETURN(TreeSurvey after, SurveyAfter(before, diff_));
    surveys_->Know(after_, after);
    diff_.candidates_after = std::move(after.candidates);
    return {};
  }

  Status ResolveAll() {
    return Take(
        [&] { return ResolveCandidates(after_, diff_.candidates_after, options_.discovery); },
        [&] { return ResolveCandidates(*before_, diff_.candidates_before, options_.discovery); });
  }

  // The command line says where; no candidate counts.
  Status TakeGiven() {
    searched_all_ = true;
    return Take([&] { return DiscoverEnvironments(after_, options_.discovery); },
                [&] { return DiscoverEnvironments(*before_, options_.discovery); });
  }

  template <typename DiscoverAfter, typename DiscoverBefore>
  Status Take(DiscoverAfter discover_after, DiscoverBefore discover_before) {
    ONEHEAD_ASSIGN_OR_RETURN(discovered_after_, discover_after());
    if (before_ != nullptr) {
      ONEHEAD_ASSIGN_OR_RETURN(discovered_before_, discover_before());
    }
    index_after_.emplace(discovered_after_.environments);
    index_before_.emplace(discovered_before_.environments);
    return {};
  }

  bool IsInAny(const std::string& path) const {
    return index_after_->IsInAny(path) || index_before_->IsInAny(path);
  }

  bool MayBeStray(const ChangedFile& file) const {
    const auto& is_ignored = options_.discovery.is_ignored;
    return file.path.ends_with(".py") && IsMigrationFileName(BaseName(file.path)) &&
           !IsInAny(file.path) && !(is_ignored && is_ignored(file.path));
  }

  Result<LooksLikeMigration> Before(const ChangedFile& file) const {
    if (before_ == nullptr) return LooksLikeMigration();
    return BindsDownRevision(*before_, file.path, file.before, options_.max_file_bytes);
  }
  Result<LooksLikeMigration> After(const ChangedFile& file) const {
    return BindsDownRevision(after_, file.path, file.after, options_.max_file_bytes);
  }

  Status CollectStrays() {
    for (const ChangedFile& file : diff_.files) {
      if (!MayBeStray(file)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(LooksLikeMigration is, After(file));
      if (is.yes) scope_.strays.push_back({file.path, std::move(is.migration)});
    }
    if (scope_.strays.empty()) return {};
    ONEHEAD_TRY(MarkOldStrays());
    scope_.locations_changed = before_ != nullptr && LocationsChanged();
    return {};
  }

  Status MarkOldStrays() {
    std::set<std::pair<std::vector<std::string>, std::vector<std::string>>> declared;
    const auto what = [](const Migration& m) {
      return std::pair(m.revision.ids, m.down_revision.ids);
    };
    for (const ChangedFile& file : diff_.files) {
      if (!MayBeStray(file)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(LooksLikeMigration was, Before(file));
      if (was.migration != nullptr) declared.insert(what(*was.migration));
    }
    for (Stray& stray : scope_.strays) {
      stray.is_old = stray.migration != nullptr && declared.count(what(*stray.migration)) != 0;
    }
    return {};
  }

  bool LocationsChanged() const {
    const auto same = [](const Environment& a, const Environment& b) {
      return a.SameIdentity(b) && a.recursive == b.recursive && a.sourceless == b.sourceless &&
             a.also_flat == b.also_flat && a.also_locations == b.also_locations;
    };
    const std::vector<Environment>& after = discovered_after_.environments;
    const std::vector<Environment>& before = discovered_before_.environments;
    const auto is_in = [&](const std::vector<Environment>& all, const Environment& wanted) {
      return std::any_of(all.begin(), all.end(),
                         [&](const Environment& e) { return same(e, wanted); });
    };
    // One that is added says nothing about those that were there, but another reading of one does.
    const auto is_changed = [&](const Environment& old) { return !is_in(after, old); };
    const auto is_reading = [&](const Environment& now) {
      return !is_in(before, now) &&
             std::any_of(before.begin(), before.end(), [&](const Environment& old) {
               return old.script_location == now.script_location;
             });
    };
    const auto is_link = [](const std::optional<TreeEntry>& entry) {
      return entry && entry->kind == EntryKind::kSymlink;
    };
    return std::any_of(before.begin(), before.end(), is_changed) ||
           std::any_of(after.begin(), after.end(), is_reading) ||
           WithoutPlaces(discovered_after_.notes) != WithoutPlaces(discovered_before_.notes) ||
           std::any_of(diff_.files.begin(), diff_.files.end(), [&](const ChangedFile& file) {
             return is_link(file.before) || is_link(file.after);
           });
  }

  bool IsTouched(const Environment& environment) const {
    const auto by_path = [](const ChangedFile& file, const std::string& path) {
      return file.path < path;
    };
    const auto is_changed = [&](const std::string& path) {
      const auto file = std::lower_bound(diff_.files.begin(), diff_.files.end(), path, by_path);
      return file != diff_.files.end() && file->path == path;
    };
    const auto encoded_anew = [&](const std::string& location) {
      if (!scope_.attributes_changed) return false;
      const std::vector<std::string> paths = AttributeFilesOf(location);
      return std::any_of(paths.begin(), paths.end(), is_changed);
    };
    // The changed files below a location stand together.
    const auto touched = [&](const std::string& location) {
      const std::string below = location.empty() ? "" : location + "/";
      auto file = std::lower_bound(diff_.files.begin(), diff_.files.end(), below, by_path);
      for (; file != diff_.files.end() && file->path.starts_with(below); ++file) {
        if (IsInVersions(environment, SourceOf(file->path))) return true;
      }
      return false;
    };
    const auto any_touched = [&](const std::vector<std::string>& locations) {
      return std::any_of(locations.begin(), locations.end(), touched) ||
             std::any_of(locations.begin(), locations.end(), encoded_anew);
    };
    return any_touched(environment.version_locations) ||
           std::any_of(environment.also_locations.begin(), environment.also_locations.end(),
                       any_touched);
  }

  // A file can hide that it is a migration, and a configuration anywhere may say that it is one.
  bool AnyOutside() const {
    return std::any_of(diff_.files.begin(), diff_.files.end(), [&](const ChangedFile& file) {
      return !IsConfigurationName(BaseName(file.path)) && !IsInAny(file.path);
    });
  }

  // A migration may count in an environment too that a configuration anywhere describes, a link may
  // be on the way to one, and a configuration what a link leads to.
  bool MayConcernOthers() const {
    const auto touched = [&](const Environment& e) { return IsTouched(e); };
    const auto& a = discovered_after_.environments;
    const auto& b = discovered_before_.environments;
    return std::any_of(a.begin(), a.end(), touched) || std::any_of(b.begin(), b.end(), touched) ||
           std::any_of(diff_.files.begin(), diff_.files.end(), [](const ChangedFile& file) {
             return IsConfigurationName(BaseName(file.path)) ||
                    (file.before && file.before->kind == EntryKind::kSymlink) ||
                    (file.after && file.after->kind == EntryKind::kSymlink);
           });
  }

  // Also those that were there before; whether they matter is for the caller to say.
  Status CollectErrors() {
    for (const Error& error : discovered_after_.errors) {
      // A location that the settings name need not be on every branch.
      if (IsGivenByHand() && error.kind == ErrorKind::kNotFound) continue;
      ONEHEAD_ASSIGN_OR_RETURN(bool same, IsUnchanged(before_, after_, error.path));
      const bool far = IsFar(error, discovered_after_.environments) &&
                       IsFar(error, discovered_before_.environments);
      scope_.errors.push_back({error, same, far});
    }
    return {};
  }

  Status PairAll() {
    UnmatchedEnvironments unmatched(before_, discovered_before_.environments, loader_);
    std::vector<ScopedEnvironment> scoped;
    for (const Environment& environment : discovered_after_.environments) {
      scoped.push_back({environment, environment, std::nullopt});
    }
    for (ScopedEnvironment& item : scoped) item.before = unmatched.TakeSameIdentity(item.shown);
    for (ScopedEnvironment& item : scoped) {
      ONEHEAD_TRY(TakeMoved(&unmatched, &item));
    }
    for (ScopedEnvironment& item : scoped) {
      if (!item.before) item.before = unmatched.TakeSameScriptLocation(item.shown);
    }
    for (ScopedEnvironment& item : scoped) {
      ONEHEAD_TRY(AddOldLocations(&item));
      UseNewDefinitionWhereOldWasBroken(&item);
      ONEHEAD_TRY(FindHidden(item.before));
      ONEHEAD_ASSIGN_OR_RETURN(bool matters, Matters(item));
      if (!matters) continue;
      scope_.environments.push_back(std::move(item));
    }
    const std::vector<Environment> rest = unmatched.Rest();
    for (const Environment& gone : rest) {
      ONEHEAD_ASSIGN_OR_RETURN(bool replaced, IsReplaced(gone));
      if (!replaced) scope_.environments.push_back({gone, gone, gone});
      ONEHEAD_TRY(FindHidden(gone));
    }
    if (!rest.empty() && options_.discovery.is_ignored) return FindNowIgnored(rest);
    return {};
  }

  Result<bool> Matters(const ScopedEnvironment& item) {
    const std::optional<Environment>& before = item.before;
    if (!before || !before->SameIdentity(item.shown) || IsTouched(item.after) ||
        before->recursive != item.after.recursive || before->sourceless != item.after.sourceless ||
        before->also_flat != item.after.also_flat ||
        before->also_locations != item.after.also_locations) {
      return true;
    }
    return searched_all_ ? LinksLeadElsewhere(item) : Result<bool>(false);
  }

  // Nothing has changed in its locations, but perhaps where links in them lead.
  Result<bool> LinksLeadElsewhere(const ScopedEnvironment& item) {
    if (before_ == nullptr) return false;
    const Result<bool> links = loader_->HasLinks(after_, item.after);
    if (!links || !*links) return links;
    ONEHEAD_ASSIGN_OR_RETURN(const StatePtr now, loader_->Load(after_, item.after));
    ONEHEAD_ASSIGN_OR_RETURN(const StatePtr then, loader_->Load(*before_, *item.before));
    return !SameFiles(*now, *then) || now->errors != then->errors;
  }

  // A directory of migrations that nobody can look into any more.
  Status FindHidden(const std::optional<Environment>& before) {
    using State = Location::State;
    for (const std::string& path :
         before ? before->version_locations : std::vector<std::string>()) {
      ONEHEAD_ASSIGN_OR_RETURN(bool was, IsDirectory(*before_, path));
      if (!was) continue;
      ListingCache listings(after_);
      ConfigBudget budget;
      ONEHEAD_ASSIGN_OR_RETURN(Location now,
                               LocationFinder(&listings, "", &budget.lookups).Look(path));
      if (now.state != State::kLink && now.state != State::kSubmodule) continue;
      scope_.errors.push_back({{ErrorKind::kUnsupported,
                                "held migrations, and " + std::string(WhyPassedOver(now.state)),
                                {},
                                path},
                               false});
    }
    return {};
  }

  // Where nothing is an environment, nobody looks after one that has moved there.
  Status FindNowIgnored(const std::vector<Environment>& gone) {
    DiscoveryOptions all = options_.discovery;
    all.is_ignored = {};
    ONEHEAD_ASSIGN_OR_RETURN(Discovery after,
                             ResolveCandidates(after_, diff_.candidates_after, all));
    ONEHEAD_ASSIGN_OR_RETURN(Discovery before,
                             ResolveCandidates(*before_, diff_.candidates_before, all));
    std::erase_if(after.environments, [&](const Environment& environment) {
      const auto same = [&](const Environment& old) { return old.SameIdentity(environment); };
      return std::any_of(before.environments.begin(), before.environments.end(), same);
    });
    for (const Environment& environment : gone) {
      ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader_->Load(*before_, environment));
      ONEHEAD_ASSIGN_OR_RETURN(std::optional<Environment> now,
                               MostShared(after_, after.environments, *state, loader_));
      if (!now) continue;
      scope_.errors.push_back(
          {{ErrorKind::kUnsupported,
            "the migrations of " + Printable(environment.script_location, 200) +
                " have moved here, where onehead.ignore says that nothing is an environment",
            "keep them elsewhere, or name the directory with onehead.scriptLocation",
            now->script_location},
           false});
    }
    return {};
  }

  // True if others now read all that is left of a former environment.
  Result<bool> IsReplaced(const Environment& gone) const {
    bool any_there = false;
    for (const std::string& location : gone.version_locations) {
      ONEHEAD_ASSIGN_OR_RETURN(bool there, IsDirectory(after_, location));
      if (there && !index_after_->IsCovered(location)) return false;
      any_there = any_there || there;
    }
    return any_there;
  }

  // With other version locations, or at another place.
  Status TakeMoved(UnmatchedEnvironments* unmatched, ScopedEnvironment* item) {
    if (item->before || unmatched->empty()) return {};
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader_->Load(after_, item->shown));
    ONEHEAD_ASSIGN_OR_RETURN(item->before, unmatched->TakeMostShared(*state));
    return {};
  }

  Status AddOldLocations(ScopedEnvironment* item) {
    if (!item->before) return {};
    for (const std::string& location : item->before->version_locations) {
      if (index_after_->IsCovered(location)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(bool there, IsDirectory(after_, location));
      if (there) item->after.version_locations.push_back(location);
    }
    return {};
  }

  // An ini that could not be read is no reason to blame its repair for what was there all along.
  void UseNewDefinitionWhereOldWasBroken(ScopedEnvironment* item) const {
    if (item->before || item->shown.config_path.empty()) return;
    const auto& errors = discovered_before_.errors;
    const bool was_broken = std::any_of(errors.begin(), errors.end(), [&](const Error& error) {
      return error.path == item->shown.config_path &&
             !IsFar(error, discovered_before_.environments);
    });
    if (was_broken) item->before = item->shown;
  }

  const SourceTree* before_;
  const SourceTree& after_;
  const ScopeOptions& options_;
  TreeSurveys no_surveys_;
  TreeSurveys* surveys_;
  StateLoader* loader_;
  TreeDiff diff_;
  Discovery discovered_before_;
  Discovery discovered_after_;
  std::optional<EnvironmentIndex> index_before_;
  std::optional<EnvironmentIndex> index_after_;
  bool searched_all_ = false;
  Scope scope_;
};

}  // namespace

Result<Scope> FindScope(const SourceTree* before, const SourceTree& after,
                        const ScopeOptions& options, StateLoader* loader) {
  return ScopeFinder(before, after, options, loader).Run();
}

}  // namespace onehead
