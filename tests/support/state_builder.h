// Environment states from a few words, for tests of rules and policy.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "onehead/core/history/environment_state.h"
#include "support/memory_tree.h"

namespace onehead::testing {

inline constexpr const char* kVersions = "alembic/versions";

// An environment "alembic" with one version location.
inline ::onehead::Environment AlembicEnvironment() {
  ::onehead::Environment environment;
  environment.script_location = "alembic";
  environment.version_locations = {kVersions};
  return environment;
}

// The state that files (names in alembic/versions -> texts) give.
inline StatePtr StateOfFiles(const std::map<std::string, std::string>& files) {
  MemoryTree tree;
  for (const auto& [name, text] : files) tree.AddFile(std::string(kVersions) + "/" + name, text);
  StateLoader loader({});
  return *loader.Load(tree, AlembicEnvironment());
}

// {{"b", {"a"}}, {"a", {}}}: one file per revision, named by its id.
using Revisions = std::vector<std::pair<std::string, std::vector<std::string>>>;
inline StatePtr StateOf(const Revisions& revisions) {
  std::map<std::string, std::string> files;
  for (const auto& [id, down] : revisions) files[id + ".py"] = MigrationText(id, down);
  return StateOfFiles(files);
}

}  // namespace onehead::testing
