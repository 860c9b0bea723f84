#include "commands/cmd_rebase.h"

#include <unistd.h>

#include <iterator>
#include <optional>
#include <utility>

#include "commands/exit_code.h"
#include "commands/judge.h"
#include "commands/options.h"
#include "commands/rebase_history.h"
#include "commands/rebase_picks.h"
#include "commands/rebase_planner.h"
#include "commands/rebase_report.h"
#include "commands/report_text.h"
#include "commands/snapshot.h"
#include "commands/work_git.h"
#include "commands/work_tree_report.h"
#include "git/file_writer.h"
#include "git/text_diff.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr const char* kText =
    "Put the local migrations of the work tree onto the head of UPSTREAM, so that one head is "
    "left.\n\n"
    "Local is what neither UPSTREAM nor a published branch has: the default branch of a remote,\n"
    "main, master, and what onehead.publishedRefs matches. Only down_revision and the docstring's\n"
    "Revises: line of local migrations change. UPSTREAM has to be in the history of HEAD: git "
    "rebase\n"
    "or merge first.\n\n"
    "With --history the commits of the branch are rewritten instead, so that each of them has one\n"
    "head; authors, dates and messages stay, and the reflog keeps the old tip.";
constexpr const char* kFooter =
    "Exit codes: 0 done or nothing to do, 1 the migrations do not allow it (nothing is written), "
    "128 an error,\n129 wrong usage.";

enum class After { kNothing, kStage, kCommit };

struct Options {
  CommonOptions common;
  RebaseOptions rebase;
  bool history = false;
  bool dry_run = false;
  After after = After::kNothing;
};

git::WorkFileChange ChangeOf(const MigrationEdit& edit) {
  return {edit.path(), edit.before, edit.after, edit.change.new_path};
}

class Rebaser {
 public:
  Rebaser(const Options& options, Streams& io) : options_(options), io_(io) {}

  int Run() {
    Result<Workspace> workspace = OpenWorkspace(options_.common);
    if (!workspace) return Stop(workspace.error(), kExitError);
    StateLoader loader(LimitsFrom(workspace->settings));
    RebasePlanner planner(*workspace, options_.rebase, &loader);
    const TreeChoice choice = options_.history ? TreeChoice::kCommit : TreeChoice::kWorkTree;
    if (Planned<void> started = planner.Start(choice); !started) return Stop(started.error());
    for (const Error& error : planner.snapshot().errors) {
      PrintErrors(RenderError(error, Level::kWarning));
    }
    return options_.history ? History(*workspace, &planner) : WorkTree(*workspace, &planner);
  }

 private:
  void PrintErrors(const Lines& lines) {
    PrintColored(lines, options_.common.color, STDERR_FILENO, io_.err);
  }
  void Print(const Lines& lines) {
    if (options_.common.quiet) return;
    for (const std::string& line : lines) io_.out << line << '\n';
  }

  int Stop(const Error& error, int code) {
    PrintErrors(RenderError(error, Level::kError));
    return code;
  }
  int Stop(const RebaseFailure& failure) {
    switch (failure.kind) {
      case RebaseFailure::Kind::kRefused:
        return Stop(failure.error, kExitFindings);
      case RebaseFailure::Kind::kUsage:
        return Stop(failure.error, kExitUsage);
      case RebaseFailure::Kind::kError:
        break;
    }
    return Stop(failure.error, kExitError);
  }

  void Warn(const RebasePlanner& planner) {
    Lines lines;
    for (const std::string& warning : planner.warnings()) lines.push_back("warning: " + warning);
    PrintErrors(lines);
  }

