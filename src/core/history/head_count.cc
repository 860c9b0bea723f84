#include "onehead/core/history/head_count.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "onehead/base/text.h"

namespace onehead {
namespace {

// A parent of which no file is known but those that stand on it.
struct AbsentParent {
  std::vector<char> above;  // which nodes stand on it
  bool may_be_new = true;   // false: its file is there, so that it stands on nothing new
};

// Files that are missing, and files whose id cannot be read and whose name says it. By id.
std::map<std::string_view, AbsentParent> AbsentParents(const Graph& graph) {
  std::map<std::string_view, AbsentParent> parents;
  const auto add = [&](const DanglingReference& reference, bool may_be_new) {
    AbsentParent& parent = parents[reference.id];
    parent.may_be_new = may_be_new;
    const std::vector<char> more = graph.Descendants(*reference.migration);
    parent.above.resize(more.size());
    std::transform(parent.above.begin(), parent.above.end(), more.begin(), parent.above.begin(),
                   std::bit_or<char>());
  };
  constexpr std::size_t kMost = 100;  // each costs a walk
  if (graph.missing_parents().size() + graph.uncertain_references().size() > kMost) return parents;
  for (const DanglingReference& reference : graph.missing_parents()) add(reference, true);
  for (const DanglingReference& reference : graph.uncertain_references()) {
    const std::vector<std::string>& ids = reference.migration->down_revision.ids;
    if (std::find(ids.begin(), ids.end(), reference.id) == ids.end()) continue;
    const auto says_it = [&](const MigrationPtr& m) {
      return !m->unread && m->revision.state == Binding::State::kUnknown && !reference.id.empty() &&
             BaseName(m->path).find(reference.id) != std::string_view::npos;
    };
    const std::vector<MigrationPtr>& files = graph.unreadable();
    if (std::any_of(files.begin(), files.end(), says_it)) add(reference, false);
  }
  return parents;
}

// How many of `heads` are heads only for want of a file. Each absent parent may stand on one of
// them that is not above it itself.
int HeadsForWantOfAFile(const Graph& graph, const Graph* before,
                        const std::vector<std::size_t>& heads) {
  const auto was_there = [&](std::size_t head) {
    return before == nullptr || before->Find(graph.nodes()[head].id()) != nullptr;
  };
  std::size_t could_join = 0;
  for (const auto& [id, parent] : AbsentParents(graph)) {
    const auto is_above = [&above = parent.above](std::size_t head) { return above[head] != 0; };
    const auto may_be_below = [&, &absent = parent](std::size_t head) {
      return !is_above(head) && (absent.may_be_new || was_there(head));
    };
    could_join += std::any_of(heads.begin(), heads.end(), is_above) &&
                          std::any_of(heads.begin(), heads.end(), may_be_below)
                      ? 1
                      : 0;
  }
  return static_cast<int>(std::min(could_join, heads.size() - 1));
}

}  // namespace

std::string HeadGroup(const Node& head, const Settings& settings) {
  if (!settings.labelled_heads) return "";
  std::vector<std::string> labels = head.labels;
  std::sort(labels.begin(), labels.end());
  std::string group;
  for (const std::string& label : labels) group += (group.empty() ? "" : ", ") + label;
  return group;
}

HeadCounts CountHeads(const Graph& graph, const Settings& settings, const Graph* before) {
  HeadCounts counts;
  std::map<std::string, std::vector<std::size_t>> groups;
  for (const NodeIndex index : graph.heads()) {
    const auto head = static_cast<std::size_t>(index);
    groups[HeadGroup(graph.nodes()[head], settings)].push_back(head);
  }
  for (const auto& [group, heads] : groups) {
    counts[group] = static_cast<int>(heads.size());
    if (heads.size() > 1 && !settings.external_revisions) {
      counts[group] -= HeadsForWantOfAFile(graph, before, heads);
    }
  }
  // Their labels are not known.
  if (graph.unread_heads() > 0) counts[""] += graph.unread_heads();
  return counts;
}

int HeadAllowance::For(const std::string& group) const {
  const auto found = at_most.find(group);
  return found == at_most.end() ? per_group : std::max(per_group, found->second);
}

void HeadAllowance::Include(const HeadCounts& counts) {
  for (const auto& [group, count] : counts) {
    int& most = at_most[group];
    most = std::max(most, count);
  }
}

}  // namespace onehead
