#include "commands/rebase/history_rewriter.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using Kind = RebaseFailure::Kind;

tl::unexpected<RebaseFailure> Stop(Kind kind, Error error) {
  return tl::make_unexpected(RebaseFailure{kind, std::move(error)});
}
tl::unexpected<RebaseFailure> Stop(Error error) { return Stop(Kind::kError, std::move(error)); }

std::string Short(const ContentId& commit) { return commit.Hex().substr(0, 12); }

// An index of our own, beside the one that must not be touched yet.
class ScratchIndex {
 public:
  explicit ScratchIndex(const std::string& git_dir)
      : path_(fs::absolute(git_dir).string() + "/onehead-index-" + std::to_string(getpid())) {}
  ~ScratchIndex() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  ScratchIndex(const ScratchIndex&) = delete;
  ScratchIndex& operator=(const ScratchIndex&) = delete;
  std::vector<std::string> Environment() const { return {"GIT_INDEX_FILE=" + path_}; }

 private:
  std::string path_;
};

Result<ContentId> IdFrom(const Result<std::string>& printed) {
  if (!printed) return Fail(printed.error());
  const std::optional<ContentId> id = ContentId::FromHex(Trim(*printed));
  if (!id) return Fail(ErrorKind::kInvalid, "git printed no object id");
  return *id;
}

bool IsSignature(std::string_view line) {
  return line.starts_with("gpgsig ") || line.starts_with("gpgsig-sha256 ");
}

struct NewCommit {
  std::string bytes;
  bool was_signed = false;
};

// The commit object with another tree and other parents. Everything else stays as it is, byte for
// byte, but for a signature: it would be wrong.
NewCommit Rewritten(std::string_view old, const ContentId& tree,
                    const std::vector<ContentId>& parents) {
  NewCommit result;
  result.bytes = "tree " + tree.Hex() + "\n";
  for (const ContentId& parent : parents) result.bytes += "parent " + parent.Hex() + "\n";
  bool skipping = false;
  while (!old.empty() && old.front() != '\n') {
    const std::size_t end = std::min(old.find('\n'), old.size() - 1) + 1;
    const std::string_view line = old.substr(0, end);
    old.remove_prefix(end);
    const bool continued = line.front() == ' ';
    if (!continued) {
      skipping = IsSignature(line) || line.starts_with("tree ") || line.starts_with("parent ");
      result.was_signed = result.was_signed || IsSignature(line);
    }
    if (!skipping) result.bytes += line;
  }
  result.bytes += old;
  return result;
}

// Each rewrite once, however many commits show it.
std::vector<MigrationEdit> Distinct(std::vector<MigrationEdit> edits) {
  const auto key = [](const MigrationEdit& edit) {
    return std::tie(edit.path(), edit.change.migration->down_revision.ids, edit.change.parents,
                    edit.change.new_id);
  };
  std::stable_sort(edits.begin(), edits.end(),
                   [&](const MigrationEdit& a, const MigrationEdit& b) { return key(a) < key(b); });
  edits.erase(
      std::unique(edits.begin(), edits.end(),
                  [&](const MigrationEdit& a, const MigrationEdit& b) { return key(a) == key(b); }),
      edits.end());
  return edits;
}

}  // namespace

