#include "core/environment/location.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/environment/config_directory.h"
#include "core/environment/script_config.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

using State = Location::State;

constexpr std::size_t kMaxLookups = 10000;

// Packages that Python brings, and those that Alembic needs. Some are loaded before sys.path says
// anything, others are found first where it does not begin with the project.
constexpr std::string_view kInstalled =
    " alembic asyncio collections concurrent ctypes curses dbm email encodings ensurepip "
    "greenlet html http idlelib importlib json lib2to3 logging mako markupsafe "
    "multiprocessing os pathlib pip pkg_resources pydoc_data re setuptools sqlalchemy "
    "sqlite3 string sysconfig test tkinter tomllib turtledemo typing_extensions unittest "
    "urllib venv wsgiref xml xmlrpc zipfile zoneinfo ";

bool IsInstalled(std::string_view package) {
  return kInstalled.find(fmt::format(" {} ", package)) != std::string_view::npos;
}

}  // namespace

std::string_view WhyPassedOver(State state) {
  switch (state) {
    case State::kDirectory:
      return "is there";
    case State::kMissing:
      return "is not a directory of this tree";
    case State::kAbsolute:
      return "is absolute, so it cannot be looked up in a repository";
    case State::kOutside:
      return "lies outside of the repository";
    case State::kLink:
      return "is or lies behind a symbolic link that leads to no directory of this repository";
    case State::kSubmodule:
      return "is or lies in a submodule, whose files are not in this repository";
    case State::kTooMany:
      return "could be in too many places";
    case State::kUpFromNothing:
      return "goes up (..) from what is no directory, which versions of Alembic read differently";
  }
  return "";
}

bool IsPlainRelative(std::string_view text) {
  return !text.starts_with(kHere) && !text.starts_with("/") &&
         text.find(':') == std::string_view::npos;
}

LocationFinder::LocationFinder(ListingCache* cache, std::string_view directory,
                               std::size_t* total_lookups)
    : cache_(cache),
      directory_(directory),
      lookups_left_(kMaxLookups),
      total_lookups_(total_lookups) {}

Result<State> LocationFinder::Classify(std::string_view path) {
  if (path.empty()) return State::kDirectory;
  for (bool whole = true; !path.empty(); path = DirName(path), whole = false) {
    if (lookups_left_ == 0) return State::kTooMany;
    --lookups_left_;
    if (*total_lookups_ == 0) {
      return Fail(ErrorKind::kLimit, "the configurations of this tree name too many locations",
                  "name the script directories with onehead.scriptLocation");
    }
    --*total_lookups_;
    ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> entry, cache_->Find(path));
    if (!entry) continue;
    if (entry->kind == EntryKind::kSymlink) return State::kLink;
    if (entry->kind == EntryKind::kSubmodule) return State::kSubmodule;
    const bool directory = whole && entry->kind == EntryKind::kDirectory;
    return directory ? State::kDirectory : State::kMissing;
  }
  return State::kMissing;
}

Result<Location> LocationFinder::Look(std::string path) {
  Location found{State::kMissing, std::move(path), ""};
  ONEHEAD_ASSIGN_OR_RETURN(const State state, Classify(found.path));
  found.state = state;
  if (found.state != State::kLink) return found;
  const Result<LinkTarget> target = ResolveLinks(cache_, found.path, total_lookups_);
  if (!target && !IsAboutOneFile(target.error())) return Fail(target.error());
  if (!target || target->state != LinkTarget::State::kDirectory) return found;
  ONEHEAD_ASSIGN_OR_RETURN(const State real, Classify(target->path));
  if (real == State::kDirectory) found.path = target->path;
  found.state = real;
  return found;
}

Result<bool> LocationFinder::GoesUpFromNothing(std::string_view base, std::string_view text) {
  std::string at(base);
  std::size_t depth = 0;  // below `base`
  for (const std::string_view part : Split(text, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      at = JoinPath(at, part);
      ++depth;
      continue;
    }
    if (depth > 0) {
      --depth;
      ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> entry, cache_->Find(at));
      if (!entry || entry->kind != EntryKind::kDirectory) return true;
    }
    at = DirName(at);
  }
  return false;
}

// `text` is relative to `base`; kOutside where it climbs out of the tree.
Result<Location> LocationFinder::LookFrom(std::string_view base, std::string_view text) {
  std::string path;
  if (!NormalizePath(base, text, &path)) return Location{State::kOutside, "", ""};
  Result<Location> found = Look(std::move(path));
  if (!found || found->state != State::kDirectory || text.find("..") == std::string_view::npos) {
    return found;
  }
  ONEHEAD_ASSIGN_OR_RETURN(const bool up, GoesUpFromNothing(base, text));
  if (up) found->state = State::kUpFromNothing;
  return found;
}

// Where Python looks for packages when Alembic runs in `base`: sys.path as far as a tree tells, and
// src/, which an installed project has there.
Result<std::vector<std::string>> LocationFinder::PackageRoots(
    std::string_view base, const std::vector<std::string>& prepend) {
  std::vector<std::string> roots;
  std::string root;
  for (const std::string& entry : prepend) {
    bool known = false;
    if (!entry.starts_with(kHere)) {
      known = NormalizePath(base, entry, &root);
    } else if (base == directory_) {
      known = NormalizePath(base, "." + entry.substr(kHere.size()), &root);
    }
    if (!known) continue;
    const bool is_here = entry.starts_with(kHere);
    const Result<bool> up = GoesUpFromNothing(base, is_here ? entry.substr(kHere.size()) : entry);
    if (!up) return Fail(up.error());
    ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> there, cache_->Find(root));
    const bool in_file = there && there->kind == EntryKind::kFile;
    if (in_file || *up) {
      Error error{ErrorKind::kUnsupported,
                  in_file ? "prepend_sys_path: packages in a file cannot be read"
                          : "prepend_sys_path: a directory that goes up (..) from no directory"};
      error.path = root;
      return Fail(std::move(error));
    }
    roots.push_back(root);
  }
  roots.emplace_back(base);
  roots.push_back(JoinPath(base, "src"));
  return roots;
}

