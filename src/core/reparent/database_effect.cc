#include "onehead/core/reparent/database_effect.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "onehead/core/history/graph.h"

namespace onehead {
namespace {

using Ids = std::vector<std::string>;

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

class EffectFinder {
 public:
  EffectFinder(const std::vector<MigrationPtr>& migrations,
               const std::vector<MigrationChange>& changes)
      : after_(Graph::Build(MigrationsAfter(migrations, changes))) {
    for (const MigrationChange& change : changes) {
      if (!change.migration->has_id()) continue;
      const std::string& old_id = change.migration->id();
      if (change.removed) {
        if (after_.Find(old_id) == nullptr) removed_.push_back(old_id);
        continue;
      }
      by_new_id_[change.new_id.empty() ? old_id : change.new_id] = &change;
      if (!change.new_id.empty()) new_ids_.emplace(old_id, change.new_id);
    }
  }

  DatabaseEffect Run() {
    FindMoved();
    FindSkipped();
    for (const NodeIndex i : order_) {
      if (moved_[At(i)] != 0) effect_.ran.push_back(OldId(after_.nodes()[At(i)]));
      if (skipped_[At(i)] != 0) effect_.skipped.push_back(after_.nodes()[At(i)].id());
    }
    const bool skips = !effect_.skipped.empty() || !effect_.is_certain;
    if (!skips && new_ids_.empty() && removed_.empty()) return {};
    if (removed_.empty()) effect_.chain = FindChain();
    effect_.ran.insert(effect_.ran.end(), removed_.begin(), removed_.end());
    FindIds();
    return std::move(effect_);
  }

 private:
  const MigrationChange* ChangeOf(const Node& node) const {
    const auto found = by_new_id_.find(node.id());
    return found == by_new_id_.end() ? nullptr : found->second;
  }
  std::string OldId(const Node& node) const {
    const MigrationChange* change = ChangeOf(node);
    return change == nullptr ? node.id() : change->migration->id();
  }
  // What a migration that moved has called a parent, as that is called now.
  std::string NewId(const std::string& old_id) const {
    const auto found = new_ids_.find(old_id);
    return found == new_ids_.end() ? old_id : found->second;
  }

  // What has other parents or another id, and all above it.
  void FindMoved() {
    order_ = after_.HistoryOrder();
    std::reverse(order_.begin(), order_.end());
    moved_.assign(after_.nodes().size(), 0);
    for (const NodeIndex i : order_) {
      const Node& node = after_.nodes()[At(i)];
      const MigrationChange* change = ChangeOf(node);
      const bool is_changed =
          change != nullptr && (change->parents_changed || !change->new_id.empty());
      const bool is_above = std::any_of(node.parents.begin(), node.parents.end(),
                                        [&](NodeIndex parent) { return moved_[At(parent)] != 0; });
      moved_[At(i)] = is_changed || is_above ? 1 : 0;
    }
  }

  // What is beneath those that moved now, without what was beneath each of their roots.
  void FindSkipped() {
    std::vector<NodeIndex> now;
    for (const NodeIndex i : order_) {
      if (moved_[At(i)] == 0) continue;
      for (const NodeIndex parent : after_.nodes()[At(i)].parents) {
        if (moved_[At(parent)] == 0) now.push_back(parent);
      }
    }
    const std::vector<char> beneath = after_.Ancestors(now);
    skipped_.assign(after_.nodes().size(), 0);
    for (const NodeIndex i : order_) {
      const MigrationChange* change = ChangeOf(after_.nodes()[At(i)]);
      if (change == nullptr || !change->parents_changed) continue;
      const Ids& parents = change->migration->down_revision.ids;
      std::vector<NodeIndex> before;
      for (const std::string& parent : parents) {
        const std::optional<NodeIndex> there = after_.IndexOf(NewId(parent));
        if (!there) effect_.is_certain = false;
        if (there && moved_[At(*there)] == 0) before.push_back(*there);
      }
      if (!parents.empty() && before.empty()) continue;  // its parents tell
      const std::vector<char> known = after_.Ancestors(before);
      for (std::size_t k = 0; k < known.size(); ++k) {
        if (beneath[k] != 0 && known[k] == 0) skipped_[k] = 1;
      }
    }
    if (!effect_.is_certain) std::fill(skipped_.begin(), skipped_.end(), 0);
  }

  void FindIds() {
    bool all_gone = true;
    for (const std::string& id : effect_.ran) {
      if (after_.Find(id) == nullptr) continue;
      all_gone = false;
      if (new_ids_.count(id) != 0) effect_.ids = DatabaseEffect::Ids::kReused;
    }
    if (all_gone) effect_.ids = DatabaseEffect::Ids::kGone;
  }

  std::optional<DatabaseEffect::Chain> FindChain() const {
    if (after_.heads().size() != 1 || effect_.ran.empty() || !effect_.is_certain) return {};
    const Node* below = nullptr;
    DatabaseEffect::Chain chain;
    for (const NodeIndex i : order_) {
      if (moved_[At(i)] == 0) continue;
      const Node& node = after_.nodes()[At(i)];
      if (node.parents.size() != 1) return {};
      const Node& parent = after_.nodes()[At(node.parents.front())];
      if (below == nullptr) {
        const MigrationChange* root = ChangeOf(node);
        if (root == nullptr || root->migration->down_revision.ids.size() > 1) return {};
        const Ids& old = root->migration->down_revision.ids;
        if (old.empty() && after_.bases().size() != 1) return {};
        chain.old_parent = old.empty() ? "base" : old.front();
        chain.parent = parent.id();
      } else if (&parent != below || SaysOtherwise(node)) {
        return {};
      }
      below = &node;
    }
    chain.last = below->id();
    return chain;
  }

  // True if another one was beneath it before.
  bool SaysOtherwise(const Node& node) const {
    const MigrationChange* change = ChangeOf(node);
    if (change == nullptr) return false;
    const Ids& old = change->migration->down_revision.ids;
    return old.size() != 1 || NewId(old.front()) != change->parents.front();
  }

  Graph after_;
  std::map<std::string, const MigrationChange*> by_new_id_;
  std::map<std::string, std::string> new_ids_;  // old -> new
  Ids removed_;
  std::vector<NodeIndex> order_;  // parents first
  std::vector<char> moved_;
  std::vector<char> skipped_;
  DatabaseEffect effect_;
};

}  // namespace

std::vector<MigrationPtr> MigrationsAfter(const std::vector<MigrationPtr>& migrations,
                                          const std::vector<MigrationChange>& changes) {
  std::map<std::string_view, const MigrationChange*> by_path;
  for (const MigrationChange& change : changes) by_path.emplace(change.migration->path, &change);
  std::vector<MigrationPtr> after;
  for (const MigrationPtr& migration : migrations) {
    const auto found = by_path.find(migration->path);
    if (found == by_path.end()) {
      after.push_back(migration);
      continue;
    }
    const MigrationChange& change = *found->second;
    if (change.removed) continue;
    auto copy = std::make_shared<Migration>(*migration);
    copy->down_revision.ids = change.parents;
    if (copy->depends_on.known()) copy->depends_on.ids = change.depends_on;
    if (!change.new_id.empty()) copy->revision.ids = {change.new_id};
    if (!change.new_path.empty()) copy->path = change.new_path;
    after.push_back(std::move(copy));
  }
  return after;
}

DatabaseEffect EffectOnDatabases(const std::vector<MigrationPtr>& migrations,
                                 const std::vector<MigrationChange>& changes) {
  return EffectFinder(migrations, changes).Run();
}

}  // namespace onehead
