#include "git/objects/object_dirs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

using Paths = std::vector<std::string>;
using ::onehead::testing::GitSandbox;

struct Case {
  std::string text;
  char separator;
  Paths paths;
};

TEST(ParseAlternates, Table) {
  const std::vector<Case> cases = {
      {"", ':', {}},
      {"/a", ':', {"/a"}},
      {"/a:/b", ':', {"/a", "/b"}},
      {":/a::/b:", ':', {"/a", "/b"}},
      {"\"/a:b\":/c", ':', {"/a:b", "/c"}},
      {"\"/q\\\"x\\\\y\\n\\t\"", ':', {"/q\"x\\y\n\t"}},
      {"\"/\\303\\251\"", ':', {"/\xC3\xA9"}},
      {"/mid\"dle:/b", ':', {"/mid\"dle", "/b"}},
      // Broken quoting is taken as it stands.
      {"\"/a:/b", ':', {"\"/a", "/b"}},
      {"\"/a\\", ':', {"\"/a\\"}},
      {"\"/a\\q\"", ':', {"\"/a\\q\""}},
      {"\"/\\400\"", ':', {"\"/\\400\""}},
      {"\"/\\3", ':', {"\"/\\3"}},
      {"# note\n/a\n\n/b:c\n", '\n', {"/a", "/b:c"}},
      {"#/x:/y", ':', {"/y"}},
  };
  for (const Case& one : cases) EXPECT_EQ(ParseAlternates(one.text, one.separator), one.paths);
}

TEST(AllObjectDirs, FilesOfAlternatesAreFollowedRelativeToTheirDirectory) {
  GitSandbox box;
  for (const char* dir : {"a/info", "b/info", "c"}) box.MakeDirs(dir);
  box.WriteFile("a/info/alternates", "../b\n" + box.Path("gone") + "\n");
  box.WriteFile("b/info/alternates", box.Path("c") + "\n../a\n");
  EXPECT_EQ(AllObjectDirs(box.Path("a"), {box.Path("c")}),
            (Paths{box.Path("a"), box.Path("c"), box.Path("b")}));
}

TEST(AllObjectDirs, NoDeeperThanGit) {
  GitSandbox box;
  for (int i = 0; i < 8; ++i) {
    const std::string dir = "d" + std::to_string(i);
    box.WriteFile(dir + "/info/alternates", "../d" + std::to_string(i + 1) + "\n");
  }
  EXPECT_EQ(AllObjectDirs(box.Path("d0"), {}).size(), 6u);
}

}  // namespace
}  // namespace onehead::git
