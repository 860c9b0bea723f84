#include "onehead/core/repair.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/rewrite_value.h"
#include "onehead/base/text.h"
#include "onehead/core/rules.h"

namespace onehead {
namespace {

// Beyond that no plan of single edits helps anybody, and making one would cost time.
constexpr std::size_t kMostHeads = 12;
constexpr std::size_t kMostRoots = 24;

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
    repair.diverge_known = heads_.size() <= kMostHeads;
    if (const auto common = LastCommonAncestor()) {
      repair.diverge = At(*common).id();
      repair.diverge_title = At(*common).migration->title;
    }
    repair.deletions = PlanDeletions();
    if (repair.deletions.empty()) repair.edits = PlanEdits();
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

  // What this change may be asked to move: what is neither published nor on the branch that it
  // will be merged into; where that is not known, what is new.
  bool IsLocal(const Node& node) const {
    if (!comparison_.target) return IsNew(node);
    const auto has = [&](const StatePtr& state) {
      return state && state->graph.Find(node.id()) != nullptr;
    };
    return !has(comparison_.target) && !has(comparison_.published);
  }

  // Local revisions that stand on nothing local, by path.
  std::vector<NodeIndex> LocalRoots() const {
    std::vector<NodeIndex> roots;
    for (std::size_t i = 0; i < graph_.nodes().size(); ++i) {
      const Node& node = graph_.nodes()[i];
      const auto is_local = [&](NodeIndex parent) { return IsLocal(At(parent)); };
      if (IsLocal(node) && std::none_of(node.parents.begin(), node.parents.end(), is_local)) {
        roots.push_back(static_cast<NodeIndex>(i));
      }
    }
    std::stable_sort(roots.begin(), roots.end(), [&](NodeIndex a, NodeIndex b) {
      return At(a).migration->path < At(b).migration->path;
    });
    return roots;
  }

  bool IsBeneath(NodeIndex ancestor, NodeIndex revision) const {
    return graph_.Ancestors({revision})[static_cast<std::size_t>(ancestor)] != 0;
  }

  // A chain: a local root and the only head above it.
  struct Chain {
    NodeIndex root;
    NodeIndex head;
  };

  // Null where a root is no simple chain: then only a merge revision is safe to recommend.
  std::optional<std::vector<Chain>> LocalChains() const {
    const std::vector<NodeIndex> roots = LocalRoots();
    if (roots.size() > kMostRoots) return std::nullopt;
    std::vector<Chain> chains;
    for (const NodeIndex root : roots) {
      std::vector<NodeIndex> above;
      for (const NodeIndex head : heads_) {
        if (IsBeneath(root, head)) above.push_back(head);
      }
      if (above.empty()) continue;  // in another group
      if (above.size() > 1 || At(root).parents.size() > 1) return std::nullopt;
      for (const Chain& chain : chains) {
        if (chain.head == above[0]) return std::nullopt;
      }
      chains.push_back({root, above[0]});
    }
    return chains;
  }

  bool StandsOnAFormerHead(NodeIndex root) const {
    const StatePtr& before = comparison_.before ? comparison_.before : comparison_.target;
    if (!before || At(root).parents.empty()) return false;
    const Node* was = before->graph.Find(At(At(root).parents[0]).id());
    return was != nullptr && was->is_head;
  }

  // The head that the chain belongs on: the only one that stays, or that descends from its parent.
  std::optional<NodeIndex> GroundOf(const Chain& chain,
                                    const std::vector<NodeIndex>& staying) const {
    if (staying.size() == 1) return staying[0];
    std::optional<NodeIndex> ground;
    for (const NodeIndex head : staying) {
      const std::vector<NodeIndex>& parents = At(chain.root).parents;
      if (parents.empty() || !IsBeneath(parents[0], head)) continue;
      if (ground) return std::nullopt;
      ground = head;
    }
    return ground;
  }

