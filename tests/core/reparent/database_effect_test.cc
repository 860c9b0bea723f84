#include "onehead/core/reparent/database_effect.h"

#include <gtest/gtest.h>

#include "support/reparent_case.h"

namespace onehead {
namespace {

using testing::ReparentCase;

std::string Join(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

// "ran x y; skip b c; a > c, y; gone" of the plan for a case; "-": no database minds.
std::string Effect(const ReparentCase& c) {
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  if (!plan) return "!" + plan.error().message;
  const DatabaseEffect effect = EffectOnDatabases(c.input.migrations, plan->changes);
  if (effect.ran.empty()) return "-";
  std::string text = "ran " + Join(effect.ran) + "; skip " + Join(effect.skipped);
  if (!effect.is_certain) text += "?";
  if (effect.chain) {
    text +=
        "; " + effect.chain->old_parent + " > " + effect.chain->parent + ", " + effect.chain->last;
  }
  if (effect.ids == DatabaseEffect::Ids::kGone) text += "; gone";
  if (effect.ids == DatabaseEffect::Ids::kReused) text += "; reused";
  return text;
}

std::string Effect(const char* published, const char* local, const char* dropped = "") {
  return Effect(ReparentCase::Of(published, local, dropped));
}

TEST(DatabaseEffect, IsThatMigrationsBeneathAreSkipped) {
  EXPECT_EQ(Effect("a; b <- a", "x <- a"), "ran x; skip b; a > b, x");
  EXPECT_EQ(Effect("a; b <- a; c <- b", "x <- a; y <- x"), "ran x y; skip b c; a > c, y");
}

TEST(DatabaseEffect, IsNoneWhereNothingMoves) {
  EXPECT_EQ(Effect("a; b <- a", "x <- b"), "-");
  EXPECT_EQ(Effect("a; b <- a", "x <- a; m <- x, b"), "-");
}

TEST(DatabaseEffect, NamesWhatEachOfSeveralChainsMisses) {
  // A database that ran x alone has neither b nor c.
  EXPECT_EQ(Effect("a; b <- a; c <- b", "x <- a; y <- b"), "ran x y; skip b c");
}

TEST(DatabaseEffect, HasNoWayOutForABranchedChain) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a; y <- x; z <- x; m <- y, z");
  EXPECT_EQ(Effect(c), "ran x z y m; skip b");
}

TEST(DatabaseEffect, HasNoWayOutWhileThereAreSeveralHeads) {
  ReparentCase c = ReparentCase::Of("a; b <- a; c <- a; d <- b", "x <- b");
  EXPECT_EQ(Effect(c), "ran x; skip d");
}

TEST(DatabaseEffect, OfABaseIsAllOfTheHistory) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x; y <- x");
  c.options.onto = "b";
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  ASSERT_FALSE(plan);  // the plan moves no base; a change that does is looked at as any other
  MigrationChange change;
  for (const MigrationPtr& m : c.input.migrations) {
    if (m->id() == "x") change.migration = m;
  }
  change.parents = {"b"};
  change.parents_changed = true;
  const DatabaseEffect effect = EffectOnDatabases(c.input.migrations, {change});
  EXPECT_EQ(Join(effect.ran), "x y");
  EXPECT_EQ(Join(effect.skipped), "a b");
  ASSERT_TRUE(effect.chain);
  EXPECT_EQ(effect.chain->old_parent, "base");
}

TEST(DatabaseEffect, IsNotKnownWhereTheOldParentIsGone) {
  EXPECT_EQ(Effect("a; b <- a", "x <- gone", "gone"), "ran x; skip ?");
}

TEST(DatabaseEffect, KnowsWhichIdsADatabaseWouldStillFind) {
  ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a; y <- x");
  int count = 0;
  c.options.new_id = [&count] { return "n" + std::to_string(++count); };
  EXPECT_EQ(Effect(c), "ran x y; skip b; a > b, n2; gone");
}

TEST(DatabaseEffect, KnowsIdsThatMeanSomethingElseNow) {
  ReparentCase c = ReparentCase::Of("0001; 0002 <- 0001", "0002 <- 0001; 0003 <- 0002");
  c.options.renumber = true;
  const std::string effect = Effect(c);
  EXPECT_EQ(effect.substr(0, 9), "ran 0002 ") << effect;
  EXPECT_NE(effect.find("; skip 0002;"), std::string::npos) << effect;
  EXPECT_NE(effect.find("; reused"), std::string::npos) << effect;
}

TEST(DatabaseEffect, IncludesMergeRevisionsThatGo) {
  EXPECT_EQ(Effect("a; b <- a; c <- a; n <- b, c", "m~ <- b, c"), "ran m; skip ; gone");
}

TEST(MigrationsAfter, HaveWhatThePlanSays) {
  const ReparentCase c = ReparentCase::Of("a; b <- a", "x <- a");
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  ASSERT_TRUE(plan);
  const auto after = MigrationsAfter(c.input.migrations, plan->changes);
  ASSERT_EQ(after.size(), 3u);
  EXPECT_EQ(after[0], c.input.migrations[0]);
  EXPECT_EQ(after[2]->down_revision.ids, std::vector<std::string>{"b"});
  EXPECT_EQ(c.input.migrations[2]->down_revision.ids, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace onehead
