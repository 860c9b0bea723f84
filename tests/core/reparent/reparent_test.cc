#include "onehead/core/reparent/reparent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/graph_builder.h"
#include "support/reparent_case.h"

namespace onehead {
namespace {

using ::testing::HasSubstr;
using testing::Plan;
using testing::ReparentCase;
using testing::SecondPlan;

struct PlanCase {
  const char* name;
  const char* published;
  const char* local;
  const char* expected;  // of every change: "id <- parents"; "-" nothing; "!text" refused
  const char* stale = "";
};

// The shapes that local history has, one by one.
const PlanCase kPlans[] = {
    {"Single", "a; b <- a", "x <- a", "x <- b"},
    {"Nothing", "a; b <- a", "x <- b", "-"},
    {"NoLocal", "a; b <- a; c <- a", "", "-"},
    {"Chain", "a; b <- a", "x <- a; y <- x; z <- y", "x <- b"},
    {"SeveralRoots", "a; b <- a", "x <- a; y <- a", "x <- b; y <- x"},
    {"SeveralChains", "a; b <- a", "x <- a; x2 <- x; y <- a; y2 <- y", "x <- b; y <- x2"},
    {"RootInPlaceFirst", "a; b <- a", "x <- a; y <- b", "x <- y"},
    {"TwoInPlaceBeforeOlder", "a; b <- a", "w <- a; x <- b; y <- b", "w <- y; y <- x"},
    {"TwoInPlace", "a", "x <- a; y <- a", "y <- x"},
    {"LocalMergeBeforeMainMoved", "a; b <- a", "x <- a; y <- a; m <- x, y",
     "m <- y; x <- b; y <- x"},
    {"LocalMergeOfMain", "a; b <- a", "x <- a; m <- x, b", "-"},
    {"LocalMergeOfOldMain", "a; b <- a; c <- b", "x <- a; m <- x, b", "m <- x; x <- c"},
    {"MergeOverMergeOfOldMain", "a; b <- a; c <- b", "x <- a; m <- x, b; y <- m", "m <- x; x <- c"},
    {"DroppedParent", "a; b <- a", "x <- gone", "x <- b", "gone"},
    {"DroppedInChain", "a; b <- a", "x <- a; y <- gone", "x <- b; y <- x", "gone"},
    {"DroppedOfMerge", "a; b <- a", "x <- a; m <- x, gone", "m <- x; x <- b", "gone"},
    {"SquashedParent", "s; t <- s", "n <- b", "n <- t", "b <- a; a"},
    {"ReplacedParent", "a; x2 <- a; b3 <- x2", "c3 <- b2", "c3 <- b3", "b2 <- a"},
    {"StaleOverLocal", "a; b <- a", "z <- a; x <- a; y <- d", "x <- b; y <- z; z <- x", "d <- z"},
    {"StaleOverStale", "a; b <- a", "x <- g2", "x <- b", "g2 <- g1; g1 <- a"},
    {"StaleMerge", "a; b <- a; c <- b", "x <- a; s <- g", "s <- x; x <- c", "g <- x, b"},
    {"StaleTellsTheHead", "a; b <- a; c <- a; d <- b", "x <- gone", "x <- d", "gone <- b"},
    {"StaleAndTurnedRound", "a; b <- a", "y <- gone; z <- y", "y <- b", "gone <- z"},
    {"StaleInACircle", "a; b <- a", "y <- g1", "y <- b", "g1 <- g2; g2 <- g1"},
    {"StaleStandsOnTheHead", "a; b <- a", "y <- gone", "y <- b", "gone <- b"},
    {"DeclaredIsNotStale", "a; b <- a", "x <- a; y <- x", "x <- b", "a; x"},
    {"MissingParent", "a; b <- a", "x <- gone", "!no file declares its parent \"gone\""},
    {"NewBase", "a; b <- a", "x", "!down_revision is None"},
    {"NewBaseMerged", "a; b <- a", "x; m <- x, b", "-"},
    {"FirstOfAll", "", "x; y <- x", "-"},
    {"DroppedWithNothingPublished", "", "x <- gone; y <- x", "x <- ", "gone"},
    {"TwoHeadsOneDescends", "a; b <- a; c <- a; d <- b", "x <- b", "x <- d"},
    {"TwoHeadsBothDescend", "a; b <- a; c <- a", "x <- a", "!several published heads follow"},
    {"TwoHeadsAndDropped", "a; b <- a; c <- a", "x <- gone", "!several heads: b, c", "gone"},
    {"LocalMergeOfTwoHeads", "a; b <- a; c <- a; d <- b", "m <- b, c", "m <- d, c"},
    {"LocalMergeAlsoMade", "a; b <- a; c <- a; n <- b, c", "m <- b, c", "m <- n"},
    {"LocalFork", "a; b <- a", "x <- a; y <- x; z <- x", "!several heads"},
    {"Labels", "a; e <- a = expand; c <- a = contract; e2 <- e; c2 <- c", "x <- e; y <- c",
     "x <- e2; y <- c2"},
    {"DependsOnUntouched", "a; b <- a", "x <- a; y <- a + x", "x <- b; y <- x"},
    {"DependsOnOrdersRoots", "a; b <- a", "x <- a + y; y <- a", "x <- y; y <- b"},
    {"DependsOnOrdersRootsInPlace", "a", "x <- a + y; y <- a", "x <- y"},
    {"SquashMerged", "a; s <- a; t <- s", "y <- x", "y <- t", "x"},
    {"Unreadable", "a; b <- a", "x <- ?", "!cannot be read"},
    {"UnreadablePublished", "a; b <- a; q <- ?", "x <- a", "!may be \"b\""},
    {"UnreadablePublishedBeneath", "a; q <- ?; b <- q", "x <- q", "x <- b"},
    {"UnknownIdAbove", "a; b <- a; ?q <- b", "x <- a", "!it follows \"b\", and its id"},
    {"UnknownIdAboveInPlace", "a; b <- a; ?q <- b", "x <- b", "!it follows \"b\", and its id"},
    {"UnknownIdElsewhere", "a; b <- a; ?q", "x <- a", "x <- b"},
    {"UnknownIdBeside", "a; b <- a; ?q <- a", "x <- a", "x <- b"},
    {"UnknownFileBeneath", "a; ?q <- ?; b <- f; c <- b", "x <- b", "x <- c"},
    {"UnknownFileThatMayBeOneOfTwo", "a; ?q <- ?; b <- f; c <- b; d <- g", "x <- b",
     "!may be \"c\""},
    {"UnreadablePublishedNothingToDo", "a; b <- a; ?q", "x <- b", "-"},
    {"OrderThatLeavesOneHead", "a; b <- a", "l9 <- a; l8 <- a; l7 <- l9; l6 <- l8; l5 <- l6, l9",
     "l5 <- l6; l8 <- l7; l9 <- b"},
    {"Circle", "a", "x <- y; y <- x", "!local migrations form a cycle"},
};

class PlanReparentTest : public ::testing::TestWithParam<PlanCase> {};

TEST_P(PlanReparentTest, GivesTheParents) {
  const PlanCase& c = GetParam();
  const ReparentCase input = ReparentCase::Of(c.published, c.local, c.stale);
  EXPECT_THAT(Plan(input), c.expected[0] == '!'
                               ? ::testing::AllOf(HasSubstr(c.expected + 1), HasSubstr("!"))
                               : ::testing::Matcher<std::string>(::testing::Eq(c.expected)));
  if (c.expected[0] != '!') {
    EXPECT_EQ(SecondPlan(input), "-");
  }
}

INSTANTIATE_TEST_SUITE_P(Issue, PlanReparentTest, ::testing::ValuesIn(kPlans),
                         [](const auto& test) { return std::string(test.param.name); });

// Fresh ids n1, n2, ...
std::function<std::string()> Fresh() {
  return [n = 0]() mutable { return "n" + std::to_string(++n); };
}

TEST(PlanReparent, NewIdsForAllThatMoves) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a; y <- x + x; z <- b");
  c.options.new_id = Fresh();
  // z stands where it is and keeps its id.
  EXPECT_EQ(Plan(c), "x > n1 <- z @ local/n1.py; y > n2 <- n1 + n1 @ local/n2.py");
  ReparentCase still = ReparentCase::Of("a; b <- a", "x <- b; y <- x");
  still.options.new_id = Fresh();
  EXPECT_EQ(Plan(still), "-");
}

TEST(PlanReparent, NewIdIsNeverOneThatIsThere) {
  ReparentCase c = ReparentCase::Of("a; n1 <- a", "x <- a");
  c.options.new_id = Fresh();
  EXPECT_EQ(Plan(c), "x > n2 <- n1 @ local/n2.py");
  c.options.new_id = [] { return std::string("a"); };
  EXPECT_THAT(Plan(c), HasSubstr("!"));
}

TEST(PlanReparent, PublishedElsewhere) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a");
  c.input.published_parents["x"] = {"a"};
  EXPECT_THAT(Plan(c), HasSubstr("onehead rebase --new-ids"));
  c.options.new_id = Fresh();
  EXPECT_EQ(Plan(c), "x > n1 <- b @ local/n1.py");
  c.options.new_id = {};
  c.input.published_parents["x"] = {"b"};
  EXPECT_EQ(Plan(c), "x <- b");
  // Picked from a branch whose other migrations are not here.
  ReparentCase picked = ReparentCase::Of("a; b <- a", "x <- q");
  picked.input.published_parents["x"] = {"q"};
  EXPECT_THAT(Plan(picked), HasSubstr("onehead rebase --new-ids"));
}

