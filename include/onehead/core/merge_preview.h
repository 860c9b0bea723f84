// The migrations that a merge of two branches would have, without making the merge.
#pragma once

#include <vector>

#include "onehead/core/load.h"

namespace onehead {

// A three-way merge by revision (by path for a migration whose id is not known): what only one
// side changed, added or removed counts; what both changed differently is taken from `theirs`.
// What "changed" means are the declared values, so a renamed file is unchanged.
std::vector<MigrationPtr> PreviewMerge(const std::vector<MigrationPtr>& base,
                                       const std::vector<MigrationPtr>& ours,
                                       const std::vector<MigrationPtr>& theirs);

}  // namespace onehead
