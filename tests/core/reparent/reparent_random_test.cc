// The promises of re-parenting on random histories, checked without the code that plans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "support/reparent_case.h"

namespace onehead {
namespace {

using testing::Applied;
using testing::ReparentCase;
using Ids = std::vector<std::string>;
using Parents = std::map<std::string, Ids>;

// A history: a common part, what main added to it, what the branch added.
struct Story {
  std::string published;
  std::string local;
  std::string stale;
  bool main_has_one_head = false;
  bool branch_had_one_head = false;
  bool plain = true;  // no depends_on, labels or lost parents: it cannot be refused
};

class Teller {
 public:
  explicit Teller(unsigned seed) : random_(seed) {}

  Story Tell() {
    const int common = Pick(1, 4);
    for (int i = 0; i < common; ++i) Add("c" + std::to_string(i), Below(ids_), &story_.published);
    if (One(70)) Join("cm", &story_.published);
    const Ids base = ids_;
    const bool base_has_one_head = Heads().size() == 1;
    const int local = Pick(0, 5);
    for (int i = 0; i < local; ++i) {
      Add("l" + std::to_string(9 - i), Below(ids_), &story_.local);
    }
    if (One(40)) Join(One(70) ? "lm~" : "lm", &story_.local);
    if (One(20) && story_.local.find("lm") != std::string::npos) Add("l1", {"lm"}, &story_.local);
    story_.branch_had_one_head = base_has_one_head && Heads().size() == 1;
    const std::map<std::string, Ids> branch = parents_;
    for (auto it = parents_.begin(); it != parents_.end();) {
      it = it->first[0] == 'l' ? parents_.erase(it) : std::next(it);
    }
    ids_ = base;
    const int moved = Pick(0, 3);
    for (int i = 0; i < moved; ++i) Add("p" + std::to_string(i), Below(ids_), &story_.published);
    if (One(80)) Join("pm", &story_.published);
    story_.main_has_one_head = Heads().size() == 1;
    return story_;
  }

 private:
  int Pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool One(int percent) { return Pick(1, 100) <= percent; }

  Ids Heads() const {
    std::set<std::string> named;
    for (const auto& [id, parents] : parents_) named.insert(parents.begin(), parents.end());
    Ids heads;
    for (const auto& [id, parents] : parents_) {
      if (named.count(id) == 0) heads.push_back(id);
    }
    return heads;
  }

  Ids Below(const Ids& ids) {
    if (ids.empty()) return {};
    Ids parents = {One(60) ? ids.back() : ids[static_cast<std::size_t>(Pick(0, Last(ids)))]};
    const std::string& other = ids[static_cast<std::size_t>(Pick(0, Last(ids)))];
    if (One(20) && other != parents[0]) parents.push_back(other);
    return parents;
  }

  static int Last(const Ids& ids) { return static_cast<int>(ids.size()) - 1; }

  void Join(const std::string& id, std::string* text) {
    const Ids heads = Heads();
    if (heads.size() > 1) Add(id, heads, text);
  }

  void Add(std::string id, Ids parents, std::string* text) {
    const bool local = id[0] == 'l';
    std::string line = id;
    if (id == "lm~") id = "lm";
    parents_[id] = parents;
    for (std::size_t i = 0; i < parents.size(); ++i) line += (i == 0 ? " <- " : ", ") + parents[i];
    if (local && One(8)) {
      line = line.substr(0, line.find(' ')) + " <- gone";
      story_.stale = One(50) || ids_.empty() ? "gone" : "gone <- " + Below(ids_).front();
      story_.plain = false;
    }
    if (local && One(10)) {
      line += " + " + ids_[static_cast<std::size_t>(Pick(0, Last(ids_)))];
      story_.plain = false;
    }
    if (One(3)) {
      line += " = label_" + id;
      story_.plain = false;
    }
    ids_.push_back(id);
    *text += (text->empty() ? "" : "; ") + line;
  }

