#include "onehead/core/environment/config_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using testing::MemoryTree;

using Files = std::map<std::string, std::string>;

TEST(SurveyTree, FindsWhatMayConfigureAnEnvironment) {
  const MemoryTree tree(Files{{"z/alembic.ini", ""},
                              {"alembic.ini", ""},
                              {"a/pyproject.toml", ""},
                              {"a/b/env.py", ""},
                              {"a/b/versions/x.py", ""},
                              {"a/c/env.py", ""}});
  const auto survey = SurveyTree(tree);
  ASSERT_TRUE(survey);
  EXPECT_THAT(survey->candidates.ini_files, ElementsAre("alembic.ini", "z/alembic.ini"));
  EXPECT_THAT(survey->candidates.toml_files, ElementsAre("a/pyproject.toml"));
  EXPECT_THAT(survey->candidates.script_dirs, ElementsAre("a/b"));
  EXPECT_EQ(survey->directories, 6U);  // "", a, a/b, a/b/versions, a/c, z
}

// Some of the places that a tree can have, so that two trees have some in common.
Files RandomFiles(std::mt19937* random) {
  Files files = {{"x", ""}};
  for (const std::string top : {"", "a/", "a/b/", "c/", "c/d/e/"}) {
    for (const std::string name : {"alembic.ini", "pyproject.toml", "env.py", "versions/m.py",
                                   "versions", "deep/er/env.py", "deep/er/versions/n.py"}) {
      if ((*random)() % 2 == 0) continue;
      // Not a file and a directory of one name.
      if (name == "versions" && files.count(top + "versions/m.py") != 0) continue;
      files[top + name] = std::to_string((*random)() % 2);
    }
  }
  return files;
}

TEST(SurveyAfter, IsWhatASearchOfTheNewTreeFinds) {
  std::mt19937 random(5);
  int differing = 0;
  for (int i = 0; i < 500; ++i) {
    const MemoryTree before(RandomFiles(&random));
    const MemoryTree after(RandomFiles(&random));
    const auto old_survey = SurveyTree(before);
    const auto new_survey = SurveyTree(after);
    ASSERT_TRUE(old_survey && new_survey);
    const auto diff = DiffTrees(&before, after);
    ASSERT_TRUE(diff);
    EXPECT_EQ(SurveyAfter(*old_survey, *diff).value(), *new_survey);
    const auto all = DiffTrees(nullptr, after);
    ASSERT_TRUE(all);
    EXPECT_EQ(SurveyAfter({}, *all).value(), *new_survey);
    differing += *old_survey == *new_survey ? 0 : 1;
  }
  EXPECT_GT(differing, 400);
}

TEST(SurveyAfter, TooManyDirectoriesAreTooManyHoweverTheyCame) {
  TreeSurvey before;
  before.directories = kMaxDirectories;
  TreeDiff diff;
  diff.directories_before = 2;
  diff.directories_after = 2;
  EXPECT_TRUE(SurveyAfter(before, diff));
  diff.directories_after = 3;
  const auto after = SurveyAfter(before, diff);
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().kind, ErrorKind::kLimit);
}

}  // namespace
}  // namespace onehead