Planned<HistoryResult> HistoryRewriter::Compute() {
  if (Planned<void> quiet = CheckQuiet(); !quiet) {
    return tl::make_unexpected(std::move(quiet.error()));
  }
  // The tip first: a migration has one new id in all commits, the one that it has in the end.
  Planned<std::vector<MigrationEdit>> tip = planner_->Plan(*planner_->snapshot().tree);
  if (!tip) return tl::make_unexpected(std::move(tip.error()));
  planner_->KeepIds(*tip);
  HistoryResult result;
  std::map<ContentId, ContentId> renamed;
  std::vector<ContentId> changed;
  std::vector<MigrationEdit> all;
  for (const ContentId& commit : planner_->commits()) {
    Result<git::CommitInfo> info = workspace_.repository->Commit(commit);
    if (!info) return Stop(std::move(info.error()));
    Result<std::unique_ptr<SourceTree>> tree = workspace_.repository->CommitTree(commit);
    if (!tree) return Stop(std::move(tree.error()));
    Planned<std::vector<MigrationEdit>> edits = planner_->Plan(**tree);
    if (!edits) {
      edits.error().error.message = "commit " + Short(commit) + " (" +
                                    Printable(info->subject, 60) +
                                    "): " + edits.error().error.message;
      return tl::make_unexpected(std::move(edits.error()));
    }
    std::vector<ContentId> parents = info->parents;
    for (ContentId& parent : parents) {
      if (const auto found = renamed.find(parent); found != renamed.end()) parent = found->second;
    }
    if (edits->empty() && parents == info->parents) continue;
    Result<ContentId> new_tree = WriteTree(info->tree, *edits);
    if (!new_tree) return Stop(std::move(new_tree.error()));
    Result<ContentId> written = WriteCommit(commit, *new_tree, parents, &result.signatures);
    if (!written) return Stop(std::move(written.error()));
    renamed.emplace(commit, *written);
    changed.push_back(commit);
    std::move(edits->begin(), edits->end(), std::back_inserter(all));
  }
  if (changed.empty()) return result;
  if (Planned<void> local = CheckUnpublished(changed); !local) {
    return tl::make_unexpected(std::move(local.error()));
  }
  result.rewritten = static_cast<int>(changed.size());
  result.edits = Distinct(std::move(all));
  result.new_tip = renamed.at(planner_->head());
  return result;
}

Planned<void> HistoryRewriter::CheckQuiet() {
  for (const char* name :
       {"rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"}) {
    std::error_code ignored;
    if (!fs::exists(workspace_.repository->GitDir() + "/" + name, ignored)) continue;
    return Stop(Kind::kRefused,
                {ErrorKind::kInvalid,
                 std::string("a merge, rebase, cherry-pick or revert is under way (") + name + ")",
                 "finish or abort it first: see git status"});
  }
  std::vector<std::string> args = {"status",       "--porcelain=v1",        "-z",
                                   "--no-renames", "--untracked-files=all", "--"};
  for (const StatePtr& state : planner_->snapshot().states) {
    for (const std::string& location : state->environment.version_locations) {
      args.push_back(location.empty() ? "." : LiteralPathspec(location));
    }
  }
  Result<std::string> status = git_.Run(args);
  if (!status) return Stop(std::move(status.error()));
  for (const std::string_view entry : Split(*status, '\0')) {
    if (entry.size() < 4 || !IsMigrationFileName(BaseName(entry.substr(3)))) continue;
    return Stop(Kind::kRefused,
                {ErrorKind::kInvalid, "has changes that are not committed, or is not committed yet",
                 "commit or stash it first", std::string(entry.substr(3))});
  }
  return {};
}

// A commit that others may have built on is not taken away from under them.
Planned<void> HistoryRewriter::CheckUnpublished(const std::vector<ContentId>& changed) {
  std::vector<std::string> args = {"rev-list", planner_->head().Hex(),
                                   "^" + planner_->upstream().commit.Hex()};
  for (const PublishedRef& ref : planner_->published().refs()) {
    args.push_back("^" + ref.commit.Hex());
  }
  Result<std::string> list = git_.Run(args);
  if (!list) return Stop(std::move(list.error()));
  std::set<std::string_view> local;
  for (const std::string_view line : Split(*list, '\n')) local.insert(line);
  for (const ContentId& commit : changed) {
    if (local.count(commit.Hex()) != 0) continue;
    return Stop(Kind::kRefused,
                {ErrorKind::kInvalid,
                 "commit " + Short(commit) + " would be rewritten, and it is published already",
                 "put a new commit on top instead: onehead rebase --commit"});
  }
  return {};
}

