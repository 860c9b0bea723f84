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

// One finding per environment, with a count: who squashes a history needs one line, not a hundred.
// Whether the change is a repair is the policy's question (policy.h).
void PublishedChanged(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.published == nullptr) return;
  std::vector<std::string> gone;
  std::vector<std::string> reparented;
  const Migration* first = nullptr;
  for (const Node& node : input.published->graph.nodes()) {
    const Change change = ChangeOf(node, input.state.graph);
    if (change == Change::kNone) continue;
    if (first == nullptr) first = node.migration.get();
    (change == Change::kGone ? gone : reparented).push_back(node.id());
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
