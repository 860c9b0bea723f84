#include "onehead/core/policy/stray.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::HasSubstr;
using testing::MemoryTree;
using testing::MigrationText;

class StrayMigrationTest : public ::testing::Test {
 protected:
  StrayMigrationTest() {
    StateLoader loader({});
    const MemoryTree tree({{"db/versions/a.py", MigrationText("a", {})}});
    const Result<StatePtr> state = loader.Load(tree, {"db", {"db/versions"}});
    EXPECT_TRUE(state);
    if (state) state_ = *state;
  }
  std::optional<Finding> Judge(const Stray& stray, bool locations_changed = false) const {
    return StrayMigration(stray, locations_changed, environment_, *state_);
  }
  static Stray Of(const std::string& text) {
    return {"x/m.py", std::make_shared<const Migration>(ReadMigration("x/m.py", text))};
  }

  Environment environment_ = {"db", {"db/versions"}};
  StatePtr state_;
};

TEST_F(StrayMigrationTest, StandsOnARevision) {
  const std::optional<Finding> finding = Judge(Of(MigrationText("m", {"x", "a"})));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->rule, "stray-migration");
  EXPECT_EQ(finding->level, Level::kError);
  EXPECT_EQ(finding->path, "x/m.py");
  EXPECT_EQ(finding->revision, "m");
  EXPECT_EQ(finding->names, "a");
  EXPECT_GT(finding->line, 0);
  EXPECT_EQ(finding->message,
            "lies in no environment and stands on 'a' of db: nobody can tell whether Alembic reads "
            "it");
  EXPECT_EQ(
      finding->fix,
      "move it into db/versions, or leave it out of the push; if it is to stay where it is, "
      "an administrator of the server can allow that: git config --add onehead.ignore x/m.py");
}

TEST_F(StrayMigrationTest, RepeatsARevision) {
  const std::optional<Finding> finding = Judge(Of(MigrationText("a", {"x"})));
  ASSERT_TRUE(finding);
  EXPECT_THAT(finding->message, HasSubstr("has the revision 'a', as a migration of db"));
}

TEST_F(StrayMigrationTest, ComesWithAChangeOfLocations) {
  EXPECT_FALSE(Judge(Of(MigrationText("m", {"x"}))));
  const std::optional<Finding> finding = Judge(Of(MigrationText("m", {"x"})), true);
  ASSERT_TRUE(finding);
  EXPECT_THAT(finding->message, HasSubstr("comes with a change of where migrations are"));
  // What nobody can read says nothing else.
  EXPECT_TRUE(Judge(Of("down_revision = f()\n"), true));
  EXPECT_FALSE(Judge(Of("down_revision = f()\n")));
}

TEST_F(StrayMigrationTest, MayLieInALocationThatCannotBeSeen) {
  EXPECT_FALSE(Judge(Of(MigrationText("m", {}))));
  environment_.has_unseen = true;
  const std::optional<Finding> finding = Judge(Of(MigrationText("m", {})));
  ASSERT_TRUE(finding);
  EXPECT_THAT(finding->message, HasSubstr("a version location of db is absolute"));
}

TEST_F(StrayMigrationTest, NothingIsSaidOfWhatIsOldOrGone) {
  Stray stray = Of(MigrationText("m", {"a"}));
  stray.is_old = true;
  EXPECT_FALSE(Judge(stray, true));
  EXPECT_FALSE(Judge({"x/m.py"}, true));
}

TEST(StrayIndexTest, TakesTheFirstEnvironmentThatAStrayHasToDoWith) {
  const MemoryTree tree(std::map<std::string, std::string>{
      {"one/versions/a.py", MigrationText("a", {})},
      {"two/versions/b.py", MigrationText("b", {})},
      {"three/versions/b.py", MigrationText("b", {})},
  });
  std::vector<Environment> environments = {
      {"one", {"one/versions"}}, {"two", {"two/versions"}}, {"three", {"three/versions"}}};
  StateLoader loader({});
  std::vector<StatePtr> states;
  for (const Environment& environment : environments) {
    states.push_back(loader.Load(tree, environment).value());
  }
  const auto stray = [](const std::string& id, const std::vector<std::string>& down) {
    return Stray{"x/m.py", std::make_shared<const Migration>(
                               ReadMigration("x/m.py", MigrationText(id, down)))};
  };
  const auto of = [&](const Stray& s, bool changed = false) -> std::string {
    const auto blame = StrayIndex(environments, states).Judge(s, changed);
    return blame ? blame->of->environment.script_location : "none";
  };
  EXPECT_EQ(of(stray("m", {"x"})), "none");
  EXPECT_EQ(of(stray("m", {"b"})), "two");
  EXPECT_EQ(of(stray("b", {"x"})), "two");
  EXPECT_EQ(of(stray("b", {"a"})), "one");
  EXPECT_EQ(of(stray("m", {"b"}), true), "one");
  EXPECT_EQ(of({"x/m.py"}, true), "none") << "it is gone";
  environments[2].has_unseen = true;
  EXPECT_EQ(of(stray("m", {"x"})), "three");
  EXPECT_EQ(of(stray("m", {"b"})), "two");
  environments.clear();
  EXPECT_EQ(of(stray("m", {"x"}), true), "none");
}

TEST(StrayHint, NamesASettingThatCoversIt) {
  const auto setting = [](std::string_view path, bool versions_are_set = false) {
    const std::string hint = StrayHint(path, {}, versions_are_set);
    return hint.substr(hint.find("git config"));
  };
  EXPECT_EQ(setting("a b/db/versions/1.py"), "git config --add onehead.scriptLocation 'a b/db'");
  EXPECT_EQ(setting("versions/1.py"), "git config --add onehead.scriptLocation .");
  EXPECT_EQ(setting("db/versions/1.py", true),
            "git config onehead.db/versions.versions db/versions");
  EXPECT_EQ(setting("a_b/c/1.py"), "git config onehead.a_b/c.versions a_b/c");
  EXPECT_EQ(setting("db/a-x/1.py"), "git config onehead.db/a-x.versions db/a-x");
  EXPECT_EQ(setting("db/a x/1.py"), "git config 'onehead.db/a x.versions' 'db/a x'");
  EXPECT_EQ(setting("1.py"), "git config onehead.top.versions .");
  EXPECT_THAT(StrayHint("1.py", {}, false), HasSubstr("(onehead.scriptLocation is for one that"));
  EXPECT_THAT(StrayHint("db/\x1b/1.py", {}, false), HasSubstr("db/\\x1b/1.py looks like"));
}

TEST(StrayHint, WhatLiesBelowAVersionLocationBelongsToIt) {
  const std::string hint =
      StrayHint("db/versions/x/1.py", {{"other", {"o"}}, {"db", {"db/versions"}}}, false);
  EXPECT_THAT(hint, HasSubstr("git config onehead.db/versions.versions db/versions && "
                              "git config onehead.db/versions.recursive true"));
  // Of several locations, or where it is recursive, nobody can tell.
  for (const Environment& environment :
       {Environment{"db", {"db/versions", "more"}}, Environment{"db", {"db/versions"}, true}}) {
    EXPECT_THAT(StrayHint("db/versions/x/1.py", {environment}, false),
                HasSubstr("onehead.db/versions/x.versions db/versions/x"));
  }
}

}  // namespace
}  // namespace onehead
