#include "onehead/core/reparent/move.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "onehead/core/reparent/database_effect.h"
#include "support/graph_builder.h"

namespace onehead {
namespace {

using testing::Migrations;

std::string Join(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

MoveRequest Request(const std::string& id, const std::string& onto) {
  MoveRequest request;
  request.id = id;
  request.onto = onto;
  return request;
}

// "x <- b; y > y2 <- x" of all changes by path, "-" when nothing changes, "!message | hint".
std::string Move(const char* migrations, const MoveRequest& request) {
  const std::vector<MigrationPtr> all = Migrations(migrations);
  const Result<ReparentPlan> plan = PlanMove(all, request);
  if (!plan) return "!" + plan.error().message + " | " + plan.error().hint;
  std::string text;
  for (const MigrationChange& change : plan->changes) {
    EXPECT_NE(std::find(all.begin(), all.end(), change.migration), all.end());
    text += (text.empty() ? "" : "; ") + change.migration->id();
    if (!change.new_id.empty()) text += " > " + change.new_id;
    text += " <- " + Join(change.parents);
    if (!change.new_path.empty()) text += " @ " + change.new_path;
  }
  // A second run changes nothing.
  MoveRequest again = request;
  for (const MigrationChange& change : plan->changes) {
    if (change.migration->id() == request.id && !change.new_id.empty()) again.id = change.new_id;
  }
  const Result<ReparentPlan> second = PlanMove(MigrationsAfter(all, plan->changes), again);
  EXPECT_TRUE(second) << second.error().message;
  if (second) {
    EXPECT_TRUE(second->changes.empty());
  }
  return text.empty() ? "-" : text;
}

std::string Move(const char* migrations, const char* id, const char* onto) {
  return Move(migrations, Request(id, onto));
}

struct MoveCase {
  const char* name;
  const char* migrations;
  const char* id;
  const char* onto;
  const char* expected;  // a refusal: how it begins
};

const MoveCase kMoves[] = {
    {"Fork", "r; a <- r; b <- r", "b", "a", "b <- a"},
    {"TheOtherWay", "r; a <- r; b <- r", "a", "b", "a <- b"},
    {"Chain", "r; a <- r; a2 <- a; b <- r; b2 <- b", "b", "a2", "b <- a2"},
    {"ForkOfThree", "r; a <- r; b <- r; c <- r", "c", "a", "c <- a"},
    {"BelowTheHead", "r; a <- r; a2 <- a; b <- r", "b", "a", "b <- a"},
    {"Again", "r; a <- r; b <- a", "b", "a", "-"},
    {"FollowsThroughOthers", "r; a <- r; b <- a; c <- b", "c", "a", "-"},
    {"ChainThatForks", "r; a <- r; b <- r; c <- b; d <- b", "b", "a", "b <- a"},
    {"ParentGone", "r; a <- r; b <- gone", "b", "a", "b <- a"},
    {"Base", "r; a <- r; b", "b", "a", "b <- a"},
    {"BaseOntoBase", "r; b", "b", "r", "b <- r"},
    {"MergeRevision", "r; a <- r; a2 <- a; b <- r; m <- a, b", "m", "a2", "m <- a2, b"},
    {"OtherParentsStayWhereTheyAre", "r; a <- r; a2 <- a; b <- r; b2 <- b; m <- a, b", "m", "a2",
     "m <- a2, b"},
    {"MergeAboveTheChain", "r; a <- r; b <- r; m <- b, c; c <- r; d <- c", "b", "a", "b <- a"},
    {"MergeRevisionOfOthers", "r; a <- r; b <- r; c <- r; m <- a, b", "m", "c",
     "!\"m\" stands on \"a\", which \"c\" does not stand on"},
    {"Itself", "r; a <- r; b <- r", "b", "b", "!a migration cannot follow itself"},
    {"Cycle", "r; a <- r; b <- a", "a", "b", "!\"b\" stands on \"a\", so that would be a cycle"},
    {"OnlyAPartOfAChain", "r; a <- r; b <- r; b2 <- b", "b2", "a",
     "!\"b2\" stands on \"b\", which \"a\" does not stand on | move the whole chain: onehead move "
     "b "
     "--onto a"},
    {"NoSuchRevision", "r; a <- r", "b", "a", "!there is no revision \"b\""},
    {"Duplicate", "r; a <- r; b <- r; b <- r", "b", "a",
     "!revision id \"b\" is also declared by versions/b.py"},
    {"Unreadable", "r; a <- r; b <- r; ?q", "b", "a",
     "!cannot be read, so the heads are not certain"},
    {"Labels", "r; a <- r = left; b <- r = right", "b", "a",
     "!\"b\" and \"a\" have other branch labels"},
    {"LabelOfOne", "r; a <- r; b <- r = right", "b", "a", "!\"b\" and \"a\" have other"},
    {"WithinALabel", "r; e <- r = left; c <- r = right; e2 <- e; e3 <- e", "e3", "e2", "e3 <- e2"},
    {"DependsOn", "r; a <- r + b; b <- r", "b", "a", "!it would depend on itself"},
};

TEST(Move, Plans) {
  for (const MoveCase& c : kMoves) {
    const std::string moved = Move(c.migrations, c.id, c.onto);
    const std::string expected = c.expected;
    EXPECT_EQ(expected.front() == '!' ? moved.substr(0, expected.size()) : moved, expected)
        << c.name;
  }
}

TEST(Move, GivesNewIdsToAllThatMoves) {
  int count = 0;
  MoveRequest request = Request("b", "a");
  request.new_id = [&count] { return "n" + std::to_string(++count); };
  EXPECT_EQ(Move("r; a <- r; b <- r; b2 <- b", request),
            "b > n1 <- a @ versions/n1.py; b2 > n2 <- n1 @ versions/n2.py");
}

TEST(Move, CountsHeadsByLabelWhereThatIsAskedFor) {
  MoveRequest request = Request("e3", "e2");
  request.labelled_heads = true;
  EXPECT_EQ(Move("r; e <- r = left; c <- r = right; e2 <- e; e3 <- e", request), "e3 <- e2");
}

TEST(Move, NeverLeavesMoreHeads) {
  // Every revision of some graphs onto every other.
  for (const char* text :
       {"r; a <- r; a2 <- a; b <- r; b2 <- b; m <- a2, b; c <- m; d <- r",
        "r; a <- r; b <- a; c <- b; d <- c; e <- b", "r; s; a <- r, s; b <- r"}) {
    const std::vector<MigrationPtr> all = Migrations(text);
    const Graph before = Graph::Build(all);
    for (const Node& id : before.nodes()) {
      for (const Node& onto : before.nodes()) {
        const Result<ReparentPlan> plan = PlanMove(all, Request(id.id(), onto.id()));
        if (!plan) continue;
        const Graph after = Graph::Build(MigrationsAfter(all, plan->changes));
        EXPECT_LE(after.heads().size(), before.heads().size()) << id.id() << " " << onto.id();
        EXPECT_TRUE(after.cycles().empty());
        EXPECT_TRUE(after.missing_parents().empty());
        if (plan->changes.empty()) continue;
        const std::vector<char> beneath = after.Ancestors({*after.IndexOf(id.id())});
        EXPECT_EQ(beneath[static_cast<std::size_t>(*after.IndexOf(onto.id()))], 1);
      }
    }
  }
}

}  // namespace
}  // namespace onehead
