#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/policy/rules/rule.h"

namespace onehead::rules {
namespace {

std::set<std::string> ParentsOf(const Migration& migration) {
  return {migration.down_revision.ids.begin(), migration.down_revision.ids.end()};
}

enum class Change { kNone, kGone, kReparented };

Change ChangeOf(const Node& published, const Graph& now) {
  const Node* node = now.Find(published.id());
  if (node == nullptr) return Change::kGone;
  const Migration& a = *published.migration;
  const Migration& b = *node->migration;
  if (!a.down_revision.known() || !b.down_revision.known()) return Change::kNone;
  return ParentsOf(a) == ParentsOf(b) ? Change::kNone : Change::kReparented;
}

// What a change may do to published migrations because it mends what was broken with them.
class Repairs {
 public:
  // Borrows both.
  Repairs(const Graph& before, const Graph& after)
      : before_(before),
        fewer_heads_(after.heads().size() < before.heads().size() && !after.heads().empty()),
        after_(after) {}

  // REQUIRES: `was` is a node of `before`.
  bool Mends(const Node& was, Change change) {
    if (IsDoubled(was.id())) return true;
    const std::vector<std::string>& parents = was.migration->down_revision.ids;
    if (change == Change::kGone) {
      // Another merge revision has made it superfluous.
      return fewer_heads_ && was.is_merge_point &&
             std::all_of(parents.begin(), parents.end(),
                         [&](const std::string& id) { return after_.Find(id) != nullptr; });
    }
    return (fewer_heads_ && IsAboveFork(was)) || IsOnCycle(was.id()) ||
           std::any_of(parents.begin(), parents.end(), [&](const std::string& id) {
             return IsDoubled(id) || before_.Find(id) == nullptr;
           });
  }

 private:
  bool IsDoubled(const std::string& id) const {
    const auto& all = before_.duplicates();
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  }

  bool IsOnCycle(const std::string& id) const {
    const auto& all = before_.cycles();
    return std::any_of(all.begin(), all.end(), [&](const Cycle& cycle) {
      return std::find(cycle.ids.begin(), cycle.ids.end(), id) != cycle.ids.end();
    });
  }

  // True if some heads descend from it and others do not.
  bool IsAboveFork(const Node& was) {
    constexpr std::size_t kMaxHeads = 64;  // each costs a walk
    if (before_.heads().size() > kMaxHeads) return true;
    if (!heads_above_) CountHeads();
    const auto at = static_cast<std::size_t>(&was - before_.nodes().data());
    return (*heads_above_)[at] < before_.heads().size();
  }

  void CountHeads() {
    const std::vector<Node>& nodes = before_.nodes();
    heads_above_.emplace(nodes.size());
    std::vector<NodeIndex> seen(nodes.size(), -1);  // from which head
    for (const NodeIndex head : before_.heads()) {
      std::vector<NodeIndex> todo = {head};
      while (!todo.empty()) {
        const auto at = static_cast<std::size_t>(todo.back());
        todo.pop_back();
        if (seen[at] == head) continue;
        seen[at] = head;
        ++(*heads_above_)[at];
        todo.insert(todo.end(), nodes[at].parents.begin(), nodes[at].parents.end());
      }
    }
  }

  const Graph& before_;
  const bool fewer_heads_;
  const Graph& after_;
  std::optional<std::vector<std::size_t>> heads_above_;  // each node
};

}  // namespace

// What came with this change and has another parent at the tip of a published ref: whoever merged
// it has edited it on the way.
bool IsReparentedSince(const Node& now, const RuleInput& input) {
  const auto same = [&](const EnvironmentState* state) {
    const Node* node = state == nullptr ? nullptr : state->graph.Find(now.id());
    return node != nullptr && ChangeOf(*node, input.state.graph) == Change::kNone;
  };
  const auto reparented = [&](const StatePtr& tip) {
    const Node* node = tip->graph.Find(now.id());
    return node != nullptr && ChangeOf(*node, input.state.graph) == Change::kReparented &&
           !Repairs(tip->graph, input.state.graph).Mends(*node, Change::kReparented);
  };
  const auto agrees = [&](const StatePtr& tip) { return same(tip.get()); };
  const std::vector<StatePtr>& tips = *input.published_tips;
  return !same(input.before) && !same(input.published) &&
         std::any_of(tips.begin(), tips.end(), reparented) &&
         std::none_of(tips.begin(), tips.end(), agrees);
}

// One finding per environment, with a count: who squashes a history needs one line, not a hundred.
void PublishedChanged(const RuleInput& input, std::vector<Finding>* findings) {
  std::vector<std::string> gone;
  std::vector<std::string> reparented;
  const Migration* first = nullptr;
  const std::vector<Node> none;
  const Graph nothing;
  Repairs repairs(input.published != nullptr ? input.published->graph : nothing, input.state.graph);
  for (const Node& node : input.published != nullptr ? input.published->graph.nodes() : none) {
    const Change change = ChangeOf(node, input.state.graph);
    if (change == Change::kNone || repairs.Mends(node, change)) continue;
    if (first == nullptr) first = node.migration.get();
    (change == Change::kGone ? gone : reparented).push_back(node.id());
  }
  const bool any_tip = input.published_tips != nullptr && !input.published_tips->empty();
  for (const Node& node : any_tip ? input.state.graph.nodes() : none) {
    const bool known =
        std::find(reparented.begin(), reparented.end(), node.id()) != reparented.end();
    if (known || !IsReparentedSince(node, input)) continue;
    if (first == nullptr) first = node.migration.get();
    reparented.push_back(node.id());
  }
  if (first == nullptr) return;
  std::string message =
      Count(gone.size() + reparented.size(), "published migration") + " changed: ";
  if (!gone.empty()) message += QuotedList(gone) + (gone.size() == 1 ? " is gone" : " are gone");
  if (!gone.empty() && !reparented.empty()) message += "; ";
  if (!reparented.empty()) {
    message += QuotedList(reparented) + (reparented.size() == 1 ? " has" : " have") +
               " another down_revision";
  }
  Finding finding;
  finding.rule = "published-changed";
  finding.level = Level::kWarning;
  finding.message = std::move(message);
  finding.path = first->path;
  finding.revision = first->id();
  for (const std::vector<std::string>* ids : {&gone, &reparented}) {
    for (const std::string& id : *ids) finding.names += (finding.names.empty() ? "" : ", ") + id;
  }
  finding.fix =
      "a database that ran it cannot be upgraded any more; restore it and add a new "
      "migration instead";
  findings->push_back(std::move(finding));
}

}  // namespace onehead::rules
