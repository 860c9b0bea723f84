// Ids that two files declare, and ids that are known from another commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "support/reparent_case.h"

namespace onehead {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Plan;
using testing::ReparentCase;
using testing::SecondPlan;

// Fresh ids n1, n2, ...
std::function<std::string()> Fresh() {
  return [n = 0]() mutable { return "n" + std::to_string(++n); };
}

ReparentCase WithNewIds(const char* published, const char* local, const char* stale = "") {
  ReparentCase c = ReparentCase::Of(published, local, stale);
  c.options.new_id = Fresh();
  return c;
}

TEST(ReparentIds, OneIdInTwoFiles) {
  ReparentCase c = ReparentCase::Of("a; beef <- a", "beef <- a; y <- beef");
  EXPECT_THAT(Plan(c), AllOf(HasSubstr("!revision id \"beef\" is also declared by "
                                       "versions/beef.py, which is published"),
                             HasSubstr("onehead rebase --new-ids"), Not(HasSubstr("--renumber"))));
  c.options.renumber = true;  // it is no number
  EXPECT_THAT(Plan(c), AllOf(HasSubstr("onehead rebase --new-ids"), Not(HasSubstr("--renumber"))));
  c.options.new_id = Fresh();
  // y meant the local one.
  EXPECT_EQ(Plan(c), "beef > n1 <- beef @ local/n1.py; y > n2 <- n1 @ local/n2.py");
  EXPECT_EQ(SecondPlan(c), "-");
}

TEST(ReparentIds, OneIdInTwoFilesThoughNothingMoves) {
  const ReparentCase c = WithNewIds("a; b <- a; c <- b", "b <- c; y <- b");
  EXPECT_EQ(Plan(c), "b > n1 <- c @ local/n1.py; y <- n1");
  EXPECT_EQ(SecondPlan(c), "-");
}

TEST(ReparentIds, NumbersAreNamedWhereTheyHelp) {
  const ReparentCase c = ReparentCase::Of("0001; 0002 <- 0001", "0002 <- 0001");
  EXPECT_THAT(Plan(c), AllOf(HasSubstr("onehead rebase --renumber"), Not(HasSubstr("--new-ids"))));
}

TEST(ReparentIds, WhatLooksAlikeIsSaid) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "b <- a");
  EXPECT_THAT(Plan(c), HasSubstr("if both are the same migration, remove this one: git rm "
                                 "local/b.py; if not: onehead rebase --new-ids"));
  auto other = std::make_shared<Migration>(*c.input.migrations.back());
  other->title = "something else";
  c.input.migrations.back() = other;
  EXPECT_THAT(Plan(c), Not(HasSubstr("git rm")));
}

TEST(ReparentIds, ACopyOfAPublishedFileGoes) {
  ReparentCase c = ReparentCase::Of("a; b <- a; c <- b", "b% <- a; y <- b");
  EXPECT_EQ(Plan(c), "b gone; y <- c");
  EXPECT_EQ(SecondPlan(c), "-");
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->changes[0].why_removed, "is the same migration as versions/b.py");
  c.options.new_id = Fresh();  // the copy gets none
  EXPECT_EQ(Plan(c), "b gone; y > n1 <- c @ local/n1.py");
  // Files on disk, whose content ids are not known.
  ReparentCase disk = ReparentCase::Of("a; b <- a; c <- b", "b <- a; y <- b");
  disk.options.same_text = [](const Migration& one, const Migration& other) {
    return one.path == "local/b.py" && other.path == "versions/b.py";
  };
  EXPECT_EQ(Plan(disk), "b gone; y <- c");
  // It alone.
  EXPECT_EQ(Plan(ReparentCase::Of("a; b <- a", "b% <- a")), "b gone");
}

