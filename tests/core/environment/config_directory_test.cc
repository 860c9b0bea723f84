#include "core/environment/config_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using testing::MemoryTree;

// What reading a/alembic.ini with this budget gives: "ok", or the error.
std::string Outcome(const ConfigBudget& given) {
  const MemoryTree tree(
      {{"a/alembic.ini", "[alembic]\nscript_location = m\n"}, {"m/versions/1.py", ""}});
  ConfigBudget budget = given;
  Discovery out;
  const Status status =
      ReadConfigDirectory(tree, {"a", "a/alembic.ini", ""}, DiscoveryOptions{}, &budget, &out);
  if (status) return out.environments.size() == 1 && out.errors.empty() ? "ok" : "incomplete";
  return IsAboutOneFile(status.error()) ? "about one file" : status.error().message;
}

TEST(ConfigBudget, IsForAllConfigurationsOfATree) {
  EXPECT_EQ(Outcome({}), "ok");
  EXPECT_EQ(Outcome({30, 4}), "ok");
  EXPECT_EQ(Outcome({29, 4}), "the configurations of this tree are too large together");
  EXPECT_EQ(Outcome({30, 3}), "the configurations of this tree name too many locations");
}

}  // namespace
}  // namespace onehead