Result<std::string> HistoryRewriter::IndexLines(const ContentId& tree,
                                                const std::vector<MigrationEdit>& edits) {
  std::string removals;
  std::string lines;
  for (const MigrationEdit& edit : edits) {
    // For its mode.
    Result<std::string> entry =
        git_.Run({"ls-tree", "-z", tree.Hex(), "--", LiteralPathspec(edit.path())});
    if (!entry) return entry;
    const std::string mode = entry->substr(0, entry->find(' '));
    if (!edit.after) {
      removals += "0 " + std::string(tree.Hex().size(), '0') + "\t" + edit.path() + '\0';
      continue;
    }
    ONEHEAD_ASSIGN_OR_RETURN(ContentId blob,
                             IdFrom(git_.Run({"hash-object", "-w", "--stdin"}, *edit.after)));
    if (edit.target() != edit.path()) {
      removals += "0 " + std::string(blob.Hex().size(), '0') + "\t" + edit.path() + '\0';
    }
    lines += mode + " " + blob.Hex() + "\t" + edit.target() + '\0';
  }
  return removals + lines;
}

Result<ContentId> HistoryRewriter::WriteTree(const ContentId& tree,
                                             const std::vector<MigrationEdit>& edits) {
  if (edits.empty()) return tree;
  ONEHEAD_ASSIGN_OR_RETURN(std::string lines, IndexLines(tree, edits));
  const ScratchIndex index(workspace_.repository->GitDir());
  const std::vector<std::string> environment = index.Environment();
  Result<std::string> done = git_.Run({"read-tree", tree.Hex()}, "", environment);
  if (done) done = git_.Run({"update-index", "-z", "--index-info"}, lines, environment);
  if (done) done = git_.Run({"write-tree"}, "", environment);
  return IdFrom(done);
}

Result<ContentId> HistoryRewriter::WriteCommit(const ContentId& old, const ContentId& tree,
                                               const std::vector<ContentId>& parents,
                                               int* signatures) {
  Result<git::Object> object = workspace_.repository->objects().Read(old, git::kMaxMetaObjectBytes);
  if (!object) return Fail(std::move(object.error()));
  const NewCommit commit = Rewritten(object->bytes, tree, parents);
  if (commit.was_signed) ++*signatures;
  return IdFrom(git_.Run({"hash-object", "-t", "commit", "-w", "--stdin"}, commit.bytes));
}

Status HistoryRewriter::Apply(const HistoryResult& result) {
  const std::string old_tip = planner_->head().Hex();
  const std::string new_tip = result.new_tip->Hex();
  // Times that have changed without the contents would look like changes to read-tree.
  if (auto refreshed = git_.Try({"update-index", "-q", "--refresh"}); !refreshed) {
    return Fail(std::move(refreshed.error()));
  }
  // In this order, so that whoever is killed in between has the new files staged on the old tip:
  // nothing is lost, and git status shows it. What is staged or changed elsewhere stays.
  Result<std::string> done = git_.Run({"read-tree", "-m", "-u", old_tip, new_tip});
  if (!done) {
    done.error().hint = "nothing has been changed; commit or stash what is in the way";
    return Fail(std::move(done.error()));
  }
  done = git_.Run({"update-ref", "-m", "onehead rebase --history", "HEAD", new_tip, old_tip});
  if (!done) {
    const Result<std::string> back = git_.Run({"read-tree", "-m", "-u", new_tip, old_tip});
    done.error().hint = back ? "nothing has been changed; run it again"
                             : "the files could not be put back: git reset --keep " + old_tip;
    return Fail(std::move(done.error()));
  }
  // As git rebase does; that it cannot be written hurts nobody.
  (void)git_.Try({"update-ref", "ORIG_HEAD", old_tip});
  return {};
}

}  // namespace onehead
