// One environment in one tree: its migrations and their graph.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/graph.h"
#include "onehead/core/history/load.h"

namespace onehead {

struct EnvironmentState {
  Environment environment;
  std::vector<MigrationPtr> migrations;  // in the order in which Alembic reads them
  std::vector<Error> errors;             // files that could not be read
  Graph graph;
  bool has_links = false;  // see LoadedEnvironment
};

using StatePtr = std::shared_ptr<const EnvironmentState>;

// Loads states; what has the same content is loaded once, whatever tree it is in.
class StateLoader {
 public:
  // Borrows the workers, which may be null.
  explicit StateLoader(LoadLimits limits, Workers* workers = nullptr)
      : limits_(limits), workers_(workers) {}

  // Fails when the tree itself cannot be read.
  [[nodiscard]] Result<StatePtr> Load(const SourceTree& tree, const Environment& environment);
  // One file of a version location.
  [[nodiscard]] Result<MigrationPtr> LoadFile(const SourceTree& tree, std::string_view directory,
                                              const TreeEntryView& entry) {
    return LoadMigration(tree, directory, entry, limits_, &migrations_);
  }
  // Does a version location hold a link? Nothing is loaded to find out.
  [[nodiscard]] Result<bool> HasLinks(const SourceTree& tree, const Environment& environment) const;

 private:
  LoadLimits limits_;
  Workers* workers_;
  MigrationCache migrations_;
  std::map<std::string, StatePtr> states_;  // by definition and content of the version locations
};

// True if they were read from the same files with the same contents.
bool SameFiles(const EnvironmentState& a, const EnvironmentState& b);

// How many revisions two states share by id. For matching an environment that moved.
int SharedRevisions(const EnvironmentState& a, const EnvironmentState& b);

}  // namespace onehead
