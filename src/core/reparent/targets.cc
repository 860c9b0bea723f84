#include "core/reparent/targets.h"

#include <algorithm>

#include "onehead/base/text.h"

namespace onehead::reparent {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

std::string Quoted(const std::string& id) { return "\"" + id + "\""; }

constexpr const char* kJoin = "join all heads: onehead merge";

std::string Onto(const std::string& id) { return "onehead rebase --onto " + ShellWord(id); }

std::set<std::string> Labels(const Node& node) { return {node.labels.begin(), node.labels.end()}; }

}  // namespace

Targets::Targets(const ReparentInput& input, const ReparentOptions& options, const Work& work)
    : input_(input), options_(options), graph_(Graph::Build(Declare(work, Which::kPublished))) {}

Result<std::string> Targets::For(const Item& item, const std::string& parent) const {
  const Node* node = graph_.Find(parent);
  if (node == nullptr) return ForStale(item, parent);
  if (options_.onto && (item.parents.size() == 1 || Below(parent, *options_.onto))) {
    return Agreed(item, *node, *options_.onto);
  }
  if (node->is_head || options_.only_below_onto) return parent;
  std::vector<std::string> candidates = HeadsAbove(parent);
  if (options_.labelled_heads && graph_.heads().size() > 1) OnlyLabelled(*node, &candidates);
  if (candidates.size() == 1) return Agreed(item, *node, candidates.front());
  // On a cycle, or the first of a group of its own: nothing to follow.
  if (candidates.empty()) return parent;
  return Fail(Several(item, "several published heads follow " + Quoted(parent), candidates));
}

// Only what would work is named.
Error Targets::Several(const Item& item, const std::string& why,
                       const std::vector<std::string>& heads) const {
  std::string hint = kJoin;
  const auto fits = [&](const std::string& head) {
    const Node* parent = graph_.Find(item.parents.front());
    return parent == nullptr || !Apart(*parent, head);
  };
  const auto one =
      item.parents.size() == 1 ? std::find_if(heads.begin(), heads.end(), fits) : heads.end();
  if (one != heads.end()) hint += "; or name the one to follow: " + Onto(*one);
  const auto labels = [&](const std::string& head) { return Labels(*graph_.Find(head)); };
  const bool labelled = std::any_of(heads.begin(), heads.end(), [&](const std::string& head) {
    return labels(head) != labels(heads.front());
  });
  if (labelled && !options_.labelled_heads) {
    hint += "; or, if labelled branches stay apart: git config onehead.labelledHeads true";
  }
  return {ErrorKind::kInvalid, why + ": " + JoinIds(heads), hint, item.original->path,
          item.original->down_revision.line};
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
bool Targets::Apart(const Node& parent, const std::string& target) const {
  const std::set<std::string> from = Labels(parent);
  const std::set<std::string> to = Labels(*graph_.Find(target));
  return graph_.heads().size() > 1 ? from != to
                                   : !std::includes(to.begin(), to.end(), from.begin(), from.end());
}

Result<std::string> Targets::Agreed(const Item& item, const Node& parent,
                                    const std::string& target) const {
  if (!Apart(parent, target)) return target;
  const std::vector<std::string> heads = HeadsAbove(parent.id());
  const auto own = std::find_if(heads.begin(), heads.end(),
                                [&](const std::string& head) { return !Apart(parent, head); });
  return Fail(
      {ErrorKind::kInvalid,
       "it would move from the branch of " + Quoted(parent.id()) + " to that of " + Quoted(target) +
           ", which has other labels",
       own == heads.end() ? std::string(kJoin) : "name a head of its own branch: " + Onto(*own),
       item.original->path, item.original->down_revision.line});
}

Result<std::string> Targets::ForStale(const Item& item, const std::string& parent) const {
  const bool published_elsewhere = input_.published_parents.count(item.original->id()) != 0;
  const bool chosen = options_.onto && item.parents.size() == 1;
  std::vector<std::string> heads;
  for (const NodeIndex head : graph_.heads()) heads.push_back(graph_.nodes()[At(head)].id());
  if (input_.stale.count(parent) == 0 && !published_elsewhere && !chosen) {
    std::string hint = "bring that migration here too";
    if (item.parents.size() == 1 && !heads.empty()) {
      hint += ", or name the one to follow: " + Onto(heads.front());
    } else {
      hint += ", or take it out of down_revision";
    }
    return Fail({ErrorKind::kInvalid, "no file declares its parent " + Quoted(parent), hint,
                 item.original->path, item.original->down_revision.line});
  }
  if (options_.onto) return *options_.onto;
  if (heads.size() == 1) return heads.front();
  if (heads.empty()) return std::string();
  return Fail(Several(item, "its parent " + Quoted(parent) + " is gone and there are several heads",
                      heads));
}

}  // namespace onehead::reparent