  int WorkTree(const Workspace& workspace, RebasePlanner* planner) {
    Planned<std::vector<MigrationEdit>> edits = planner->Plan(*planner->snapshot().tree);
    if (!edits) return Stop(edits.error());
    Warn(*planner);
    if (edits->empty()) {
      Print({NothingToDo(*planner)});
      return kExitOk;
    }
    if (options_.dry_run) return ShowDiff(*edits);
    const WorkGit git(*workspace.repository);
    std::vector<std::string> paths;
    for (const MigrationEdit& edit : *edits) paths.push_back(edit.path());
    Status ready = RequireCheckedOut(workspace, planner->snapshot(), paths);
    if (ready) ready = CheckBeforeWriting(git, *edits);
    if (!ready) return Stop(ready.error(), kExitError);
    std::vector<git::WorkFileChange> changes;
    for (const MigrationEdit& edit : *edits) changes.push_back(ChangeOf(edit));
    if (Status status = git::WriteFiles(workspace.repository->WorkDir(), changes); !status) {
      status.error().hint = "nothing has been changed; run it again";
      return Stop(status.error(), kExitError);
    }
    if (Status status =
            Remember(*workspace.repository, {options_.rebase.renumber, options_.rebase.new_ids});
        !status) {
      PrintErrors(RenderError(status.error(), Level::kWarning));
    }
    Print(RewriteLines(*edits));
    PrintErrors(DatabaseWarning(*edits));
    return Record(git, *planner, *edits);
  }

  int ShowDiff(const std::vector<MigrationEdit>& edits) {
    std::vector<git::WorkFileChange> changes;
    for (const MigrationEdit& edit : edits) changes.push_back(ChangeOf(edit));
    const bool color = ColorFor(options_.common.color, STDOUT_FILENO) == Color::kOn;
    Result<std::string> diff =
        git::DiffOf(changes, color ? git::DiffColor::kOn : git::DiffColor::kOff);
    if (!diff) return Stop(diff.error(), kExitError);
    Lines lines = RewriteLines(edits);
    for (std::string& line : lines) line.insert(0, "would rewrite ");
    Print(lines);
    io_.out << *diff;
    PrintErrors(DatabaseWarning(edits));
    return kExitOk;
  }

  // What --stage and --commit would take along, or could not do, is found out before anything is
  // written.
  Status CheckBeforeWriting(const WorkGit& git, const std::vector<MigrationEdit>& edits) {
    if (options_.after == After::kNothing) return {};
    std::vector<std::string> args = {
        "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignored",
        "--"};
    for (const MigrationEdit& edit : edits) args.push_back(LiteralPathspec(edit.path()));
    Result<std::string> status = git.Run(args);
    if (!status) return Fail(std::move(status.error()));
    for (const std::string_view entry : Split(*status, '\0')) {
      if (entry.size() < 4) continue;
      if (entry.starts_with("!!")) {
        return FailWithHint(std::string(entry.substr(3)), "is ignored by Git, and was never added",
                            "run it without that option, or git add -f the file first");
      }
      const bool unstaged = entry[1] != ' ' && entry[1] != '?';
      if (!unstaged && options_.after == After::kStage) continue;
      return FailWithHint(std::string(entry.substr(3)),
                          options_.after == After::kStage
                              ? "has changes that are not staged, and --stage would take them along"
                              : "is not committed as it is, and --commit would take that along",
                          "run it without that option, or commit the file first");
    }
    return {};
  }

  static Status FailWithHint(std::string path, std::string message, std::string hint) {
    return Fail(Error{ErrorKind::kInvalid, std::move(message), std::move(hint), std::move(path)});
  }

  static std::vector<std::string> PathspecsOf(const std::vector<MigrationEdit>& edits) {
    std::vector<std::string> paths;
    for (const MigrationEdit& edit : edits) {
      paths.push_back(LiteralPathspec(edit.path()));
      if (edit.target() != edit.path()) paths.push_back(LiteralPathspec(edit.target()));
    }
    return paths;
  }

