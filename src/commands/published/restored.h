// Migrations that a branch once had and that are brought back: published, reverted, restored.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "onehead/core/history/load.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

// The paths of those of `added` that one of the last commits of the branch, along the first parents
// from `tip`, had at the same path: of the same content, or of the same id. What cannot be read is
// taken as never there.
std::set<std::string> RestoredPaths(const git::Repository& repository, const ContentId& tip,
                                    std::vector<MigrationPtr> added, std::size_t max_file_bytes);

}  // namespace onehead
