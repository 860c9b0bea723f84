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
  std::string dropped;
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
    if (One(40)) Join("lm", &story_.local);
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

  void Add(const std::string& id, Ids parents, std::string* text) {
    const bool local = id[0] == 'l';
    std::string line = id;
    parents_[id] = parents;
    for (std::size_t i = 0; i < parents.size(); ++i) line += (i == 0 ? " <- " : ", ") + parents[i];
    if (local && One(8)) {
      line = id + " <- gone";
      story_.dropped = "gone";
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

Parents ParentsOf(const ReparentInput& input) {
  Parents parents;
  for (const MigrationPtr& m : input.migrations) parents[m->id()] = m->down_revision.ids;
  return parents;
}

std::set<std::string> HeadsOf(const ReparentInput& input, bool published_only) {
  std::set<std::string> heads, named;
  for (const MigrationPtr& m : input.migrations) {
    if (published_only && input.local_paths.count(m->path) != 0) continue;
    heads.insert(m->id());
    named.insert(m->down_revision.ids.begin(), m->down_revision.ids.end());
  }
  for (const std::string& id : named) heads.erase(id);
  return heads;
}

// What is beneath an id, itself not included unless on a circle.
std::set<std::string> Beneath(const Parents& parents, const std::string& id) {
  std::set<std::string> seen;
  Ids todo = {id};
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

// Parents and dependencies together.
Parents AllEdges(const ReparentInput& input) {
  Parents edges = ParentsOf(input);
  for (const MigrationPtr& m : input.migrations) {
    edges[m->id()].insert(edges[m->id()].end(), m->depends_on.ids.begin(), m->depends_on.ids.end());
  }
  return edges;
}

void ExpectPromises(const ReparentInput& before, const ReparentPlan& plan) {
  const ReparentInput after = Applied(before, plan);
  const Parents old_parents = ParentsOf(before);
  const Parents parents = ParentsOf(after);
  // 1. No more heads than the side that stays.
  const std::set<std::string> heads = HeadsOf(after, false);
  const std::set<std::string> published = HeadsOf(before, true);
  EXPECT_LE(heads.size(), std::max<std::size_t>(1, published.size()));
  // 2. Published migrations stay; nothing is lost; depends_on stays (3).
  ASSERT_EQ(parents.size(), old_parents.size());
  for (const MigrationChange& change : plan.changes) {
    EXPECT_EQ(before.local_paths.count(change.migration->path), 1u) << change.migration->id();
    EXPECT_EQ(change.depends_on, change.migration->depends_on.ids);
    EXPECT_EQ(change.parents_changed, true);
    // 4. No parent is beneath another.
    for (const std::string& a : change.parents) {
      for (const std::string& b : change.parents) {
        EXPECT_EQ(Beneath(parents, b).count(a), 0u) << change.migration->id() << a << b;
      }
    }
  }
  for (const auto& [id, ids] : parents) {
    const std::set<std::string> beneath = Beneath(parents, id);
    // 4. What was beneath a local migration still is; a lost one aside. So also for published ones.
    for (const std::string& old : Beneath(old_parents, id)) {
      if (parents.count(old) != 0) {
        EXPECT_EQ(beneath.count(old), 1u) << id << " " << old;
      }
    }
    EXPECT_EQ(Beneath(AllEdges(after), id).count(id), 0u) << "circle at " << id;
    for (const std::string& parent : ids) EXPECT_EQ(parents.count(parent), 1u) << parent;
  }
  // 6. Every published revision is beneath the one head.
  if (published.size() == 1) {
    ASSERT_EQ(heads.size(), 1u);
    EXPECT_EQ(Beneath(parents, *heads.begin()).size() + 1, parents.size());
  }
}

TEST(PlanReparentRandom, KeepsItsPromises) {
  int changed = 0, refused = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const Story story = Teller(seed).Tell();
    SCOPED_TRACE("published: " + story.published + " | local: " + story.local + " | " +
                 std::to_string(seed));
    const ReparentCase c = ReparentCase::Of(story.published, story.local, story.dropped);
    const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
    if (!plan) {
      ++refused;
      EXPECT_FALSE(plan.error().message.empty());
      EXPECT_FALSE(plan.error().path.empty());
      EXPECT_FALSE(plan.error().hint.empty()) << plan.error().message;
      // The case that must always work: one head on both sides.
      EXPECT_FALSE(story.plain && story.main_has_one_head && story.branch_had_one_head)
          << plan.error().message;
    } else {
      changed += plan->changes.empty() ? 0 : 1;
      ExpectPromises(c.input, *plan);
      // 5. Running it again changes nothing.
      const Result<ReparentPlan> again = PlanReparent(Applied(c.input, *plan), c.options);
      ASSERT_TRUE(again) << again.error().message;
      EXPECT_TRUE(again->changes.empty());
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(changed, 500);
  EXPECT_GT(refused, 50);
  EXPECT_LT(refused, 500);
}

}  // namespace
}  // namespace onehead