TEST(PlanReparent, Onto) {
  ReparentCase c = ReparentCase::Of("a; b <- a; c <- a", "x <- a; y <- x");
  c.options.onto = "c";
  EXPECT_EQ(Plan(c), "x <- c");
  c.options.onto = "nowhere";
  EXPECT_THAT(Plan(c), HasSubstr("!there is no published revision"));
  ReparentCase older = ReparentCase::Of("a; b <- a; d <- b", "x <- a");
  older.options.onto = "b";
  EXPECT_THAT(Plan(older), HasSubstr("!there would be several heads: d, x"));
  ReparentCase below = ReparentCase::Of("a; b <- a; d <- b", "x <- a");
  below.options.onto = "b";
  EXPECT_THAT(Plan(below), HasSubstr("onehead rebase --onto d"));
  ReparentCase two = ReparentCase::Of("a; b <- a; c <- a", "x <- a");
  EXPECT_THAT(Plan(two), HasSubstr("several published heads follow \"a\": b, c | join all heads: "
                                   "onehead merge; or name the one to follow: onehead rebase "
                                   "--onto b"));
  ReparentCase missing = ReparentCase::Of("a; b <- a", "x <- gone");
  EXPECT_THAT(Plan(missing), HasSubstr("onehead rebase --onto b"));
  missing.options.onto = "b";
  EXPECT_EQ(Plan(missing), "x <- b");
  ReparentCase merge = ReparentCase::Of("a; b <- a", "x <- a; m <- x, gone");
  merge.options.onto = "b";
  EXPECT_THAT(Plan(merge), HasSubstr("take it out of down_revision"));
}

