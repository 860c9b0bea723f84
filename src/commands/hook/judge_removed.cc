// Who removed a file that migrations of a refused push still stand on.
//
// The first commit of the push, parents first, that lacks the file while its first parent has it:
// one look-up of a path for each commit, and only where a push is refused anyway.
#include <utility>

#include "commands/hook/judge.h"
#include "commands/hook/judge_case.h"
#include "onehead/base/text.h"

namespace onehead {

// Null: it is no commit of these.
Result<std::optional<ContentId>> PushJudge::CommitThatRemoved(
    const std::string& path, const std::vector<ContentId>& commits) {
  const auto has = [&](const ContentId& commit) -> Result<bool> {
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree->Find(path));
    return entry.has_value();
  };
  for (const ContentId& commit : commits) {
    ONEHEAD_ASSIGN_OR_RETURN(bool is_there, has(commit));
    if (is_there) continue;
    ONEHEAD_ASSIGN_OR_RETURN(git::CommitInfo info, repository_.Commit(commit));
    if (info.parents.empty()) continue;
    ONEHEAD_ASSIGN_OR_RETURN(bool was_there, has(info.parents.front()));
    if (was_there) return std::optional(commit);
  }
  return std::nullopt;
}

Status PushJudge::NameRemovals(const Case& c, const Comparison& comparison,
                               std::vector<Finding>* findings) {
  constexpr std::size_t kMaxCommits = 1000;
  constexpr int kMaxFindings = 5;
  if (!comparison.before || !c.old_commit) return {};
  std::optional<std::vector<ContentId>> commits;
  int named = 0;
  for (Finding& finding : *findings) {
    if (finding.rule != "missing-parent" || finding.level != Level::kError) continue;
    const Node* const parent = comparison.before->graph.Find(finding.names);
    if (parent == nullptr || ++named > kMaxFindings) continue;
    if (!commits) {
      ONEHEAD_ASSIGN_OR_RETURN(std::vector<ContentId> pushed,
                               repository_.NewCommits(c.commit, {*c.old_commit}));
      if (pushed.size() > kMaxCommits) return {};
      commits = std::move(pushed);
    }
    const std::string& path = parent->migration->path;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> commit, CommitThatRemoved(path, *commits));
    if (!commit) continue;
    ONEHEAD_ASSIGN_OR_RETURN(git::CommitInfo info, repository_.Commit(*commit));
    const std::string id = commit->Hex().substr(0, 12);
    finding.fix = "restore " + Printable(path, 200) + ", which " + id + " (" +
                  Printable(info.author_name, 80) + ") removed: git checkout " + id + "~ -- " +
                  Printable(ShellWord(path), 400);
  }
  return {};
}

}  // namespace onehead
