#include "commands/inspect/cmd_listing.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_use.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/report/report_json.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/core/history/alembic_text.h"

namespace onehead {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 also with several heads, 1 Alembic could not load the migrations, 128 an error, "
    "129 wrong usage.";

std::string TextOf(ListingKind kind, const Graph& graph, ListingDetail detail) {
  switch (kind) {
    case ListingKind::kHeads:
      return ListHeads(graph, detail);
    case ListingKind::kBranches:
      return ListBranches(graph, detail);
    case ListingKind::kHistory:
      return ListHistory(graph, detail);
  }
  return "";
}

class Lister {
 public:
  Lister(ListingKind kind, const CommonOptions& options, Streams& io)
      : kind_(kind), options_(options), io_(io) {}

  int Run() {
    Result<Workspace> workspace = OpenWorkspace(options_);
    if (!workspace) return Stop(workspace.error());
    settings_ = workspace->settings;
    loader_.emplace(LimitsFrom(settings_));
    Result<Snapshot> snapshot = ReadSnapshot(*workspace, options_, &*loader_);
    if (!snapshot) return Stop(snapshot.error());
    if (Status status = WarnOfSparse(*workspace, *snapshot); !status) return Stop(status.error());
    Collect(*snapshot);
    if (options_.format == OutputFormat::kJson) {
      PrintJson(*snapshot);
    } else {
      PrintText(*snapshot);
    }
    if (kind_ == ListingKind::kHeads) HintAtWorkTree(*workspace, *snapshot);
    return code_;
  }

 private:
  void PrintErrors(const Lines& lines) {
    PrintColored(lines, options_.color, STDERR_FILENO, io_.err);
  }

  int Stop(const Error& error) {
    PrintErrors(RenderError(error, Level::kError));
    if (options_.format == OutputFormat::kJson) {
      ListingDocument document;
      document.kind = kind_;
      if (options_.tree() == TreeChoice::kCommit) document.rev = options_.rev;
      document.error = error.message;
      io_.out << ListingJson(document) << '\n';
    }
    return kExitError;
  }

  Status WarnOfSparse(const Workspace& workspace, const Snapshot& snapshot) {
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<Error> warnings, SparseWarnings(workspace, snapshot));
    for (const Error& warning : warnings) PrintErrors(RenderError(warning, Level::kWarning));
    return {};
  }

  // What keeps Alembic from loading the graphs, and what keeps us from reading them.
  void Collect(const Snapshot& snapshot) {
    Lines lines;
    const auto add = [&](const Error& error) {
      code_ = kExitError;
      if (error_.empty()) error_ = error.message;
      const Lines rendered = RenderError(error, Level::kError);
      lines.insert(lines.end(), rendered.begin(), rendered.end());
    };
    for (const Error& error : snapshot.errors) add(error);
    for (const StatePtr& state : snapshot.states) {
      for (const Error& error : state->errors) add(error);
      for (const MigrationPtr& migration : state->migrations) {
        const bool doubtful = migration->doubtful();
        if (migration->defects.empty() && !doubtful) continue;  // perhaps one of the failures below
        const ReadDefect& defect = (doubtful ? migration->doubts : migration->defects).front();
        Error error{ErrorKind::kUnsupported, defect.reason, "", migration->path, defect.line};
        if (!defect.expression.empty()) error.message += ": " + defect.expression;
        const Lines rendered = RenderError(error, Level::kWarning);
        lines.insert(lines.end(), rendered.begin(), rendered.end());
      }
      for (const std::string& failure : FailuresOf(*state)) {
        if (code_ == kExitOk) code_ = kExitFindings;
        if (error_.empty()) error_ = failure;
        lines.push_back("error: " + failure);
      }
    }
    PrintErrors(lines);
  }

  std::vector<std::string> FailuresOf(const EnvironmentState& state) const {
    return LoadFailures(state.graph, settings_.For(state.environment).external_revisions);
  }

  void PrintText(const Snapshot& snapshot) {
    const auto detail = options_.verbose ? ListingDetail::kVerbose : ListingDetail::kShort;
    for (const StatePtr& state : snapshot.states) {
      if (snapshot.states.size() > 1) {
        io_.out << "# " << NameOf(state->environment) << '\n';
      }
      if (FailuresOf(*state).empty()) io_.out << TextOf(kind_, state->graph, detail);
    }
  }

  void PrintJson(const Snapshot& snapshot) {
    ListingDocument document;
    document.kind = kind_;
    document.rev = snapshot.rev;
    if (snapshot.commit) document.commit = snapshot.commit->Hex();
    if (!error_.empty()) document.error = error_;
    for (const StatePtr& state : snapshot.states) {
      document.environments.push_back({state->environment, &state->graph});
    }
    io_.out << ListingJson(document) << '\n';
  }

  // Contract: where HEAD and the work tree differ in the answer, a hint.
  void HintAtWorkTree(const Workspace& workspace, const Snapshot& snapshot) {
    const bool asked_for_head = options_.tree() == TreeChoice::kCommit && options_.rev == "HEAD";
    if (!asked_for_head || options_.quiet || workspace.repository->IsBare()) return;
    Result<Snapshot> work = ReadSnapshotOf(workspace, TreeChoice::kWorkTree, "", &*loader_);
    if (!work) return;
    const auto text_of = [](const Snapshot& of) {
      std::string text;
      for (const StatePtr& state : of.states) {
        text += "# " + state->environment.script_location + "\n" +
                ListHeads(state->graph, ListingDetail::kShort);
      }
      return text;
    };
    if (text_of(*work) == text_of(snapshot)) return;
    PrintErrors({"hint: the work tree has other heads than HEAD: see onehead heads --worktree"});
  }

  ListingKind kind_;
  const CommonOptions& options_;
  Streams& io_;
  Settings settings_;
  std::optional<StateLoader> loader_;
  std::string error_;
  int code_ = kExitOk;
};

int RunListing(ListingKind kind, const char* name, const char* summary,
               const std::vector<std::string>& args, Streams& io) {
  Arguments arguments(name, summary, kFooter);
  CommonOptions options;
  AddTreeOptions(&arguments, &options);
  AddCommonOptions(&arguments, &options);
  if (const auto code = arguments.Parse(args, io)) return *code;
  return Lister(kind, options, io).Run();
}

}  // namespace

int RunHeads(const std::vector<std::string>& args, Streams& io) {
  return RunListing(ListingKind::kHeads, "onehead heads",
                    "The heads, as alembic heads prints them.", args, io);
}

int RunBranches(const std::vector<std::string>& args, Streams& io) {
  return RunListing(ListingKind::kBranches, "onehead branches",
                    "The branch points, as alembic branches prints them.", args, io);
}

int RunHistory(const std::vector<std::string>& args, Streams& io) {
  return RunListing(ListingKind::kHistory, "onehead history",
                    "All revisions, as alembic history prints them.", args, io);
}

}  // namespace onehead
