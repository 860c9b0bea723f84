#include "onehead/git/objects/commit_walk.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace onehead::git {
namespace {

// Commits in memory, numbered from 1.
class MemoryCommits : public ObjectStore {
 public:
  static ContentId Id(int number) {
    ContentId id;
    id.size = 20;
    id.bytes[0] = static_cast<std::uint8_t>(number);
    return id;
  }
  void Add(int number, const std::vector<int>& parents, std::int64_t date) {
    std::string bytes = "tree " + std::string(40, 'a') + "\n";
    for (const int parent : parents) bytes += "parent " + Id(parent).Hex() + "\n";
    bytes += "author A <a@x> 1 +0000\ncommitter C <c@x> " + std::to_string(date) + " +0000\n\nm\n";
    commits_[Id(number)] = bytes;
    parents_[number] = parents;
  }
  Result<ObjectHeader> Header(const ContentId& id) const override {
    const auto found = commits_.find(id);
    if (found == commits_.end()) return Fail(ErrorKind::kNotFound, "missing");
    return ObjectHeader{ObjectType::kCommit, found->second.size()};
  }
  Result<Object> Read(const ContentId& id, std::size_t) const override {
    const auto found = commits_.find(id);
    if (found == commits_.end()) return Fail(ErrorKind::kNotFound, "missing");
    return Object{ObjectType::kCommit, found->second};
  }

  // The naive oracle: everything reachable from a commit, itself included.
  std::set<int> Ancestors(int number) const {
    std::set<int> all;
    std::vector<int> waiting = {number};
    while (!waiting.empty()) {
      const int here = waiting.back();
      waiting.pop_back();
      if (!all.insert(here).second || parents_.count(here) == 0) continue;
      for (const int parent : parents_.at(here)) waiting.push_back(parent);
    }
    return all;
  }
  const std::vector<int>& Parents(int number) const { return parents_.at(number); }

 private:
  std::map<ContentId, std::string> commits_;
  std::map<int, std::vector<int>> parents_;
};

ContentId Id(int number) { return MemoryCommits::Id(number); }
using Ids = std::vector<ContentId>;

enum class Dates { kOrdered, kRandom };

void AddRandomHistory(std::mt19937* random, int count, Dates dates, MemoryCommits* commits) {
  for (int number = 1; number <= count; ++number) {
    std::set<int> parents;
    const unsigned wanted = (*random)() % 4 == 0 ? 2 : (number > 1 && (*random)() % 8 != 0);
    for (unsigned i = 0; i < wanted && number > 1; ++i) {
      parents.insert(1 + static_cast<int>((*random)() % static_cast<unsigned>(number - 1)));
    }
    const int date = dates == Dates::kOrdered ? number : static_cast<int>((*random)() % 50);
    commits->Add(number, {parents.begin(), parents.end()}, date);
  }
}

std::set<int> BestCommon(const MemoryCommits& commits, int a, int b) {
  const std::set<int> of_a = commits.Ancestors(a);
  const std::set<int> of_b = commits.Ancestors(b);
  std::set<int> best;
  for (const int number : of_a) {
    if (of_b.count(number) != 0) best.insert(number);
  }
  const std::set<int> common = best;
  for (const int number : common) {
    for (const int behind : commits.Ancestors(number)) {
      if (behind != number) best.erase(behind);
    }
  }
  return best;
}

std::set<ContentId> Boundary(const MemoryCommits& commits, int tip, const std::vector<int>& refs) {
  std::set<int> reached;
  for (const int ref : refs) reached.merge(commits.Ancestors(ref));
  if (reached.count(tip) != 0) return {Id(tip)};
  std::set<ContentId> boundary;
  for (const int number : commits.Ancestors(tip)) {
    if (reached.count(number) != 0) continue;
    for (const int parent : commits.Parents(number)) {
      if (reached.count(parent) != 0) boundary.insert(Id(parent));
    }
  }
  return boundary;
}

class RandomHistories : public ::testing::TestWithParam<Dates> {};
INSTANTIATE_TEST_SUITE_P(Walk, RandomHistories, ::testing::Values(Dates::kOrdered, Dates::kRandom),
                         [](const auto& test) {
                           return test.param == Dates::kOrdered ? "OrderedDates" : "RandomDates";
                         });

TEST_P(RandomHistories, MergeBaseAndIsAncestorAgreeWithTheOracle) {
  const Deadline never;
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    MemoryCommits commits;
    AddRandomHistory(&random, 14, GetParam(), &commits);
    CommitWalk walk(commits, never);
    for (int a = 10; a <= 14; ++a) {
      for (int b = 1; b <= 14; ++b) {
        const auto base = walk.MergeBase(Id(a), Id(b));
        ASSERT_TRUE(base);
        const std::set<int> best = BestCommon(commits, a, b);
        ASSERT_EQ(base->has_value(), !best.empty()) << seed << ": " << a << " " << b;
        if (*base) {
          EXPECT_EQ(best.count((*base)->bytes[0]), 1u) << seed << ": " << a << " " << b;
        }
        EXPECT_EQ(walk.IsAncestor(Id(b), Id(a)).value(), commits.Ancestors(a).count(b) != 0)
            << seed << ": " << b << " in " << a;
      }
    }
  }
}

