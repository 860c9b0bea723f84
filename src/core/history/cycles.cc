// The cycles of a history: its strongly connected components of more than one revision, and the
// revisions that name themselves.
//
// Tarjan's algorithm, linear in revisions and edges, with its own stack: a history may be a chain
// of 100,000 revisions, and recursion that deep would end the program. A topological sort would
// only tell that there is a cycle, and would call everything above it part of it; the message
// names the revisions that are on it.
#include <algorithm>
#include <cstddef>

#include "core/history/graph_internal.h"

namespace onehead::internal {
namespace {

// Tarjan's algorithm with its own stack instead of recursion.
class CycleFinder {
 public:
  CycleFinder(const std::vector<Node>& nodes, EdgeKinds kinds)
      : nodes_(nodes), kinds_(kinds), number_(nodes.size(), 0), lowest_(nodes.size(), 0) {}

  std::vector<std::vector<NodeIndex>> Run() {
    for (NodeIndex i = 0; i < static_cast<NodeIndex>(nodes_.size()); ++i) {
      if (number_[At(i)] == 0) VisitFrom(i);
    }
    return std::move(cycles_);
  }

 private:
  struct Frame {
    NodeIndex node;
    std::size_t next_edge = 0;
  };
  static constexpr int kDone = -1;  // in lowest_: the node's component is complete

  static std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

  // The target of an edge, counted through parents and then dependencies; -1: there are no more.
  NodeIndex Target(NodeIndex node, std::size_t edge) const {
    const Node& from = nodes_[At(node)];
    if (edge < from.parents.size()) return from.parents[edge];
    edge -= from.parents.size();
    if (kinds_ == EdgeKinds::kAll && edge < from.dependencies.size()) {
      return from.dependencies[edge];
    }
    return -1;
  }

  void Enter(NodeIndex node) {
    number_[At(node)] = lowest_[At(node)] = ++count_;
    open_.push_back(node);
    frames_.push_back({node});
  }

  void VisitFrom(NodeIndex start) {
    Enter(start);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const NodeIndex node = frame.node;
      const NodeIndex target = Target(node, frame.next_edge++);
      if (target < 0) {
        Leave(node);
      } else if (number_[At(target)] == 0) {
        Enter(target);
      } else if (lowest_[At(target)] != kDone) {
        lowest_[At(node)] = std::min(lowest_[At(node)], number_[At(target)]);
      }
    }
  }

  void Leave(NodeIndex node) {
    frames_.pop_back();
    const int lowest = lowest_[At(node)];
    if (lowest == number_[At(node)]) CloseComponent(node);
    if (!frames_.empty() && lowest != number_[At(node)]) {
      int& above = lowest_[At(frames_.back().node)];
      above = std::min(above, lowest);
    }
  }

  void CloseComponent(NodeIndex root) {
    std::vector<NodeIndex> component;
    do {
      component.push_back(open_.back());
      lowest_[At(open_.back())] = kDone;
      open_.pop_back();
    } while (component.back() != root);
    if (component.size() > 1 || NamesItself(root)) cycles_.push_back(std::move(component));
  }

  bool NamesItself(NodeIndex node) const {
    for (std::size_t edge = 0;; ++edge) {
      const NodeIndex target = Target(node, edge);
      if (target < 0) return false;
      if (target == node) return true;
    }
  }

  const std::vector<Node>& nodes_;
  EdgeKinds kinds_;
  std::vector<int> number_;  // order of the first visit, from 1; 0: not visited
  std::vector<int> lowest_;
  std::vector<NodeIndex> open_;  // visited, component not complete
  std::vector<Frame> frames_;
  int count_ = 0;
  std::vector<std::vector<NodeIndex>> cycles_;
};

}  // namespace

std::vector<std::vector<NodeIndex>> FindCycles(const std::vector<Node>& nodes, EdgeKinds kinds) {
  return CycleFinder(nodes, kinds).Run();
}

}  // namespace onehead::internal
