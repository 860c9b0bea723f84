#include "onehead/core/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/config_directory.h"
#include "core/location.h"
#include "core/tree_links.h"
#include "onehead/base/text.h"
#include "onehead/core/tree_survey.h"

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

// The locations of DiscoveryOptions, one after the other.
class GivenLocations {
 public:
  GivenLocations(const SourceTree& tree, const DiscoveryOptions& options)
      : options_(options), cache_(tree), finder_(&cache_, "", &budget_.lookups) {}

  Result<Discovery> Read() {
    std::vector<std::string> versions;
    for (const std::string& given : options_.versions) {
      if (Status status = Take(given, &versions, nullptr); !status) return Fail(status.error());
    }
    if (options_.script_locations.empty()) {
      if (!versions.empty() && any_exists_) Add(std::string(DirName(versions[0])), versions);
      return Finish();
    }
    for (const std::string& given : options_.script_locations) {
      std::vector<std::string> location;
      bool exists = false;
      if (Status status = Take(given, &location, &exists); !status) return Fail(status.error());
      if (!exists) continue;
      std::string own = JoinPath(location[0], "versions");
      if (options_.versions.empty()) {
        Result<Location> there = finder_.Look(own);
        if (!there) return Fail(std::move(there.error()));
        if (there->state != Location::State::kDirectory) {
          out_.notes.push_back(fmt::format("there is no directory '{}'", Printable(own, 200)));
        }
        own = std::move(there->path);
      }
      Add(location[0], options_.versions.empty() ? std::vector<std::string>{own} : versions);
    }
    return Finish();
  }

 private:
  // Appends the normalised path, if it is one; says so when no directory is there.
  Status Take(const std::string& given, std::vector<std::string>* paths, bool* exists) {
    std::string path;
    if (!NormalizePath("", given, &path)) {
      out_.errors.push_back(
          {ErrorKind::kUsage,
           fmt::format("'{}' is not a path inside the repository", Printable(given, 200))});
      return {};
    }
    Result<Location> there = finder_.Look(std::move(path));
    if (!there) return Fail(std::move(there.error()));
    path = std::move(there->path);
    if (there->state == Location::State::kDirectory) {
      any_exists_ = true;
      if (exists != nullptr) *exists = true;
    } else {
      out_.errors.push_back({ErrorKind::kNotFound,
                             fmt::format("there is no directory '{}'", Printable(path, 200)),
                             {},
                             path});
    }
    if (std::find(paths->begin(), paths->end(), path) == paths->end()) paths->push_back(path);
    return {};
  }

  void Add(const std::string& script_location, std::vector<std::string> versions) {
    out_.environments.push_back({script_location, std::move(versions), options_.recursive});
  }

  Result<Discovery> Finish() {
    KeepOnePerIdentity(&out_.environments);
    return std::move(out_);
  }

  const DiscoveryOptions& options_;
  ListingCache cache_;
  ConfigBudget budget_;
  LocationFinder finder_;
  bool any_exists_ = false;
  Discovery out_;
};

}  // namespace

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
  Discovery out;
  ConfigBudget budget;
  for (const auto& [path, directory] : ByDirectory(candidates)) {
    if (Status status = ReadConfigDirectory(tree, directory, options, &budget, &out); !status) {
      return Fail(std::move(status.error()));
    }
  }
  if (options.section.empty()) {
    if (Status status = AddScriptDirs(tree, candidates, &budget, &out); !status) {
      return Fail(std::move(status.error()));
    }
  }
  if (!options.section.empty() && out.environments.empty()) {
    out.notes.push_back(fmt::format("no *.ini with a section [{}] describes an environment",
                                    Printable(options.section, 80)));
  }
  for (Environment& environment : out.environments) environment.recursive |= options.recursive;
  KeepOnePerIdentity(&out.environments);
  return out;
}

Result<Discovery> DiscoverEnvironments(const SourceTree& tree, const DiscoveryOptions& options,
                                       TreeSurveys* surveys) {
  if (!options.script_locations.empty() || !options.versions.empty()) {
    return GivenLocations(tree, options).Read();
  }
  const Result<TreeSurvey> survey = surveys != nullptr ? surveys->Of(tree) : SurveyTree(tree);
  if (!survey) return Fail(survey.error());
  return ResolveCandidates(tree, survey->candidates, options);
}

bool IsInVersions(const Environment& environment, std::string_view path) {
  std::string_view directory = DirName(path);
  if (environment.sourceless && BaseName(directory) == "__pycache__") {
    directory = DirName(directory);
  }
  if (IsCacheDirectory(directory)) return false;
  return std::any_of(environment.version_locations.begin(), environment.version_locations.end(),
                     [&](const std::string& location) {
                       return environment.recursive ? IsUnder(directory, location)
                                                    : directory == location;
                     });
}

}  // namespace onehead
