#include "onehead/core/repair.h"

#include <algorithm>
#include <utility>

#include "onehead/core/rules.h"

namespace onehead {
namespace {

// Beyond that no plan of single edits helps anybody, and making one would cost time.
constexpr std::size_t kMostHeads = 12;
constexpr std::size_t kMostRoots = 24;

class RepairPlanner {
 public:
  RepairPlanner(const Comparison& comparison, const Settings& settings, const std::string& group)
      : comparison_(comparison), graph_(comparison.after->graph), settings_(settings) {
    for (const NodeIndex head : graph_.heads()) {
      if (HeadGroup(At(head), settings_) == group) heads_.push_back(head);
    }
    std::stable_partition(heads_.begin(), heads_.end(),
                          [&](NodeIndex head) { return !IsNew(At(head)); });
  }

  HeadRepair Run() {
    HeadRepair repair;
    for (const NodeIndex head : heads_) {
      repair.heads.push_back({At(head).migration, IsNew(At(head))});
    }
    if (const auto common = LastCommonAncestor()) {
      repair.diverge = At(*common).id();
      repair.diverge_title = At(*common).migration->title;
    }
    repair.edits = PlanEdits();
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
    if (heads_.size() < 2 || heads_.size() > kMostHeads) return std::nullopt;
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

  // New revisions that stand on nothing new.
  std::vector<NodeIndex> NewRoots() const {
    std::vector<NodeIndex> roots;
    for (std::size_t i = 0; i < graph_.nodes().size(); ++i) {
      const Node& node = graph_.nodes()[i];
      const auto is_new = [&](NodeIndex parent) { return IsNew(At(parent)); };
      if (IsNew(node) && std::none_of(node.parents.begin(), node.parents.end(), is_new)) {
        roots.push_back(static_cast<NodeIndex>(i));
      }
    }
    std::stable_sort(roots.begin(), roots.end(), [&](NodeIndex a, NodeIndex b) {
      return At(a).migration->path < At(b).migration->path;
    });
    return roots;
  }

  std::vector<NodeIndex> HeadsAbove(NodeIndex root) const {
    std::vector<NodeIndex> above;
    for (const NodeIndex head : heads_) {
      if (graph_.Ancestors({head})[static_cast<std::size_t>(root)] != 0) above.push_back(head);
    }
    return above;
  }

  // Each new chain on top of the head that was there, one after the other. Refuses (no edits)
  // wherever a chain is not simple: then only a merge revision is safe to recommend.
  std::vector<ParentEdit> PlanEdits() const {
    const auto old_heads = std::count_if(heads_.begin(), heads_.end(),
                                         [&](NodeIndex head) { return !IsNew(At(head)); });
    if (old_heads != 1 || heads_.size() > kMostHeads || graph_.heads_uncertain()) return {};
    NodeIndex target = heads_.front();
    std::vector<ParentEdit> edits;
    std::vector<NodeIndex> moved;
    const std::vector<NodeIndex> roots = NewRoots();
    if (roots.size() > kMostRoots) return {};
    for (const NodeIndex root : roots) {
      const std::vector<NodeIndex> above = HeadsAbove(root);
      if (above.empty()) continue;  // in another group
      if (above.size() != 1 || At(root).parents.size() > 1) return {};
      if (graph_.Ancestors({root})[static_cast<std::size_t>(target)] != 0) continue;
      if (std::find(moved.begin(), moved.end(), above[0]) != moved.end()) return {};
      edits.push_back({At(root).migration, At(target).id()});
      moved.push_back(above[0]);
      target = above[0];
    }
    if (edits.size() + 1 != heads_.size()) return {};
    return edits;
  }

  const Comparison& comparison_;
  const Graph& graph_;
  const Settings& settings_;
  std::vector<NodeIndex> heads_;
};

}  // namespace

HeadRepair PlanHeadRepair(const Comparison& comparison, const Settings& settings,
                          const std::string& group) {
  return RepairPlanner(comparison, settings, group).Run();
}

}  // namespace onehead
