// What differs between two trees, as far as it can matter for migrations.
//
// Directories with equal content ids are not entered, so the cost follows the size of the change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment.h"
#include "onehead/core/source_tree.h"

namespace onehead {

// A file "*.py" (or compiled, "*.pyc"), "alembic.ini" or "pyproject.toml", or a link or submodule
// of any name, that was added, changed or removed.
struct ChangedFile {
  std::string path;
  std::optional<TreeEntry> before;
  std::optional<TreeEntry> after;
};

struct TreeDiff {
  std::vector<ChangedFile> files;  // sorted by path
  // What the directories that differ hold: every directory above a changed path is among them.
  Candidates candidates_before;
  Candidates candidates_after;
};

// `before` may be null: everything is added.
[[nodiscard]] Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after);

}  // namespace onehead