// Ids of local files that two of them declare.
TEST(ReparentIds, TwoLocalFiles) {
  ReparentCase c = ReparentCase::Of("a", "x <- a; x <- a");
  EXPECT_THAT(Plan(c), HasSubstr("!revision id \"x\" is also declared by local/x.py | "));
  c.options.new_id = Fresh();
  EXPECT_EQ(Plan(c), "x > n1 <- x @ local/n1_1.py");
  EXPECT_EQ(SecondPlan(c), "-");
  c.input.added_at = {{"local/x.py", 2}, {"local/x_1.py", 1}};
  EXPECT_EQ(Plan(c), "x > n3 <- x @ local/n3.py");
  const ReparentCase followed = WithNewIds("a", "x <- a; x <- a; y <- x");
  EXPECT_THAT(Plan(followed), HasSubstr("local/y.py does not say which of the two it follows"));
  const ReparentCase needed = WithNewIds("a", "x <- a; x <- a; y <- a + x");
  EXPECT_THAT(Plan(needed), HasSubstr("local/y.py does not say which of the two it follows"));
  const ReparentCase three = WithNewIds("a; x <- a", "x <- a; x <- a; y <- x");
  EXPECT_THAT(Plan(three), HasSubstr("local/y.py does not say which of the two it follows"));
}

TEST(ReparentIds, TwoLocalCopies) {
  ReparentCase c = WithNewIds("a; b <- a", "x <- a; x <- a");
  for (MigrationPtr& m : c.input.migrations) {
    if (m->id() != "x") continue;
    auto copy = std::make_shared<Migration>(*m);
    copy->content = c.input.migrations.front()->content;
    if (copy->path == "local/x_1.py") {
      copy->path = "local/it's x.py";
      c.input.local_paths.insert(copy->path);
      c.input.added_at[copy->path] = 1;
    }
    m = std::move(copy);
  }
  EXPECT_EQ(Plan(c),
            "!is the same migration as local/x.py | remove one of the two: git rm 'local/it'\\''s "
            "x.py'");
}

TEST(ReparentIds, KnownOnesAreUsed) {
  ReparentCase c = WithNewIds("a; b <- a", "x <- a; y <- x; z <- y");
  c.input.known_ids = {{"x", "k"}, {"y", "y"}};
  EXPECT_EQ(Plan(c), "x > k <- b @ local/k.py; y <- k; z > n1 <- y @ local/n1.py");
  c.input.known_paths = {{"local/x.py", "local/other.py"}};
  EXPECT_THAT(Plan(c), HasSubstr("x > k <- b @ local/other.py"));
  EXPECT_EQ(SecondPlan(c), "-");
  // Not where nothing gets another id.
  c.options.new_id = {};
  EXPECT_EQ(Plan(c), "x <- b");
  // Nor when somebody else has it.
  ReparentCase taken = WithNewIds("a; k <- a", "x <- a");
  taken.input.known_ids = {{"x", "k"}};
  EXPECT_EQ(Plan(taken), "x > n1 <- k @ local/n1.py");
}

// Picks of one rebase: x has become k in an earlier one.
TEST(ReparentIds, KnownOnesAreWhatALaterCommitNames) {
  ReparentCase c = ReparentCase::Of("a; b <- a; k <- b", "y <- x + x");
  c.input.known_ids = {{"x", "k"}};
  EXPECT_EQ(Plan(c), "y <- k + k");
  EXPECT_EQ(SecondPlan(c), "-");
  // Main has a revision of that old id by now.
  ReparentCase number = ReparentCase::Of("0003; 0004 <- 0003; 0006 <- 0004; 0007 <- 0006",
                                         "0005 <- 0004; 0004_x <- 0005");
  number.input.known_ids = {{"0004", "0006"}};
  EXPECT_EQ(Plan(number), "0005 <- 0007");
  // What is not here under that id either is missing.
  c.input.known_ids = {{"x", "unheard"}};
  EXPECT_THAT(Plan(c), HasSubstr("!no file declares its parent \"x\""));
  // A parent that was renamed on the way and is beneath one that is gone.
  ReparentCase stale = ReparentCase::Of("a; b <- a; k <- b; c <- a", "y <- gone", "gone <- x");
  stale.input.known_ids = {{"x", "k"}};
  EXPECT_EQ(Plan(stale), "y <- k");
}

TEST(ReparentIds, TakenOnesAreNotGiven) {
  ReparentCase c = WithNewIds("a; b <- a", "x <- a");
  c.input.taken_ids = {"n1", "n2"};
  EXPECT_EQ(Plan(c), "x > n3 <- b @ local/n3.py");
}

TEST(ReparentIds, NoUniqueOne) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a");
  c.options.new_id = [] { return std::string("a"); };
  EXPECT_THAT(Plan(c), HasSubstr("!could not generate a unique id for \"x\""));
}

}  // namespace
}  // namespace onehead
