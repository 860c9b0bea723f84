// The order of `alembic history` (RevisionMap.walk_revisions from base to heads, and
// _topological_sort): a revision line is followed down until something is met that another branch
// still needs; then that branch comes first.
//
// Alembic keeps the set of ancestors of every branch it is on. Here a revision counts the children
// and dependents not yet given out: it can be given out when there are none, and which branch to
// take instead is looked up among those below it that still wait.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <queue>
#include <utility>

#include "onehead/core/history/graph.h"

namespace onehead {
namespace {

std::size_t At(int i) { return static_cast<std::size_t>(i); }

class HistorySorter {
 public:
  HistorySorter(const std::vector<Node>& nodes, std::size_t max_steps)
      : nodes_(nodes),
        max_steps_(max_steps),
        pending_(nodes.size(), 0),
        slot_of_(nodes.size(), kNone),
        given_(nodes.size(), 0),
        seen_(nodes.size(), 0),
        dependencies_(nodes.size()) {}

  std::vector<NodeIndex> Run() {
    for (NodeIndex i = 0; i < Count(); ++i) {
      for (NodeIndex below : nodes_[At(i)].parents) pending_[At(below)] += Counts(i, below);
      for (NodeIndex below : nodes_[At(i)].dependencies) pending_[At(below)] += Counts(i, below);
    }
    ReduceDependencies();
    for (NodeIndex i = 0; i < Count(); ++i) {
      if (pending_[At(i)] == 0) Append(i);
    }
    int slot = first_;
    while (slot != kNone && steps_ <= max_steps_) {
      const NodeIndex node = node_at_[At(slot)];
      slot = pending_[At(node)] == 0 ? GiveOut(slot) : BlockingSlot(node);
    }
    FinishByReadingOrder();
    return std::move(order_);
  }

 private:
  using Slots = std::priority_queue<std::pair<int, NodeIndex>,
                                    std::vector<std::pair<int, NodeIndex>>, std::greater<>>;
  static constexpr int kNone = -1;

  NodeIndex Count() const { return static_cast<NodeIndex>(nodes_.size()); }

  // Edges between revisions on cycles are left out, so that an order exists.
  bool Counts(NodeIndex a, NodeIndex b) const {
    return !(nodes_[At(a)].in_cycle && nodes_[At(b)].in_cycle);
  }

  template <typename Visit>
  void ForEachAbove(NodeIndex node, const Visit& visit) const {
    for (NodeIndex child : nodes_[At(node)].children) {
      if (Counts(node, child)) visit(child);
    }
    for (NodeIndex dependent : nodes_[At(node)].dependents) {
      if (Counts(node, dependent)) visit(dependent);
    }
  }

  // Alembic, _normalize_depends_on: a dependency that an ancestor (by down_revision) has as well is
  // left out.
  void ReduceDependencies() {
    for (NodeIndex target = 0; target < Count(); ++target) {
      const std::vector<NodeIndex>& dependents = nodes_[At(target)].dependents;
      if (dependents.size() > 1) MarkDescendants(dependents);
      for (NodeIndex i : dependents) {
        if (!Counts(i, target)) continue;
        if (dependents.size() > 1 && seen_[At(i)] == round_) continue;
        dependencies_[At(i)].push_back(target);
      }
    }
    for (NodeIndex i = 0; i < Count(); ++i) KeepWrittenOrder(i);
  }

  void KeepWrittenOrder(NodeIndex i) {
    std::vector<NodeIndex>& kept = dependencies_[At(i)];
    if (kept.size() < 2) return;
    std::vector<NodeIndex> written;
    for (NodeIndex target : nodes_[At(i)].dependencies) {
      if (std::binary_search(kept.begin(), kept.end(), target)) written.push_back(target);
    }
    kept = std::move(written);
  }

  // Marks with a new round_ all proper descendants by down_revision of any of `from`.
  void MarkDescendants(const std::vector<NodeIndex>& from) {
    ++round_;
    std::vector<NodeIndex> todo = from;
    while (!todo.empty() && steps_ <= max_steps_) {
      const NodeIndex node = todo.back();
      todo.pop_back();
      for (NodeIndex child : nodes_[At(node)].children) {
        ++steps_;
        if (seen_[At(child)] == round_ || !Counts(node, child)) continue;
        seen_[At(child)] = round_;
        todo.push_back(child);
      }
    }
  }

  // The branches that are being followed stand in slots: a list that only grows at its end, in
  // which a line moves down within its slot.
  void Append(NodeIndex node) {
    const int slot = static_cast<int>(node_at_.size());
    node_at_.push_back(node);
    previous_.push_back(last_);
    next_.push_back(kNone);
    (last_ == kNone ? first_ : next_[At(last_)]) = slot;
    last_ = slot;
    slot_of_[At(node)] = slot;
  }

