#include "onehead/core/policy/history_summary.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "onehead/core/policy/change.h"
#include "support/state_builder.h"

namespace onehead {
namespace {

using testing::MigrationText;
using testing::Revisions;
using testing::StateOf;
using testing::StateOfFiles;

const Revisions kChain = {{"a", {}}, {"b", {"a"}}, {"c", {"b"}}};

HistorySummary SummaryOf(const Revisions& revisions) {
  return Summarize(*StateOf(revisions)).value();
}

MigrationPtr Added(const std::string& id, const std::vector<std::string>& down,
                   const std::string& more = "") {
  return std::make_shared<const Migration>(
      ReadMigration("alembic/versions/" + id + ".py", MigrationText(id, down) + more));
}

TEST(Summarize, NamesTheHead) {
  EXPECT_EQ(SummaryOf(kChain).head, "c");
  EXPECT_EQ(SummaryOf(kChain).count, 3U);
  EXPECT_EQ(SummaryOf(kChain).revisions, "a\nb a\nc b\n");
  EXPECT_EQ(SummaryOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"m", {"b", "c"}}}).head, "m");
}

TEST(Summarize, OnlyFaultlessHistories) {
  const std::string a = MigrationText("a", {});
  EXPECT_FALSE(Summarize(*StateOfFiles({})));
  EXPECT_FALSE(Summarize(*StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}}))) << "two heads";
  EXPECT_FALSE(Summarize(*StateOf({{"b", {"a"}}}))) << "missing parent";
  EXPECT_FALSE(Summarize(*StateOf({{"a", {}}, {"b", {"a"}}, {"x", {"x"}}}))) << "cycle";
  EXPECT_FALSE(Summarize(*StateOf({{"a+b", {}}}))) << "illegal id";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a}, {"again.py", a}}))) << "duplicate";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a}, {"note.py", "x = 1\n"}}))) << "no id";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a + "branch_labels = 'x'\n"}}))) << "label";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a + "depends_on = 'x'\n"}}))) << "dependency";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a + "depends_on = f()\n"}}))) << "unreadable";
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", a + "exec(x)\n"}}))) << "doubtful";
  const std::string star = "revision = 'a'\ndown_revision = None\n";
  EXPECT_TRUE(Summarize(*StateOfFiles({{"a.py", star}})));
  EXPECT_FALSE(Summarize(*StateOfFiles({{"a.py", "from x import *\n" + star}}))) << "labels";
}

TEST(Continue, ALongIdIsNotAddedInSilence) {
  const std::string id(33, 'd');
  EXPECT_EQ(SummaryOf({{"a", {}}, {id, {"a"}}}).head, id);
  EXPECT_FALSE(Continue(SummaryOf(kChain), {Added(id, {"c"})}));
  EXPECT_TRUE(Continue(SummaryOf(kChain), {Added(id.substr(1), {"c"})}));
}

TEST(Continue, MigrationsThatFollowTheHeadInAnyOrder) {
  const auto one = Continue(SummaryOf(kChain), {Added("d", {"c"})});
  ASSERT_TRUE(one);
  EXPECT_EQ(*one, SummaryOf({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {"c"}}}));
  const auto two = Continue(SummaryOf(kChain), {Added("e", {"d"}), Added("d", {"c"})});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->head, "e");
  EXPECT_EQ(Continue(SummaryOf(kChain), {}), SummaryOf(kChain));
}

TEST(Continue, NothingElse) {
  const auto fails = [](const std::vector<MigrationPtr>& added) {
    return !Continue(SummaryOf(kChain), added);
  };
  EXPECT_TRUE(fails({Added("d", {"b"})})) << "a second head";
  EXPECT_TRUE(fails({Added("d", {})})) << "a second base";
  EXPECT_TRUE(fails({Added("b", {"c"})})) << "a known id";
  EXPECT_TRUE(fails({Added("c", {"c"})})) << "itself";
  EXPECT_TRUE(fails({Added("d", {"c"}), Added("e", {"c"})})) << "a fork";
  EXPECT_TRUE(fails({Added("d", {"c"}), Added("d", {"d"})})) << "one id twice";
  EXPECT_TRUE(fails({Added("d", {"c", "a"})})) << "a merge";
  EXPECT_TRUE(fails({Added("d", {"c"}, "branch_labels = 'x'\n")}));
  EXPECT_TRUE(fails({Added("d", {"c"}, "depends_on = 'a'\n")}));
  EXPECT_TRUE(fails({Added("d", {"c"}, "down_revision = f()\n")}));
  EXPECT_TRUE(fails({Added("d", {"c"}, "exec(x)\n")})) << "doubtful";
  EXPECT_TRUE(fails({Added("d", {"c"}, "$\n")})) << "no Python";
  EXPECT_TRUE(fails({Added("d@", {"c"})})) << "an illegal id";
  EXPECT_TRUE(fails({Added("d x", {"c"})})) << "an id that cannot be told from two";
}

// As many as one push may bring, in either order of their files.
TEST(Continue, TakesNoLongerForAnotherOrder) {
  std::vector<MigrationPtr> added;
  for (int i = 0; i < 20'000; ++i) {
    added.push_back(Added("d" + std::to_string(i), {i == 0 ? "c" : "d" + std::to_string(i - 1)}));
  }
  EXPECT_EQ(Continue(SummaryOf(kChain), added).value().count, 20'003U);
  std::reverse(added.begin(), added.end());
  EXPECT_EQ(Continue(SummaryOf(kChain), added).value().head, "d19999");
}

TEST(Includes, EveryRevisionWithItsParents) {
  const HistorySummary whole = SummaryOf({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}});
  EXPECT_TRUE(Includes(whole, whole));
  EXPECT_TRUE(Includes(whole, SummaryOf({{"a", {}}, {"b", {"a"}}})));
  EXPECT_FALSE(Includes(SummaryOf({{"a", {}}, {"b", {"a"}}}), whole));
  EXPECT_FALSE(Includes(whole, SummaryOf({{"a", {}}, {"c", {"a"}}}))) << "another parent";
  EXPECT_FALSE(Includes(whole, SummaryOf({{"a", {}}, {"ab", {"a"}}}))) << "another id";
}

