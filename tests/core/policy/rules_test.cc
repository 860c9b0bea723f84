// Each rule by itself: files in, one line per finding out.
#include "onehead/core/policy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onehead/core/policy/change.h"
#include "support/state_builder.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MigrationText;
using testing::StateOfFiles;

using Files = std::map<std::string, std::string>;

// "rule path:line revision [names]: message", of one rule.
std::vector<std::string> Find(const std::string& rule, const Files& files,
                              const Settings& settings = {}) {
  std::vector<std::string> lines;
  for (const Finding& f : JudgeState(*StateOfFiles(files), settings)) {
    if (f.rule != rule) continue;
    lines.push_back(f.path.substr(f.path.rfind('/') + 1) + ":" + std::to_string(f.line) + " " +
                    f.revision + " [" + f.names + "] " + f.message);
  }
  return lines;
}

std::string Text(const std::string& id, const std::string& down, const std::string& more = "") {
  return "revision = '" + id + "'\ndown_revision = " + down + "\n" + more;
}

TEST(Rules, EveryRuleHasAnIdAndASummary) {
  ASSERT_EQ(AllRules().size(), 14u);
  for (const Rule& rule : AllRules()) EXPECT_NE(std::string(rule.summary), "") << rule.id;
}

TEST(Rules, MultipleHeads) {
  const Files files = {
      {"a.py", Text("a", "None")}, {"b.py", Text("b", "'a'")}, {"c.py", Text("c", "'a'")}};
  EXPECT_THAT(Find("multiple-heads", files), ElementsAre("c.py:1 c [] 2 heads, 1 allowed: b, c"));
  Settings two;
  two.max_heads = 2;
  EXPECT_THAT(Find("multiple-heads", files, two), IsEmpty());
}

TEST(Rules, HeadsThatMayBeNone) {
  Files files = {{"a.py", Text("a", "None")}, {"b.py", Text("b", "get()")}};
  EXPECT_THAT(Find("multiple-heads", files),
              ElementsAre("b.py:1 b [] 2 heads, 1 allowed: a, b ('a' may be none: a migration "
                          "cannot be read)"));
  files["b.py"] = "revision = get()\ndown_revision = 'a'\n";
  files["c.py"] = Text("c", "'a'");
  files["d.py"] = Text("d", "'a'");
  EXPECT_THAT(Find("multiple-heads", files),
              ElementsAre("d.py:1 d [] 2 heads, 1 allowed: c, d (uncertain: a migration cannot be "
                          "read)"));
}

TEST(Rules, MultipleHeadsPerLabel) {
  Settings settings;
  settings.labelled_heads = true;
  Files files = {{"a.py", Text("a", "None")},
                 {"x.py", Text("x", "'a'", "branch_labels = 'expand'\n")},
                 {"y.py", Text("y", "'a'", "branch_labels = 'contract'\n")}};
  EXPECT_THAT(Find("multiple-heads", files, settings), IsEmpty());
  files["x2.py"] = Text("x2", "'x'");
  files["x3.py"] = Text("x3", "'x'");
  EXPECT_THAT(
      Find("multiple-heads", files, settings),
      ElementsAre("x3.py:1 x3 [expand] 2 heads, 1 allowed with the labels 'expand': x2, x3"));
}

TEST(Rules, DuplicateIsNotMistakenForTwoHeads) {
  const Files files = {
      {"a.py", Text("a", "None")}, {"b1.py", Text("b", "'a'")}, {"b2.py", Text("b", "'a'")}};
  EXPECT_THAT(Find("duplicate-revision", files),
              ElementsAre("b2.py:1 b [] 'b' is the revision of 2 files: 'alembic/versions/b1.py', "
                          "'alembic/versions/b2.py'"));
  EXPECT_THAT(Find("multiple-heads", files), IsEmpty());
}

TEST(Rules, MissingParent) {
  const Files files = {{"a.py", Text("a", "None")}, {"b.py", Text("b", "'zz'")}};
  EXPECT_THAT(
      Find("missing-parent", files),
      ElementsAre("b.py:2 b [zz] down_revision 'zz' of 'b' is not the revision of any file"));
  Settings external;
  external.external_revisions = true;
  EXPECT_THAT(Find("missing-parent", files, external), IsEmpty());
}

TEST(Rules, AnEmptyTextIsNoWayToSayThatThereIsNoParent) {
  const std::vector<Finding> findings =
      JudgeState(*StateOfFiles({{"a.py", Text("a", "''")}}), Settings());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "missing-parent");
  EXPECT_EQ(findings[0].fix, "write None if it has no parent, else the parent's revision");
}

