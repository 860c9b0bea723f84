#include "commands/report/change_text.h"

#include <gtest/gtest.h>

namespace onehead {
namespace {

using Ids = DatabaseEffect::Ids;

std::string Said(const DatabaseEffect& effect, Databases databases = Databases::kOfDeveloper) {
  std::string text;
  for (const std::string& line : DatabaseLines(effect, databases)) text += line + "\n";
  return text;
}

TEST(DatabaseLines, NothingIsSaidWhereNoDatabaseMinds) { EXPECT_EQ(Said({}), ""); }

TEST(DatabaseLines, OneMigrationAndOneBelow) {
  EXPECT_EQ(Said({{"f1"}, {"m1"}, true, Ids::kKept, {{"r1", "m1", "f1"}}}),
            "warning: databases that already ran f1 will skip m1, which is now below it\n"
            "hint: on one that ran f1, dropping and recreating what it created: alembic downgrade "
            "m1 && alembic stamp r1 && alembic upgrade head\n");
}

TEST(DatabaseLines, ManyAreCounted) {
  EXPECT_EQ(
      Said({{"f1", "f2"}, {"m1", "m2", "m3", "m4", "m5"}, true, Ids::kKept, {{"r1", "m5", "f2"}}}),
      "warning: databases that already ran f1, f2 will skip 5 migrations now below them: m1, m2, "
      "m3 and 2 more\n"
      "hint: on one that ran f1, f2, dropping and recreating what they created: alembic downgrade "
      "m5 && alembic stamp r1 && alembic upgrade head\n");
}

TEST(DatabaseLines, WithoutAWayOutThatAlwaysHolds) {
  EXPECT_EQ(Said({{"f1", "g1"}, {"m1"}, true, Ids::kKept, {}}),
            "warning: databases that already ran f1, g1 will skip m1, which is now below them\n"
            "hint: what to do with such a database: onehead help rebase\n");
}

TEST(DatabaseLines, WhatIsSkippedIsNotKnown) {
  EXPECT_EQ(Said({{"f1"}, {}, false, Ids::kKept, {}}),
            "warning: databases that already ran f1 will skip what is now below it and did not run "
            "before\n"
            "hint: what to do with such a database: onehead help rebase\n");
}

TEST(DatabaseLines, NewIds) {
  EXPECT_EQ(Said({{"f1", "f2"}, {"m1"}, true, Ids::kGone, {{"r1", "m1", "n2"}}}),
            "warning: databases that already ran f1, f2 know them by ids that no migration has any "
            "more: Alembic stops there\n"
            "hint: on one that ran f2, dropping and recreating what they created: alembic stamp "
            "--purge n2 && alembic downgrade m1 && alembic stamp r1 && alembic upgrade head\n");
}

TEST(DatabaseLines, IdsThatAnotherMigrationHasNow) {
  EXPECT_EQ(Said({{"0002"}, {"0002"}, true, Ids::kReused, {{"0001", "0002", "0003"}}}),
            "warning: databases that already ran 0002 know it by an id that now another migration "
            "has: Alembic will be wrong there\n"
            "hint: on one that ran 0002, dropping and recreating what it created: alembic stamp "
            "--purge 0003 && alembic downgrade 0002 && alembic stamp 0001 && alembic upgrade "
            "head\n");
}

TEST(DatabaseLines, WhatIsDeployedIsKept) {
  const DatabaseEffect effect{{"b1", "b2"}, {"a1", "a2"}, true, Ids::kKept, {{"r1", "a2", "b2"}}};
  EXPECT_EQ(
      Said(effect, Databases::kDeployed),
      "warning: databases that already ran b1, b2 will skip 2 migrations now below them: a1, "
      "a2\n"
      "hint: on one that ran b2 but not a2: alembic stamp r1 && alembic upgrade a2 && alembic "
      "stamp b2\n"
      "hint: on one that ran both: alembic stamp --purge b2\n");
  EXPECT_EQ(DatabaseRisk(effect), "databases that already ran b1, b2 would skip a1, a2");
}

TEST(DatabaseCommands, QuoteWhatTheShellWouldRead) {
  const DatabaseEffect effect{{"f"}, {"m"}, true, Ids::kKept, {{"a b", "m;rm", "f"}}};
  EXPECT_EQ(DatabaseCommands(effect, Databases::kOfDeveloper),
            (std::vector<std::string>{"alembic downgrade 'm;rm'", "alembic stamp 'a b'",
                                      "alembic upgrade head"}));
}

}  // namespace
}  // namespace onehead