TEST(Includes, AgreesWithSets) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    HistorySummary whole;
    HistorySummary part;
    bool expected = true;
    for (int i = 0; i < 300; ++i) {
      const std::string line = std::to_string(1000 + i) + " " + std::to_string(999 + i) + "\n";
      const bool in_whole = random() % 40 != 0;
      const bool in_part = random() % 3 == 0 && (in_whole || random() % 8 == 0);
      if (in_whole) whole.revisions += line;
      if (in_part) part.revisions += line;
      expected = expected && (in_whole || !in_part);
    }
    ASSERT_EQ(Includes(whole, part), expected) << round;
    ASSERT_TRUE(Includes(whole, whole));
  }
}

// Whatever is continued would have been found faultless by reading everything.
TEST(Continue, AgreesWithReadingEverything) {
  std::mt19937 random(20260101);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  int continued = 0;
  for (int round = 0; round < 4000; ++round) {
    std::map<std::string, std::string> before;
    std::vector<MigrationPtr> added;
    std::map<std::string, std::string> files;
    const std::size_t count = 1 + random() % 4;
    const std::size_t old_count = random() % (count + 1);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string id = random() % 6 == 0 ? names[random() % 5] : names[i];
      std::vector<std::string> down;
      if (i > 0) down.push_back(random() % 4 == 0 ? names[random() % 5] : names[i - 1]);
      const std::string path = "f" + std::to_string(i) + ".py";
      const std::string text = MigrationText(id, down);
      files[path] = text;
      if (i < old_count) {
        before[path] = text;
      } else {
        added.push_back(
            std::make_shared<const Migration>(ReadMigration("alembic/versions/" + path, text)));
      }
    }
    const StatePtr old_state = StateOfFiles(before);
    const auto summary = Summarize(*old_state);
    if (!summary) continue;
    const auto after = Continue(*summary, added);
    const StatePtr state = StateOfFiles(files);
    if (!after) continue;
    ++continued;
    EXPECT_EQ(Summarize(*state), after);
    Comparison comparison;
    comparison.before = comparison.published = old_state;
    comparison.after = state;
    EXPECT_TRUE(JudgeChange(comparison, Settings()).empty());
  }
  EXPECT_GT(continued, 300);
}

TEST(Without, GivesBackWhatWasContinued) {
  const HistorySummary before = SummaryOf({{"a", {}}, {"b", {"a"}}});
  for (const std::vector<MigrationPtr>& added : {std::vector<MigrationPtr>{},
                                                 {Added("a1", {"b"})},
                                                 {Added("d", {"c"}), Added("c", {"b"})}}) {
    const auto after = Continue(before, added);
    ASSERT_TRUE(after);
    EXPECT_EQ(Without(*after, added), before);
  }
}

TEST(Without, NothingElse) {
  const HistorySummary chain = SummaryOf(kChain);
  EXPECT_FALSE(Without(chain, {Added("b", {"a"})})) << "it stands in the middle";
  EXPECT_FALSE(Without(chain, {Added("x", {"b"})})) << "it is not there";
  EXPECT_FALSE(Without(chain, {Added("c", {"a"})})) << "with another parent";
  EXPECT_FALSE(Without(chain, {Added("a", {}), Added("b", {"a"}), Added("c", {"b"})})) << "all";
  EXPECT_FALSE(Without(chain, {Added("c", {"b"}), Added("c", {"b"})})) << "one twice";
  const auto no_id = std::make_shared<const Migration>(ReadMigration("v/n.py", "x = 1\n"));
  EXPECT_FALSE(Without(chain, {no_id}));
  const HistorySummary merged =
      SummaryOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"m", {"b", "c"}}});
  EXPECT_FALSE(Without(merged, {Added("m", {"b", "c"})})) << "before it there were two heads";
}

TEST(WriteSummary, ComesBackForTheSameKeyOnly) {
  const HistorySummary summary = SummaryOf(kChain);
  const std::string bytes = WriteSummary(summary, "key");
  EXPECT_EQ(ReadSummary(bytes, "key"), summary);
  EXPECT_FALSE(ReadSummary(bytes, "other"));
}

TEST(SummaryKey, NamesContentAndReader) {
  testing::MemoryTree tree;
  tree.AddFile("alembic/versions/a.py", "x");
  const Environment environment = testing::AlembicEnvironment();
  const std::string key = SummaryKey(tree, environment, "r1").value();
  EXPECT_NE(key, "");
  EXPECT_EQ(SummaryKey(tree, environment, "r1").value(), key);
  EXPECT_NE(SummaryKey(tree, environment, "r2").value(), key);
  tree.AddFile("alembic/versions/a.py", "y");
  EXPECT_NE(SummaryKey(tree, environment, "r1").value(), key);
  Environment recursive = environment;
  recursive.recursive = true;
  EXPECT_EQ(SummaryKey(tree, recursive, "r1").value(), "");
  tree.AddFile("x__pycache__/a.py", "z");
  Environment unread = environment;
  unread.version_locations.push_back("x__pycache__");
  EXPECT_EQ(SummaryKey(tree, unread, "r1").value(), "");
  Environment nowhere = environment;
  nowhere.version_locations = {"gone"};
  EXPECT_EQ(SummaryKey(tree, nowhere, "r1").value(), "");
}

}  // namespace
}  // namespace onehead
