// What the configurations of one directory of a tree say: its alembic.ini and its pyproject.toml,
// which are read together, and each other *.ini that has a script_location (`alembic -c NAME.ini`).
//
// Puts together the syntax (ini.h, toml.h), the meaning (script_config.h) and the tree
// (location.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

struct ConfigDirectory {
  std::string path;
  std::string ini_path;   // empty: it has none
  std::string toml_path;  // empty: it has none
  // Every other *.ini. Most have nothing to do with Alembic, so one that cannot be read, or parsed
  // and does not hold the word, is passed over.
  std::vector<std::string> other_inis = {};
};

// Is a file of that name one to which a linked configuration may lead? Only then is it noticed when
// it changes.
inline bool IsConfigurationName(std::string_view name) {
  const std::string_view ending = name.substr(std::min(name.rfind('.'), name.size()));
  return ending == ".ini" || ending == ".toml" || ending == ".cfg" || ending == ".conf";
}

// What all configurations of a tree may cost together. When it is used up reading fails as a whole:
// were that an error of the configuration which comes next, one that is pushed could hide another.
struct ConfigBudget {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t lookups = 1'000'000;  // of places in the tree
};

// Adds environments, notes and errors to `*out`. Fails when the tree cannot be read, or with a
// kLimit that names no path.
[[nodiscard]] Status ReadConfigDirectory(const SourceTree& tree, const ConfigDirectory& directory,
                                         const DiscoveryOptions& options, ConfigBudget* budget,
                                         Discovery* out);

}  // namespace onehead