// The missing file may have stood on the other head; a fork above it, or beside it, is one.
TEST(Rules, AHeadForWantOfAFileIsNoSecondHead) {
  const auto heads = [](Files files, const Settings& settings = {}) {
    files["a.py"] = Text("a", "None");
    return Find("multiple-heads", files, settings).size();
  };
  const std::string b = Text("b", "'zz'");
  EXPECT_EQ(heads({{"b.py", b}}), 0u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'b'")}}), 0u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'a'")}}), 0u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'yy'")}}), 0u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "('yy', 'a')")}}), 0u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'zz'")}}), 1u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'b'")}, {"d.py", Text("d", "'b'")}}), 1u);
  EXPECT_EQ(heads({{"b.py", b}, {"c.py", Text("c", "'a'")}, {"d.py", Text("d", "'a'")}}), 1u);
  EXPECT_EQ(heads({{"b.py", Text("b", "('zz', 'a')")}, {"c.py", Text("c", "('zz', 'a')")}}), 1u);
  Settings external;
  external.external_revisions = true;
  EXPECT_EQ(heads({{"b.py", b}}, external), 1u);
}

TEST(Rules, OfManyMissingFilesNoneExcusesAHead) {
  Files files = {{"a.py", Text("a", "None")}};
  for (int i = 0; i < 101; ++i) {
    const std::string id = "b" + std::to_string(i);
    files[id + ".py"] = Text(id, "'gone" + id + "'");
  }
  EXPECT_EQ(Find("multiple-heads", files).size(), 1u);
}

// What a file without an id names is missing all the same.
TEST(Rules, MissingParentOfAFileWithoutAnId) {
  const Files files = {{"x.py", "down_revision = 'gone'\ndepends_on = 'lost'\n"}};
  EXPECT_THAT(Find("missing-parent", files),
              ElementsAre("x.py:1  [gone] down_revision 'gone' is not the revision of any file"));
  EXPECT_THAT(Find("missing-dependency", files),
              ElementsAre("x.py:2  [lost] depends_on 'lost' is neither a revision nor a branch "
                          "label"));
  const Files unknown = {{"x.py", "revision = f()\ndown_revision = ('gone', 'lost')\n"}};
  EXPECT_EQ(Find("missing-parent", unknown).size(), 2u);
}

TEST(Rules, MissingParentMayBeAnUnreadableFile) {
  Files files = {{"a.py", Text("a", "None")},
                 {"u.py", "revision = get()\ndown_revision = 'a'\n"},
                 {"b.py", Text("b", "'one'")}};
  EXPECT_THAT(Find("missing-parent", files), IsEmpty());
  files["c.py"] = Text("c", "'two'");  // one file cannot be both
  EXPECT_EQ(Find("missing-parent", files).size(), 2u);
}

TEST(Rules, IgnoredMigration) {
  const StatePtr state = StateOfFiles({{"a.py", Text("a", "None")}, {"b.py", Text("b", "'a'")}});
  const UnsharedFiles unshared = {{"alembic/versions/b.py", {true, "b.py"}},
                                  {"alembic/versions/x.py", {false, "x.py"}}};
  const std::vector<Finding> findings = JudgeState(*state, {}, &unshared);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "ignored-migration");
  EXPECT_EQ(findings[0].level, Level::kWarning);
  EXPECT_EQ(findings[0].path, "alembic/versions/b.py");
  EXPECT_EQ(findings[0].revision, "b");
  EXPECT_EQ(findings[0].fix, "git add -f b.py");
  EXPECT_THAT(JudgeState(*state, {}), IsEmpty());  // no work tree
}

TEST(Rules, MissingDependency) {
  EXPECT_THAT(Find("missing-dependency", {{"a.py", Text("a", "None", "depends_on = 'zz'\n")}}),
              ElementsAre("a.py:3 a [zz] depends_on 'zz' of 'a' is neither a revision nor a "
                          "branch label"));
}

TEST(Rules, Cycles) {
  EXPECT_THAT(Find("cycle", {{"a.py", Text("a", "'b'")}, {"b.py", Text("b", "'a'")}}),
              ElementsAre("a.py:2 a [a, b] revisions form a cycle through "
                          "down_revision: 'a', 'b'"));
  EXPECT_THAT(Find("cycle", {{"a.py", Text("a", "'a'")}}),
              ElementsAre("a.py:2 a [a] 'a' names itself in down_revision"));
  EXPECT_THAT(
      Find("cycle", {{"a.py", Text("a", "None", "depends_on = 'b'\n")}, {"b.py", Text("b", "'a'")}})
          .size(),
      1u);
}

TEST(Rules, UnreadableAndNoRevisionAndIllegal) {
  EXPECT_EQ(Find("unreadable-migration", {{"a.py", Text("a", "get()")}}).size(), 1u);
  EXPECT_EQ(Find("unreadable-migration", {{"a.py", "revision = 'a'\n"}}).size(), 1u);
  EXPECT_EQ(Find("unreadable-migration",
                 {{"a.py", "<<<<<<< ours\n" + Text("a", "None") + ">>>>>>> theirs\n"}})
                .size(),
            1u);
  const Files helper = {{"helper.py", "x = 1\n"}};
  EXPECT_EQ(Find("no-revision-id", helper).size(), 1u);
  EXPECT_THAT(Find("unreadable-migration", helper), IsEmpty());
  EXPECT_THAT(Find("illegal-revision-id", {{"a.py", Text("a-b", "None")}}),
              ElementsAre("a.py:1 a-b [] the revision 'a-b' holds one of the characters @ - + :"));
  EXPECT_THAT(Find("illegal-revision-id", {{"a.py", "revision = 7\ndown_revision = None\n"}}),
              ElementsAre("a.py:1  [] revision is not a string: 7"));
}

