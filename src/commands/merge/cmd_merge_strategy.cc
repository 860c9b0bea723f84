#include "commands/merge/cmd_merge_strategy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/settings_use.h"
#include "commands/app/workspace.h"
#include "commands/merge/merge_repair.h"
#include "commands/merge/rebase_todo.h"
#include "commands/merge/replay_alignment.h"
#include "commands/merge/strategy_request.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/core/environment/tree_diff.h"
#include "onehead/git/merge/half_checkout.h"
#include "onehead/git/merge/merge_commands.h"
#include "onehead/git/merge/object_writer.h"
#include "onehead/git/merge/stock_merge.h"

namespace onehead {
namespace {

class Strategy {
 public:
  Strategy(StrategyRequest request, Streams& io) : request_(std::move(request)), io_(io) {}

  int Run() {
    git_dir_ = GitDirHere();
    if (!git_dir_.empty()) {
      if (Status kept = step_.Keep(git_dir_, request_.remote, IsMerge()); !kept) {
        Print(RenderError(kept.error(), Level::kError));
        return kCannotHandle;
      }
    }
    Open();
    const int status = Merge();
    if (status != kCannotHandle) {
      step_.Done();
    } else if (step_.is_kept()) {
      Print(
          {"hint: the commit stays on the list of the rebase: when nothing is in the way any more, "
           "git rebase --continue"});
    }
    return status;
  }

 private:
  struct Side {
    ContentId commit;
    ContentId tree;
  };

  // `git merge`, of this user or of a rebase that makes a merge again. Else a pick.
  bool IsMerge() const { return request_.head == "HEAD"; }

  int Merge() {
    const std::optional<git::MergeTreeResult> result = MergeInMemory();
    if (!result || result->outcome != git::MergeTreeResult::Outcome::kClean) {
      return MergeByStock(result ? result->tree : ContentId{});
    }
    if (!is_replay_) io_.out << result->messages << std::flush;
    return TakeTree(result->tree);
  }

  // What cannot be read here is merged by Git all the same, without a repair: a repository of a
  // kind that libgit2 does not know, or sides that are no commits (`cherry-pick -n` gives a tree).
  void Open() {
    auto opened = git::Repository::Open(".", git::OpenFrom::kDirectory);
    if (!opened) {
      TellUnreadable(opened.error());
      return;
    }
    repository_ = std::move(*opened);
    git_dir_ = repository_->GitDir();
    is_replay_ = !IsMerge() || IsRebasing(repository_->GitDir());
    can_repair_ = ReadSide(request_.head, &ours_) && ReadSide(request_.remote, &theirs_);
  }

  void TellUnreadable(const Error& error) {
    const Result<bool> alembic =
        git::HasTrackedFile({kMigrationFiles.begin(), kMigrationFiles.end()});
    if (!alembic || !*alembic) return;
    Print(RenderError(error, Level::kWarning));
    Print({"hint: the migrations of this merge are not looked at"});
  }

  bool ReadSide(const std::string& name, Side* side) {
    std::optional<ContentId> id = ContentId::FromHex(name);
    if (!id) {
      const Result<ContentId> resolved = repository_->ResolveCommit(name);
      if (!resolved) return false;
      id = *resolved;
    }
    const Result<git::CommitInfo> commit = repository_->Commit(*id);
    if (!commit) return false;
    *side = {*id, commit->tree};
    return true;
  }

