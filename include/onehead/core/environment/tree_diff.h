// What differs between two trees, as far as it can matter for migrations.
//
// Directories with equal content ids are not entered, so the cost follows the size of the change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// A file "*.py" (or compiled, "*.pyc"), a .gitattributes, one named like a configuration, or a link
// or submodule of any name, that was added, changed or removed.
struct ChangedFile {
  std::string path;
  std::optional<TreeEntry> before;
  std::optional<TreeEntry> after;
};

struct TreeDiff {
  std::vector<ChangedFile> files;  // sorted by path
  // What the directories that differ hold (every directory above a changed path is among them), and
  // how many these are on either side.
  Candidates candidates_before;
  Candidates candidates_after;
  std::size_t directories_before = 0;
  std::size_t directories_after = 0;
};

// Is there any such file? Stops at the first.
[[nodiscard]] Result<bool> MigrationsMayDiffer(const SourceTree& before, const SourceTree& after);

// That many directories of a tree are walked, of which most may be one and the same object.
inline constexpr std::size_t kMaxDirectories = 2'000'000;
Error TooManyDirectories();

struct DiffLimits {
  std::size_t directories = kMaxDirectories;  // that differ
  std::size_t entries = SIZE_MAX;             // of these, on both sides
};

// `before` may be null: everything is added. kLimit: more differs than `limits` allow.
[[nodiscard]] Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after,
                                         const DiffLimits& limits = {});

}  // namespace onehead
