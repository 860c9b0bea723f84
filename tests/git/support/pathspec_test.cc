#include "onehead/git/support/pathspec.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "git/support/libgit2.h"
#include "onehead/base/text.h"
#include "onehead/core/settings/settings.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

std::vector<Pathspec> Parsed(const std::vector<std::string>& given) {
  std::vector<Setting> entries;
  for (const std::string& text : given) entries.push_back({"onehead.ignore", text});
  const Result<Settings> settings = ParseSettings(entries);
  EXPECT_TRUE(settings);
  return settings ? settings->ignore : std::vector<Pathspec>();
}

TEST(PathspecMatcher, NoneMatchesNothing) { EXPECT_FALSE(PathspecMatcher({})); }

// Each line is what `git ls-files -- PATHSPEC...` prints as well.
TEST(PathspecMatcher, MatchesWhatGitMatches) {
  const Libgit2 libgit2;
  testing::GitSandbox box;
  box.InitWork("work");
  const std::vector<std::string> paths = {
      "alembic.ini", "tests/alembic.ini", "tests/a/env.py", "Tests/b/env.py",  "test/env.py",
      "docs/x.ini",  "a/tests/env.py",    "te*s/env.py",    "docs/[x]/env.py", "docs/x/env.py",
      "!odd/env.py", "#odd/env.py",       "a/b/c/d/env.py", "a/b/env.py",      "a b/env.py"};
  for (const std::string& path : paths) box.WriteFile("work/" + path, path);
  box.CommitAll("work", "files");
  const std::vector<std::vector<std::string>> cases = {
      {"tests"},
      {"tests/"},
      {"./tests"},
      {"*.ini"},
      {"tests/*.ini"},
      {"*/env.py"},
      {"a/*/env.py"},
      {"a/b"},
      {"t?st"},
      {"t?st/*"},
      {"docs/[x]"},
      {"docs/[x]/*"},
      {"docs/[xy]/env.py"},
      {":(literal)te*s"},
      {":(literal)docs/[x]"},
      {":(icase)tests"},
      {":(icase)TESTS/*"},
      {"docs", ":!docs/x"},
      {"docs", "tests", ":^*.ini"},
      {":(exclude)docs"},
      {":/tests"},
      {"."},
      {"nothing"},
      {"!odd"},
      {"#odd"},
      {"a b"},
      {"!o*"},
      {"#o*"},
      {"a *"},
      {" *"},
      {"\\*"},
      {"**/env.py"},
      {"a/**/env.py"},
      {"a/**"},
  };
  for (const std::vector<std::string>& given : cases) {
    std::vector<std::string> args = {"-c", "core.quotePath=false", "ls-files", "--"};
    args.insert(args.end(), given.begin(), given.end());
    const std::string listed = box.MustGit(args, "work");
    std::set<std::string> wanted;
    for (const std::string_view line : Split(listed, '\n')) {
      if (!line.empty()) wanted.emplace(line);
    }
    const auto matches = PathspecMatcher(Parsed(given));
    ASSERT_TRUE(matches);
    std::set<std::string> found;
    for (const std::string& path : paths) {
      if (matches(path)) found.insert(path);
    }
    EXPECT_EQ(found, wanted) << ::testing::PrintToString(given);
  }
}

}  // namespace
}  // namespace onehead::git
