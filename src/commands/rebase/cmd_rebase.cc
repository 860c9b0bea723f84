#include "commands/rebase/cmd_rebase.h"

#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_use.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/rebase/history_rewriter.h"
#include "commands/rebase/picks.h"
#include "commands/rebase/planner.h"
#include "commands/report/change_text.h"
#include "commands/rewrite/apply_edits.h"
#include "commands/rewrite/rewrite_output.h"
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
    "A database that has run what moves would skip what is below it then. Downgrade it first, with "
    "the\n"
    "files as they were (alembic downgrade PARENT, the revision that the lowest of them stood on), "
    "and\nupgrade it afterwards. The other ways: DATABASES in git help onehead.\n\n"
    "With --history the commits of the branch are rewritten instead, so that each of them has one\n"
    "head; authors, dates and messages stay, and the reflog keeps the old tip.";
constexpr const char* kFooter =
    "Exit codes: 0 done or nothing to do, 1 the migrations do not allow it (nothing is written), "
    "128 an error,\n129 wrong usage.";

struct Options {
  CommonOptions common;
  RebaseOptions rebase;
  ApplyOptions apply;
  bool history = false;
};

// "nothing to do: ..." for a tree in which nothing has to change.
std::string NothingToDo(const RebasePlanner& planner) {
  std::string heads;
  for (const StatePtr& state : planner.snapshot().states) {
    for (const NodeIndex head : state->graph.heads()) {
      heads += (heads.empty() ? "" : ", ") +
               Printable(state->graph.nodes()[static_cast<std::size_t>(head)].id(), 80);
    }
  }
  return "nothing to do: no local migration has to move to follow " +
         Printable(planner.upstream().name, 200) + (heads.empty() ? "" : " (head: " + heads + ")");
}

class Rebaser {
 public:
  Rebaser(const Options& options, Streams& io)
      : options_(options), output_("rebase", options.common, io) {}

  int Run() {
    output_.document().dry_run = options_.apply.dry_run;
    Result<Workspace> workspace = OpenWorkspace(options_.common);
    if (!workspace) return output_.Stop(workspace.error(), kExitError);
    StateLoader loader(LimitsFrom(workspace->settings));
    RebasePlanner planner(*workspace, options_.rebase, &loader);
    const TreeChoice choice = options_.history ? TreeChoice::kCommit : TreeChoice::kWorkTree;
    if (Planned<void> started = planner.Start(choice); !started) return Stop(started.error());
    for (const Error& error : planner.snapshot().errors) {
      output_.PrintErrors(RenderError(error, Level::kWarning));
    }
    return options_.history ? History(*workspace, &planner) : WorkTree(*workspace, &planner);
  }

 private:
  int Stop(const RebaseFailure& failure) {
    switch (failure.kind) {
      case RebaseFailure::Kind::kRefused:
        return output_.Stop(failure.error, kExitFindings);
      case RebaseFailure::Kind::kUsage:
        return output_.Stop(failure.error, kExitUsage);
      case RebaseFailure::Kind::kError:
        break;
    }
    return output_.Stop(failure.error, kExitError);
  }

  // What is to be said in any case. Returns what there is to say about databases.
  Lines Describe(const RebasePlanner& planner, const std::vector<MigrationEdit>& edits) {
    for (const std::string& warning : planner.warnings()) output_.Warn(warning);
    output_.AddEdits(edits);
    Lines lines;
    for (const StatePtr& state : planner.snapshot().states) {
      const DatabaseEffect effect = output_.AddEnvironment(*state, edits, Databases::kOfDeveloper);
      const Lines more = DatabaseLines(effect, Databases::kOfDeveloper);
      lines.insert(lines.end(), more.begin(), more.end());
    }
    if (edits.empty()) output_.Print({NothingToDo(planner)});
    return lines;
  }

  int WorkTree(const Workspace& workspace, RebasePlanner* planner) {
    Planned<std::vector<MigrationEdit>> edits = planner->Plan(*planner->snapshot().tree);
    if (!edits) return Stop(edits.error());
    PlannedFiles plan{FilesOf(*edits), RewriteLines(*edits), "would rewrite ", {}, {}, {}};
    plan.notes = Describe(*planner, *edits);
    if (edits->empty()) return output_.Finish(kExitOk);
    std::vector<std::string> paths;
    for (const MigrationEdit& edit : *edits) paths.push_back(edit.path());
    if (Status ready = RequireCheckedOut(workspace, planner->snapshot(), paths); !ready) {
      return output_.Stop(ready.error(), kExitError);
    }
    plan.commit_message = "Put the migrations onto " + Printable(planner->upstream().name, 60) +
                          " so that one head is left\n\n";
    for (const std::string& line : plan.lines) plan.commit_message += line + "\n";
    plan.when_written = [&] {
      return Remember(*workspace.repository, {options_.rebase.renumber, options_.rebase.new_ids});
    };
    return ApplyFiles(*workspace.repository, plan, options_.apply, &output_);
  }

  int History(const Workspace& workspace, RebasePlanner* planner) {
    HistoryRewriter rewriter(workspace, planner);
    Planned<HistoryResult> result = rewriter.Compute();
    if (!result) return Stop(result.error());
    Lines notes = Describe(*planner, result->edits);
    if (!result->new_tip) return output_.Finish(kExitOk);
    const bool dry_run = options_.apply.dry_run;
    if (!dry_run) {
      if (Status status = rewriter.Apply(*result); !status) {
        return output_.Stop(status.error(), kExitError);
      }
    }
    Lines lines = RewriteLines(result->edits);
    const std::string_view would = dry_run ? "would rewrite " : "";
    for (std::string& line : lines) line.insert(0, would);
    const std::string old = planner->head().Hex();
    lines.push_back(std::string(dry_run ? "would rewrite " : "rewrote ") +
                    std::to_string(result->rewritten) +
                    (result->rewritten == 1 ? " commit" : " commits") + " of " +
                    std::to_string(planner->commits().size()));
    output_.document().history = {old, result->new_tip->Hex(), result->rewritten};
    output_.Print(lines);
    output_.PrintErrors(notes);
    if (result->signatures > 0) {
      output_.Warn("signatures that are gone, because they would be wrong: " +
                   std::to_string(result->signatures));
    }
    if (!dry_run) {
      const std::string shown = old.substr(0, 12);
      output_.PrintErrors(
          {"hint: the old tip is " + shown + "; to go back: git reset --keep " + shown});
    }
    return output_.Finish(kExitOk);
  }

  const Options& options_;
  RewriteOutput output_;
};

void AddOptions(Arguments* arguments, Options* options) {
  arguments->Value(
      "UPSTREAM", &options->rebase.upstream, "TEXT",
      "Branch or commit (default: onehead.upstream, else the remote's default branch)");
  AddApplyOptions(arguments, &options->apply);
  arguments->Flag("--history", &options->history, "Rewrite the commits of the branch instead");
  arguments->Excludes("--history", {"--stage", "--commit"});
  arguments->Value("--onto", &options->rebase.onto, "ID",
                   "The revision to follow, instead of the head");
  arguments->Flag("--new-ids", &options->rebase.new_ids, "Give the migrations that move new ids");
  arguments->Flag("--renumber", &options->rebase.renumber,
                  "Give a local migration whose id is taken the next number");
  arguments->Flag(
      "--force", [] {},
      "Accepted and without effect: what the branch's own copy at a remote has is local");
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
