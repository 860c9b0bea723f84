// The migrations that a merge of two branches would have, without making the merge.
#pragma once

#include <vector>

#include "onehead/core/history/load.h"

namespace onehead {

// A three-way merge by file: what only one side changed, added or removed counts; what both changed
// differently is taken from `theirs`. What "changed" means are the declared values. A file whose
// path is gone is followed to the new path that declares its id; two added files stay two, also
// with one id. Sorted by path.
std::vector<MigrationPtr> PreviewMerge(const std::vector<MigrationPtr>& base,
                                       const std::vector<MigrationPtr>& ours,
                                       const std::vector<MigrationPtr>& theirs);

}  // namespace onehead
