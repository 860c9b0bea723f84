// The git commands that a merge strategy is made of.
//
// Each starts one process in the current directory (the top of the work tree, as Git starts a
// strategy) with our environment. Not here: what is merged and repaired (commands).
#pragma once

#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

struct MergeTreeResult {
  enum class Outcome {
    kClean,       // `tree` is the result
    kConflict,    // `tree` holds files with markers; written down by stock Git (stock_merge.h)
    kUnavailable  // this Git cannot do it (before 2.38), or not with these arguments
  };
  Outcome outcome = Outcome::kUnavailable;
  ContentId tree;
  std::string messages;  // "Auto-merging x\n", what git merge would print
};

// `git merge-tree --write-tree ours theirs`: the ort merge in memory, with the bases that Git finds
// between the two. `base`: "" or the commit to merge on instead (2.40).
[[nodiscard]] Result<MergeTreeResult> MergeTree(const std::string& ours, const std::string& theirs,
                                                const std::string& base);

struct GitRun {
  int status = 0;  // exit code, or 128 + the number of a signal
  std::string out;
  std::string err;
};

// `git read-tree -m -u from to`: moves index and work tree; touches nothing when it refuses. What
// it says is in the C locale.
[[nodiscard]] Result<GitRun> ReadTree(const std::string& from, const std::string& to);

// True if it would refuse because of what is not committed.
[[nodiscard]] Result<bool> WouldRefuse(const std::string& from, const std::string& to);

// What Git's own merge leaves for `git diff AUTO_MERGE`: the tree that it made.
[[nodiscard]] Status WriteAutoMerge(const std::string& git_dir, const ContentId& tree);

// `git merge-recursive ARGS`: a whole merge, conflicts written to index and work tree. By the old
// engine before Git 2.50: for a Git that has no other.
[[nodiscard]] Result<GitRun> MergeRecursive(const std::vector<std::string>& args);

// `git merge-octopus ARGS`, with the same arguments as any strategy.
[[nodiscard]] Result<GitRun> MergeOctopus(const std::vector<std::string>& args);

// True if the index differs from the tree of `commit`.
[[nodiscard]] Result<bool> IndexDiffers(const std::string& commit);

// True if the index holds a file that one of these pathspecs matches.
[[nodiscard]] Result<bool> HasTrackedFile(const std::vector<std::string>& pathspecs);

// Paths in conflict, sorted.
[[nodiscard]] Result<std::vector<std::string>> UnmergedPaths();

// Those of `paths` whose file in the work tree is not what the index holds, or that are not both
// there. Sorted. Paths that a sparse checkout leaves out are not among them.
[[nodiscard]] Result<std::vector<std::string>> ModifiedPaths(const std::vector<std::string>& paths);

// One path of the index that gets another blob, or moves, or (without a blob: size 0) goes.
struct IndexEdit {
  std::string path;
  ContentId blob;
  std::string new_path = {};  // "": it stays
};

// Stages them, with the modes they have, and writes the files (with the line ends and filters that
// the work tree has). REQUIRES: none is in conflict or modified.
[[nodiscard]] Status StageAndCheckOut(const std::vector<IndexEdit>& edits);

// The paths that conflict in the merge of two commits that MergeTree has found to conflict. Sorted.
[[nodiscard]] Result<std::vector<std::string>> ConflictedPaths(const std::string& ours,
                                                               const std::string& theirs);

// Index and work tree get these paths as `tree` has them, or lose them; also those in conflict.
[[nodiscard]] Status TakeFromTree(const ContentId& tree, const std::vector<std::string>& paths);

// `git merge-file` of three files: the merged text, marked where they conflict.
struct FileMerge {
  std::string text;
  bool clean = false;
};
struct FileMergeInput {
  std::string ours;  // paths of the three files
  std::string base;
  std::string theirs;
  std::vector<std::string> labels;  // of the three, in this order
  int marker_size = 7;
};
// kUnsupported: git merge-file will not merge these (binary files).
[[nodiscard]] Result<FileMerge> MergeFile(const FileMergeInput& input);

}  // namespace onehead::git
