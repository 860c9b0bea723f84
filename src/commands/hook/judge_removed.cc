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
    Result<const SourceTree*> tree = trees_.Of(commit);
    if (!tree) return Fail(std::move(tree.error()));
    Result<std::optional<TreeEntry>> entry = (*tree)->Find(path);
    if (!entry) return Fail(std::move(entry.error()));
    return entry->has_value();
  };
  for (const ContentId& commit : commits) {
    Result<bool> is_there = has(commit);
    if (!is_there) return Fail(std::move(is_there.error()));
    if (*is_there) continue;
    Result<git::CommitInfo> info = repository_.Commit(commit);
    if (!info) return Fail(std::move(info.error()));
    if (info->parents.empty()) continue;
    Result<bool> was_there = has(info->parents.front());
    if (!was_there) return Fail(std::move(was_there.error()));
    if (*was_there) return std::optional(commit);
  }
  return std::nullopt;
}

Status PushJudge::NameRemovals(const Case& c, const Comparison& comparison,
                               std::vector<Finding>* findings) {
  constexpr std::size_t kMostCommits = 1000;
  constexpr int kMostFindings = 5;
  if (!comparison.before || !c.old_commit) return {};
  std::optional<std::vector<ContentId>> commits;
  int named = 0;
  for (Finding& finding : *findings) {
    if (finding.rule != "missing-parent" || finding.level != Level::kError) continue;
    const Node* const parent = comparison.before->graph.Find(finding.names);
    if (parent == nullptr || ++named > kMostFindings) continue;
    if (!commits) {
      Result<std::vector<ContentId>> pushed = repository_.NewCommits(c.commit, {*c.old_commit});
      if (!pushed) return Fail(std::move(pushed.error()));
      if (pushed->size() > kMostCommits) return {};
      commits = std::move(*pushed);
    }
    const std::string& path = parent->migration->path;
    Result<std::optional<ContentId>> commit = CommitThatRemoved(path, *commits);
    if (!commit) return Fail(std::move(commit.error()));
    if (!*commit) continue;
    Result<git::CommitInfo> info = repository_.Commit(**commit);
    if (!info) return Fail(std::move(info.error()));
    const std::string id = (*commit)->Hex().substr(0, 12);
    finding.fix = "restore " + Printable(path, 200) + ", which " + id + " (" +
                  Printable(info->author_name, 80) + ") removed: git checkout " + id + "~ -- " +
                  Printable(ShellWord(path), 400);
  }
  return {};
}

}  // namespace onehead
