#include "commands/inspect/cmd_check.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_help.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/hook/judge.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "commands/report/report_json.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/core/history/merge_preview.h"
#include "onehead/core/policy/change.h"

namespace onehead {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 no finding of level error, 1 there is one, 128 an error, 129 wrong usage.";

class Checker {
 public:
  Checker(const CommonOptions& options, std::optional<std::string> against)
      : options_(options), against_(std::move(against)) {}

  Result<CheckReport> Run() {
    ONEHEAD_ASSIGN_OR_RETURN(workspace_, OpenWorkspace(options_));
    loader_.emplace(LimitsFrom(workspace_.settings));
    // What REV has removed shows in a comparison only.
    ONEHEAD_ASSIGN_OR_RETURN(Snapshot snapshot,
                             against_ ? ReadSnapshotIfAny(workspace_, options_, &*loader_)
                                      : ReadSnapshot(workspace_, options_, &*loader_));
    CheckReport report;
    report.ref = snapshot.rev.value_or("");
    if (snapshot.commit) report.commit = snapshot.commit->Hex();
    for (const Error& error : snapshot.errors) report.errors.push_back({error, Level::kError});
    Status status = LookAtWorkTree(snapshot, &report);
    if (status) {
      status = against_ ? CheckAgainst(snapshot, &report) : CheckAll(snapshot, &report);
    }
    if (!status) return Fail(std::move(status.error()));
    for (const std::string& key : workspace_.settings.unknown_keys) {
      const Error unknown = UnknownSetting(key);
      report.warnings.push_back(unknown.message);
      report.hints.push_back(unknown.hint);
    }
    if (options_.verbose) {
      for (const std::string& note : snapshot.notes) report.hints.push_back(note);
    }
    return report;
  }

 private:
  Status CheckAll(const Snapshot& snapshot, CheckReport* report) {
    for (const StatePtr& state : snapshot.states) {
      const bool refused = HasErrors(CheckOne(state, report));
      if (refused || !state->environment.also_flat) continue;
      if (Status status = CheckFlat(*snapshot.tree, state->environment, report); !status) {
        return status;
      }
    }
    return {};
  }

  std::vector<Finding> CheckOne(const StatePtr& state, CheckReport* report) {
    Comparison comparison;
    comparison.after = state;
    std::vector<Finding> findings =
        JudgeState(*state, workspace_.settings.For(state->environment), &unshared_);
    AddState(state, findings, comparison, report);
    return findings;
  }

  // Who uses a configuration that is not recursive does not see what lies further down, and what
  // that joins is two heads there. Only that is told.
  Status CheckFlat(const SourceTree& tree, Environment environment, CheckReport* report) {
    environment.recursive = environment.also_flat = false;
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr flat, loader_->Load(tree, environment));
    CheckReport also;
    if (!HasErrors(CheckOne(flat, &also))) return {};
    report->environments.push_back(std::move(also.environments.front()));
    report->hints.push_back(FlatReading(environment));
    return {};
  }

