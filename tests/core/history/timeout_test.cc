// Whatever is being read when the time is up: the whole reading fails, and says why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "onehead/core/history/environment_state.h"
#include "onehead/core/history/load.h"
#include "onehead/core/policy/change_scope.h"
#include "support/failing_tree.h"

namespace onehead {
namespace {

using testing::FailingTree;
using testing::MemoryTree;
using testing::MigrationText;

using Files = std::map<std::string, std::string>;

// Reads trees with ever more time until one suffices. `read`: null when all went well.
void ExpectEveryTimeoutIsAnError(
    const Files& files, const std::function<void(FailingTree*)>& change,
    const std::function<std::optional<Error>(const SourceTree&)>& read) {
  for (int budget = 0;; ++budget) {
    ASSERT_LT(budget, 10000);
    FailingTree tree(files, budget);
    change(&tree);
    const std::optional<Error> error = read(tree);
    if (!tree.failed()) {
      EXPECT_FALSE(error) << error->message;
      EXPECT_GT(budget, 3);
      return;
    }
    ASSERT_TRUE(error) << "after " << budget;
    EXPECT_EQ(error->kind, ErrorKind::kTimeout) << "after " << budget << ": " << error->message;
    EXPECT_EQ(error->path, "") << "after " << budget;
    EXPECT_NE(error->message.find("onehead.timeout"), std::string::npos) << "after " << budget;
  }
}

// What a result says went wrong, errors of single files included.
template <typename T>
std::optional<Error> ErrorOf(const Result<T>& result) {
  if (!result) return result.error();
  return std::nullopt;
}

const Files kFiles = {{"alembic.ini", "[alembic]\nscript_location = db\n"},
                      {"pyproject.toml", "[tool.alembic]\nscript_location = 'app/db'\n"},
                      {"db/env.py", ""},
                      {"db/versions/a.py", MigrationText("a", {})},
                      {"db/versions/b.py", MigrationText("b", {"a"})},
                      {"app/db/env.py", ""},
                      {"app/db/versions/x.py", MigrationText("x", {})},
                      {"shared/c.py", MigrationText("c", {"b"})}};

void AddLinks(FailingTree* tree) {
  tree->AddSymlink("db/versions/c.py", "../../shared/c.py");
  tree->AddSymlink("linked/alembic.ini", "../alembic.ini");
}

TEST(Timeout, OfDiscovery) {
  ExpectEveryTimeoutIsAnError(kFiles, AddLinks, [](const SourceTree& tree) {
    return ErrorOf(DiscoverEnvironments(tree, {}));
  });
}

TEST(Timeout, OfLoading) {
  Environment environment;
  environment.version_locations = {"db/versions", "app/db/versions"};
  ExpectEveryTimeoutIsAnError(kFiles, AddLinks, [&](const SourceTree& tree) {
    StateLoader loader({});
    return ErrorOf(loader.Load(tree, environment));
  });
}

TEST(Timeout, OfTheScopeOfAPush) {
  const MemoryTree before(kFiles);
  Files after = kFiles;
  after["db/versions/d.py"] = MigrationText("d", {"a"});
  after["elsewhere/stray.py"] = MigrationText("s", {"a"});
  after["app/db/versions/y.py"] = MigrationText("y", {"x"});
  ExpectEveryTimeoutIsAnError(after, AddLinks, [&](const SourceTree& tree) {
    StateLoader loader({});
    return ErrorOf(FindScope(&before, tree, ScopeOptions(), &loader));
  });
  const MemoryTree now(after);
  ExpectEveryTimeoutIsAnError(kFiles, AddLinks, [&](const SourceTree& tree) {
    StateLoader loader({});
    return ErrorOf(FindScope(&tree, now, ScopeOptions(), &loader));
  });
}

}  // namespace
}  // namespace onehead
