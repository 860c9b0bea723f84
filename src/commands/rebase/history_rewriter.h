// `onehead rebase --history`: the commits of the current branch again, each with one head.
//
// A commit is kept byte for byte but for its tree and its parents, and its signature, which would
// be invalid. No patch is replayed: every tree is repaired by itself, so merges are kept as well.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/app/work_git.h"
#include "commands/rebase/planner.h"
#include "onehead/base/result.h"

namespace onehead {

struct HistoryResult {
  std::optional<ContentId> new_tip;  // null: every commit stays as it is
  std::vector<MigrationEdit> edits;  // every rewrite of a file once, by path
  int rewritten = 0;                 // commits
  int signatures = 0;                // commits that were signed
};

class HistoryRewriter {
 public:
  // Borrows both. REQUIRES: planner->Start(TreeChoice::kCommit) has succeeded.
  HistoryRewriter(const Workspace& workspace, RebasePlanner* planner)
      : workspace_(workspace), planner_(planner), git_(*workspace.repository) {}

  // Writes the new commits into the object store, where nothing names them yet. Refuses when
  // another operation is under way, migrations are changed and not committed, or a commit to be
  // rewritten is published.
  [[nodiscard]] Planned<HistoryResult> Compute();

  // Moves index and work tree, then the branch (or the detached HEAD). On an error everything is
  // as it was.
  [[nodiscard]] Status Apply(const HistoryResult& result);

 private:
  [[nodiscard]] Planned<void> CheckQuiet();
  [[nodiscard]] Planned<void> CheckUnpublished(const std::vector<ContentId>& changed);
  [[nodiscard]] Result<ContentId> WriteTree(const ContentId& tree,
                                            const std::vector<MigrationEdit>& edits);
  [[nodiscard]] Result<std::string> IndexLines(const ContentId& tree,
                                               const std::vector<MigrationEdit>& edits);
  [[nodiscard]] Result<ContentId> WriteCommit(const ContentId& old, const ContentId& tree,
                                              const std::vector<ContentId>& parents,
                                              int* signatures);

  const Workspace& workspace_;
  RebasePlanner* planner_;
  WorkGit git_;
};

}  // namespace onehead