  // The merge as ort makes it, before anything is touched. Null: not for this request.
  std::optional<git::MergeTreeResult> MergeInMemory() {
    if (!request_.options.empty()) return std::nullopt;
    if (repository_ != nullptr && git::HasDiffAlgorithm(git_dir_, repository_->CommonDir())) {
      return std::nullopt;
    }
    Result<git::MergeTreeResult> result = git::MergeTreeResult{};
    if (IsMerge()) {
      // Here Git has not looked yet whether something else is staged, which it does not merge over.
      const Result<bool> staged = git::IndexDiffers("HEAD");
      if (!staged || *staged) return std::nullopt;
      // The bases are those that Git finds by itself.
      result = git::MergeTree(request_.head, request_.remote, "");
    } else if (can_repair_ && request_.bases.size() <= 1) {
      result = MergeOnBase();
    } else if (request_.bases.size() == 1) {
      result = git::MergeTree(request_.head, request_.remote, request_.bases.front());
    }
    if (!result) return std::nullopt;
    return std::move(*result);
  }

  // Two throw-away commits on the base do what --merge-base does, which older Git has not.
  Result<git::MergeTreeResult> MergeOnBase() {
    auto writer = git::ObjectWriter::Open(repository_->CommonDir(), ours_.tree.size);
    if (!writer) return Fail(std::move(writer.error()));
    std::vector<ContentId> parents;
    for (const std::string& base : request_.bases) {
      if (IsEmptyTree(base)) continue;
      const std::optional<ContentId> id = ContentId::FromHex(base);
      if (!id) return Fail(ErrorKind::kUnsupported, "the base is not an id");
      parents.push_back(*id);
    }
    ContentId theirs_tree = theirs_.tree;
    if (const auto aligned = Aligned(parents, writer->get())) {
      ONEHEAD_ASSIGN_OR_RETURN(const ContentId base,
                               git::WriteScratchCommit(writer->get(), aligned->base, {}));
      AddChangedPaths(theirs_.tree, aligned->theirs);
      const Result<git::CommitInfo> original = repository_->Commit(parents.front());
      if (original) AddChangedPaths(original->tree, aligned->base);
      parents = {base};
      theirs_tree = aligned->theirs;
    }
    ONEHEAD_ASSIGN_OR_RETURN(const ContentId ours,
                             git::WriteScratchCommit(writer->get(), ours_.tree, parents));
    ONEHEAD_ASSIGN_OR_RETURN(const ContentId theirs,
                             git::WriteScratchCommit(writer->get(), theirs_tree, parents));
    ends_ = {ours.Hex(), theirs.Hex()};
    return git::MergeTree(ours.Hex(), theirs.Hex(), "");
  }

  void AddChangedPaths(const ContentId& from, const ContentId& to) {
    const auto before = git::MakeTreeView(repository_->objects(), from);
    const auto after = git::MakeTreeView(repository_->objects(), to);
    const Result<TreeDiff> diff = DiffTrees(before.get(), *after);
    if (!diff) return;
    for (const ChangedFile& file : diff->files) aligned_paths_.insert(file.path);
  }

  // Stock Git has made a merge that conflicts in some file, and knows nothing of what is aligned:
  // its migrations are taken as the merge of the aligned trees (`merged`) has them.
  Status TakeAligned(const ContentId& merged) {
    const auto conflicted = git::ConflictedPaths(ends_.first, ends_.second);
    if (!conflicted) return Fail(conflicted.error());
    const auto unmerged = git::UnmergedPaths();
    if (!unmerged) return Fail(unmerged.error());
    const auto modified = git::ModifiedPaths({aligned_paths_.begin(), aligned_paths_.end()});
    if (!modified) return Fail(modified.error());
    const auto has = [](const std::vector<std::string>& paths, const std::string& path) {
      return std::binary_search(paths.begin(), paths.end(), path);
    };
    // Also what an aligned file was renamed to conflicts in the one merge and not in the other.
    std::set<std::string> candidates(unmerged->begin(), unmerged->end());
    for (const std::string& path : aligned_paths_) {
      if (!has(*modified, path)) candidates.insert(path);
    }
    std::vector<std::string> paths;
    for (const std::string& path : candidates) {
      if (!has(*conflicted, path)) paths.push_back(path);
    }
    return git::TakeFromTree(merged, paths);
  }

