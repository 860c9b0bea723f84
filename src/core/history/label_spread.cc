// Which branch labels each revision has: those it declares and those that reach it.
//
// A flood, once for each labelled revision, in the order of the files: first to all descendants
// through down_revision, then from the last of these down to the first branch or merge point. That
// is what Alembic's RevisionMap._map_branch_labels does; which descendant the second walk begins
// at depends on the order of the first, so both orders are kept as they are there. With n
// revisions and l labels it costs up to n * l, and a pusher could make both large: a budget bounds
// it, and where that runs out every label stays with the revision that declares it. An exact
// answer by sets of labels that are merged upwards would be cheaper, but would not be Alembic's.
#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/history/graph_internal.h"

namespace onehead::internal {
namespace {

// What the spread may cost: label comparisons, and 16 bytes of label text kept count as one. Every
// label of a history can reach every revision, so without a limit a push could ask for its square.
constexpr std::size_t kBudget = 16u << 20;

class LabelSpreader {
 public:
  explicit LabelSpreader(std::vector<Node>* nodes)
      : nodes_(*nodes), labels_(nodes->size()), seen_(nodes->size(), 0) {}

  bool Run() {
    std::vector<NodeIndex> labelled;
    for (NodeIndex i = 0; i < static_cast<NodeIndex>(nodes_.size()); ++i) {
      for (const std::string& label : OwnLabels(i)) labels_[At(i)].push_back(Number(label));
      if (!labels_[At(i)].empty()) labelled.push_back(i);
    }
    for (NodeIndex i : labelled) {
      WalkUp(i, SpreadDown(i));
      if (cost_ > kBudget) return CutToOwn();
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (int label : labels_[i]) nodes_[i].labels.push_back(*texts_[At(label)]);
    }
    return true;
  }

 private:
  static std::size_t At(int i) { return static_cast<std::size_t>(i); }

  const std::vector<std::string>& OwnLabels(NodeIndex i) const {
    return nodes_[At(i)].migration->branch_labels.ids;
  }

  int Number(const std::string& label) {
    const auto [found, added] = numbers_.emplace(label, static_cast<int>(texts_.size()));
    if (added) texts_.push_back(&label);
    return found->second;
  }

  bool CutToOwn() {
    for (NodeIndex i = 0; i < static_cast<NodeIndex>(nodes_.size()); ++i) {
      nodes_[At(i)].labels = OwnLabels(i);
    }
    return false;
  }

  // Gives `to` every label that `from` has by now, inherited ones included.
  void Give(NodeIndex from, NodeIndex to) {
    if (from == to) return;
    std::vector<int>& target = labels_[At(to)];
    for (int label : labels_[At(from)]) {
      cost_ += target.size() + 1;
      if (cost_ > kBudget) return;
      if (std::find(target.begin(), target.end(), label) != target.end()) continue;
      target.push_back(label);
      cost_ += texts_[At(label)]->size() / 16;
    }
  }

  // To all descendants by down_revision, depth first and the child added last first. The order
  // matters: the descendant visited last, which is returned, is where the walk up starts.
  NodeIndex SpreadDown(NodeIndex from) {
    ++round_;
    NodeIndex last = from;
    std::vector<NodeIndex> todo = {from};
    while (!todo.empty() && cost_ <= kBudget) {
      const NodeIndex node = todo.back();
      todo.pop_back();
      if (seen_[At(node)] == round_) continue;
      seen_[At(node)] = round_;
      Give(from, node);
      last = node;
      const std::vector<NodeIndex>& children = nodes_[At(node)].children;
      cost_ += children.size();
      todo.insert(todo.end(), children.begin(), children.end());
    }
    return last;
  }

  // From `start` towards its base, up to the first branch or merge point, which gets nothing.
  void WalkUp(NodeIndex from, NodeIndex start) {
    for (NodeIndex node = start; cost_ <= kBudget; ++cost_) {
      const Node& here = nodes_[At(node)];
      if (here.in_cycle || here.is_merge_point || IsRealBranchPoint(here)) return;
      Give(from, node);
      if (here.parents.empty()) return;
      node = here.parents.front();
    }
  }

  std::vector<Node>& nodes_;
  std::map<std::string_view, int> numbers_;
  std::vector<const std::string*> texts_;  // by label number
  std::vector<std::vector<int>> labels_;   // by node: label numbers
  std::vector<int> seen_;                  // by node: the round that visited it last
  int round_ = 0;
  std::size_t cost_ = 0;
};

}  // namespace

bool IsRealBranchPoint(const Node& node) {
  if (node.children.size() > 1 || node.dependents.size() > 1) return true;
  // One that names this revision in both ways counts once.
  return node.children.size() == 1 && node.dependents.size() == 1 &&
         node.children.front() != node.dependents.front();
}

bool SpreadLabels(std::vector<Node>* nodes) { return LabelSpreader(nodes).Run(); }

}  // namespace onehead::internal
