// Where the local roots go: each onto the published head above its parent, one after the other.
//
// Insertion in a given order, with a bounded search for another order. A root is a local migration
// with no local parent; what stands on it moves along. Each root has a target for each of its
// parents: the published head that descends from it. In the order of the commits that added them,
// a root is put onto its target or, when other local migrations follow that already, onto the last
// of these. That fails only where local migrations fork, or depend on one that comes later; then
// every order of up to five roots is tried, and after that the root is taken that does the least
// harm, one at a time (what cannot be right then is refused by verify.cc). With n revisions and r
// roots one order costs r * n log n; a branch has one root or two, and 120 orders of more are the
// most that is ever tried. To look for the best order of all would take r! of them, and people
// expect the order in which they wrote their migrations anyway.
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "core/reparent/targets.h"
#include "core/reparent/work.h"

namespace onehead::reparent {
namespace {

// More chains than that are no branch of a person.
constexpr std::size_t kMaxRoots = 64;
// Orders of the roots that are tried before the best of a bad lot is taken: all of five.
constexpr int kMaxOrders = 120;

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

struct Root {
  std::size_t item = 0;
  bool moves = false;
  bool placed = false;
  std::vector<std::string> targets;  // by parent; empty: nothing to stand on (a base)
};

class Placer {
 public:
  Placer(const ReparentInput& input, const ReparentOptions& options, Work* work)
      : input_(input),
        options_(options),
        work_(*work),
        links_(*work),
        targets_(input, options, *work) {}