  std::mt19937 random_;
  Story story_;
  Ids ids_;
  Parents parents_;
};

// A history as edges between files, by the paths before the plan.
struct Shape {
  Parents parents;
  Parents edges;  // parents and dependencies
};

// Of an id that two files declare, a local file means the local one.
class ShapeReader {
 public:
  ShapeReader(const ReparentInput& input, const ReparentPlan& plan) : input_(input) {
    for (const MigrationChange& change : plan.changes) changes_[change.migration] = &change;
    for (const MigrationPtr& m : input.migrations) {
      if (!IsRemoved(m)) (IsLocal(m) ? local_ : published_)[IdOf(m)] = m->path;
    }
  }

  Shape Read() const {
    Shape shape;
    for (const MigrationPtr& m : input_.migrations) {
      if (IsRemoved(m)) continue;
      const MigrationChange* change = ChangeOf(m);
      const bool local = IsLocal(m);
      for (const std::string& id : change == nullptr ? m->down_revision.ids : change->parents) {
        shape.parents[m->path].push_back(PathOf(id, local));
      }
      shape.edges[m->path] = shape.parents[m->path];
      for (const std::string& id : change == nullptr ? m->depends_on.ids : change->depends_on) {
        shape.edges[m->path].push_back(PathOf(id, local));
      }
    }
    return shape;
  }

 private:
  const MigrationChange* ChangeOf(const MigrationPtr& m) const {
    const auto found = changes_.find(m);
    return found == changes_.end() ? nullptr : found->second;
  }
  bool IsRemoved(const MigrationPtr& m) const {
    return ChangeOf(m) != nullptr && ChangeOf(m)->removed;
  }
  bool IsLocal(const MigrationPtr& m) const { return input_.local_paths.count(m->path) != 0; }
  std::string IdOf(const MigrationPtr& m) const {
    const MigrationChange* change = ChangeOf(m);
    return change == nullptr || change->new_id.empty() ? m->id() : change->new_id;
  }
  std::string PathOf(const std::string& id, bool local) const {
    for (const auto* names : {local ? &local_ : &published_, &published_}) {
      if (const auto found = names->find(id); found != names->end()) return found->second;
    }
    return "no " + id;
  }

