#include "core/policy/environment_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "onehead/core/policy/change_scope.h"
#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using testing::MemoryTree;
using testing::MigrationText;
using Files = std::map<std::string, std::string>;

// Against asking each environment.
TEST(EnvironmentIndex, KnowsWhereAPathLies) {
  std::vector<Environment> environments = {{"a", {"a/v", "more"}}, {"b", {"b"}, true}, {"c", {""}}};
  environments[0].sourceless = true;
  const EnvironmentIndex index(environments);
  for (const char* path : {"a/v/1.py", "a/v/x/1.py", "a/1.py", "more/1.py", "b/1.py", "b/x/y/1.py",
                           "b", "1.py", "x/1.py", "a/v/__pycache__/1.pyc", "b/__pycache__/1.pyc",
                           "b/__pycache__/x/1.py", "more2/1.py"}) {
    const auto holds = [&](const Environment& e) { return IsInVersions(e, path); };
    EXPECT_EQ(index.IsInAny(path), std::any_of(environments.begin(), environments.end(), holds))
        << path;
  }
  for (const char* location : {"a/v", "more", "b", "b/x", "b/x/y", ""}) {
    EXPECT_TRUE(index.IsCovered(location)) << location;
  }
  for (const char* location : {"a", "a/v/x", "bb", "x"}) {
    EXPECT_FALSE(index.IsCovered(location)) << location;
  }
  EXPECT_FALSE(EnvironmentIndex({}).IsInAny("a/1.py"));
}

TEST(UnmatchedEnvironments, EachIsTakenOnceAndTheFirstThatFits) {
  const MemoryTree tree;
  StateLoader loader({});
  UnmatchedEnvironments unmatched(&tree, {{"a", {"x"}}, {"a", {"y"}}, {"b", {"z"}}}, &loader);
  EXPECT_FALSE(unmatched.TakeSameIdentity({"a", {"z"}}));
  EXPECT_EQ(unmatched.TakeSameIdentity({"a", {"y"}}), (Environment{"a", {"y"}}));
  EXPECT_FALSE(unmatched.TakeSameIdentity({"a", {"y"}}));
  EXPECT_EQ(unmatched.TakeSameScriptLocation({"a", {"other"}}), (Environment{"a", {"x"}}));
  EXPECT_FALSE(unmatched.TakeSameScriptLocation({"a", {"other"}}));
  EXPECT_FALSE(unmatched.empty());
  EXPECT_THAT(unmatched.Rest(), ElementsAre(Environment{"b", {"z"}}));
  EXPECT_TRUE(unmatched.TakeSameScriptLocation({"b", {}}));
  EXPECT_TRUE(unmatched.empty());
}

// Against MostShared over what is left.
TEST(UnmatchedEnvironments, TakesTheOneThatSharesMost) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Files files;
    std::vector<Environment> left;
    for (int e = 0; e < 6; ++e) {
      const std::string location = "e" + std::to_string(e);
      left.push_back({location, {location}});
      const auto revisions = static_cast<int>(random() % 5);
      for (int r = 0; r < revisions; ++r) {
        const std::string id = std::to_string(random() % 8);
        files[location + "/" + id + ".py"] = MigrationText(id, {});
      }
    }
    const MemoryTree tree(files);
    StateLoader loader({});
    UnmatchedEnvironments unmatched(&tree, left, &loader);
    for (int asked = 0; asked < 6; ++asked) {
      Files wanted;
      for (int r = 0; r < 4; ++r) {
        const std::string id = std::to_string(random() % 8);
        wanted["w/" + id + ".py"] = MigrationText(id, {});
      }
      const MemoryTree other(wanted);
      const Result<StatePtr> state = loader.Load(other, {"w", {"w"}});
      ASSERT_TRUE(state);
      const auto expected = MostShared(tree, left, **state, &loader);
      const auto taken = unmatched.TakeMostShared(**state);
      ASSERT_TRUE(expected && taken);
      EXPECT_EQ(*taken, *expected);
      if (*expected) std::erase(left, **expected);
      EXPECT_EQ(unmatched.Rest(), left);
    }
  }
}

}  // namespace
}  // namespace onehead