TEST(PlanReparent, LabelledBranchesStayApart) {
  const char* published = "a; e <- a = expand; c <- a = contract; c2 <- c";
  ReparentCase c = ReparentCase::Of(published, "x <- e");
  c.options.onto = "c2";
  EXPECT_THAT(Plan(c), HasSubstr("which has other labels | name a head of its own branch: "
                                 "onehead rebase --onto e"));
  // A branch of its own, where heads are counted by label.
  ReparentCase own = ReparentCase::Of(published, "x <- a = data; y <- c");
  EXPECT_THAT(Plan(own), HasSubstr("several published heads follow \"a\": c2, e | join all heads: "
                                   "onehead merge; or, if labelled branches stay apart: git "
                                   "config onehead.labelledHeads true"));
  own.options.labelled_heads = true;
  EXPECT_EQ(Plan(own), "y <- c2");
  ReparentCase base = ReparentCase::Of("a; b <- a", "x = data");
  EXPECT_THAT(Plan(base), HasSubstr("down_revision is None"));
  base.options.labelled_heads = true;
  EXPECT_EQ(Plan(base), "-");
  // Without a label beside labelled branches: a group of its own.
  ReparentCase plain = ReparentCase::Of(published, "x <- a");
  plain.options.labelled_heads = true;
  EXPECT_EQ(Plan(plain), "-");
}

TEST(PlanReparent, MoreHeadsWhereTheyAreAllowed) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a; y <- x; z <- x");
  c.options.max_heads = 2;
  EXPECT_EQ(Plan(c), "x <- b");
}

TEST(PlanReparent, RootsFollowEachOtherByAge) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a; y <- a");
  c.input.added_at = {{"local/x.py", 2}, {"local/y.py", 1}};
  EXPECT_EQ(Plan(c), "x <- y; y <- b");
}

TEST(PlanReparent, ErrorsNameFileAndLine) {
  const ReparentCase c = ReparentCase::Of("a; b <- a", "x <- ?");
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().path, "local/x.py");
  EXPECT_EQ(plan.error().line, 4);
}

}  // namespace
}  // namespace onehead
