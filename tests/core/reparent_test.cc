#include "onehead/core/reparent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/graph_builder.h"
#include "support/reparent_case.h"

namespace onehead {
namespace {

using ::testing::HasSubstr;
using testing::Plan;
using testing::ReparentCase;

TEST(Stays, FirstRuleThatApplies) {
  struct Case {
    RevisionPlaces places;
    MergeOperation operation;
    bool stays;
  };
  using Op = MergeOperation;
  RevisionPlaces both{true, true}, ours{true, false}, theirs{false, true};
  RevisionPlaces published = theirs, upstream = theirs, branch = theirs;
  published.in_published_ref = true;
  upstream.in_upstream = true;
  branch.in_branch_upstream = true;
  const Case cases[] = {
      {both, Op::kReplay, true},       {both, Op::kMergeOfMain, true},
      {ours, Op::kReplay, true},       {theirs, Op::kReplay, false},
      {ours, Op::kMerge, true},        {theirs, Op::kMerge, false},
      {ours, Op::kMergeOfMain, false}, {theirs, Op::kMergeOfMain, true},
      {published, Op::kReplay, true},  {upstream, Op::kMerge, true},
      {branch, Op::kReplay, true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Stays(c.places, c.operation), c.stays) << (&c - cases);
  }
}

struct PlanCase {
  const char* name;
  const char* published;
  const char* local;
  const char* expected;  // of every change: "id <- parents"; "-" nothing; "!text" refused
  const char* dropped = "";
};

// The items of the issue, one by one.
const PlanCase kPlans[] = {
    {"Single", "a; b <- a", "x <- a", "x <- b"},
    {"Nothing", "a; b <- a", "x <- b", "-"},
    {"NoLocal", "a; b <- a; c <- a", "", "-"},
    {"Chain", "a; b <- a", "x <- a; y <- x; z <- y", "x <- b"},
    {"SeveralRoots", "a; b <- a", "x <- a; y <- a", "x <- b; y <- x"},
    {"SeveralChains", "a; b <- a", "x <- a; x2 <- x; y <- a; y2 <- y", "x <- b; y <- x2"},
    {"RootInPlaceFirst", "a; b <- a", "x <- a; y <- b", "x <- y"},
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
    {"SquashMerged", "a; s <- a; t <- s", "y <- x", "y <- t", "x"},
    {"Unreadable", "a; b <- a", "x <- ?", "!cannot be read"},
    {"UnreadablePublished", "a; b <- a; ?q", "x <- a", "!the published head is uncertain"},
    {"UnreadablePublishedNothingToDo", "a; b <- a; ?q", "x <- b", "-"},
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

}  // namespace
}  // namespace onehead
