#include "core/environment/named_locations.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/environment/location.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

// Locations that somebody names, one after the other. Each names what was found of them already,
// and adds what was not.
class NamedReader {
 public:
  enum class OnMissing { kError, kNote, kSkip };

  NamedReader(ListingCache* cache, ConfigBudget* budget, OnMissing on_missing, Discovery* out)
      : cache_(*cache), finder_(cache, "", &budget->lookups), on_missing_(on_missing), out_(*out) {
    for (std::size_t i = 0; i < out->environments.size(); ++i) {
      const Environment& found = out->environments[i];
      by_script_[found.script_location].push_back(i);
      by_versions_[{found.version_locations.begin(), found.version_locations.end()}].push_back(i);
    }
  }

  Status Read(const NamedLocations& named) {
    ONEHEAD_ASSIGN_OR_RETURN(Places versions, TakeAll(named.versions));
    Environment environment;
    environment.name = named.name;
    environment.recursive = named.recursive;
    environment.version_locations = versions.paths;
    if (named.script_locations.empty()) {
      if (!versions.any_exists) return {};
      const Indices meant = Found(by_versions_, {versions.paths.begin(), versions.paths.end()});
      NameAll(meant, named.name);
      if (!meant.empty()) return {};
      environment.script_location = Above(named.versions.front(), versions.paths.front());
      out_.environments.push_back(std::move(environment));
      return {};
    }
    ONEHEAD_ASSIGN_OR_RETURN(Places scripts, TakeAll(named.script_locations));
    // A setting guards its migrations also while nothing else is there.
    const bool anyway = on_missing_ == OnMissing::kNote && versions.any_exists;
    for (const std::string& script : anyway ? scripts.paths : scripts.existing) {
      environment.script_location = script;
      if (!named.versions.empty()) {
        AddWithVersions(environment);
      } else if (Status status = AddScript(environment); !status) {
        return status;
      }
    }
    return {};
  }

 private:
  using Indices = std::vector<std::size_t>;  // of what was found, in out_.environments

  template <typename Key>
  static Indices Found(const std::map<Key, Indices>& index, const Key& key) {
    const auto at = index.find(key);
    return at == index.end() ? Indices{} : at->second;
  }

  // The first name of an environment is its name.
  void NameAll(const Indices& meant, const std::string& name) {
    for (const std::size_t i : meant) {
      if (out_.environments[i].name.empty()) out_.environments[i].name = name;
    }
  }

  void AddWithVersions(Environment environment) {
    const std::vector<std::string>& versions = environment.version_locations;
    Indices meant = Found(by_versions_, {versions.begin(), versions.end()});
    std::erase_if(meant, [&](std::size_t i) {
      return out_.environments[i].script_location != environment.script_location;
    });
    NameAll(meant, environment.name);
    if (meant.empty()) out_.environments.push_back(std::move(environment));
  }

  // The version locations are those that a configuration gives to the script location. versions/ is
  // guarded by itself too: another configuration may have come that adds to it what joins its
  // heads.
  Status AddScript(Environment environment) {
    const Indices meant = Found(by_script_, environment.script_location);
    NameAll(meant, environment.name);
    ONEHEAD_ASSIGN_OR_RETURN(Location own,
                             finder_.Look(JoinPath(environment.script_location, "versions")));
    const bool is_there = own.state == Location::State::kDirectory;
    if (!is_there && !meant.empty()) return {};
    if (!is_there) NoteMissing(own.path);
    environment.version_locations = {std::move(own.path)};
    if (!AddReading(meant, environment.version_locations)) {
      out_.environments.push_back(std::move(environment));
    }
    return {};
  }

  // Of those found that read more than `only`; false: none reads it at all.
  bool AddReading(const Indices& found, const std::vector<std::string>& only) {
    Indices more;
    for (const std::size_t i : found) {
      const std::vector<std::string>& locations = out_.environments[i].version_locations;
      if (locations == only) return true;  // it is judged so anyway
      if (std::find(locations.begin(), locations.end(), only.front()) != locations.end()) {
        more.push_back(i);
      }
    }
    for (const std::size_t i : more) out_.environments[i].also_locations.push_back(only);
    return !more.empty();
  }

  struct Places {
    std::vector<std::string> paths;     // each once; also what is not there and has no `*`
    std::vector<std::string> existing;  // of these
    bool any_exists = false;
  };

