#include "onehead/core/policy/head_repair.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/migration/value_layout.h"
#include "onehead/base/text.h"
#include "onehead/core/policy/rules.h"
#include "onehead/core/reparent/reparent.h"

namespace onehead {
namespace {

// Beyond that no plan of single edits helps anybody, and making one would cost time.
constexpr std::size_t kMaxHeads = 12;
constexpr std::size_t kMaxRoots = 24;

class RepairPlanner {
 public:
  RepairPlanner(const Comparison& comparison, const Settings& settings, const std::string& group)
      : comparison_(comparison),
        graph_(comparison.after->graph),
        settings_(settings),
        group_(group) {
    for (const NodeIndex head : graph_.heads()) {
      if (HeadGroup(At(head), settings_) == group_) heads_.push_back(head);
    }
    std::stable_partition(heads_.begin(), heads_.end(),
                          [&](NodeIndex head) { return !IsNew(At(head)); });
  }

  HeadRepair Run() {
    HeadRepair repair;
    for (const NodeIndex head : heads_) {
      repair.heads.push_back({At(head).migration, IsNew(At(head))});
    }
    repair.diverge_known = heads_.size() <= kMaxHeads && !graph_.heads_uncertain();
    if (const auto common = LastCommonAncestor()) {
      repair.diverge = At(*common).id();
      repair.diverge_title = At(*common).migration->title;
    }
    repair.independent = AreIndependent(repair);
    const bool any_missing = !settings_.external_revisions && !graph_.missing_parents().empty();
    repair.merge_helps = !any_missing && graph_.duplicates().empty() && graph_.cycles().empty() &&
                         !graph_.heads_uncertain();
    PlanEdits(&repair);
    if (!repair.edits.empty() || !repair.deletions.empty()) {
      repair.command = comparison_.repair_command;
    }
    return repair;
  }

 private:
  const Node& At(NodeIndex index) const { return graph_.nodes()[static_cast<std::size_t>(index)]; }

  bool IsNew(const Node& node) const {
    const auto has = [&](const StatePtr& state) {
      return state && state->graph.Find(node.id()) != nullptr;
    };
    return !has(comparison_.before) && !has(comparison_.published) &&
           std::none_of(comparison_.others.begin(), comparison_.others.end(), has);
  }

  // Of the revisions beneath all heads, the one with the most revisions beneath itself.
  std::optional<NodeIndex> LastCommonAncestor() const {
    if (heads_.size() < 2 || heads_.size() > kMaxHeads) return std::nullopt;
    std::vector<int> seen(graph_.nodes().size(), 0);
    for (const NodeIndex head : heads_) {
      const std::vector<char> ancestors = graph_.Ancestors({head});
      for (std::size_t i = 0; i < ancestors.size(); ++i) seen[i] += ancestors[i] != 0 ? 1 : 0;
    }
    const auto common = [&](NodeIndex i) {
      return seen[static_cast<std::size_t>(i)] == static_cast<int>(heads_.size());
    };
    for (const NodeIndex index : graph_.HistoryOrder()) {  // children before parents
      if (common(index)) return index;
    }
    return std::nullopt;
  }

  // What this change may be asked to move: what is neither published nor on the branch that it
  // will be merged into; where that is not known, what is new.
  bool IsLocal(const Node& node) const {
    const auto has = [&](const StatePtr& state) {
      return state && state->graph.Find(node.id()) != nullptr;
    };
    const std::vector<StatePtr>& tips = comparison_.published_tips;
    if (std::any_of(tips.begin(), tips.end(), has)) return false;
    if (comparison_.restored.count(node.migration->path) != 0) return false;
    if (!comparison_.target) return IsNew(node);
    return !has(comparison_.target) && !has(comparison_.published);
  }

  // What a person can follow, and what can be planned in no time.
  bool IsSmall() const {
    std::size_t roots = 0;
    for (const Node& node : graph_.nodes()) {
      const auto is_local = [&](NodeIndex parent) { return IsLocal(At(parent)); };
      const bool is_root =
          IsLocal(node) && std::none_of(node.parents.begin(), node.parents.end(), is_local);
      roots += is_root ? 1 : 0;
    }
    return heads_.size() <= kMaxHeads && roots <= kMaxRoots;
  }

  // Nothing was there: then all of it is local, and nothing says what is to follow what.
  bool NothingWasThere() const {
    return !comparison_.before && !comparison_.published && !comparison_.target &&
           comparison_.others.empty();
  }

  void PlanEdits(HeadRepair* repair) const {
    if (NothingWasThere() || graph_.heads_uncertain() || !IsSmall()) return;
    ReparentInput input;
    input.migrations = comparison_.after->migrations;
    input.empty_merges = comparison_.empty_merges;
    for (const MigrationPtr& migration : input.migrations) {
      if (!migration->has_id()) continue;
      const Node* node = graph_.Find(migration->id());
      if (node == nullptr || !IsLocal(*node)) continue;
      input.local_paths.insert(migration->path);
      const auto at = comparison_.added_at.find(migration->id());
      if (at != comparison_.added_at.end()) input.added_at[migration->path] = at->second;
    }
    ReparentOptions options;
    options.labelled_heads = settings_.labelled_heads;
    options.max_heads = settings_.max_heads;
    const Result<ReparentPlan> plan = PlanReparent(input, options);
    if (!plan) return;
    for (const MigrationChange& change : plan->changes) {
      if (change.removed) {
        repair->deletions.push_back(change.migration);
      } else if (change.parents_changed && !change.parents.empty()) {
        repair->edits.push_back({change.migration, change.parents});
      }
    }
  }

  bool AreIndependent(const HeadRepair& repair) const {
    if (repair.diverge_known && !repair.diverge) return true;
    return std::any_of(heads_.begin(), heads_.end(), [&](NodeIndex head) {
      return std::set<std::string>(At(head).labels.begin(), At(head).labels.end()) !=
             std::set<std::string>(At(heads_.front()).labels.begin(),
                                   At(heads_.front()).labels.end());
    });
  }

  const Comparison& comparison_;
  const Graph& graph_;
  const Settings& settings_;
  const std::string& group_;
  std::vector<NodeIndex> heads_;
};

}  // namespace

std::string DownRevisionLine(const ParentEdit& edit) {
  std::string value;
  for (const std::string& parent : edit.parents) {
    const auto literal = WriteLiteral(parent, LiteralStyle(), Escapes::kAsNeeded);
    value += (value.empty() ? "" : ", ") + literal.value_or("'" + parent + "'");
  }
  if (edit.parents.size() > 1) value = "(" + value + ")";
  return "down_revision = " + Printable(value, 400);
}

HeadRepair PlanHeadRepair(const Comparison& comparison, const Settings& settings,
                          const std::string& group) {
  return RepairPlanner(comparison, settings, group).Run();
}

}  // namespace onehead
