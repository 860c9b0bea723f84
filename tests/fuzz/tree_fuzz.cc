// Two versions of any small tree: what a push from one to the other is told, from the files to the
// printed lines. It is the same each time and printable, no second head gets past it, and what is
// offered as a repair is one. The input is described in tree_text.h.
#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "commands/report/report_json.h"
#include "commands/report/report_text.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/tree_text.h"
#include "onehead/base/text.h"
#include "onehead/core/history/alembic_text.h"
#include "onehead/core/history/merge_preview.h"
#include "onehead/core/migration/merge_revision.h"
#include "onehead/core/migration/rewrite.h"
#include "onehead/core/policy/change_scope.h"
#include "onehead/core/policy/report.h"
#include "onehead/core/policy/rules.h"
#include "onehead/core/reparent/parent_conflict.h"
#include "onehead/core/reparent/reparent.h"
#include "support/reparent_case.h"

namespace onehead::fuzz {
namespace {

using Migrations = std::vector<MigrationPtr>;

const Node& At(const Graph& graph, NodeIndex index) {
  return graph.nodes()[static_cast<std::size_t>(index)];
}

int HeadsIn(const Graph& graph, const Settings& settings, const std::string& group) {
  const HeadCounts counts = CountHeads(graph, settings);
  const auto found = counts.find(group);
  return found == counts.end() ? 0 : found->second;
}

std::string Join(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) {
    Require(Printable(line) == line, "a line is printable");
    text += line + "\n";
  }
  return text;
}

// Each edit takes one head away, and nothing else gets worse.
void CheckRepair(const EnvironmentState& state, const HeadRepair& repair, const Settings& settings,
                 const std::string& group) {
  if (repair.edits.empty()) return;
  Migrations migrations = state.migrations;
  for (const ParentEdit& edit : repair.edits) {
    const auto at = std::find(migrations.begin(), migrations.end(), edit.migration);
    Require(at != migrations.end(), "a file is edited once");
    auto edited = std::make_shared<Migration>(*edit.migration);
    edited->down_revision.ids = edit.parents;
    *at = std::move(edited);
  }
  const Graph after = Graph::Build(migrations);
  const int were = HeadsIn(state.graph, settings, group);
  const int left = HeadsIn(after, settings, group);
  Require(left >= 1 && left == were - static_cast<int>(repair.edits.size()),
          "each line takes one head away");
  Require(after.cycles().size() <= state.graph.cycles().size(), "the repair makes no circle");
  Require(after.missing_parents().size() <= state.graph.missing_parents().size(),
          "the repair loses no parent");
}

// The merge revision that is offered instead, read again, has these heads as parents.
void CheckMergeRevision(const EnvironmentState& state, const SourceTree& tree) {
  const Graph& graph = state.graph;
  if (graph.heads().size() < 2) return;
  const Migration& newest = *At(graph, graph.HistoryOrder().front()).migration;
  const Result<std::string> text = tree.Read(newest.path, 1 << 20);
  if (!text) return;
  MergeRevision merge{"0123456789ab", {}, newest.title, "2026-01-31 12:00:00"};
  for (const NodeIndex head : graph.heads()) merge.parents.push_back(At(graph, head).id());
  const Migration read = ReadMigration("m.py", MergeRevisionText(merge, StyleOf(newest, *text)));
  Require(read.has_id() && read.id() == merge.id, "a merge revision has its id");
  Require(read.down_revision.known() && read.down_revision.ids == merge.parents,
          "a merge revision has its parents");
  Require(read.defects.empty(), "a merge revision can be read");
}

// One environment before and after.
class ReparentCheck {
 public:
  ReparentCheck(const EnvironmentState& before, const EnvironmentState& after,
                const SourceTree& tree)
      : tree_(tree) {
    std::set<std::string> published;
    for (const MigrationPtr& m : before.migrations) published.insert(m->path);
    for (const MigrationPtr& m : after.migrations) {
      if (published.count(m->path) == 0) input_.local_paths.insert(m->path);
    }
    input_.migrations = after.migrations;
  }