  Status Run() {
    if (options_.onto && targets_.graph().Find(*options_.onto) == nullptr) {
      std::vector<std::string> heads;
      for (const NodeIndex head : targets_.graph().heads()) {
        heads.push_back(targets_.graph().nodes()[reparent::At(head)].id());
      }
      return Fail(ErrorKind::kNotFound, "there is no published revision \"" + *options_.onto + "\"",
                  heads.empty() ? "nothing is published" : "published heads: " + JoinIds(heads));
    }
    ONEHEAD_TRY(CheckOrder());
    ONEHEAD_TRY(FindRoots());
    SpreadRoots();
    MarkStaying();
    if (roots_.size() > kMaxRoots) {
      return Fail(ErrorKind::kLimit, "there are too many separate chains of local migrations",
                  "join all heads: onehead merge");
    }
    ONEHEAD_TRY(PlaceAll());
    MarkMoved();
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

  Status CheckOrder() const {
    if (links_.order.size() == work_.local.size()) return {};
    std::set<std::size_t> open;
    for (const auto& [id, i] : work_.local) open.insert(i);
    for (const std::size_t i : links_.order) open.erase(i);
    const Migration& m = *At(*open.begin()).original;
    return Fail({ErrorKind::kInvalid, "local migrations form a cycle through down_revision",
                 "set down_revision of one of them by hand", m.path, m.down_revision.line});
  }

  Status FindRoots() {
    for (const std::size_t i : links_.order) {
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
    for (const std::size_t i : links_.Above(root.item)) {
      if (links_.children[i].empty()) heads.push_back(*whole_->IndexOf(At(i).id));
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

  // By item: the roots that it stands on.
  void SpreadRoots() {
    stands_on_.assign(work_.items.size(), {});
    for (std::size_t r = 0; r < roots_.size(); ++r) {
      for (const std::size_t i : links_.Above(roots_[r].item)) stands_on_[i].push_back(r);
    }
  }

  bool Available(std::size_t i) const {
    return std::all_of(stands_on_[i].begin(), stands_on_[i].end(),
                       [&](std::size_t r) { return roots_[r].placed; });
  }

  // The local heads above a published target among those that are in their place. Empty: none.
  std::vector<std::size_t> TipsAbove(const std::string& target) const {
    std::map<std::string_view, std::vector<std::size_t>> followers;
    for (const std::size_t i : links_.order) {
      if (!Available(i)) continue;
      for (const std::string& parent : At(i).parents) followers[parent].push_back(i);
    }
    std::set<std::size_t> above;
    std::vector<std::size_t> tips;
    std::vector<std::string_view> todo = {target};
    while (!todo.empty()) {
      const auto found = followers.find(todo.back());
      todo.pop_back();
      if (found == followers.end()) continue;
      for (const std::size_t i : found->second) {
        if (!above.insert(i).second) continue;
        todo.push_back(At(i).id);
        if (followers.count(At(i).id) == 0) tips.push_back(i);
      }
    }
    return tips;
  }

  bool InPlace(const Root& root) const { return At(root.item).parents == root.targets; }

  // Roots that stand where they shall keep their place, unless several of them fork there.
  void MarkStaying() {
    for (Root& root : roots_) root.placed = !root.moves;
    std::set<std::string> forked;
    for (const Root& root : roots_) {
      if (root.moves || !InPlace(root) || OpensBranch(At(root.item))) continue;
      for (const std::string& target : root.targets) {
        if (TipsAbove(target).size() > 1) forked.insert(target);
      }
    }
    for (Root& root : roots_) {
      if (root.moves || !InPlace(root) || OpensBranch(At(root.item))) continue;
      root.moves = std::any_of(root.targets.begin(), root.targets.end(),
                               [&](const std::string& t) { return forked.count(t) != 0; });
      root.placed = !root.moves;
    }
  }

  // In their order, as far as they can; where that leaves a fork or a circle, in another one.
  Status PlaceAll() {
    std::vector<std::size_t> moving;
    for (std::size_t r = 0; r < roots_.size(); ++r) {
      if (!roots_[r].placed) moving.push_back(r);
    }
    const Items before = work_.items;
    std::vector<std::size_t> order = moving;
    // What stands on the head already is the first above it.
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t r) { return InPlace(roots_[r]); });
    if (PlaceInOrder(order)) return {};
    Reset(before, moving);
    order = moving;
    for (int tries = 0; tries < kMaxOrders; ++tries) {
      if (PlaceInOrder(order)) return {};
      Reset(before, moving);
      if (!std::next_permutation(order.begin(), order.end())) break;
    }
    return PlaceGreedily();
  }

  void Reset(const Items& before, const std::vector<std::size_t>& moving) {
    work_.items = before;
    for (const std::size_t r : moving) roots_[r].placed = false;
  }

  // False: a fork would be left, or something depends on what comes after it.
  bool PlaceInOrder(const std::vector<std::size_t>& order) {
    const auto one_tip = [&](const std::string& target) { return TipsAbove(target).size() < 2; };
    const auto straight = [&](std::size_t r) {
      return std::all_of(roots_[r].targets.begin(), roots_[r].targets.end(), one_tip);
    };
    for (const std::size_t r : order) {
      if (!straight(r)) return false;
      At(roots_[r].item).parents = NewParents(roots_[r]);
      roots_[r].placed = true;
      if (!DependenciesPlaced()) return false;
    }
    return std::all_of(order.begin(), order.end(), straight);
  }

  Status PlaceGreedily() {
    for (;;) {
      Root* next = nullptr;
      int best = -1;
      for (Root& root : roots_) {
        if (root.placed) continue;
        const int quality = Quality(&root);
        if (quality <= best) continue;
        next = &root;
        best = quality;
        if (best == 3) break;
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
    for (const std::size_t i : links_.order) {
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
    return Fail({ErrorKind::kInvalid, "the migrations that it would follow fork: " + JoinIds(ids),
                 "join all heads: onehead merge", m.path, m.down_revision.line});
  }

  void MarkMoved() {
    for (const Root& root : roots_) {
      Item& item = At(root.item);
      item.moved = item.moved || (root.moves && item.parents != item.original->down_revision.ids);
    }
    for (const auto& [i, parent] : lost_) {
      std::vector<std::string>& parents = At(i).parents;
      parents.erase(std::find(parents.begin(), parents.end(), parent));
      At(i).moved = true;
    }
    for (const std::size_t i : links_.order) {
      for (const std::size_t child : links_.children[i]) {
        At(child).moved = At(child).moved || At(i).moved;
      }
    }
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Work& work_;
  const LocalLinks links_;  // as they were: a root has no local parent
  Targets targets_;
  std::vector<Root> roots_;  // in the order in which they are placed
  std::vector<std::vector<std::size_t>> stands_on_;
  std::set<std::pair<std::size_t, std::string>> lost_;  // parents that are gone, of no root
  std::optional<Graph> whole_;
};

}  // namespace

Status PlaceRoots(const ReparentInput& input, const ReparentOptions& options, Work* work) {
  return Placer(input, options, work).Run();
}

}  // namespace onehead::reparent
