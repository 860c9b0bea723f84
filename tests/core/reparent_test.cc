#include "onehead/core/reparent.h"

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

struct PlanCase {
  const char* name;
  const char* published;
  const char* local;
  const char* expected;  // of every change: "id <- parents"; "-" nothing; "!text" refused
  const char* dropped = "";
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
    {"UnreadablePublished", "a; b <- a; ?q", "x <- a", "!the published head is uncertain"},
    {"UnreadablePublishedNothingToDo", "a; b <- a; ?q", "x <- b", "-"},
    {"OrderThatLeavesOneHead", "a; b <- a", "l9 <- a; l8 <- a; l7 <- l9; l6 <- l8; l5 <- l6, l9",
     "l5 <- l6; l8 <- l7; l9 <- b"},
    {"Circle", "a", "x <- y; y <- x", "!in a circle"},
};

class PlanReparentTest : public ::testing::TestWithParam<PlanCase> {};

TEST_P(PlanReparentTest, GivesTheParents) {
  const PlanCase& c = GetParam();
  EXPECT_THAT(Plan(ReparentCase::Of(c.published, c.local, c.dropped)),
              c.expected[0] == '!' ? ::testing::AllOf(HasSubstr(c.expected + 1), HasSubstr("!"))
                                   : ::testing::Matcher<std::string>(::testing::Eq(c.expected)));
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

TEST(PlanReparent, Renumber) {
  ReparentCase c = ReparentCase::Of("0001; 0002 <- 0001; 0003 <- 0002",
                                    "0002 <- 0001; 0003 <- 0002; 0004 <- 0003 + 0002");
  EXPECT_THAT(Plan(c), HasSubstr("onehead rebase --renumber"));
  c.options.renumber = true;
  EXPECT_EQ(Plan(c),
            "0002 > 0005 <- 0003 @ local/0005.py; 0003 > 0006 <- 0005 @ local/0006.py; "
            "0004 <- 0006 + 0005");
}

TEST(PlanReparent, RenumberKeepsWidthAndSuffix) {
  ReparentCase c =
      ReparentCase::Of("0099; 0100_b <- 0099; 123456789012 <- 0100_b", "0100_b <- 0099");
  c.options.renumber = true;
  EXPECT_EQ(Plan(c), "0100_b > 0101_b <- 123456789012 @ local/0101_b.py");
  ReparentCase random = ReparentCase::Of("a; beef <- a", "beef <- a");
  random.options.renumber = true;
  EXPECT_THAT(Plan(random), HasSubstr("is not a number"));
}

TEST(PlanReparent, TwoLocalFilesWithOneId) {
  ReparentCase c = ReparentCase::Of("a", "x <- a; x <- a");
  c.options.renumber = true;
  EXPECT_THAT(Plan(c), HasSubstr("!revision id \"x\" is also declared by"));
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
}

TEST(PlanReparent, LabelledBranchesStayApart) {
  const char* published = "a; e <- a = expand; c <- a = contract; c2 <- c";
  ReparentCase c = ReparentCase::Of(published, "x <- e");
  c.options.onto = "c2";
  EXPECT_THAT(Plan(c), HasSubstr("which has other labels"));
  // A branch of its own, where heads are counted by label.
  ReparentCase own = ReparentCase::Of(published, "x <- a = data; y <- c");
  EXPECT_THAT(Plan(own), HasSubstr("several published heads"));
  own.options.labelled_heads = true;
  EXPECT_EQ(Plan(own), "y <- c2");
  ReparentCase base = ReparentCase::Of("a; b <- a", "x = data");
  EXPECT_THAT(Plan(base), HasSubstr("down_revision is None"));
  base.options.labelled_heads = true;
  EXPECT_EQ(Plan(base), "-");
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
