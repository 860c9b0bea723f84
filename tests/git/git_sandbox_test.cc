// The sandbox itself: what end-to-end tests rely on.
#include "support/git_sandbox.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace onehead::testing {
namespace {

TEST(GitSandbox, RunGivesExitCodeOutputAndErrors) {
  GitSandbox box;
  const RunResult result = box.Run({"sh", "-c", "cat; echo oops >&2; exit 3"}, "", "in\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "in\n");
  EXPECT_EQ(result.err, "oops\n");
}

TEST(GitSandbox, ASignalAndAMissingProgramAreNamedByTheExitCode) {
  GitSandbox box;
  EXPECT_EQ(box.Run({"sh", "-c", "kill -9 $$"}).exit_code, 137);
  EXPECT_EQ(box.Run({"no-such-program-anywhere"}).exit_code, 127);
}

TEST(GitSandbox, TheEnvironmentIsEmptied) {
  setenv("ONEHEAD_LEAK", "1", 1);
  GitSandbox box;
  EXPECT_EQ(box.Run({"sh", "-c", "echo \"$ONEHEAD_LEAK\""}).out, "\n");
  EXPECT_EQ(box.Run({"sh", "-c", "echo \"$LC_ALL$X\""}, "", "", {{"X", "y"}}).out, "Cy\n");
  unsetenv("ONEHEAD_LEAK");
}

TEST(GitSandbox, CommitsAreTheSameInEveryRun) {
  std::string ids[2];
  for (std::string& id : ids) {
    GitSandbox box;
    box.InitWork("w");
    id = box.CommitFile("w", "a/b.txt", "text");
    EXPECT_EQ(box.MustGit({"symbolic-ref", "HEAD"}, "w"), "refs/heads/main");
  }
  EXPECT_EQ(ids[0].size(), 40u);
  EXPECT_EQ(ids[0], ids[1]);
}

TEST(GitSandbox, AHookOfABareRepositoryRunsOnPush) {
  GitSandbox box;
  const std::string bare = box.InitBare("server.git");
  box.WriteHook(bare, "pre-receive", "echo no >&2; exit 1\n");
  box.InitWork("w");
  box.CommitFile("w", "a", "1");
  const RunResult push = box.Git({"push", bare, "main"}, "w");
  EXPECT_EQ(push.exit_code, 1);
  EXPECT_NE(push.err.find("remote: no"), std::string::npos) << push.err;
}

TEST(GitSandbox, TheScratchDirectoryIsRemoved) {
  std::string root;
  {
    GitSandbox box;
    root = box.root();
    box.WriteFile("x/y", "z");
    EXPECT_EQ(box.ReadFile("x/y"), "z");
  }
  EXPECT_NE(access(root.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace onehead::testing