  void Run(const Settings& settings) {
    ReparentOptions options;
    options.labelled_heads = settings.labelled_heads;
    CheckPlan(options);
    for (const MigrationPtr& m : input_.migrations) {
      if (input_.local_paths.count(m->path) != 0) input_.empty_merges.insert(m->path);
    }
    int fresh = 0;
    options.renumber = true;
    options.new_id = [&fresh] { return "fresh" + std::to_string(++fresh); };
    CheckPlan(options);
  }

 private:
  void CheckPlan(const ReparentOptions& options) {
    const Result<ReparentPlan> plan = PlanReparent(input_, options);
    if (!plan) {
      Require(!plan.error().message.empty() && !plan.error().hint.empty(), "a refusal says why");
      Join(RenderError(plan.error(), Level::kError));
      return;
    }
    for (const MigrationChange& change : plan->changes) {
      Require(input_.local_paths.count(change.migration->path) != 0, "what is published stays");
      if (!change.removed) CheckText(change);
    }
    if (plan->changes.empty()) return;
    const ReparentInput after = testing::Applied(input_, *plan);
    const Graph graph = Graph::Build(after.migrations);
    Require(graph.cycles().empty(), "no circle is left");
    if (!options.labelled_heads) {
      Migrations published;
      std::copy_if(input_.migrations.begin(), input_.migrations.end(),
                   std::back_inserter(published),
                   [&](const MigrationPtr& m) { return input_.local_paths.count(m->path) == 0; });
      const std::size_t were = Graph::Build(published).heads().size();
      Require(graph.heads().size() <= std::max<std::size_t>(1, were), "no more heads than staying");
    }
    const Result<ReparentPlan> again = PlanReparent(after, options);
    Require(again && again->changes.empty(), "a second time changes nothing");
  }

  void CheckText(const MigrationChange& change) const {
    const Result<std::string> text = tree_.Read(change.migration->path, 1 << 20);
    if (!text) return;
    RewriteRequest request;
    request.parents = change.parents;
    request.depends_on = change.depends_on;
    if (!change.new_id.empty()) request.id = change.new_id;
    const Result<std::string> rewritten = RewriteMigration(*change.migration, *text, request);
    if (!rewritten) return;
    const Migration read = ReadMigration(change.migration->path, *rewritten);
    Require(read.down_revision.ids == change.parents, "the file says what was planned");
  }

  const SourceTree& tree_;
  ReparentInput input_;
};

// What is said about a push, as text; every check is made on the way.
class Push {
 public:
  Push(const SourceTree& before, const SourceTree& after, const Settings& settings)
      : before_(before), after_(after), settings_(settings), loader_({}) {}

  std::string Run() {
    const Result<Scope> scope = FindScope(&before_, after_, {}, &loader_);
    Require(scope.has_value(), "a small tree can be read");
    for (const ScopedError& error : scope->errors) AddError(error.error, error.is_old);
    for (const ScopedEnvironment& item : scope->environments) Judge(item);
    Say(Join(RenderReport(report_, 0)));
    Say(Join(RenderReport(report_, 20)));
    Say(CheckJson(report_));
    CheckHeads();
    return std::move(said_);
  }

 private:
  void Say(const std::string& text) {
    Require(PrintableLines(text) == text, "text is printable");
    said_ += text + "\n";
  }

  void AddError(const Error& error, bool is_old) {
    report_.errors.push_back({error, is_old ? Level::kWarning : Level::kError});
  }

  StatePtr Load(const SourceTree& tree, const Environment& environment) {
    Result<StatePtr> state = loader_.Load(tree, environment);
    Require(state.has_value(), "a small environment can be read");
    return std::move(*state);
  }

  void Judge(const ScopedEnvironment& item) {
    Comparison comparison;
    comparison.after = Load(after_, item.after);
    if (item.before) comparison.before = Load(before_, *item.before);
    comparison.published = comparison.before;
    for (const Error& error : comparison.after->errors) {
      const Result<bool> same = IsUnchanged(&before_, after_, error.path);
      Require(same.has_value(), "a small tree can be compared");
      AddError(error, *same);
    }
    EnvironmentReport report = Report(item.shown, comparison);
    report_.environments.push_back(std::move(report));
    // The same for a branch that is new, and as seen from the branch it will be merged into.
    Report(item.shown, {comparison.after, nullptr, {}, nullptr, comparison.before});
    Report(item.shown, {comparison.after, comparison.before, {}, nullptr, comparison.before});
    List(comparison.after->graph);
    CheckMergeRevision(*comparison.after, after_);
    if (!comparison.before) return;
    const Migrations& old = comparison.before->migrations;
    List(Graph::Build(PreviewMerge(old, comparison.after->migrations, old)));
    List(Graph::Build(PreviewMerge({}, comparison.after->migrations, old)));
    ReparentCheck(*comparison.before, *comparison.after, after_).Run(settings_);
    for (const MigrationPtr& migration : comparison.after->migrations) Align(migration->path);
  }