  const ReparentInput& input_;
  std::map<MigrationPtr, const MigrationChange*> changes_;
  std::map<std::string, std::string> local_, published_;
};

std::set<std::string> HeadsOf(const Parents& parents) {
  std::set<std::string> heads, named;
  for (const auto& [path, beneath] : parents) {
    heads.insert(path);
    named.insert(beneath.begin(), beneath.end());
  }
  for (const std::string& path : named) heads.erase(path);
  return heads;
}

Parents Published(const ReparentInput& input, Parents parents) {
  for (const std::string& path : input.local_paths) parents.erase(path);
  return parents;
}

// What is beneath a file, itself not included unless on a circle.
std::set<std::string> Beneath(const Parents& parents, const std::string& path) {
  std::set<std::string> seen;
  Ids todo = {path};
  while (!todo.empty()) {
    const auto found = parents.find(todo.back());
    todo.pop_back();
    if (found == parents.end()) continue;
    for (const std::string& parent : found->second) {
      if (seen.insert(parent).second) todo.push_back(parent);
    }
  }
  return seen;
}

// 2, 3: only local files change, and each change says something.
void ExpectSmallChanges(const ReparentInput& before, const ReparentPlan& plan) {
  for (const MigrationChange& change : plan.changes) {
    const Migration& m = *change.migration;
    EXPECT_EQ(before.local_paths.count(m.path), 1u) << m.id();
    EXPECT_EQ(change.parents_changed, !change.removed && change.parents != m.down_revision.ids);
    EXPECT_TRUE(change.removed || change.parents_changed || !change.new_id.empty() ||
                !change.new_path.empty() || change.depends_on != m.depends_on.ids)
        << m.id();
    if (change.removed) {
      EXPECT_EQ(before.empty_merges.count(m.path), 1u) << m.id();
      EXPECT_FALSE(change.why_removed.empty());
    }
  }
}

// 4: nothing is above what it was beneath, and no parent is beneath another.
void ExpectOrder(const ReparentInput& before, const Shape& was, const Shape& is) {
  for (const auto& [path, parents] : is.parents) {
    const std::set<std::string> beneath = Beneath(is.parents, path);
    for (const std::string& old : Beneath(was.parents, path)) {
      if (is.parents.count(old) != 0) {
        EXPECT_EQ(beneath.count(old), 1u) << path << " " << old;
      }
    }
    EXPECT_EQ(Beneath(is.edges, path).count(path), 0u) << "circle at " << path;
    for (const std::string& parent : parents) {
      EXPECT_EQ(is.parents.count(parent), 1u) << parent;
      if (before.local_paths.count(path) == 0) continue;
      for (const std::string& other : parents) {
        EXPECT_EQ(Beneath(is.parents, other).count(parent), 0u) << path << parent << other;
      }
    }
  }
}

// No local merge revision that does nothing is left without need.
void ExpectMergesNeeded(const ReparentInput& before, const ReparentPlan& plan) {
  for (const MigrationPtr& m : before.migrations) {
    const bool empty = before.empty_merges.count(m->path) != 0 && m->down_revision.ids.size() > 1 &&
                       m->branch_labels.ids.empty() && m->depends_on.ids.empty();
    for (const MigrationChange& change : plan.changes) {
      if (!empty || change.migration != m || change.removed) continue;
      EXPECT_GT(change.parents.size(), 1u) << m->id();
    }
  }
}

void ExpectPromises(const ReparentInput& before, const ReparentPlan& plan) {
  const Shape was = ShapeReader(before, {}).Read();
  const Shape is = ShapeReader(before, plan).Read();
  ExpectSmallChanges(before, plan);
  ExpectOrder(before, was, is);
  ExpectMergesNeeded(before, plan);
  // 2. Published migrations stay; nothing but what is said to go is lost.
  const auto gone = std::count_if(plan.changes.begin(), plan.changes.end(),
                                  [](const MigrationChange& change) { return change.removed; });
  EXPECT_EQ(is.parents.size() + static_cast<std::size_t>(gone), before.migrations.size());
  // 1. No more heads than the side that stays.
  const std::set<std::string> heads = HeadsOf(is.parents);
  const std::set<std::string> published = HeadsOf(Published(before, was.parents));
  EXPECT_LE(heads.size(), std::max<std::size_t>(1, published.size()));
  // 6. Every published revision is beneath the one head.
  if (published.size() == 1) {
    ASSERT_EQ(heads.size(), 1u);
    EXPECT_EQ(Beneath(is.parents, *heads.begin()).size() + 1, is.parents.size());
  }
  // No id and no path twice.
  std::set<std::string> ids, paths;
  for (const MigrationPtr& m : Applied(before, plan).migrations) {
    EXPECT_TRUE(ids.insert(m->id()).second) << m->id();
    EXPECT_TRUE(paths.insert(m->path).second) << m->path;
  }
}

unsigned long NumberIn(const std::string& text) { return std::stoul("0" + text); }

// Numbers rise from each local migration to the next.
void ExpectNumbers(const ReparentInput& before, const ReparentPlan& plan) {
  const ReparentInput after = Applied(before, plan);
  std::map<std::string, MigrationPtr> by_id;
  for (const MigrationPtr& m : after.migrations) by_id[m->id()] = m;
  for (const MigrationPtr& m : after.migrations) {
    if (after.local_paths.count(m->path) == 0) continue;
    for (const std::string& parent : m->down_revision.ids) {
      EXPECT_LT(NumberIn(parent), NumberIn(m->id())) << parent << " " << m->id();
      EXPECT_EQ(m->path, "local/" + m->id() + ".py");
    }
  }
}

void ExpectIdempotent(const ReparentCase& c, const ReparentPlan& plan) {
  const Result<ReparentPlan> again = PlanReparent(Applied(c.input, plan), c.options);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->changes.empty());
}

void ExpectGoodRefusal(const Error& error) {
  EXPECT_FALSE(error.message.empty());
  EXPECT_FALSE(error.path.empty());
  EXPECT_FALSE(error.hint.empty()) << error.message;
}

TEST(PlanReparentRandom, KeepsItsPromises) {
  int changed = 0, refused = 0, removed = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const Story story = Teller(seed).Tell();
    SCOPED_TRACE("published: " + story.published + " | local: " + story.local + " | " +
                 std::to_string(seed));
    const ReparentCase c = ReparentCase::Of(story.published, story.local, story.stale);
    const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
    if (!plan) {
      ++refused;
      ExpectGoodRefusal(plan.error());
      // The case that must always work: one head on both sides.
      EXPECT_FALSE(story.plain && story.main_has_one_head && story.branch_had_one_head)
          << plan.error().message;
    } else {
      changed += plan->changes.empty() ? 0 : 1;
      for (const MigrationChange& change : plan->changes) removed += change.removed ? 1 : 0;
      ExpectPromises(c.input, *plan);
      ExpectIdempotent(c, *plan);
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(changed, 500);
  EXPECT_GT(removed, 50);
  EXPECT_GT(refused, 50);
  EXPECT_LT(refused, 500);
}

// A branch and a main that both go on counting, with slugs or with the same ids.
class Counter {
 public:
  explicit Counter(unsigned seed) : random_(seed), slugs_(One(50)), common_(Pick(2, 9)) {}

  bool One(int percent) { return Pick(1, 100) <= percent; }

  std::string Published() {
    return Count("_c", 0, common_, 0) + "; " + Count("_p", common_, common_ + Pick(1, 4), 0);
  }
  // Now and then one more that stands on the common part.
  std::string Local() { return Count("_l", common_, common_ + Pick(1, 5), 20); }

 private:
  int Pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  std::string Id(int number, const std::string& slug) const {
    const std::string text = std::to_string(number);
    return std::string(4 - text.size(), '0') + text + (slugs_ ? slug : "");
  }

  std::string Count(const std::string& slug, int below, int last, int percent_roots) {
    std::string text;
    for (int n = below + 1; n <= last; ++n) {
      const bool root = n == below + 1 || One(percent_roots);
      text += (text.empty() ? "" : "; ") + Id(n, slug);
      if (n > 1) text += " <- " + (root ? Id(below, "_c") : Id(n - 1, slug));
    }
    return text;
  }

  std::mt19937 random_;
  bool slugs_;
  int common_;
};

TEST(PlanReparentRandom, NumbersGoOn) {
  int renumbered = 0;
  for (unsigned seed = 0; seed < 500; ++seed) {
    Counter counter(seed);
    const std::string published = counter.Published();
    const std::string local = counter.Local();
    SCOPED_TRACE("published: " + published + " | local: " + local);
    ReparentCase c = ReparentCase::Of(published, local);
    c.options.renumber = true;
    if (counter.One(50)) {
      c.options.new_id = [n = 90000]() mutable { return std::to_string(++n); };
    }
    const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
    ASSERT_TRUE(plan) << plan.error().message;
    for (const MigrationChange& change : plan->changes) renumbered += change.new_id.empty() ? 0 : 1;
    ExpectPromises(c.input, *plan);
    ExpectNumbers(c.input, *plan);
    ExpectIdempotent(c, *plan);
    if (HasFailure()) return;
  }
  EXPECT_GT(renumbered, 300);
}

}  // namespace
}  // namespace onehead