  // Where Git and Alembic do not see the same in the work tree.
  Status LookAtWorkTree(const Snapshot& snapshot, CheckReport* report) {
    ONEHEAD_ASSIGN_OR_RETURN(unshared_, FindUnshared(workspace_, snapshot));
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<Error> sparse, SparseWarnings(workspace_, snapshot));
    for (const Error& warning : sparse) {
      report->warnings.push_back(Printable(warning.path, 200) + ": " + warning.message);
      report->hints.push_back(warning.hint);
    }
    return {};
  }

  void AddState(const StatePtr& state, std::vector<Finding> findings, const Comparison& comparison,
                CheckReport* report) {
    for (const Error& error : state->errors) report->errors.push_back({error, Level::kError});
    report->environments.push_back(
        MakeEnvironmentReport(state->environment, comparison, std::move(findings),
                              workspace_.settings.For(state->environment)));
  }

  struct Side {
    std::unique_ptr<SourceTree> tree;
    std::vector<Environment> environments;
  };

  Result<Side> OpenSide(const ContentId& commit) {
    Side side;
    auto tree = workspace_.repository->CommitTree(commit);
    if (!tree) return Fail(std::move(tree.error()));
    side.tree = std::move(*tree);
    ONEHEAD_ASSIGN_OR_RETURN(Discovery discovery,
                             DiscoverEnvironments(*side.tree, workspace_.discovery));
    side.environments = std::move(discovery.environments);
    return side;
  }

  Result<StatePtr> Counterpart(const Side& side, const StatePtr& state) {
    if (!side.tree) return StatePtr();
    ONEHEAD_ASSIGN_OR_RETURN(
        std::optional<Environment> found,
        FindCounterpart(*side.tree, side.environments, state->environment, *state, &*loader_));
    if (!found) return StatePtr();
    return loader_->Load(*side.tree, *found);
  }

  // Contract: what REV adds to the merge base of BASE and REV, and whether merging REV into BASE
  // would exceed the allowed heads.
  Status CheckAgainst(const Snapshot& snapshot, CheckReport* report) {
    ONEHEAD_ASSIGN_OR_RETURN(ContentId target, workspace_.repository->ResolveCommit(*against_));
    ONEHEAD_ASSIGN_OR_RETURN(ContentId head, snapshot.commit
                                                 ? *snapshot.commit
                                                 : workspace_.repository->ResolveCommit("HEAD"));
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> base,
                             workspace_.repository->MergeBase(target, head));
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRefs refs,
                             PublishedRefs::Find(*workspace_.repository, workspace_.settings));
    refs_.emplace(std::move(refs));
    is_behind_ = base != std::optional<ContentId>(target);
    ONEHEAD_ASSIGN_OR_RETURN(Side target_side, OpenSide(target));
    Side base_side;
    if (base) {
      ONEHEAD_ASSIGN_OR_RETURN(base_side, OpenSide(*base));
    }
    std::vector<Environment> removed = base_side.environments;
    for (const StatePtr& state : snapshot.states) {
      ONEHEAD_ASSIGN_OR_RETURN(StatePtr before, Counterpart(base_side, state));
      ONEHEAD_ASSIGN_OR_RETURN(StatePtr onto, Counterpart(target_side, state));
      ONEHEAD_ASSIGN_OR_RETURN(std::vector<StatePtr> tips, PublishedTips(state));
      AddCompared(state, before, onto, tips, report);
      if (!before) continue;
      std::erase_if(removed,
                    [&](const Environment& e) { return e.SameIdentity(before->environment); });
    }
    base_side.environments = std::move(removed);
    ONEHEAD_TRY(AddRemoved(base_side, snapshot, report));
    if (!report->environments.empty()) return {};
    return RequireEnvironment(snapshot, options_.tree(), options_.rev);
  }

  // The environments of the merge base that REV no longer has: `base_side` holds only these.
  Status AddRemoved(const Side& base_side, const Snapshot& snapshot, CheckReport* report) {
    for (const Environment& environment : base_side.environments) {
      ONEHEAD_ASSIGN_OR_RETURN(StatePtr before, loader_->Load(*base_side.tree, environment));
      if (before->migrations.empty()) continue;
      ONEHEAD_ASSIGN_OR_RETURN(StatePtr after, loader_->Load(*snapshot.tree, environment));
      AddCompared(after, before, nullptr, {}, report);
    }
    return {};
  }

  // The environment at all refs that are published in this clone.
  Result<std::vector<StatePtr>> PublishedTips(const StatePtr& state) {
    CommitTrees trees(*workspace_.repository);
    EnvironmentFinder finder(&trees, workspace_.discovery, &*loader_);
    ONEHEAD_ASSIGN_OR_RETURN(
        PublishedRevisions published,
        PublishedRevisions::Read(*refs_, {state->environment, *state}, &finder));
    std::vector<StatePtr> tips;
    for (const PublishedRevisions::AtRef& at : published.states()) tips.push_back(at.state);
    return tips;
  }

  void AddCompared(const StatePtr& state, const StatePtr& before, const StatePtr& onto,
                   const std::vector<StatePtr>& published_tips, CheckReport* report) {
    const Settings& settings = workspace_.settings.For(state->environment);
    Comparison own;
    own.after = state;
    own.before = before;
    own.published = before;
    std::vector<Finding> findings = JudgeChange(own, settings);
    std::vector<Finding> unshared = UnsharedFindings(*state, settings, unshared_);
    std::move(unshared.begin(), unshared.end(), std::back_inserter(findings));
    SortFindings(&findings);
    if (!onto) {
      AddState(state, std::move(findings), own, report);
      return;
    }
    Comparison merged = MergedInto(state, before, onto);
    merged.published_tips = published_tips;
    std::erase_if(findings, [](const Finding& f) { return f.rule == "multiple-heads"; });
    FindingSet known(JudgeState(*state, settings));
    for (const Finding& finding : findings) known.Add(finding);
    for (Finding& finding : JudgeChange(merged, settings)) {
      const bool heads = finding.rule == "multiple-heads";
      if (!heads && (finding.level != Level::kError || known.Contains(finding))) continue;
      finding.message = "merged into " + Printable(*against_, 100) + ": " + finding.message;
      findings.push_back(std::move(finding));
    }
    AddState(state, {}, own, report);  // what REV is; what is wrong is that of the merge
    EnvironmentReport judged =
        MakeEnvironmentReport(state->environment, merged, std::move(findings), settings);
    report->environments.back().findings = std::move(judged.findings);
    if (is_behind_) {
      // What BASE has is not here yet: no line can name it.
      for (auto& [group, repair] : judged.repairs) {
        repair.is_behind = true;
        repair.command = "git rebase " + *against_;
        repair.edits.clear();
        repair.deletions.clear();
      }
    }
    report->environments.back().repairs = std::move(judged.repairs);
  }

  Comparison MergedInto(const StatePtr& state, const StatePtr& before, const StatePtr& onto) const {
    auto preview = std::make_shared<EnvironmentState>();
    preview->environment = state->environment;
    preview->migrations = PreviewMerge(before ? before->migrations : std::vector<MigrationPtr>(),
                                       onto->migrations, state->migrations);
    preview->graph = Graph::Build(preview->migrations);
    Comparison merged;
    merged.after = std::move(preview);
    merged.before = onto;
    merged.repair_command += " " + *against_;
    return merged;
  }

  const CommonOptions& options_;
  std::optional<std::string> against_;
  std::optional<PublishedRefs> refs_;
  bool is_behind_ = false;  // BASE has commits that REV has not
  Workspace workspace_;
  std::optional<StateLoader> loader_;
  UnsharedFiles unshared_;
};