// Labels and dependencies change no heads, unless heads are counted by labels.
TEST(Rules, UnreadableLabelsAndDependencies) {
  const auto levels = [](const std::string& text, bool labelled) {
    Settings settings;
    settings.labelled_heads = labelled;
    const StatePtr state = StateOfFiles({{"a.py", Text("a", "None") + text}});
    EXPECT_FALSE(state->graph.heads_uncertain()) << text;
    std::string out;
    for (const Finding& finding : JudgeState(*state, settings)) {
      EXPECT_EQ(finding.rule, "unreadable-migration");
      out += finding.level == Level::kError  ? "error"
             : finding.level == Level::kNote ? "note"
                                             : "warning";
    }
    return out;
  };
  EXPECT_EQ(levels("branch_labels = (EXPAND,)\n", false), "note");
  EXPECT_EQ(levels("branch_labels = (EXPAND,)\n", true), "error");
  EXPECT_EQ(levels("depends_on = get()\n", false), "warning");
  EXPECT_EQ(levels("depends_on = get()\n", true), "warning");
  EXPECT_EQ(levels("branch_labels = depends_on = get()\n", false), "warning");
  // What counts for a name that matters counts.
  const StatePtr both =
      StateOfFiles({{"a.py", "revision = 'a'\ndown_revision = depends_on = f()\n"}});
  EXPECT_TRUE(both->graph.heads_uncertain());
  const StatePtr first =
      StateOfFiles({{"a.py", "revision = 'a'\ndepends_on = down_revision = f()\n"}});
  EXPECT_TRUE(first->graph.heads_uncertain());
}

TEST(Rules, LongRevisionId) {
  const std::string id(32, 'x');
  EXPECT_THAT(Find("long-revision-id", {{"a.py", Text(id, "None")}}), IsEmpty());
  EXPECT_THAT(Find("long-revision-id", {{"a.py", Text(id.substr(1) + "\u00e9", "None")}}),
              IsEmpty());
  EXPECT_THAT(Find("long-revision-id", {{"a.py", Text(id + "y", "None")}}),
              ElementsAre("a.py:1 " + id + "y [] the revision '" + id +
                          "y' has 33 characters, and alembic_version.version_num is VARCHAR(32): "
                          "PostgreSQL and others refuse it when it is deployed"));
}

TEST(Rules, Doubtful) {
  const std::string labels = "branch_labels = None\ndepends_on = None\n";
  const Files files = {{"a.py", Text("a", "None", labels + "exec(code)\nglobals()['x'] = 1\n")}};
  const std::string content = StateOfFiles(files)->migrations.front()->content.Hex();
  EXPECT_THAT(
      Find("doubtful-migration", files),
      ElementsAre("a.py:5 a [" + content + "] this may bind any name of the module: exec(code)"));
  EXPECT_THAT(Find("unreadable-migration", files), IsEmpty());
  const Files both = {{"a.py", Text("a", "get()", "exec(code)\n")}};
  EXPECT_THAT(Find("doubtful-migration", both), IsEmpty());
  EXPECT_EQ(Find("unreadable-migration", both).size(), 1u);
}

TEST(Rules, DoubtfulWhereTheHeadsDependOnIt) {
  const auto level = [](const std::string& text, const Settings& settings) {
    const std::vector<Finding> findings = JudgeState(*StateOfFiles({{"a.py", text}}), settings);
    return findings.size() == 1 ? findings.front().level : Level::kError;
  };
  Settings labelled;
  labelled.labelled_heads = true;
  const std::string after = Text("a", "None") + "exec(code)\n";
  EXPECT_EQ(level(after, {}), Level::kWarning);
  const std::string before = "from x import *\n" + Text("a", "None");
  EXPECT_EQ(level(before, {}), Level::kNote);
  EXPECT_EQ(level(before, labelled), Level::kWarning);
  EXPECT_EQ(level(before + "branch_labels = None\n", labelled), Level::kNote);
}

TEST(Rules, LabelClash) {
  EXPECT_EQ(Find("label-clash", {{"a.py", Text("a", "None", "branch_labels = 'x'\n")},
                                 {"b.py", Text("b", "'a'", "branch_labels = 'x'\n")}})
                .size(),
            1u);
}

TEST(Rules, RevisesMismatchIsANote) {
  const Files files = {
      {"a.py", MigrationText("a", {})},
      {"b.py", "\"\"\"b\n\nRevision ID: c\nRevises: zz\n\"\"\"\n" + Text("b", "'a'")}};
  EXPECT_THAT(Find("revises-mismatch", files),
              ElementsAre("b.py:3 b [Revision ID] the docstring's Revision ID: 'c' disagrees with "
                          "the variable",
                          "b.py:4 b [Revises] the docstring's Revises: 'zz' disagrees with the "
                          "variable"));
  for (const Finding& finding : JudgeState(*StateOfFiles(files), Settings())) {
    EXPECT_EQ(finding.level, Level::kNote);
  }
}

}  // namespace
}  // namespace onehead
