// Local merge revisions of which something is joined without them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/reparent_case.h"

namespace onehead {
namespace {

using ::testing::HasSubstr;
using testing::Plan;
using testing::ReparentCase;
using testing::SecondPlan;

struct MergeCase {
  const char* name;
  const char* published;
  const char* local;  // "m~": its functions do nothing
  const char* expected;
  const char* stale = "";
};

const MergeCase kMerges[] = {
    {"TwoOverTheSameHeads", "a; x <- a; y <- a; u <- x, y", "t~ <- x, y; s <- t", "s <- u; t gone"},
    {"TwoOverTheSameHeadsAndMainWentOn", "a; x <- a; y <- a; u <- x, y; v <- u",
     "t~ <- x, y; s <- t; r <- s", "s <- v; t gone"},
    {"WhatDoesSomethingStays", "a; x <- a; y <- a; u <- x, y", "t <- x, y; s <- t", "t <- u"},
    {"MergeOfMainAndMainWentOn", "a; b <- a; c <- b", "x <- a; m~ <- x, b; y <- m",
     "m gone; x <- c; y <- x"},
    {"OfTwoLocalOnes", "a; b <- a", "x <- a; y <- a; m~ <- x, y", "m gone; x <- b; y <- x"},
    {"Needed", "a; b <- a", "x <- a; m~ <- x, b", "-"},
    {"InItsPlaceAndSuperfluous", "a; b <- a", "x <- b; m~ <- x, b; y <- m", "m gone; y <- x"},
    {"InItsPlaceAndReduced", "a; b <- a", "x <- b; m <- x, b", "m <- x"},
    {"ThreeParents", "a; b <- a; c <- a", "x <- a; m~ <- x, b, c, a", "m <- x, b, c"},
    {"TwoLocalOnes", "a; b <- a; c <- a", "m~ <- b, c; n~ <- b, c", "n gone"},
    {"JoinedByHand", "a; b <- a; c <- a; u <- b, c", "t~ <- b, c; s~ <- t, u", "s gone; t gone"},
    {"JoinedByHandTheSecondStays", "a; b <- a; c <- a; u <- b, c", "t~ <- b, c; s <- t, u",
     "s <- u; t gone"},
    {"JoinedByHandTheFirstStays", "a; b <- a; c <- a; u <- b, c", "t <- b, c; s~ <- t, u",
     "s gone; t <- u"},
    {"OneOnAnother", "a; b <- a; c <- b; d <- c", "x <- a; m~ <- x, b; n~ <- m, c; y <- n",
     "m gone; n gone; x <- d; y <- x"},
    {"MainHasTakenTheLocalOne", "a; b <- a; x <- b", "m~ <- x, b; y <- m", "m gone; y <- x"},
    {"LostParent", "a; b <- a", "x <- a; m~ <- x, gone; y <- m", "m gone; x <- b; y <- x", "gone"},
    {"KeptForItsLabel", "a; b <- a", "x <- b; m~ <- x, b = lab", "m <- x"},
    {"KeptForItsDependency", "a; b <- a", "x <- b; m~ <- x, b + a", "m <- x"},
    {"DependedOn", "a; b <- a", "x <- b; m~ <- x, b; y <- m + m", "m gone; y <- x + x"},
    {"NamedByAPublishedOne", "a; b <- a; p <- b + m", "m~ <- a, b; q <- p, m", "!"},
    {"NoMerge", "a; b <- a", "x~ <- a; y <- x", "x <- b"},
    {"NothingPublished", "", "a; b <- a; m~ <- a, b", "-"},
    {"PublishedOnesStay", "a; b <- a; m <- a, b", "x <- m", "-"},
};

class ReparentMerges : public ::testing::TestWithParam<MergeCase> {};

TEST_P(ReparentMerges, AreReducedOrGo) {
  const MergeCase& c = GetParam();
  const ReparentCase input = ReparentCase::Of(c.published, c.local, c.stale);
  if (c.expected[0] == '!') {
    EXPECT_THAT(Plan(input), HasSubstr(c.expected));
    return;
  }
  EXPECT_EQ(Plan(input), c.expected);
  EXPECT_EQ(SecondPlan(input), "-");
}

INSTANTIATE_TEST_SUITE_P(Issue, ReparentMerges, ::testing::ValuesIn(kMerges),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReparentMerge, SaysWhyItGoes) {
  const ReparentCase c = ReparentCase::Of("a; b <- a", "x <- b; m~ <- x, b");
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->changes.size(), 1u);
  EXPECT_TRUE(plan->changes[0].removed);
  EXPECT_EQ(plan->changes[0].why_removed,
            "is a merge revision with nothing left to join but \"x\"");
}

TEST(ReparentMerge, PublishedElsewhereIsNotRemoved) {
  ReparentCase c = ReparentCase::Of("a; b <- a; x <- b", "m~ <- x, b");
  c.input.published_parents["m"] = {"x", "b"};
  EXPECT_THAT(Plan(c), HasSubstr("onehead rebase --new-ids"));
}

TEST(ReparentMerge, NewIdsForWhatStandsOnOtherRevisionsNow) {
  ReparentCase c = ReparentCase::Of("a; x <- a; y <- a; u <- x, y; v <- u", "t~ <- x, y; s <- t");
  c.options.new_id = [] { return std::string("n1"); };
  EXPECT_EQ(Plan(c), "s > n1 <- v @ local/n1.py; t gone");
}

TEST(ReparentMerge, OntoIsObeyed) {
  ReparentCase c =
      ReparentCase::Of("a; b <- a; c <- a; u <- b, c; v <- u", "t <- b, c; s~ <- b, c");
  c.options.onto = "u";
  EXPECT_THAT(Plan(c), HasSubstr("!there would be several heads: v, t"));
  c.options.onto = "v";
  EXPECT_EQ(Plan(c), "s gone; t <- v");
}

}  // namespace
}  // namespace onehead