void PrintState(const EnvironmentReport& environment, std::ostream& out) {
  out << "ok: " << NameOf(environment.environment) << ": " << environment.revisions
      << (environment.revisions == 1 ? " revision, " : " revisions, ") << environment.heads.size()
      << (environment.heads.size() == 1 ? " head" : " heads");
  constexpr std::size_t kMost = 8;
  for (std::size_t i = 0; i < environment.heads.size() && i < kMost; ++i) {
    out << ' ' << Printable(environment.heads[i], 100);
  }
  out << '\n';
}

// Then what there is of it is not all of it.
bool AnyErrorIn(const EnvironmentReport& environment, const CheckReport& report) {
  return std::any_of(report.errors.begin(), report.errors.end(), [&](const ReportedError& error) {
    return error.error.path.empty() || IsInVersions(environment.environment, error.error.path);
  });
}

void PrintErrors(const CheckReport& report, const CommonOptions& options, Streams& io) {
  CheckReport errors;
  errors.errors = report.errors;
  PrintColored(RenderReport(errors, 0), options.color, STDERR_FILENO, io.err);
}

void PrintText(const CheckReport& report, const CommonOptions& options, Streams& io) {
  for (const EnvironmentReport& environment : report.environments) {
    CheckReport block;
    block.environments.push_back(environment);
    if (report.environments.size() > 1) {
      io.out << "# " << NameOf(environment.environment) << '\n';
    }
    PrintColored(RenderReport(block, 0), options.color, STDOUT_FILENO, io.out);
    const bool is_known = !HasErrors(environment.findings) && !AnyErrorIn(environment, report);
    if (!options.quiet && is_known) PrintState(environment, io.out);
  }
  CheckReport rest;
  rest.warnings = report.warnings;
  rest.hints = report.hints;
  PrintColored(RenderReport(rest, 0), options.color, STDOUT_FILENO, io.out);
}

}  // namespace

int RunCheck(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead check",
                      "All findings in the migrations of a commit, the index or the work tree.",
                      kFooter);
  CommonOptions options;
  std::optional<std::string> against;
  AddTreeOptions(&arguments, &options);
  arguments.Value("--against", &against, "BASE",
                  "Only what REV adds to its merge base with BASE, and whether merging REV into "
                  "BASE would make too many heads");
  AddCommonOptions(&arguments, &options);
  if (const auto code = arguments.Parse(args, io)) return *code;

  if (against && against->empty()) {
    return WrongUsage("onehead check", "--against names no commit", io);
  }
  Result<CheckReport> report = Checker(options, against).Run();
  CheckReport failed;
  if (!report) {
    failed.ref = options.tree() == TreeChoice::kCommit ? options.rev : "";
    failed.errors.push_back({std::move(report.error()), Level::kError});
  }
  const CheckReport& shown = report ? *report : failed;
  PrintErrors(shown, options, io);
  if (options.format == OutputFormat::kJson) {
    io.out << CheckJson(shown) << '\n';
  } else {
    PrintText(shown, options, io);
  }
  return ExitCodeOf(VerdictOf(shown));
}

}  // namespace onehead