  // --stage and --commit.
  int Record(const WorkGit& git, const RebasePlanner& planner,
             const std::vector<MigrationEdit>& edits) {
    if (options_.after == After::kNothing) return kExitOk;
    const std::vector<std::string> paths = PathspecsOf(edits);
    std::vector<std::string> add = {"add", "-A", "--"};
    add.insert(add.end(), paths.begin(), paths.end());
    Result<std::string> done = git.Run(add);
    if (done && options_.after == After::kCommit) {
      std::vector<std::string> commit = {"commit", "-q", "--only", "-F", "-", "--"};
      commit.insert(commit.end(), paths.begin(), paths.end());
      done = git.Run(commit, CommitMessage(planner, edits));
    }
    if (done) return kExitOk;
    done.error().hint = "the files are written as shown above; only recording them failed";
    return Stop(done.error(), kExitError);
  }

  static std::string CommitMessage(const RebasePlanner& planner,
                                   const std::vector<MigrationEdit>& edits) {
    std::string message = "Put the migrations onto " + Printable(planner.upstream().name, 60) +
                          " so that one head is left\n\n";
    for (const std::string& line : RewriteLines(edits)) message += line + "\n";
    return message;
  }

  int History(const Workspace& workspace, RebasePlanner* planner) {
    HistoryRewriter rewriter(workspace, planner);
    Planned<HistoryResult> result = rewriter.Compute();
    if (!result) return Stop(result.error());
    Warn(*planner);
    if (!result->new_tip) {
      Print({NothingToDo(*planner)});
      return kExitOk;
    }
    if (!options_.dry_run) {
      if (Status status = rewriter.Apply(*result); !status) return Stop(status.error(), kExitError);
    }
    Lines lines = RewriteLines(result->edits);
    const std::string_view would = options_.dry_run ? "would rewrite " : "";
    for (std::string& line : lines) line.insert(0, would);
    const std::string old = planner->head().Hex().substr(0, 12);
    lines.push_back(std::string(options_.dry_run ? "would rewrite " : "rewrote ") +
                    std::to_string(result->rewritten) +
                    (result->rewritten == 1 ? " commit" : " commits") + " of " +
                    std::to_string(planner->commits().size()));
    Print(lines);
    Lines notes = DatabaseWarning(result->edits);
    if (result->signatures > 0) {
      notes.push_back("warning: signatures that are gone, because they would be wrong: " +
                      std::to_string(result->signatures));
    }
    if (!options_.dry_run) {
      notes.push_back("hint: the old tip is " + old + "; to go back: git reset --keep " + old);
    }
    PrintErrors(notes);
    return kExitOk;
  }

  const Options& options_;
  Streams& io_;
};

void AddOptions(Arguments* arguments, Options* options) {
  arguments->Value(
      "UPSTREAM", &options->rebase.upstream, "TEXT",
      "Branch or commit (default: onehead.upstream, else the remote's default branch)");
  arguments->Flag("--dry-run", &options->dry_run, "Show what would change, and write nothing");
  arguments->Flag(
      "--stage", [options] { options->after = After::kStage; }, "git add the rewritten files");
  arguments->Flag(
      "--commit", [options] { options->after = After::kCommit; },
      "Commit the rewritten files, and nothing else");
  arguments->Flag("--history", &options->history, "Rewrite the commits of the branch instead");
  arguments->Excludes("--stage", {"--commit", "--history"});
  arguments->Excludes("--commit", {"--history"});
  arguments->Value("--onto", &options->rebase.onto, "ID",
                   "The revision to follow, instead of the head");
  arguments->Flag("--new-ids", &options->rebase.new_ids, "Give the migrations that move new ids");
  arguments->Flag("--renumber", &options->rebase.renumber,
                  "Give a local migration whose id is taken the next number");
}

}  // namespace

int RunRebase(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead rebase", kText, kFooter);
  Options options;
  AddOptions(&arguments, &options);
  AddCommonOptions(&arguments, &options.common);
  if (const auto code = arguments.Parse(args, io)) return *code;
  return Rebaser(options, io).Run();
}

}  // namespace onehead
