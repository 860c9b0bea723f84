// Stock Git's own merge, made by stock Git.
//
// What conflicts look like (stages, markers and their labels, names such as "x~HEAD", AUTO_MERGE,
// the "# Conflicts:" of a message) differs between versions of Git and between the commands that
// merge. So they are not imitated: a `git cherry-pick` or `git merge` with the strategy ort is run
// inside of the one that asks this program, and what belongs to that one is put back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

struct StockMerge {
  enum class Outcome {
    kClean,
    kConflicts,    // in index and work tree
    kRefused,      // uncommitted changes or untracked files are in the way; nothing was touched
    kUnavailable,  // not with this Git (before 2.34), or not this merge; nothing was touched
  };
  Outcome outcome = Outcome::kUnavailable;
  std::string out;  // what Git says about the merge
  std::string err;
};

// The pick of a rebase or cherry-pick: `commit` onto the index, as the difference to `base` (a
// parent of it, or "" for a commit without one). MERGE_MSG keeps its text, and gets the list of
// conflicts. `options`: those of the strategy, "--theirs".
[[nodiscard]] Result<StockMerge> PickAsStockGit(const std::string& commit, const std::string& base,
                                                const std::vector<std::string>& options);

// `git merge` of `commit` into HEAD; of the state of a merge in progress only AUTO_MERGE is left.
// `names`: what it may be called in the labels of conflicts; the first that leads to it is taken,
// and else what the user has called it (GITHEAD_<id>).
[[nodiscard]] Result<StockMerge> MergeAsStockGit(const std::string& commit,
                                                 std::vector<std::string> names,
                                                 const std::vector<std::string>& options);

// Is diff.algorithm set? Merges obey it since Git 2.47, but not `git merge-tree`. Costs no process
// unless one of the files of Git's configuration may say so.
bool HasDiffAlgorithm(const std::string& git_dir, const std::string& common_dir);

// Is this the merge of this program that one of these runs? Then it must not start another.
bool IsInsideStockMerge();

// What `text` ends with when Git has added the list of conflicts to a message; "" when not.
std::string ConflictsHint(const std::string& text);

}  // namespace onehead::git