  // The directory above the first location, or above its first part that may be any.
  static std::string Above(std::string_view pattern, const std::string& first) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return std::string(DirName(first));
    return std::string(DirName(pattern.substr(0, star)));
  }

  void NoteMissing(const std::string& path) {
    out_.notes.push_back(fmt::format("there is no directory '{}'", Printable(path, 200)));
  }

  Result<Places> TakeAll(const std::vector<std::string>& given) {
    Places places;
    for (const std::string& text : given) {
      std::string path;
      if (!NormalizePath("", text, &path)) {
        out_.errors.push_back(
            {ErrorKind::kUsage,
             fmt::format("'{}' is not a path inside the repository", Printable(text, 200))});
        continue;
      }
      if (path.find('*') == std::string::npos) {
        const Status status = Take(std::move(path), on_missing_, &places);
        if (!status) return Fail(status.error());
        continue;
      }
      std::vector<std::string> matches = {""};
      ONEHEAD_TRY(Expand(path, &matches));
      for (std::string& match : matches) {
        const Status status = Take(std::move(match), OnMissing::kSkip, &places);
        if (!status) return Fail(status.error());
      }
    }
    places.any_exists = !places.existing.empty();
    return places;
  }

  // Appends the path where it really is; says so when no directory is there.
  Status Take(std::string path, OnMissing on_missing, Places* places) {
    Result<Location> there = finder_.Look(std::move(path));
    if (!there) return Fail(std::move(there.error()));
    path = std::move(there->path);
    if (std::find(places->paths.begin(), places->paths.end(), path) != places->paths.end()) {
      return {};
    }
    const bool is_there = there->state == Location::State::kDirectory;
    if (!is_there && on_missing == OnMissing::kSkip) return {};
    places->paths.push_back(path);
    if (is_there) {
      places->existing.push_back(path);
    } else if (on_missing == OnMissing::kNote) {
      NoteMissing(path);
    } else {
      out_.errors.push_back({ErrorKind::kNotFound,
                             fmt::format("there is no directory '{}'", Printable(path, 200)),
                             {},
                             path});
    }
    return {};
  }

  // Makes of the directory in `*matches` all below it that the pattern describes, as a shell would:
  // `*` is no name that begins with a dot.
  Status Expand(std::string_view pattern, std::vector<std::string>* matches) {
    constexpr std::size_t kMaxMatches = 10000;
    for (const std::string_view part : Split(pattern, '/')) {
      std::vector<std::string> next;
      for (const std::string& directory : *matches) {
        ONEHEAD_TRY(ExpandPart(directory, std::string(part), &next));
        if (next.size() <= kMaxMatches) continue;
        return Fail(ErrorKind::kLimit, fmt::format("'{}' means more than {} directories",
                                                   Printable(pattern, 200), kMaxMatches));
      }
      *matches = std::move(next);
    }
    return {};
  }

  Status ExpandPart(const std::string& directory, const std::string& part,
                    std::vector<std::string>* out) {
    ONEHEAD_ASSIGN_OR_RETURN(const Location there, finder_.Look(directory));
    if (there.state != Location::State::kDirectory) return {};
    if (part.find('*') == std::string::npos) {
      out->push_back(JoinPath(there.path, part));
      return {};
    }
    ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* listing, cache_.List(there.path));
    if (listing == nullptr) return {};
    for (const TreeEntryView entry : *listing) {
      const bool leads_on =
          entry.kind == EntryKind::kDirectory || entry.kind == EntryKind::kSymlink;
      const std::string name(entry.name);
      if (leads_on && fnmatch(part.c_str(), name.c_str(), FNM_NOESCAPE | FNM_PERIOD) == 0) {
        out->push_back(JoinPath(there.path, name));
      }
    }
    return {};
  }

  ListingCache& cache_;
  LocationFinder finder_;
  const OnMissing on_missing_;
  Discovery& out_;
  std::map<std::string, Indices> by_script_;
  std::map<std::set<std::string>, Indices> by_versions_;  // in whatever order
};

}  // namespace

Status AddNamed(const SourceTree& tree, const std::vector<NamedLocations>& named,
                ConfigBudget* budget, Discovery* out) {
  if (named.empty()) return {};
  ListingCache cache(tree);
  NamedReader reader(&cache, budget, NamedReader::OnMissing::kNote, out);
  // The first name counts, and what is said of version locations says more.
  for (const bool of_versions : {true, false}) {
    for (const NamedLocations& locations : named) {
      if (of_versions == locations.versions.empty()) continue;
      ONEHEAD_TRY(reader.Read(locations));
    }
  }
  return {};
}

Status AddGiven(const SourceTree& tree, const NamedLocations& given, ConfigBudget* budget,
                Discovery* out) {
  ListingCache cache(tree);
  return NamedReader(&cache, budget, NamedReader::OnMissing::kError, out).Read(given);
}

}  // namespace onehead
