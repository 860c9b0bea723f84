#include "core/reparent_targets.h"

#include <algorithm>

namespace onehead::reparent {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

std::string Quoted(const std::string& id) { return "\"" + id + "\""; }

std::set<std::string> Labels(const Node& node) { return {node.labels.begin(), node.labels.end()}; }

tl::unexpected<Error> Several(const Item& item, const std::string& why,
                              const std::vector<std::string>& heads) {
  return Fail({ErrorKind::kInvalid, why + ": " + JoinIds(heads),
               "onehead merge makes one head of them, or name the one to follow: "
               "onehead rebase --onto ID",
               item.original->path, item.original->down_revision.line});
}

}  // namespace

Targets::Targets(const ReparentInput& input, const ReparentOptions& options, const Work& work)
    : input_(input), options_(options), graph_(Graph::Build(Declare(work, Which::kPublished))) {}

Result<std::string> Targets::For(const Item& item, const std::string& parent) const {
  const Node* node = graph_.Find(parent);
  if (node == nullptr) return ForStale(item, parent);
  if (options_.onto && (item.parents.size() == 1 || Below(parent, *options_.onto))) {
    return Agreed(item, *node, *options_.onto);
  }
  if (node->is_head) return parent;
  std::vector<std::string> candidates = HeadsAbove(parent);
  if (options_.labelled_heads && candidates.size() > 1) OnlyLabelled(*node, &candidates);
  if (candidates.size() == 1) return Agreed(item, *node, candidates.front());
  if (candidates.empty()) return parent;  // on a cycle: nothing to follow
  return Several(item, "several published heads follow " + Quoted(parent), candidates);
}

bool Targets::Below(const std::string& id, const std::string& head) const {
  const auto from = graph_.IndexOf(head);
  const auto index = graph_.IndexOf(id);
  return from && index && graph_.Ancestors({*from})[At(*index)] != 0;
}

std::vector<std::string> Targets::HeadsAbove(const std::string& id) const {
  std::vector<char> seen(graph_.nodes().size(), 0);
  std::vector<NodeIndex> todo = {*graph_.IndexOf(id)};
  std::vector<std::string> heads;
  seen[At(todo.front())] = 1;
  while (!todo.empty()) {
    const Node& node = graph_.nodes()[At(todo.back())];
    todo.pop_back();
    if (node.is_head) heads.push_back(node.id());
    for (const NodeIndex child : node.children) {
      if (seen[At(child)] != 0) continue;
      seen[At(child)] = 1;
      todo.push_back(child);
    }
  }
  std::sort(heads.begin(), heads.end());
  return heads;
}

void Targets::OnlyLabelled(const Node& node, std::vector<std::string>* candidates) const {
  candidates->erase(std::remove_if(candidates->begin(), candidates->end(),
                                   [&](const std::string& head) {
                                     return Labels(*graph_.Find(head)) != Labels(node);
                                   }),
                    candidates->end());
}

// Rule 7. Where one head is left of all branches, there is nothing to keep apart.
Result<std::string> Targets::Agreed(const Item& item, const Node& parent,
                                    const std::string& target) const {
  const Node& head = *graph_.Find(target);
  const std::set<std::string> from = Labels(parent);
  const std::set<std::string> to = Labels(head);
  const bool apart = graph_.heads().size() > 1
                         ? from != to
                         : !std::includes(to.begin(), to.end(), from.begin(), from.end());
  if (!apart) return target;
  return Fail({ErrorKind::kInvalid,
               "it would move from the branch of " + Quoted(parent.id()) + " to that of " +
                   Quoted(target) + ", which has other labels",
               "put it into a merge revision: onehead merge", item.original->path,
               item.original->down_revision.line});
}

Result<std::string> Targets::ForStale(const Item& item, const std::string& parent) const {
  const bool published_elsewhere = input_.published_parents.count(item.original->id()) != 0;
  if (input_.dropped.count(parent) == 0 && !published_elsewhere) {
    return Fail({ErrorKind::kInvalid, "no file declares its parent " + Quoted(parent),
                 "bring that migration here too, or set down_revision to one that is here",
                 item.original->path, item.original->down_revision.line});
  }
  if (options_.onto) return *options_.onto;
  std::vector<std::string> heads;
  for (const NodeIndex head : graph_.heads()) heads.push_back(graph_.nodes()[At(head)].id());
  if (heads.size() == 1) return heads.front();
  if (heads.empty()) return std::string();
  return Several(item, "its parent " + Quoted(parent) + " is gone and there are several heads",
                 heads);
}

}  // namespace onehead::reparent