  EnvironmentReport Report(const Environment& shown, const Comparison& comparison) {
    EnvironmentReport report =
        MakeEnvironmentReport(shown, comparison, JudgeChange(comparison, settings_), settings_);
    for (const auto& [group, repair] : report.repairs) {
      CheckRepair(*comparison.after, repair, settings_, group);
    }
    for (const Finding& finding : report.findings) {
      Require(Printable(finding.message) == finding.message, "a finding is printable");
      Require(Printable(finding.fix) == finding.fix, "what to do is printable");
    }
    return report;
  }

  void List(const Graph& graph) {
    for (const ListingDetail detail : {ListingDetail::kShort, ListingDetail::kVerbose}) {
      Say(ListHeads(graph, detail));
      Say(ListBranches(graph, detail));
      Say(ListHistory(graph, detail));
    }
    Say(Join(LoadFailures(graph)));
    Say(ListingJson({ListingKind::kHistory, {}, {}, {}, {{{}, &graph}}}));
  }

  // One path with two texts: as after a merge of two sides that both changed it.
  void Align(const std::string& path) const {
    const Result<std::string> old = before_.Read(path, 1 << 20);
    const Result<std::string> now = after_.Read(path, 1 << 20);
    if (!old || !now || *old == *now) return;
    const MigrationTexts texts{"", *old, *now};
    if (FindParentConflict(path, texts) != ParentConflict::kParents) return;
    for (const MergeSide side : {MergeSide::kOurs, MergeSide::kTheirs}) {
      const std::optional<MigrationTexts> aligned = AlignParents(path, texts, side);
      if (!aligned) continue;
      Require((side == MergeSide::kOurs ? aligned->ours == *old : aligned->theirs == *now),
              "the side that stays stays");
      Require(FindParentConflict(path, *aligned) == ParentConflict::kNone, "the parents agree");
    }
  }

  std::size_t MostHeads(const SourceTree& tree, bool every_environment) {
    std::size_t most = 1;
    const Result<Discovery> discovery = DiscoverEnvironments(tree, {});
    Require(discovery.has_value(), "a small tree can be searched");
    for (const std::string& note : discovery->notes) Say(Join({note}));
    for (const Error& error : discovery->errors) Say(Join(RenderError(error, Level::kError)));
    for (const Environment& environment : discovery->environments) {
      const StatePtr state = Load(tree, environment);
      const bool counts = every_environment || !state->graph.heads_uncertain();
      if (counts) most = std::max(most, state->graph.heads().size());
    }
    return most;
  }

  // What passes has no environment with more heads than any had before.
  void CheckHeads() {
    const std::size_t now = MostHeads(after_, false);
    if (now <= MostHeads(before_, true) || settings_.labelled_heads) return;
    Require(VerdictOf(report_) != Verdict::kPass, "no second head gets past");
  }

  const SourceTree& before_;
  const SourceTree& after_;
  const Settings& settings_;
  StateLoader loader_;
  CheckReport report_;
  std::string said_;
};

std::string Said(const TreeVersions& versions, const Settings& settings) {
  testing::MemoryTree before, after;
  AddItems(versions.before, &before);
  AddItems(versions.after, &after);
  return Push(before, after, settings).Run();
}

}  // namespace

void CheckInput(std::string_view text) {
  const TreeVersions versions = DecodeTrees(text);
  Settings settings;
  settings.labelled_heads = versions.labelled_heads;
  settings.published = Settings::Response::kReject;
  Require(Said(versions, settings) == Said(versions, settings), "it is the same each time");
}

}  // namespace onehead::fuzz