  // Returns the slot before it, or the first one if there is none.
  int Remove(int slot) {
    const int before = previous_[At(slot)];
    const int after = next_[At(slot)];
    node_at_[At(slot)] = kNone;
    (before == kNone ? first_ : next_[At(before)]) = after;
    (after == kNone ? last_ : previous_[At(after)]) = before;
    return before == kNone ? first_ : before;
  }

  void Give(NodeIndex node) {
    order_.push_back(node);
    given_[At(node)] = 1;
    blocking_.erase(node);
    for (NodeIndex below : nodes_[At(node)].parents) pending_[At(below)] -= Counts(node, below);
    for (NodeIndex below : nodes_[At(node)].dependencies) {
      pending_[At(below)] -= Counts(node, below);
    }
  }

  // Gives out what stands in `slot`; its parents take its place. Returns the slot to go on with.
  int GiveOut(int slot) {
    const NodeIndex node = node_at_[At(slot)];
    Give(node);
    bool moved = false;
    const auto add = [&](NodeIndex below) {
      if (!Counts(node, below) || given_[At(below)] != 0 || slot_of_[At(below)] != kNone) return;
      if (moved) {
        Append(below);
      } else {
        node_at_[At(slot)] = below;
        slot_of_[At(below)] = slot;
        moved = true;
      }
    };
    for (NodeIndex below : nodes_[At(node)].parents) add(below);
    for (NodeIndex below : dependencies_[At(node)]) add(below);
    return moved ? slot : Remove(slot);
  }

  // The first slot whose revision has `node` among its ancestors. What was found stays right while
  // the revision in it is the same: slots only move to ancestors, and new ones come later.
  int BlockingSlot(NodeIndex node) {
    Slots& slots = blocking_[node];
    for (;;) {
      while (!slots.empty() && node_at_[At(slots.top().first)] == kNone) slots.pop();
      if (slots.empty() || node_at_[At(slots.top().first)] != slots.top().second) {
        slots = FindBlocking(node);
        if (slots.empty()) return kNone;  // only when the budget is spent
      }
      return slots.top().first;
    }
  }

  Slots FindBlocking(NodeIndex node) {
    Slots slots;
    ++round_;
    std::vector<NodeIndex> todo = {node};
    while (!todo.empty() && steps_ <= max_steps_) {
      const NodeIndex here = todo.back();
      todo.pop_back();
      ForEachAbove(here, [&](NodeIndex above) {
        ++steps_;
        if (given_[At(above)] != 0 || seen_[At(above)] == round_) return;
        seen_[At(above)] = round_;
        if (slot_of_[At(above)] != kNone) slots.emplace(slot_of_[At(above)], above);
        todo.push_back(above);
      });
    }
    return slots;
  }

  // Nothing is left to do here unless the budget was spent.
  void FinishByReadingOrder() {
    std::priority_queue<NodeIndex, std::vector<NodeIndex>, std::greater<>> ready;
    for (NodeIndex i = 0; i < Count(); ++i) {
      if (given_[At(i)] == 0 && pending_[At(i)] == 0) ready.push(i);
    }
    while (!ready.empty()) {
      const NodeIndex node = ready.top();
      ready.pop();
      Give(node);
      const auto add = [&](NodeIndex below) {
        if (Counts(node, below) && pending_[At(below)] == 0 && given_[At(below)] == 0) {
          given_[At(below)] = 1;
          ready.push(below);
        }
      };
      for (NodeIndex below : nodes_[At(node)].parents) add(below);
      for (NodeIndex below : nodes_[At(node)].dependencies) add(below);
    }
  }

  const std::vector<Node>& nodes_;
  // For the searches that are not linear; also bounds what blocking_ remembers.
  const std::size_t max_steps_;
  std::vector<int> pending_;  // by node: children and dependents not given out
  std::vector<int> slot_of_;  // by node: the slot it came to stand in, or kNone
  std::vector<char> given_;   // by node: in order_
  std::vector<int> seen_;     // by node: the round that visited it last
  std::vector<std::vector<NodeIndex>> dependencies_;  // by node: without those of ancestors
  std::vector<NodeIndex> node_at_;                    // by slot; kNone: removed
  std::vector<int> previous_, next_;                  // by slot: those not removed
  int first_ = kNone;
  int last_ = kNone;
  int round_ = 0;
  std::size_t steps_ = 0;
  std::map<NodeIndex, Slots> blocking_;
  std::vector<NodeIndex> order_;
};

}  // namespace

std::vector<NodeIndex> Graph::HistoryOrder(std::size_t max_steps) const {
  return HistorySorter(nodes_, max_steps).Run();
}

}  // namespace onehead