  // Null: the two trees are right as they are, or it cannot be found out.
  std::optional<ReplayTrees> Aligned(const std::vector<ContentId>& parents,
                                     git::ObjectWriter* writer) {
    if (!is_replay_ || parents.size() != 1 || IsRemakingMerge(repository_->GitDir())) return {};
    const Result<git::CommitInfo> base = repository_->Commit(parents.front());
    if (!base) return {};
    // Most picks touch no such file.
    const auto before = git::MakeTreeView(repository_->objects(), base->tree);
    const auto after = git::MakeTreeView(repository_->objects(), theirs_.tree);
    const Result<bool> may_differ = MigrationsMayDiffer(*before, *after);
    const Result<Settings> settings = ReadSettings(*repository_);
    if (!may_differ || !*may_differ || !settings) return {};
    const DiscoveryOptions discovery = DiscoveryFrom(*settings);
    const MergeContext context = {*repository_,   *settings, discovery,      ours_.commit,
                                  theirs_.commit, true,      parents.front()};
    const auto aligned =
        AlignReplay(context, parents.front(), {base->tree, ours_.tree, theirs_.tree}, writer);
    return aligned ? *aligned : std::nullopt;
  }

  // Index and work tree become `merged`, repaired where possible.
  int TakeTree(const ContentId& merged) {
    MergeRepair repair;
    ContentId tree = merged;
    if (can_repair_) repair = PlanRepair(*git::MakeTreeView(repository_->objects(), merged));
    if (!repair.edits.empty()) {
      const Result<ContentId> edited = WriteRepaired(merged, repair);
      if (edited) {
        tree = *edited;
      } else if (edited.error().kind == ErrorKind::kIo) {  // there would be two heads
        Print(RenderError(edited.error(), Level::kError));
        return Refused();
      } else {
        Print(RenderError(edited.error(), Level::kWarning));
      }
    }
    CheckedOut result = CheckOut(tree);
    const bool is_repaired = tree != merged && result == CheckedOut::kYes;
    if (result == CheckedOut::kRefused && tree != merged) result = CheckOut(merged);
    if (result == CheckedOut::kFailed) return Refused();
    if (result == CheckedOut::kRefused) return MergeByStock(merged);
    if (is_repaired) {
      Report(repair);
    } else {
      if (tree != merged) HintAtRebase("a file that would be rewritten has uncommitted changes");
      Print(repair.lines);
    }
    return repair.needs_user ? kConflicts : kClean;
  }

  enum class CheckedOut {
    kYes,
    kRefused,  // nothing was touched
    kFailed    // on the way; it is undone, and said
  };
  CheckedOut CheckOut(const ContentId& tree) {
    if (!can_repair_ || tree != ours_.tree) {
      const Result<git::GitRun> run = git::ReadTree(request_.head, tree.Hex());
      if (!run) return CheckedOut::kRefused;
      if (run->status != 0 && git::StoppedWhileWriting(run->err)) {
        git::UndoHalfCheckout(request_.head, tree.Hex());
        io_.err << run->err << std::flush;
        return CheckedOut::kFailed;
      }
      if (run->status != 0) return CheckedOut::kRefused;
    }
    if (git_dir_.empty()) return CheckedOut::kYes;
    if (Status status = git::WriteAutoMerge(git_dir_, tree); !status) {
      Print(RenderError(status.error(), Level::kWarning));
    }
    return CheckedOut::kYes;
  }

