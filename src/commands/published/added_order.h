// In which order the commits of a branch have added its migrations.
//
// Several chains of local migrations are put one after the other in this order (contract, "What is
// rewritten", rule 4). The one answer for what rewrites and for what the server advises: they must
// name the same lines.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "commands/published/commit_trees.h"
#include "onehead/base/result.h"
#include "onehead/core/history/environment_state.h"

namespace onehead {

// For each of `ids` the index in `commits` (parents before children) of the first that has it in
// the environment. By id, so that a file that was renamed later keeps its place. Ids that none of
// them has are left out.
[[nodiscard]] Result<std::map<std::string, int>> AddedOrder(const std::vector<ContentId>& commits,
                                                            const Environment& environment,
                                                            std::set<std::string> ids,
                                                            CommitTrees* trees,
                                                            StateLoader* loader);

}  // namespace onehead
