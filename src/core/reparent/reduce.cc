// Local merge revisions of which something is joined without them.
//
// They come about when main merges the same heads, when what they joined is put one after the other
// (rule 4), and when a parent is gone. Parents before children, so that what one of them leaves is
// seen by the next.
#include <algorithm>
#include <optional>
#include <utility>

#include "core/reparent/work.h"

namespace onehead::reparent {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

class Reducer {
 public:
  Reducer(const ReparentInput& input, const ReparentOptions& options, Work* work)
      : input_(input), options_(options), work_(*work), links_(*work) {
    for (const Item& item : work_.items) {
      if (item.local || input_.empty_merges.empty()) continue;
      named_by_published_.insert(item.parents.begin(), item.parents.end());
      named_by_published_.insert(item.depends_on.begin(), item.depends_on.end());
    }
  }

  void Run() {
    for (const std::size_t i : links_.order) {
      Item& item = work_.items[i];
      Replace(item, &item.parents);
      if (item.parents.size() > 1) FollowPublishedMerge(i);
      if (item.parents.size() > 1) DropAncestors(&item.parents);
      if (item.parents.size() == 1 && MayGo(item)) Remove(&item);
    }
    for (const auto& [id, i] : work_.local) Replace(work_.items[i], &work_.items[i].depends_on);
  }

 private:
  const Graph& all() {
    if (!all_) all_ = Graph::Build(Declare(work_, Which::kAll));
    return *all_;
  }

  // What is removed is followed by what it stood on.
  void Replace(const Item& item, std::vector<std::string>* ids) const {
    if (replaced_by_.empty()) return;
    std::vector<std::string> replaced;
    for (const std::string& id : *ids) {
      const auto found = replaced_by_.find(id);
      const std::string& now = found == replaced_by_.end() ? id : found->second;
      if (now != item.id && std::find(replaced.begin(), replaced.end(), now) == replaced.end()) {
        replaced.push_back(now);
      }
    }
    *ids = std::move(replaced);
  }

  // Main has merged the same heads: the only published head above all of them is the parent.
  void FollowPublishedMerge(std::size_t i) {
    Item& item = work_.items[i];
    const bool opens_branch = options_.labelled_heads && !item.original->branch_labels.ids.empty();
    const bool only_published =
        std::all_of(item.parents.begin(), item.parents.end(),
                    [&](const std::string& id) { return work_.published.count(id) != 0; });
    if (opens_branch || !only_published || options_.onto) return;
    if (!published_) published_ = Graph::Build(Declare(work_, Which::kPublished));
    std::optional<NodeIndex> above;
    for (const NodeIndex head : published_->heads()) {
      const std::vector<char> beneath = published_->Ancestors({head});
      const auto joined = [&](const std::string& id) {
        return beneath[At(*published_->IndexOf(id))] != 0;
      };
      if (!std::all_of(item.parents.begin(), item.parents.end(), joined)) continue;
      if (above) return;
      above = head;
    }
    if (!above) return;
    const std::string& head = published_->nodes()[At(*above)].id();
    const std::vector<char> beneath = all().Ancestors({*all().IndexOf(head)});
    if (beneath[At(*all().IndexOf(item.id))] != 0) return;
    item.parents = {head};
    all_.reset();
    for (const std::size_t moved : links_.Above(i)) work_.items[moved].moved = true;
  }

  // Rule 4: a parent that is an ancestor of another parent says nothing. No revision gets other
  // ancestors by that, so the graph is still right.
  void DropAncestors(std::vector<std::string>* parents) {
    std::vector<std::string> kept;
    for (const std::string& parent : *parents) {
      std::vector<NodeIndex> others;
      for (const std::string& other : *parents) {
        const auto index = all().IndexOf(other);
        if (other != parent && index) others.push_back(*index);
      }
      const auto index = all().IndexOf(parent);
      if (!index || all().Ancestors(others)[At(*index)] == 0) kept.push_back(parent);
    }
    if (!kept.empty()) *parents = std::move(kept);
  }

  static bool SaysNothing(const Binding& binding) {
    return binding.state == Binding::State::kAbsent || (binding.known() && binding.ids.empty());
  }

  // Nothing is lost with it.
  bool MayGo(const Item& item) const {
    const Migration& m = *item.original;
    return input_.empty_merges.count(m.path) != 0 && m.down_revision.ids.size() > 1 &&
           SaysNothing(m.branch_labels) && SaysNothing(m.depends_on) && !item.clashes &&
           input_.published_parents.count(m.id()) == 0 && named_by_published_.count(m.id()) == 0;
  }

  void Remove(Item* item) {
    const std::string& parent = item->parents.front();
    item->why_removed = "is a merge revision with nothing left to join but \"" + parent + "\"";
    replaced_by_.emplace(item->id, parent);
    work_.local.erase(item->id);
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Work& work_;
  const LocalLinks links_;  // as placed
  std::set<std::string> named_by_published_;
  std::map<std::string, std::string> replaced_by_;
  std::optional<Graph> all_;
  std::optional<Graph> published_;
};

}  // namespace

void ReduceMerges(const ReparentInput& input, const ReparentOptions& options, Work* work) {
  // A branch that brings the whole history has no published one beside it to make anything
  // needless.
  if (!work->published.empty()) Reducer(input, options, work).Run();
}

}  // namespace onehead::reparent
