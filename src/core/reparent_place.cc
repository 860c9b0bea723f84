// Where the local roots go: each onto the published head above its parent, one after the other.
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "core/reparent_work.h"

namespace onehead::reparent {
namespace {

// More chains than that are no branch of a person.
constexpr std::size_t kMostRoots = 256;

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

std::string Quoted(const std::string& id) { return "\"" + id + "\""; }

std::string List(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

// Which published head a published revision leads to.
class Targets {
 public:
  Targets(const ReparentInput& input, const ReparentOptions& options, const Work& work)
      : input_(input), options_(options), graph_(Graph::Build(Declare(work, Which::kPublished))) {}

  const Graph& graph() const { return graph_; }

  // The id to follow instead of `parent` of `item`.
  Result<std::string> For(const Item& item, const std::string& parent) const {
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

 private:
  static std::set<std::string> Labels(const Node& node) {
    return {node.labels.begin(), node.labels.end()};
  }

  bool Below(const std::string& id, const std::string& head) const {
    const auto from = graph_.IndexOf(head);
    const auto index = graph_.IndexOf(id);
    return from && index && graph_.Ancestors({*from})[At(*index)] != 0;
  }

  std::vector<std::string> HeadsAbove(const std::string& id) const {
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

  void OnlyLabelled(const Node& node, std::vector<std::string>* candidates) const {
    candidates->erase(std::remove_if(candidates->begin(), candidates->end(),
                                     [&](const std::string& head) {
                                       return Labels(*graph_.Find(head)) != Labels(node);
                                     }),
                      candidates->end());
  }

  // Rule 7. Where one head is left of all branches, there is nothing to keep apart.
  Result<std::string> Agreed(const Item& item, const Node& parent,
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

  Result<std::string> ForStale(const Item& item, const std::string& parent) const {
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

  static tl::unexpected<Error> Several(const Item& item, const std::string& why,
                                       const std::vector<std::string>& heads) {
    return Fail({ErrorKind::kInvalid, why + ": " + List(heads),
                 "onehead merge makes one head of them, or name the one to follow: "
                 "onehead rebase --onto ID",
                 item.original->path, item.original->down_revision.line});
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Graph graph_;
};

struct Root {
  std::size_t item = 0;
  bool moves = false;
  bool placed = false;
  std::vector<std::string> targets;  // by parent; empty: nothing to stand on (a base)
};

class Placer {
 public:
  Placer(const ReparentInput& input, const ReparentOptions& options, Work* work)
      : input_(input), options_(options), work_(*work), targets_(input, options, *work) {}

  Status Run() {
    if (options_.onto && targets_.graph().Find(*options_.onto) == nullptr) {
      return Fail(ErrorKind::kNotFound, "there is no published revision " + Quoted(*options_.onto));
    }
    LinkLocal();
    if (Status sorted = SortLocal(); !sorted) return sorted;
    if (Status found = FindRoots(); !found) return found;
    SpreadRoots();
    MarkStaying();
    if (roots_.size() > kMostRoots) {
      return Fail(ErrorKind::kLimit, "there are too many separate chains of local migrations",
                  "onehead merge");
    }
    if (Status placed = PlaceAll(); !placed) return placed;
    MarkMoved();
    DropAncestors();
    return {};
  }

 private:
  Item& At(std::size_t i) { return work_.items[i]; }
  const Item& At(std::size_t i) const { return work_.items[i]; }

  std::optional<std::size_t> Local(const std::string& id) const {
    const auto found = work_.local.find(id);
    if (found == work_.local.end()) return std::nullopt;
    return found->second;
  }

  void LinkLocal() {
    children_.assign(work_.items.size(), {});
    for (const auto& [id, i] : work_.local) {
      for (const std::string& parent : At(i).parents) {
        if (const auto p = Local(parent)) children_[*p].push_back(i);
      }
    }
  }

  // Parents before children.
  Status SortLocal() {
    std::map<std::size_t, int> open;
    for (const auto& [id, i] : work_.local) {
      for (const std::size_t child : children_[i]) ++open[child];
    }
    for (const auto& [id, i] : work_.local) {
      if (open[i] == 0) order_.push_back(i);
    }
    for (std::size_t next = 0; next < order_.size(); ++next) {
      for (const std::size_t child : children_[order_[next]]) {
        if (--open[child] == 0) order_.push_back(child);
      }
    }
    if (order_.size() == work_.local.size()) return {};
    for (const auto& [id, i] : work_.local) {
      if (open[i] == 0) continue;
      return Fail({ErrorKind::kInvalid, "local migrations follow each other in a circle",
                   "set down_revision of one of them by hand", At(i).original->path,
                   At(i).original->down_revision.line});
    }
    return {};
  }

  Status FindRoots() {
    for (const std::size_t i : order_) {
      const std::vector<std::string>& parents = At(i).parents;
      const auto is_local = [&](const std::string& id) { return Local(id).has_value(); };
      if (std::none_of(parents.begin(), parents.end(), is_local)) {
        roots_.emplace_back();
        roots_.back().item = i;
        continue;
      }
      for (const std::string& parent : parents) {
        if (is_local(parent) || targets_.graph().Find(parent) != nullptr) continue;
        // Its other parents keep it in its place; what is gone is no parent any more.
        if (Result<std::string> stale = targets_.For(At(i), parent); !stale) {
          return Fail(stale.error());
        }
        lost_.insert({i, parent});
      }
    }
    const auto key = [&](const Root& root) {
      const std::string& path = At(root.item).original->path;
      const auto added = input_.added_at.find(path);
      return std::tuple(added == input_.added_at.end() ? 0 : added->second, path);
    };
    std::sort(roots_.begin(), roots_.end(),
              [&](const Root& a, const Root& b) { return key(a) < key(b); });
    return SetTargets();
  }

  // A root that opens a labelled branch of its own is meant to be another head.
  bool OpensBranch(const Item& item) const {
    return options_.labelled_heads && !item.original->branch_labels.ids.empty();
  }

  Status SetTargets() {
    for (Root& root : roots_) {
      const Item& item = At(root.item);
      for (const std::string& parent : item.parents) {
        const bool keeps = OpensBranch(item) && targets_.graph().Find(parent) != nullptr;
        Result<std::string> target =
            keeps ? Result<std::string>(parent) : targets_.For(item, parent);
        if (!target) {
          if (Absorbed(root)) {
            root.targets.clear();
            break;
          }
          return Fail(target.error());
        }
        root.targets.push_back(*target);
      }
      root.moves = root.targets.size() == item.parents.size() && root.targets != item.parents &&
                   (options_.onto || !Absorbed(root));
    }
    return {};
  }

  // Every local head above the root is above all the published heads already: a merge revision
  // that somebody has made. Smallest set of changes: it stays.
  bool Absorbed(const Root& root) {
    for (const std::string& parent : At(root.item).parents) {
      if (targets_.graph().Find(parent) == nullptr) return false;
    }
    if (!whole_) whole_ = Graph::Build(Declare(work_, Which::kAll));
    std::vector<NodeIndex> heads;
    for (const std::size_t i : Above(root.item)) {
      if (children_[i].empty()) heads.push_back(*whole_->IndexOf(At(i).id));
    }
    const std::vector<char> ancestors = whole_->Ancestors(heads);
    const auto covered = [&](NodeIndex head) {
      const auto index = whole_->IndexOf(targets_.graph().nodes()[reparent::At(head)].id());
      return index && ancestors[reparent::At(*index)] != 0;
    };
    const std::vector<NodeIndex>& published = targets_.graph().heads();
    if (root.targets.empty() || root.targets.size() < At(root.item).parents.size()) {
      return std::all_of(published.begin(), published.end(), covered);
    }
    return std::all_of(root.targets.begin(), root.targets.end(), [&](const std::string& target) {
      return covered(*targets_.graph().IndexOf(target));
    });
  }

  // Local migrations that descend from one, itself included.
  std::vector<std::size_t> Above(std::size_t from) const {
    std::vector<std::size_t> above = {from};
    std::set<std::size_t> seen = {from};
    for (std::size_t next = 0; next < above.size(); ++next) {
      for (const std::size_t child : children_[above[next]]) {
        if (seen.insert(child).second) above.push_back(child);
      }
    }
    return above;
  }

  // By item: the roots that it stands on.
  void SpreadRoots() {
    stands_on_.assign(work_.items.size(), {});
    for (std::size_t r = 0; r < roots_.size(); ++r) {
      for (const std::size_t i : Above(roots_[r].item)) stands_on_[i].push_back(r);
    }
  }

  bool Available(std::size_t i) const {
    return std::all_of(stands_on_[i].begin(), stands_on_[i].end(),
                       [&](std::size_t r) { return roots_[r].placed; });
  }

  // The local heads above a published target among those that are in their place. Empty: none.
  std::vector<std::size_t> TipsAbove(const std::string& target) const {
    std::set<std::size_t> above;
    std::vector<std::size_t> tips;
    for (const std::size_t i : Placed()) {
      const auto follows = [&](const std::string& parent) {
        const auto local = Local(parent);
        return parent == target || (local && above.count(*local) != 0);
      };
      const std::vector<std::string>& parents = At(i).parents;
      if (std::any_of(parents.begin(), parents.end(), follows)) above.insert(i);
    }
    for (const std::size_t i : above) {
      const bool has_child = std::any_of(above.begin(), above.end(), [&](std::size_t child) {
        const std::vector<std::string>& parents = At(child).parents;
        return std::find(parents.begin(), parents.end(), At(i).id) != parents.end();
      });
      if (!has_child) tips.push_back(i);
    }
    return tips;
  }

  // Available migrations, parents before children by the parents that they have now.
  std::vector<std::size_t> Placed() const {
    std::vector<std::size_t> placed;
    std::set<std::size_t> done;
    bool more = true;
    while (more) {
      more = false;
      for (const std::size_t i : order_) {
        if (done.count(i) != 0 || !Available(i)) continue;
        const std::vector<std::string>& parents = At(i).parents;
        const bool ready = std::all_of(parents.begin(), parents.end(), [&](const std::string& id) {
          const auto local = Local(id);
          return !local || done.count(*local) != 0;
        });
        if (!ready) continue;
        done.insert(i);
        placed.push_back(i);
        more = true;
      }
    }
    return placed;
  }

  // Roots that stand where they shall keep their place, unless two of them fork there.
  void MarkStaying() {
    for (Root& root : roots_) root.placed = !root.moves;
    for (Root& root : roots_) {
      if (root.moves || !root.placed || OpensBranch(At(root.item))) continue;
      for (const std::string& target : root.targets) {
        if (At(root.item).parents != root.targets || TipsAbove(target).size() < 2) continue;
        for (Root& other : roots_) {
          const bool same = &other != &root && other.placed && other.targets == root.targets &&
                            At(other.item).parents == other.targets;
          if (same && !OpensBranch(At(other.item))) {
            other.placed = false;
            other.moves = true;
          }
        }
      }
    }
  }

  Status PlaceAll() {
    for (;;) {
      Root* next = nullptr;
      int best = 0;
      for (Root& root : roots_) {
        if (root.placed) continue;
        const int quality = Quality(&root);
        if (next == nullptr || quality > best) {
          next = &root;
          best = quality;
        }
      }
      if (next == nullptr) return {};
      if (best == 0) return Forked(*next);
      At(next->item).parents = NewParents(*next);
      next->placed = true;
    }
  }

  std::vector<std::string> NewParents(const Root& root) const {
    std::vector<std::string> parents;
    for (const std::string& target : root.targets) {
      if (target.empty()) continue;
      const std::vector<std::size_t> tips = TipsAbove(target);
      const std::string& id = tips.empty() ? target : At(tips.front()).id;
      if (std::find(parents.begin(), parents.end(), id) == parents.end()) parents.push_back(id);
    }
    return parents;
  }

  // 0: it cannot be placed now; 1: it can; 2: and what it depends on is beneath it; 3: and others
  // can follow it.
  int Quality(Root* root) {
    const auto one_tip = [&](const std::string& target) { return TipsAbove(target).size() < 2; };
    if (!std::all_of(root->targets.begin(), root->targets.end(), one_tip)) return 0;
    const std::vector<std::string> before = At(root->item).parents;
    At(root->item).parents = NewParents(*root);
    root->placed = true;
    int quality = 1;
    if (DependenciesPlaced()) {
      const bool straight = std::all_of(root->targets.begin(), root->targets.end(), one_tip);
      quality = straight ? 3 : 2;
    }
    root->placed = false;
    At(root->item).parents = before;
    return quality;
  }

  bool DependenciesPlaced() const {
    for (const std::size_t i : order_) {
      if (!Available(i)) continue;
      for (const std::string& id : At(i).depends_on) {
        const auto local = Local(id);
        if (local && !Available(*local)) return false;
      }
    }
    return true;
  }

  Status Forked(const Root& root) const {
    std::vector<std::string> ids;
    for (const std::string& target : root.targets) {
      const std::vector<std::size_t> tips = TipsAbove(target);
      if (tips.size() < 2) continue;
      for (const std::size_t i : tips) ids.push_back(At(i).id);
      break;
    }
    const Migration& m = *At(root.item).original;
    return Fail({ErrorKind::kInvalid, "the migrations that it would follow fork: " + List(ids),
                 "make one head of them first: onehead merge", m.path, m.down_revision.line});
  }

  void MarkMoved() {
    for (const Root& root : roots_) {
      if (At(root.item).parents == At(root.item).original->down_revision.ids) continue;
      if (!root.moves) continue;
      for (const std::size_t i : Above(root.item)) At(i).moved = true;
    }
    for (const auto& [i, parent] : lost_) {
      std::vector<std::string>& parents = At(i).parents;
      parents.erase(std::find(parents.begin(), parents.end(), parent));
      for (const std::size_t above : Above(i)) At(above).moved = true;
    }
  }

  // Rule 4: a parent that is an ancestor of another parent says nothing.
  void DropAncestors() {
    const Graph graph = Graph::Build(Declare(work_, Which::kAll));
    for (const std::size_t i : order_) {
      std::vector<std::string>& parents = At(i).parents;
      if (!At(i).moved || parents.size() < 2) continue;
      std::vector<std::string> kept;
      for (const std::string& parent : parents) {
        std::vector<NodeIndex> others;
        for (const std::string& other : parents) {
          if (other != parent) others.push_back(*graph.IndexOf(other));
        }
        const std::vector<char> beneath = graph.Ancestors(others);
        if (beneath[reparent::At(*graph.IndexOf(parent))] == 0) kept.push_back(parent);
      }
      if (!kept.empty()) parents = std::move(kept);
    }
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Work& work_;
  Targets targets_;
  std::vector<std::vector<std::size_t>> children_;  // local ones, by item
  std::vector<std::size_t> order_;                  // local items, parents first
  std::vector<Root> roots_;                         // in the order in which they are placed
  std::vector<std::vector<std::size_t>> stands_on_;
  std::set<std::pair<std::size_t, std::string>> lost_;  // parents that are gone, of no root
  std::optional<Graph> whole_;
};

}  // namespace

Status PlaceRoots(const ReparentInput& input, const ReparentOptions& options, Work* work) {
  return Placer(input, options, work).Run();
}

}  // namespace onehead::reparent