  MergeRepair PlanRepair(const SourceTree& merged) {
    const auto ours = git::MakeTreeView(repository_->objects(), ours_.tree);
    const auto theirs = git::MakeTreeView(repository_->objects(), theirs_.tree);
    // Most picks bring no such file: these cost a few trees and nothing else.
    const Result<TreeDiff> brought = DiffTrees(ours.get(), merged);
    if (brought && brought->files.empty()) return {};
    Result<MergeRepair> repair = MergeRepair{};
    Result<Settings> settings = ReadSettings(*repository_);
    if (settings) {
      const DiscoveryOptions discovery = DiscoveryFrom(*settings);
      MergeContext context = {
          *repository_, *settings,      discovery,
          ours_.commit, theirs_.commit, is_replay_ && !IsRemakingMerge(repository_->GitDir())};
      if (request_.bases.size() == 1 && !IsEmptyTree(request_.bases.front())) {
        context.base = ContentId::FromHex(request_.bases.front());
      }
      repair = PlanMergeRepair(context, *ours, *theirs, merged);
    } else {
      repair = Fail(settings.error());
    }
    if (repair) return std::move(*repair);
    MergeRepair none;
    none.lines = RenderError(repair.error(), Level::kWarning);
    none.lines.push_back("hint: the migrations of this merge were not looked at: onehead check");
    return none;
  }

  Result<std::vector<git::TreeEdit>> WriteBlobs(const MergeRepair& repair,
                                                git::ObjectWriter* writer) {
    std::vector<git::TreeEdit> edits;
    for (const MigrationEdit& edit : repair.edits) {
      if (!edit.after) {
        edits.push_back({edit.path(), {}, ""});
        continue;
      }
      ONEHEAD_ASSIGN_OR_RETURN(ContentId blob, writer->Write(git::ObjectType::kBlob, *edit.after));
      edits.push_back({edit.path(), blob, edit.change.new_path});
    }
    return edits;
  }

  Result<ContentId> WriteRepaired(const ContentId& merged, const MergeRepair& repair) {
    auto writer = git::ObjectWriter::Open(repository_->CommonDir(), ours_.tree.size);
    if (!writer) return Fail(std::move(writer.error()));
    const auto edits = WriteBlobs(repair, writer->get());
    if (!edits) return Fail(edits.error());
    return git::EditTree(repository_->objects(), writer->get(), merged, *edits);
  }

  // Conflicts, options, and what is in the way: all that Git itself does and says then. `expected`:
  // the tree that it will check out, when that is known.
  int MergeByStock(const ContentId& expected) {
    using Outcome = git::StockMerge::Outcome;
    const Result<bool> refuses =
        !expected.known() ? Result<bool>(true) : git::WouldRefuse(request_.head, expected.Hex());
    const std::string base =
        request_.bases.empty() || IsEmptyTree(request_.bases.front()) ? "" : request_.bases.front();
    const Result<git::StockMerge> stock =
        IsMerge() ? git::MergeAsStockGit(request_.remote, NamesOfRebase(), request_.options)
                  : git::PickAsStockGit(request_.remote, base, request_.options);
    if (!stock || stock->outcome == Outcome::kUnavailable) return MergeByOldGit();
    io_.out << stock->out << std::flush;
    io_.err << stock->err << std::flush;
    if (stock->outcome == Outcome::kRefused) {
      if (refuses && !*refuses) git::UndoHalfCheckout(request_.head, expected.Hex());
      return Refused();
    }
    const int status = stock->outcome == Outcome::kClean ? kClean : kConflicts;
    if (!aligned_paths_.empty() && expected.known()) {
      if (Status taken = TakeAligned(expected); !taken) {
        Print(RenderError(taken.error(), Level::kWarning));
      }
    }
    return can_repair_ ? std::max(status, RepairIndex()) : status;
  }

  // As the rebase that makes a merge again calls the other side.
  std::vector<std::string> NamesOfRebase() const {
    if (step_.label().empty()) return {};
    return {"refs/rewritten/" + step_.label(), step_.label()};
  }

  // The whole merge by `git merge-recursive`.
  int MergeByOldGit() {
    const Result<git::GitRun> run = git::MergeRecursive(request_.args);
    if (!run) {
      Print(RenderError(run.error(), Level::kError));
      return Refused();
    }
    io_.out << run->out << std::flush;
    io_.err << run->err << std::flush;
    if (run->status != kClean && run->status != kConflicts) return Refused();
    if (!can_repair_) return run->status;
    return std::max(run->status, RepairIndex());
  }