TEST_P(RandomHistories, KnownBoundaryAgreesWithTheOracle) {
  const Deadline never;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    MemoryCommits commits;
    AddRandomHistory(&random, 16, GetParam(), &commits);
    CommitWalk walk(commits, never);
    for (int tip = 12; tip <= 16; ++tip) {
      std::vector<int> refs;
      for (unsigned i = random() % 3; i > 0; --i)
        refs.push_back(1 + static_cast<int>(random() % 16));
      Ids known;
      for (const int ref : refs) known.push_back(Id(ref));
      const Result<Ids> found = walk.KnownBoundary(Id(tip), known);
      ASSERT_TRUE(found);
      EXPECT_EQ(std::set<ContentId>(found->begin(), found->end()), Boundary(commits, tip, refs))
          << "seed " << seed << " tip " << tip;
    }
  }
}

// 1 - 2 - 3 - 5 (tip), 2 - 4 (a ref)
class Fork : public MemoryCommits {
 public:
  Fork() {
    Add(1, {}, 1);
    Add(2, {1}, 2);
    Add(3, {2}, 3);
    Add(4, {2}, 4);
    Add(5, {3}, 5);
  }
};

TEST(Walk, BoundaryShapes) {
  const Fork commits;
  const Deadline never;
  CommitWalk walk(commits, never);
  EXPECT_EQ(walk.KnownBoundary(Id(5), {Id(4)}).value(), Ids{Id(2)});
  EXPECT_EQ(walk.KnownBoundary(Id(5), {Id(4), Id(3)}).value(), Ids{Id(3)});
  EXPECT_EQ(walk.KnownBoundary(Id(5), {Id(5)}).value(), Ids{Id(5)});
  EXPECT_EQ(walk.KnownBoundary(Id(2), {Id(4)}).value(), Ids{Id(2)});
  EXPECT_EQ(walk.KnownBoundary(Id(5), {}).value(), Ids{});
}

TEST(Walk, OfSeveralMergeBasesTheYoungestIsTaken) {
  MemoryCommits commits;  // criss-cross: 2 and 3 are both best
  commits.Add(1, {}, 1);
  commits.Add(2, {1}, 20);
  commits.Add(3, {1}, 10);
  commits.Add(4, {2, 3}, 30);
  commits.Add(5, {3, 2}, 40);
  const Deadline never;
  CommitWalk walk(commits, never);
  EXPECT_EQ(walk.MergeBase(Id(4), Id(5)).value(), Id(2));
  EXPECT_EQ(walk.MergeBase(Id(5), Id(4)).value(), Id(2));
}

TEST(Walk, AMissingParentEndsTheHistoryAndAMissingStartIsAnError) {
  MemoryCommits commits;
  commits.Add(2, {1}, 2);
  commits.Add(3, {2}, 3);
  commits.Add(4, {1}, 4);
  const Deadline never;
  CommitWalk walk(commits, never);
  EXPECT_EQ(walk.KnownBoundary(Id(3), {Id(2)}).value(), Ids{Id(2)});
  EXPECT_EQ(walk.IsAncestor(Id(2), Id(3)).value(), true);
  const auto base = walk.MergeBase(Id(9), Id(3));
  ASSERT_FALSE(base);
  EXPECT_EQ(base.error().kind, ErrorKind::kNotFound);
}

TEST(Walk, LongHistoriesNeedNoStack) {
  class Line : public ObjectStore {
   public:
    Result<ObjectHeader> Header(const ContentId&) const override {
      return Fail(ErrorKind::kUsage, "not asked");
    }
    Result<Object> Read(const ContentId& id, std::size_t) const override {
      const int number = id.bytes[0] * 256 + id.bytes[1];
      std::string bytes = "tree " + std::string(40, 'a') + "\n";
      ContentId parent = id;
      parent.bytes[0] = static_cast<std::uint8_t>((number - 1) / 256);
      parent.bytes[1] = static_cast<std::uint8_t>((number - 1) % 256);
      if (number > 0) bytes += "parent " + parent.Hex() + "\n";
      return Object{ObjectType::kCommit,
                    bytes + "committer C <c> " + std::to_string(number) + " +0000\n\n"};
    }
  };
  const Line line;
  ContentId root;
  root.size = 20;
  ContentId tip = root;
  tip.bytes[0] = 0x7F;
  const Deadline never;
  CommitWalk walk(line, never);
  EXPECT_TRUE(walk.IsAncestor(root, tip).value());
  EXPECT_EQ(walk.KnownBoundary(tip, {root}).value(), Ids{root});
}

TEST(Walk, TimeIsUp) {
  const Fork commits;
  Deadline over;
  over.Set(std::chrono::milliseconds(0));
  CommitWalk walk(commits, over);
  const auto base = walk.MergeBase(Id(4), Id(5));
  ASSERT_FALSE(base);
  EXPECT_EQ(base.error().kind, ErrorKind::kTimeout);
  EXPECT_NE(base.error().message.find("onehead.timeout"), std::string::npos);
}

}  // namespace
}  // namespace onehead::git
