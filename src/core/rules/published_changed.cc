#include <algorithm>
#include <set>

#include "core/rules/rule.h"

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
    return node != nullptr && ChangeOf(*node, input.state.graph) == Change::kReparented;
  };
  const auto agrees = [&](const StatePtr& tip) { return same(tip.get()); };
  const std::vector<StatePtr>& tips = *input.published_tips;
  return !same(input.before) && !same(input.published) &&
         std::any_of(tips.begin(), tips.end(), reparented) &&
         std::none_of(tips.begin(), tips.end(), agrees);
}

// One finding per environment, with a count: who squashes a history needs one line, not a hundred.
// Whether the change is a repair is the policy's question (policy.h).
void PublishedChanged(const RuleInput& input, std::vector<Finding>* findings) {
  std::vector<std::string> gone;
  std::vector<std::string> reparented;
  const Migration* first = nullptr;
  const std::vector<Node> none;
  for (const Node& node : input.published != nullptr ? input.published->graph.nodes() : none) {
    const Change change = ChangeOf(node, input.state.graph);
    if (change == Change::kNone) continue;
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