// "package.sub:dir:dir" (util.coerce_resource_to_filename), as Python's import finds it: a package
// with __init__.py wherever it is, else all directories of that name together.
Result<Location> LocationFinder::FindPackage(std::string_view text,
                                             const std::vector<std::string>& prepend,
                                             std::string_view base) {
  const std::vector<std::string_view> tokens = Split(text, ':');
  const std::vector<std::string_view> parts = Split(tokens[0], '.');
  if (std::find(parts.begin(), parts.end(), "") != parts.end()) {
    return Location{State::kOutside, "", ""};
  }
  std::string rest;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].starts_with('/')) return Location{State::kAbsolute, "", ""};
    rest += std::string(i == 1 ? "" : "/") + std::string(tokens[i]);
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<std::string> portions, PackageRoots(base, prepend));
  std::string missing = portions.front();
  for (const std::string_view& part : parts) {
    missing = JoinPath(missing, part);
    std::vector<std::string> next;
    for (const std::string& portion : portions) {
      Result<Location> there = Look(JoinPath(portion, part));
      if (!there) return there;
      if (there->state == State::kMissing) continue;
      if (there->state != State::kDirectory) return there;
      ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> init,
                               cache_->Find(JoinPath(there->path, "__init__.py")));
      if (init) next.clear();
      next.push_back(std::move(there->path));
      if (init) break;
    }
    portions = std::move(next);
    if (&part == &parts.front() && IsInstalled(part) && !portions.empty()) {
      Error error{ErrorKind::kUnsupported,
                  "a package that Python or Alembic has, too: it is not known which is found"};
      error.path = portions.front();
      return Fail(std::move(error));
    }
  }
  std::optional<Location> nowhere;
  if (portions.empty()) portions.push_back(missing);
  for (const std::string& portion : portions) {
    Result<Location> found = LookFrom(portion, rest);
    if (!found) return found;
    found->base = base;
    if (found->state == State::kOutside) continue;
    if (found->state != State::kMissing) return found;
    if (!nowhere) nowhere = std::move(*found);
  }
  return nowhere.value_or(Location{State::kOutside, "", ""});
}

// "%(here)s" and `rest`, which Alembic puts together as text.
Result<Location> LocationFinder::FindHere(std::string_view rest) {
  const bool at_top = directory_.empty();
  if (at_top && !rest.empty() && rest.front() != '/') {  // beside the repository
    return Location{State::kOutside, "", directory_};
  }
  if (rest.empty() || rest.front() == '/') {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    Result<Location> there = LookFrom(directory_, rest);
    if (there) there->base = directory_;
    return there;
  }
  // "%(here)s_more"
  const std::string name = std::string(BaseName(directory_)) + std::string(rest);
  Result<Location> there = LookFrom(DirName(directory_), name);
  if (there) there->base = directory_;
  return there;
}

Result<Location> LocationFinder::Find(std::string_view text,
                                      const std::vector<std::string>& prepend) {
  if (text.starts_with(kHere)) return FindHere(text.substr(kHere.size()));
  if (text.starts_with("/")) return Location{State::kAbsolute, "", ""};
  std::optional<Location> missing;
  for (std::string_view base = directory_;; base = DirName(base)) {
    Result<Location> found = FindAt(text, prepend, base);
    if (!found) return found;
    // A link is there, in a checkout: what lies further up is not what Alembic would use.
    if (found->state != State::kMissing && found->state != State::kOutside) return found;
    if (!missing && found->state == State::kMissing) missing = std::move(*found);
    if (base.empty()) break;
  }
  return missing.value_or(Location{State::kOutside, "", ""});
}

Result<Location> LocationFinder::FindAt(std::string_view text,
                                        const std::vector<std::string>& prepend,
                                        std::string_view base) {
  if (text.find(':') != std::string_view::npos) return FindPackage(text, prepend, base);
  Result<Location> found = LookFrom(base, text);
  if (found) found->base = base;
  return found;
}

Result<Location> LocationFinder::FindVersions(std::string_view text,
                                              const std::vector<std::string>& prepend,
                                              std::string_view base) {
  Result<Location> found = Find(text, prepend);
  if (!found || found->state != State::kMissing || text.starts_with(kHere)) return found;
  return FindAt(text, prepend, base);
}

Status AddDefaultVersions(LocationFinder* finder, std::string_view where, Environment* environment,
                          Discovery* out) {
  ONEHEAD_ASSIGN_OR_RETURN(Location versions,
                           finder->Look(JoinPath(environment->script_location, "versions")));
  if (versions.state == State::kLink || versions.state == State::kSubmodule) {
    out->notes.push_back(fmt::format("{}: '{}' {}; passed over", where, Printable(versions.path),
                                     WhyPassedOver(versions.state)));
  }
  environment->version_locations.push_back(std::move(versions.path));
  return {};
}

}  // namespace onehead
