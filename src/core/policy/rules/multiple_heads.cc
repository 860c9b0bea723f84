#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

std::string NameOf(const Node& head) {
  const std::string title = Printable(Split(head.migration->title, '\n').front(), 60);
  return Printable(head.id(), 120) + (title.empty() ? "" : " (" + title + ")");
}

// Of a file that cannot be read it is often known which heads it may follow.
std::string Uncertain(const Graph& graph, const std::vector<const Node*>& heads) {
  if (!graph.heads_uncertain()) return "";
  std::vector<std::string> ids;
  for (const Node* head : heads) {
    if (head->head_uncertain) ids.push_back(head->id());
  }
  const bool known = !ids.empty() && ids.size() < heads.size();
  return (known ? " (" + QuotedList(ids) + " may be none" : std::string(" (uncertain")) +
         ": a migration cannot be read)";
}

std::string Names(const Graph& graph, const std::vector<const Node*>& heads, std::size_t unread) {
  constexpr std::size_t kMost = 6;
  std::string out;
  for (std::size_t i = 0; i < heads.size() && i < kMost; ++i) {
    out += (i == 0 ? "" : ", ") + NameOf(*heads[i]);
  }
  if (heads.size() > kMost) out += " and " + std::to_string(heads.size() - kMost) + " more";
  if (unread > 0) out += " and " + Count(unread, "file") + " that cannot be read";
  return out + Uncertain(graph, heads);
}

}  // namespace

// Of a group of heads, one finding that names them all; where it stands in the files is the head
// that Alembic lists last.
void MultipleHeads(const RuleInput& input, std::vector<Finding>* findings) {
  const Graph& graph = input.state.graph;
  std::map<std::string, std::vector<const Node*>> groups;
  for (const NodeIndex index : graph.heads()) {
    const Node& head = graph.nodes()[static_cast<std::size_t>(index)];
    groups[HeadGroup(head, input.settings)].push_back(&head);
  }
  const Graph* const before = input.before == nullptr ? nullptr : &input.before->graph;
  const HeadCounts counts = CountHeads(graph, input.settings, before);
  for (const auto& [group, heads] : groups) {
    const int allowed = input.allowance.For(group);
    if (counts.at(group) <= allowed) continue;
    // One head beside a file that cannot be read: only that error is certain.
    if (heads.size() <= static_cast<std::size_t>(input.allowance.per_group)) continue;
    const auto unread = static_cast<std::size_t>(group.empty() ? graph.unread_heads() : 0);
    Finding finding;
    finding.rule = "multiple-heads";
    finding.message = Count(heads.size() + unread, "head") + ", " + std::to_string(allowed) +
                      " allowed" + (group.empty() ? "" : " with the labels " + Quoted(group)) +
                      ": " + Names(graph, heads, unread);
    finding.names = group;
    finding.path = heads.back()->migration->path;
    finding.line = heads.back()->migration->revision.line;
    finding.revision = heads.back()->id();
    finding.fix =
        "put the newer migrations on top of the other head, or add a merge revision: "
        "alembic merge heads";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
