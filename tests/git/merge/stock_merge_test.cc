#include "onehead/git/merge/stock_merge.h"

#include <gtest/gtest.h>

#include "support/environment_guard.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

TEST(ConflictsHint, IsWhatGitAddsToAMessage) {
  EXPECT_EQ(ConflictsHint("subject\n\nbody\n"), "");
  EXPECT_EQ(ConflictsHint("subject\n\n# Conflicts:\n#\tf\n"), "\n# Conflicts:\n#\tf\n");
  EXPECT_EQ(ConflictsHint("no newline\n; Conflicts:\n;\tf\n"), "\n; Conflicts:\n;\tf\n");
  // Of two the last: the first is of an earlier pick, in the text of the message.
  EXPECT_EQ(ConflictsHint("s\n\n# Conflicts:\n#\told\n\n# Conflicts:\n#\tf\n"),
            "\n# Conflicts:\n#\tf\n");
  const std::string scissors =
      "\n# ------------------------ >8 ------------------------\n"
      "# Do not modify or remove the line above.\n#\n# Conflicts:\n#\tf\n";
  EXPECT_EQ(ConflictsHint("subject\n" + scissors), scissors);
}

class DiffAlgorithm : public ::testing::Test {
 protected:
  DiffAlgorithm() {
    box_.InitWork("w");
    box_.MakeDirs("home");
  }
  bool Is() { return HasDiffAlgorithm(box_.Path("w/.git"), box_.Path("w/.git")); }

  onehead::testing::GitSandbox box_;
  onehead::testing::EnvironmentGuard home_{"HOME", box_.Path("home")};
  onehead::testing::EnvironmentGuard global_{"GIT_CONFIG_GLOBAL"};
  onehead::testing::EnvironmentGuard xdg_{"XDG_CONFIG_HOME"};
};

TEST_F(DiffAlgorithm, IsFoundWhereverGitLooks) {
  EXPECT_FALSE(Is());
  box_.WriteFile("home/.gitconfig", "[include]\n\tpath = more\n[user]\n\tname = x\n");
  EXPECT_FALSE(Is());
  box_.WriteFile("home/more", "[diff]\n\tAlgorithm = patience\n");
  EXPECT_TRUE(Is());
}

}  // namespace
}  // namespace onehead::git