  // Two merge revisions over the same heads: a third one on top would be one too many again.
  std::vector<MigrationPtr> PlanDeletions() const {
    if (heads_.size() < 2 || heads_.size() > kMostHeads || graph_.heads_uncertain()) return {};
    const std::vector<char> joined = graph_.Ancestors({heads_.front()});
    std::vector<MigrationPtr> deletions;
    for (auto head = heads_.begin() + 1; head != heads_.end(); ++head) {
      const std::vector<NodeIndex>& parents = At(*head).parents;
      const bool is_joined = std::all_of(parents.begin(), parents.end(), [&](NodeIndex parent) {
        return joined[static_cast<std::size_t>(parent)] != 0;
      });
      if (!IsLocal(At(*head)) || parents.size() < 2 || !is_joined) return {};
      deletions.push_back(At(*head).migration);
    }
    return deletions;
  }

  // Each local chain on top of the head that stays, one after the other.
  std::vector<ParentEdit> PlanEdits() const {
    const bool nothing_there = !comparison_.before && !comparison_.published &&
                               !comparison_.target && comparison_.others.empty();
    if (nothing_there || heads_.size() > kMostHeads || graph_.heads_uncertain()) return {};
    std::optional<std::vector<Chain>> chains = LocalChains();
    if (!chains || chains->empty()) return {};
    std::vector<NodeIndex> staying;
    for (const NodeIndex head : heads_) {
      if (!IsLocal(At(head))) staying.push_back(head);
    }
    // A chain that stands right already goes first, and the others follow it.
    std::stable_partition(chains->begin(), chains->end(), [&](const Chain& chain) {
      return staying.empty() ? StandsOnAFormerHead(chain.root)
                             : std::any_of(staying.begin(), staying.end(), [&](NodeIndex head) {
                                 return IsBeneath(head, chain.root);
                               });
    });
    if (staying.empty()) {
      staying.push_back(chains->front().head);
      chains->erase(chains->begin());
    }
    return EditsFor(*chains, staying);
  }

  std::vector<ParentEdit> EditsFor(const std::vector<Chain>& chains,
                                   const std::vector<NodeIndex>& staying) const {
    std::map<NodeIndex, NodeIndex> tops;  // staying head -> what stands on top of it by now
    for (const NodeIndex head : staying) tops[head] = head;
    std::vector<ParentEdit> edits;
    for (const Chain& chain : chains) {
      const std::optional<NodeIndex> ground = GroundOf(chain, staying);
      if (!ground) return {};
      NodeIndex& top = tops[*ground];
      const bool stands_right = top == *ground && IsBeneath(*ground, chain.root);
      if (!stands_right) edits.push_back({At(chain.root).migration, At(top).id()});
      top = chain.head;
    }
    if (!TakeOneHeadEach(edits)) return {};
    return edits;
  }

  // A revision that loses its last child is a head again; what it all comes to is seen on the
  // graph.
  bool TakeOneHeadEach(const std::vector<ParentEdit>& edits) const {
    std::vector<MigrationPtr> migrations = comparison_.after->migrations;
    for (const ParentEdit& edit : edits) {
      auto edited = std::make_shared<Migration>(*edit.migration);
      edited->down_revision.ids = {edit.parent};
      std::replace(migrations.begin(), migrations.end(), edit.migration, MigrationPtr(edited));
    }
    const Graph graph = Graph::Build(migrations);
    HeadCounts counts = CountHeads(graph, settings_);
    return static_cast<std::size_t>(counts[group_]) + edits.size() == heads_.size() &&
           graph.cycles().size() <= graph_.cycles().size();
  }

  const Comparison& comparison_;
  const Graph& graph_;
  const Settings& settings_;
  const std::string& group_;
  std::vector<NodeIndex> heads_;
};

}  // namespace

std::string DownRevisionLine(const ParentEdit& edit) {
  const auto literal = WriteLiteral(edit.parent, LiteralStyle(), Escapes::kAsNeeded);
  return "down_revision = " + Printable(literal.value_or("'" + edit.parent + "'"), 400);
}

HeadRepair PlanHeadRepair(const Comparison& comparison, const Settings& settings,
                          const std::string& group) {
  return RepairPlanner(comparison, settings, group).Run();
}

}  // namespace onehead