  // Nothing was touched. Git has written the message of a pick already.
  int Refused() {
    if (!IsMerge() && !git_dir_.empty()) std::remove((git_dir_ + "/MERGE_MSG").c_str());
    return kCannotHandle;
  }

  // Index and work tree hold the merge already, perhaps with conflicts in other files.
  int RepairIndex() {
    const auto index = repository_->IndexTree();
    if (!index) return kClean;
    const MergeRepair repair = PlanRepair(**index);
    if (!repair.edits.empty()) {
      const Status status = StageRepair(repair);
      if (status) {
        Report(repair);
        return repair.needs_user ? kConflicts : kClean;
      }
      Print(RenderError(status.error(), Level::kWarning));
      HintAtRebase("");
    }
    Print(repair.lines);
    return repair.needs_user ? kConflicts : kClean;
  }

  Status StageRepair(const MergeRepair& repair) {
    const auto unmerged = git::UnmergedPaths();
    if (!unmerged) return Fail(unmerged.error());
    std::vector<std::string> paths;
    for (const MigrationEdit& edit : repair.edits) {
      paths.push_back(edit.path());
      if (std::binary_search(unmerged->begin(), unmerged->end(), edit.path())) {
        return FailAt(ErrorKind::kInvalid, edit.path(), 0,
                      "not re-parented, because this file has conflicts");
      }
    }
    const auto modified = git::ModifiedPaths(paths);
    if (!modified) return Fail(modified.error());
    if (!modified->empty()) {
      return FailAt(ErrorKind::kInvalid, modified->front(), 0,
                    "not re-parented, because this file has uncommitted changes");
    }
    auto writer = git::ObjectWriter::Open(repository_->CommonDir(), ours_.tree.size);
    if (!writer) return Fail(std::move(writer.error()));
    const auto blobs = WriteBlobs(repair, writer->get());
    if (!blobs) return Fail(blobs.error());
    std::vector<git::IndexEdit> edits;
    for (const git::TreeEdit& edit : *blobs) edits.push_back({edit.path, edit.blob, edit.new_path});
    return git::StageAndCheckOut(edits);
  }

  void Report(const MergeRepair& repair) {
    Print(repair.rewritten);
    Print(repair.databases);
    Print(repair.lines);
  }

  void HintAtRebase(const std::string& why) {
    if (!why.empty()) Print({"warning: the migrations were not re-parented: " + why});
    Print({"hint: when the merge is done: onehead rebase"});
  }

  void Print(const Lines& lines) {
    io_.out.flush();
    PrintLines(lines, Color::kOff, io_.err);
    io_.err.flush();
  }

  StrategyRequest request_;
  Streams& io_;
  std::string git_dir_;  // "": not known
  RebaseStep step_;
  std::unique_ptr<git::Repository> repository_;
  bool is_replay_ = false;
  bool can_repair_ = false;
  Side ours_;
  Side theirs_;
  std::pair<std::string, std::string> ends_;  // the throw-away commits that were merged
  std::set<std::string> aligned_paths_;       // files that replay_alignment has changed
};

}  // namespace

int RunMergeStrategy(const std::vector<std::string>& args, Streams& io) {
  if (git::IsInsideStockMerge()) return kCannotHandle;
  std::optional<StrategyRequest> request = ParseRequest(args);
  if (request) return Strategy(std::move(*request), io).Run();
  const auto dashes = std::find(args.begin(), args.end(), "--");
  if (args.end() - dashes > 3) return MergeOctopus(args, io);
  io.err << "error: git-merge-onehead merges two branches\n"
            "hint: Git starts it: git merge -s onehead, or git config pull.twohead onehead\n";
  return kCannotHandle;
}

}  // namespace onehead
