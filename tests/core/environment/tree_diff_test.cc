#include "onehead/core/environment/tree_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryTree;

using Files = std::map<std::string, std::string>;

std::vector<std::string> PathsOf(const TreeDiff& diff) {
  std::vector<std::string> paths;
  for (const ChangedFile& file : diff.files) {
    paths.push_back((file.before ? "-" : "") + std::string(file.after ? "+" : "") + file.path);
  }
  return paths;
}

TEST(TreeDiff, FindsAddedChangedAndRemovedFilesThatMatter) {
  const MemoryTree before(
      Files{{"a/x.py", "1"}, {"a/y.py", "1"}, {"b/z.txt", "1"}, {"same.py", "1"}});
  const MemoryTree after(Files{{"a/x.py", "2"},
                               {"b/z.txt", "2"},
                               {"c/alembic.ini", "1"},
                               {"pyproject.toml", "1"},
                               {"same.py", "1"}});
  const auto diff = DiffTrees(&before, after);
  ASSERT_TRUE(diff);
  EXPECT_THAT(PathsOf(*diff),
              ElementsAre("-+a/x.py", "-a/y.py", "+c/alembic.ini", "+pyproject.toml"));
}

TEST(TreeDiff, ALinkOfAnyNameMatters) {
  const MemoryTree before(Files{{"a/x.py", "1"}});
  MemoryTree after(Files{{"a/x.py", "1"}});
  after.AddSymlink("a/link", "x.py");
  const auto diff = DiffTrees(&before, after);
  ASSERT_TRUE(diff);
  EXPECT_THAT(PathsOf(*diff), ElementsAre("+a/link"));
}

TEST(TreeDiff, IsNoLongerThanAllowed) {
  const MemoryTree before(Files{{"a/x", "1"}, {"a/y", "1"}, {"b/z", "1"}});
  const MemoryTree after(Files{{"a/x", "2"}, {"a/y", "1"}, {"b/z", "1"}});
  EXPECT_TRUE(DiffTrees(&before, after, {2, 8}));  // "" and a: two entries each on both sides
  for (const DiffLimits limits : {DiffLimits{1, 8}, DiffLimits{2, 3}}) {
    const auto diff = DiffTrees(&before, after, limits);
    ASSERT_FALSE(diff);
    EXPECT_EQ(diff.error().kind, ErrorKind::kLimit);
  }
}

TEST(TreeDiff, EntersOnlyDirectoriesThatDiffer) {
  const MemoryTree before(Files{{"big/one.py", "1"}, {"big/deep/two.py", "1"}, {"a.py", "1"}});
  const MemoryTree after(Files{{"big/one.py", "1"}, {"big/deep/two.py", "1"}, {"a.py", "2"}});
  ASSERT_TRUE(DiffTrees(&before, after));
  EXPECT_THAT(after.lists(), ElementsAre(""));
}

TEST(TreeDiff, CollectsCandidatesAboveEveryChange) {
  const MemoryTree before(Files{{"app/alembic.ini", "x"},
                                {"app/db/env.py", "x"},
                                {"app/db/versions/a.py", "1"},
                                {"other/alembic.ini", "x"}});
  const MemoryTree after(Files{{"app/alembic.ini", "x"},
                               {"app/db/env.py", "x"},
                               {"app/db/versions/a.py", "2"},
                               {"other/alembic.ini", "x"}});
  const auto diff = DiffTrees(&before, after);
  ASSERT_TRUE(diff);
  EXPECT_THAT(diff->candidates_after.ini_files, ElementsAre("app/alembic.ini"));
  EXPECT_THAT(diff->candidates_after.script_dirs, ElementsAre("app/db"));
  EXPECT_THAT(diff->candidates_before.ini_files, ElementsAre("app/alembic.ini"));
}

TEST(TreeDiff, FileThatBecomesADirectory) {
  const MemoryTree before(Files{{"x.py", "1"}});
  const MemoryTree after(Files{{"x.py/y.py", "1"}});
  const auto diff = DiffTrees(&before, after);
  ASSERT_TRUE(diff);
  EXPECT_THAT(PathsOf(*diff), ElementsAre("-x.py", "+x.py/y.py"));
}

TEST(TreeDiff, WithoutABeforeEverythingIsAdded) {
  const MemoryTree after(Files{{"a.py", "1"}, {"d/b.py", "1"}});
  const auto diff = DiffTrees(nullptr, after);
  ASSERT_TRUE(diff);
  EXPECT_THAT(PathsOf(*diff), ElementsAre("+a.py", "+d/b.py"));
  EXPECT_THAT(diff->candidates_before.ini_files, IsEmpty());
}

}  // namespace
}  // namespace onehead
