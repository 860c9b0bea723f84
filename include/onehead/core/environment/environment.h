// Where the migrations of a tree are: Alembic's script directories and their version locations.
//
// Here: finding the configurations of a tree and what each says. Not here: the syntax of ini files
// (ini.h), reading migrations (migration.h), loading a whole environment (load.h).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// One Alembic script directory with its version locations. Its identity is (script_location,
// version_locations); two configurations that say the same are one environment.
struct Environment {
  std::string script_location;                 // "" is the top of the tree
  std::vector<std::string> version_locations;  // in Alembic's order; a location may not exist
  bool recursive = false;                      // recursive_version_locations
  std::string config_path = {};  // the file that says so; empty: the env.py rule or given by hand
  std::string section = {};      // the ini section; empty when not from an ini
  // From the configuration, for naming new files; empty: Alembic's default.
  std::string file_template = {};
  bool sourceless = false;  // compiled files count too: they are there, and cannot be read
  std::string name = {};    // of onehead.<name>.*; empty: the settings say nothing of it
  bool has_unseen = false;  // a version location is absolute: it may lie in a checkout of this
  // Another configuration of the same locations is not recursive: what it does not see joins
  // nothing for who uses it.
  bool also_flat = false;
  // Run in another directory, Alembic reads these version locations instead, of which not all are
  // there (config_directory.h): where they load at all, their heads count as well.
  std::vector<std::vector<std::string>> also_locations = {};

  bool SameIdentity(const Environment& other) const {
    return script_location == other.script_location && version_locations == other.version_locations;
  }
  friend bool operator==(const Environment&, const Environment&) = default;
};

// What messages call it: its script location, printable; "." at the top.
std::string NameOf(const Environment& environment);

// Directories of which the settings or a command line say that they are environments. `*` in a part
// of a path stands for any text there: all directories that match are meant.
// What a configuration describes of them already only gets the name; the rest is added: one
// environment per script location, whose version locations are `versions`, or <script
// location>/versions when that is empty and no configuration says which they are; with `versions`
// alone, one environment whose script location is the directory above the first.
struct NamedLocations {
  std::string name = {};  // Environment::name
  std::vector<std::string> script_locations = {};
  std::vector<std::string> versions = {};
  bool recursive = false;
};

// How the environments of a tree are to be found.
struct DiscoveryOptions {
  // Both empty: discovery. Otherwise they replace it, as NamedLocations.
  // Each that is not a directory of the tree is a kNotFound in Discovery::errors with its path
  // (a branch without migrations is no trouble to the hook, but a slip by hand), each that is no
  // path inside the repository a kUsage; there is no environment without its script location.
  std::vector<std::string> script_locations;
  std::vector<std::string> versions;
  // Every environment that has no name is, whatever its configuration says.
  bool recursive = false;
  // Added to what is found; what is not there is passed over.
  std::vector<NamedLocations> named = {};
  bool search = true;  // false: only `named` counts
  // Given the path of a file: nothing that lies there is an environment, but what is named. Null:
  // nothing is left out.
  std::function<bool(std::string_view)> is_ignored = {};
  // As Alembic's -n: only this ini section, and no env.py rule; or only the environments of this
  // name, when `named` has it. Empty: every section.
  std::string section = {};
  std::size_t max_config_bytes = 1 << 20;
};

// Places in a tree that may configure an environment, found by walking it.
struct Candidates {
  std::vector<std::string> ini_files;    // every "*.ini"
  std::vector<std::string> toml_files;   // every "pyproject.toml"
  std::vector<std::string> script_dirs;  // every directory with env.py beside versions/
  friend bool operator==(const Candidates&, const Candidates&) = default;
};

// Adds what the listing of `directory` shows. For walks that are made for another purpose too.
void AddCandidates(std::string_view directory, const TreeListing& listing, Candidates* out);

struct Discovery {
  std::vector<Environment> environments;  // by script location, then first version location
  std::vector<std::string> notes;         // locations passed over, and why; one line each
  // Configurations that could not be read: each with its path and line. The others still count.
  std::vector<Error> errors;
};

// What the candidates say, by Alembic's rules. Fails only when the tree itself cannot be read.
[[nodiscard]] Result<Discovery> ResolveCandidates(const SourceTree& tree,
                                                  const Candidates& candidates,
                                                  const DiscoveryOptions& options);

class TreeSurveys;  // config_index.h

// Walks the whole tree, if `surveys` (may be null) does not know it, and resolves what it finds (or
// takes the locations in `options`).
[[nodiscard]] Result<Discovery> DiscoverEnvironments(const SourceTree& tree,
                                                     const DiscoveryOptions& options,
                                                     TreeSurveys* surveys = nullptr);

// Alembic looks for no migrations there (Script._list_py_dir), nor in what is named so at its end.
inline bool IsCacheDirectory(std::string_view directory) {
  return directory.ends_with("__pycache__");
}

// True when `path` lies where Alembic looks for the migrations of `environment`: directly in a
// version location (or its __pycache__ when sourceless), or anywhere below it when recursive. What
// it is called does not matter: as a link it may lead to a migration under any name.
bool IsInVersions(const Environment& environment, std::string_view path);

}  // namespace onehead
