#include "onehead/core/environment/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/environment/config_directory.h"
#include "core/environment/location.h"
#include "core/environment/named_locations.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"
#include "onehead/core/environment/config_index.h"

namespace onehead {
namespace {

constexpr std::string_view kUsualIni = "alembic.ini";

// Two configurations that say the same are one environment: the one that comes first stays. It sees
// all that one of them sees, so that no second configuration takes a migration out of sight.
void KeepOnePerIdentity(std::vector<Environment>* environments) {
  std::map<std::pair<std::string, std::vector<std::string>>, std::size_t> seen;
  std::vector<Environment> kept;
  for (Environment& environment : *environments) {
    const auto [at, added] =
        seen.try_emplace({environment.script_location, environment.version_locations}, kept.size());
    if (added) {
      kept.push_back(std::move(environment));
    } else {
      Environment& first = kept[at->second];
      first.also_flat |= environment.also_flat || first.recursive != environment.recursive;
      first.recursive |= environment.recursive;
      first.sourceless |= environment.sourceless;
      first.has_unseen |= environment.has_unseen;
      if (first.name.empty()) first.name = environment.name;
      for (std::vector<std::string>& also : environment.also_locations) {
        auto& all = first.also_locations;
        if (std::find(all.begin(), all.end(), also) == all.end()) all.push_back(std::move(also));
      }
    }
  }
  std::stable_sort(kept.begin(), kept.end(), [](const Environment& a, const Environment& b) {
    return std::tie(a.script_location, a.version_locations) <
           std::tie(b.script_location, b.version_locations);
  });
  *environments = std::move(kept);
}

std::map<std::string, ConfigDirectory> ByDirectory(const Candidates& candidates) {
  std::map<std::string, ConfigDirectory> directories;
  for (const std::string& path : candidates.ini_files) {
    ConfigDirectory& directory = directories[std::string(DirName(path))];
    directory.path = DirName(path);
    if (BaseName(path) == kUsualIni) {
      directory.ini_path = path;
    } else {
      directory.other_inis.push_back(path);
    }
  }
  for (const std::string& path : candidates.toml_files) {
    ConfigDirectory& directory = directories[std::string(DirName(path))];
    directory.path = DirName(path);
    directory.toml_path = path;
  }
  return directories;
}

// Directories with env.py beside versions/ that no configuration speaks about.
Status AddScriptDirs(const SourceTree& tree, const Candidates& candidates, ConfigBudget* budget,
                     Discovery* out) {
  ListingCache cache(tree);
  std::set<std::string> known;
  for (const Environment& environment : out->environments) {
    known.insert(environment.script_location);
  }
  for (const std::string& directory : candidates.script_dirs) {
    if (!known.insert(directory).second) continue;
    Environment environment;
    environment.script_location = directory;
    const std::string where = Printable(JoinPath(directory, "env.py"));
    LocationFinder finder(&cache, directory, &budget->lookups);
    if (Status status = AddDefaultVersions(&finder, where, &environment, out); !status) {
      return status;
    }
    out->environments.push_back(std::move(environment));
  }
  return {};
}

// Each has the name that the settings give it.
Result<Discovery> ReadGiven(const SourceTree& tree, const DiscoveryOptions& options) {
  Discovery out;
  ConfigBudget budget;
  ONEHEAD_TRY(AddGiven(tree, {"", options.script_locations, options.versions, options.recursive},
                       &budget, &out));
  KeepOnePerIdentity(&out.environments);
  Discovery named{out.environments, {}, {}};
  if (Status added = AddNamed(tree, options.named, &budget, &named); !added) {
    return Fail(std::move(added.error()));
  }
  for (std::size_t i = 0; i < out.environments.size(); ++i) {
    out.environments[i].name = std::move(named.environments[i].name);
  }
  return out;
}

// What lies where nothing is an environment.
void DropIgnored(const DiscoveryOptions& options, Candidates* candidates) {
  const auto drop = [&](std::vector<std::string>* paths, std::string_view below) {
    std::erase_if(*paths, [&](const std::string& path) {
      return options.is_ignored(below.empty() ? path : JoinPath(path, below));
    });
  };
  drop(&candidates->ini_files, "");
  drop(&candidates->toml_files, "");
  drop(&candidates->script_dirs, "env.py");
}

Status AddFound(const SourceTree& tree, const Candidates& candidates,
                const DiscoveryOptions& options, ConfigBudget* budget, Discovery* out) {
  for (const auto& [path, directory] : ByDirectory(candidates)) {
    if (Status status = ReadConfigDirectory(tree, directory, options, budget, out); !status) {
      return status;
    }
  }
  if (options.is_ignored) {
    std::erase_if(out->environments, [&](const Environment& environment) {
      return options.is_ignored(JoinPath(environment.script_location, "env.py"));
    });
  }
  return {};
}

// What the settings say of an environment by its name counts before what they say of all.
void ForceRecursive(const DiscoveryOptions& options, std::vector<Environment>* environments) {
  std::set<std::string> names;  // of those that are
  for (const NamedLocations& named : options.named) {
    if (named.recursive) names.insert(named.name);
  }
  if (options.recursive) names.insert("");
  for (Environment& environment : *environments) {
    if (!names.contains(environment.name)) continue;
    environment.recursive = true;
    environment.also_flat = false;
  }
}

Result<Discovery> ResolveAll(const SourceTree& tree, const Candidates& candidates,
                             const DiscoveryOptions& options) {
  Discovery out;
  ConfigBudget budget;
  static const Candidates kNone;
  const Candidates* searched = options.search ? &candidates : &kNone;
  Candidates kept;
  if (options.is_ignored) {
    kept = *searched;
    DropIgnored(options, &kept);
    searched = &kept;
  }
  Status status = AddFound(tree, *searched, options, &budget, &out);
  if (status && options.section.empty()) {
    // What a configuration or a setting speaks about needs no env.py to be found.
    status = AddNamed(tree, options.named, &budget, &out);
    if (status) status = AddScriptDirs(tree, *searched, &budget, &out);
  }
  if (!status) return Fail(std::move(status.error()));
  KeepOnePerIdentity(&out.environments);
  ForceRecursive(options, &out.environments);
  if (!options.section.empty() && out.environments.empty()) {
    out.notes.push_back(fmt::format("no *.ini with a section [{}] describes an environment",
                                    Printable(options.section, 80)));
  }
  return out;
}

}  // namespace

std::string NameOf(const Environment& environment) {
  return environment.script_location.empty() ? "." : Printable(environment.script_location, 200);
}

void AddCandidates(std::string_view directory, const TreeListing& listing, Candidates* out) {
  const auto is_file = [&listing](std::string_view name) {
    const std::optional<TreeEntryView> entry = listing.Find(name);
    return entry && (entry->kind == EntryKind::kFile || entry->kind == EntryKind::kSymlink);
  };
  for (std::size_t i = 0; i < listing.size(); ++i) {
    const std::string_view name = listing.NameOf(i);
    if (name.ends_with(".ini") && is_file(name))
      out->ini_files.push_back(JoinPath(directory, name));
  }
  if (is_file("pyproject.toml")) out->toml_files.push_back(JoinPath(directory, "pyproject.toml"));
  if (!is_file("env.py")) return;
  const std::optional<TreeEntryView> versions = listing.Find("versions");
  if (versions &&
      (versions->kind == EntryKind::kDirectory || versions->kind == EntryKind::kSymlink)) {
    out->script_dirs.emplace_back(directory);
  }
}

Result<Discovery> ResolveCandidates(const SourceTree& tree, const Candidates& candidates,
                                    const DiscoveryOptions& options) {
  const bool by_name =
      std::any_of(options.named.begin(), options.named.end(), [&](const NamedLocations& named) {
        return !options.section.empty() && named.name == options.section;
      });
  if (!by_name) return ResolveAll(tree, candidates, options);
  DiscoveryOptions all = options;
  all.section.clear();
  Result<Discovery> out = ResolveAll(tree, candidates, all);
  if (!out) return out;
  std::erase_if(out->environments, [&](const Environment& environment) {
    return environment.name != options.section && environment.section != options.section;
  });
  return out;
}

Result<Discovery> DiscoverEnvironments(const SourceTree& tree, const DiscoveryOptions& options,
                                       TreeSurveys* surveys) {
  if (!options.script_locations.empty() || !options.versions.empty()) {
    return ReadGiven(tree, options);
  }
  if (!options.search) return ResolveCandidates(tree, {}, options);
  ONEHEAD_ASSIGN_OR_RETURN(const TreeSurvey survey,
                           surveys != nullptr ? surveys->Of(tree) : SurveyTree(tree));
  return ResolveCandidates(tree, survey.candidates, options);
}

bool IsInVersions(const Environment& environment, std::string_view path) {
  std::string_view directory = DirName(path);
  if (environment.sourceless && BaseName(directory) == "__pycache__") {
    directory = DirName(directory);
  }
  if (IsCacheDirectory(directory)) return false;
  const auto is_in = [&](const std::vector<std::string>& locations) {
    return std::any_of(locations.begin(), locations.end(), [&](const std::string& location) {
      return environment.recursive ? IsUnder(directory, location) : directory == location;
    });
  };
  return is_in(environment.version_locations) ||
         std::any_of(environment.also_locations.begin(), environment.also_locations.end(), is_in);
}

}  // namespace onehead
