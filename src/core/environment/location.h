// Finding in a tree the directory that a configured location means.
//
// Alembic resolves locations from the directory it is run in and from sys.path; a reader of a tree
// knows neither, and takes the directory of the configuration and those above it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tree/links.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"

namespace onehead {

struct Location {
  enum class State {
    kDirectory,  // `path` is a directory of the tree
    kMissing,    // it is not there; `path` is where it would be
    kAbsolute,   // an absolute path
    kOutside,    // it climbs out of the tree, or is no path at all
    kLink,       // `path`, or a directory above it, is a symbolic link to no directory of the tree
    kSubmodule,  // the same with a submodule
    kTooMany,    // gave up: there are too many places where it could be
    kUpFromNothing,  // ".." behind what is no directory: only the text says that this is above it
  };
  State state = State::kMissing;
  std::string path;  // normalised; of a kDirectory without symbolic links
  std::string base;  // the directory from which it was found
};

// "is absolute ...": why a location is passed over. REQUIRES: state is not kDirectory.
std::string_view WhyPassedOver(Location::State state);

// Does it depend on nothing but the directory in which Alembic runs? REQUIRES: as Find.
bool IsPlainRelative(std::string_view text);

class LocationFinder {
 public:
  // Searches from `directory`, that of the configuration, upwards. `*total_lookups` counts down
  // for all finders of a tree: at zero they fail, with a kLimit that names no path.
  LocationFinder(ListingCache* cache, std::string_view directory, std::size_t* total_lookups);

  // `text`: a path, kHere and a path (script_config.h), or "package:dir[:dir]", which is looked for
  // in `prepend` (relative to each directory searched), there, and in src/. Fails when the tree
  // cannot be read, and with kUnsupported and a path where a package may be in a file (zip), or
  // another one than that of the tree (json).
  [[nodiscard]] Result<Location> Find(std::string_view text,
                                      const std::vector<std::string>& prepend);

  // As Find, but what is not there is put below `base`, where the script location was found.
  [[nodiscard]] Result<Location> FindVersions(std::string_view text,
                                              const std::vector<std::string>& prepend,
                                              std::string_view base);

  // As Find, but from `base` alone, where what is not there is put.
  [[nodiscard]] Result<Location> FindAt(std::string_view text,
                                        const std::vector<std::string>& prepend,
                                        std::string_view base);

  // What stands at the normalised `path`, and where it really is: never kAbsolute or kOutside.
  [[nodiscard]] Result<Location> Look(std::string path);

 private:
  [[nodiscard]] Result<Location::State> Classify(std::string_view path);
  // Does `text`, seen from `base`, go up from a link, or from what is not there? Newer Alembic lets
  // the system go there, older one takes the two parts out of the text.
  [[nodiscard]] Result<bool> GoesUpFromNothing(std::string_view base, std::string_view text);
  [[nodiscard]] Result<Location> LookFrom(std::string_view base, std::string_view text);
  [[nodiscard]] Result<std::vector<std::string>> PackageRoots(
      std::string_view base, const std::vector<std::string>& prepend);
  [[nodiscard]] Result<Location> FindPackage(std::string_view text,
                                             const std::vector<std::string>& prepend,
                                             std::string_view base);
  [[nodiscard]] Result<Location> FindHere(std::string_view rest);

  ListingCache* cache_;
  std::string directory_;
  std::size_t lookups_left_;
  std::size_t* total_lookups_;
};

// Adds <script location>/versions to `environment`, and a note to `*out` when it is out of reach.
// `where` names what is being read, for the note.
[[nodiscard]] Status AddDefaultVersions(LocationFinder* finder, std::string_view where,
                                        Environment* environment, Discovery* out);

}  // namespace onehead
