// Where Git and a program that reads the directory see different migrations in a work tree.
#pragma once

#include <string>
#include <vector>

#include "commands/app/workspace.h"
#include "onehead/base/result.h"
#include "onehead/core/policy/rules.h"

namespace onehead {

// The migrations that Alembic reads here and Git does not track. None for another tree.
[[nodiscard]] Result<UnsharedFiles> FindUnshared(const Workspace& workspace,
                                                 const Snapshot& snapshot);
// The findings of the rule ignored-migration alone.
std::vector<Finding> UnsharedFindings(const EnvironmentState& state, const Settings& settings,
                                      const UnsharedFiles& unshared);

// For each environment of which a sparse checkout has left out migrations: that they were read from
// the index, and in the hint the command that brings them in.
[[nodiscard]] Result<std::vector<Error>> SparseWarnings(const Workspace& workspace,
                                                        const Snapshot& snapshot);
// Fails with that command for the first of the files that is not in the work tree because of a
// sparse checkout.
[[nodiscard]] Status RequireCheckedOut(const Workspace& workspace, const Snapshot& snapshot,
                                       const std::vector<std::string>& paths);

}  // namespace onehead
