// What differs between two trees, as far as it can matter for migrations.
//
// Directories with equal content ids are not entered, so the cost follows the size of the change;
// unless everything that configures an environment is asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment.h"
#include "onehead/core/source_tree.h"

namespace onehead {

// A file "*.py" (or compiled, "*.pyc"), one named like a configuration, or a link or submodule of
// any name, that was added, changed or removed.
struct ChangedFile {
  std::string path;
  std::optional<TreeEntry> before;
  std::optional<TreeEntry> after;
};

struct TreeDiff {
  std::vector<ChangedFile> files;  // sorted by path
  // What the directories that differ hold (every directory above a changed path is among them), or
  // all directories.
  Candidates candidates_before;
  Candidates candidates_after;
};

// Is there any such file? Stops at the first.
[[nodiscard]] Result<bool> MigrationsMayDiffer(const SourceTree& before, const SourceTree& after);

enum class CandidatesOf { kNothing, kWhatDiffers, kWholeTrees };

// `before` may be null: everything is added.
[[nodiscard]] Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after,
                                         CandidatesOf which = CandidatesOf::kWhatDiffers);

}  // namespace onehead
