// The index as sorted values.
#pragma once

#include <git2.h>

#include <string>
#include <string_view>
#include <vector>

#include "git/process/git_program.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

struct IndexFile {
  std::string path;
  EntryKind kind = EntryKind::kFile;  // never a directory
  ContentId content;
  bool skipped = false;  // git-update-index(1), "skip-worktree": a sparse checkout leaves it out
};

class IndexSnapshot {
 public:
  // What is staged. Of a path in conflict (stages 1 to 3) "ours" is taken, else "theirs", else the
  // base: it must not vanish from the answer. `git add -N` alone stages nothing.
  [[nodiscard]] static Result<IndexSnapshot> Load(git_repository* repository);
  [[nodiscard]] static Result<IndexSnapshot> Load(const GitProgram& git);
  explicit IndexSnapshot(std::vector<IndexFile> files);

  const std::vector<IndexFile>& files() const { return files_; }
  const IndexFile* Find(std::string_view path) const;  // null: not there
  bool HasBelow(std::string_view directory) const;
  // The entries of a directory; empty when it is none ("" may be empty and is one).
  TreeListing List(std::string_view directory) const;
  // Those that a sparse checkout leaves out of the work tree.
  IndexSnapshot Skipped() const;

 private:
  using Iterator = std::vector<IndexFile>::const_iterator;
  Iterator LowerBound(std::string_view path) const;

  std::vector<IndexFile> files_;  // by path, bytewise, none twice
};

}  // namespace onehead::git
