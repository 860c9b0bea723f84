#include "onehead/git/install/server_layout.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/emptied_environment.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

class ServerLayout : public ::testing::Test {
 protected:
  ServerLayout() { onehead::testing::EmptyOwnEnvironment(sandbox_.Path("home").c_str()); }
  std::string Path(const std::string& path) const { return sandbox_.Path(path); }
  // "kind hook keep_dir" with paths from the sandbox's root, or the error.
  std::string Find(const std::string& directory) {
    const Result<HookPlace> place = FindHookPlace(Path(directory));
    if (!place) return "error: " + place.error().message;
    const std::string name = ServerName(place->kind);
    return (name.empty() ? "" : name + ": ") + Relative(place->hook) + " (" +
           Relative(place->keep_dir) + ")";
  }
  std::string Relative(const std::string& path) const {
    const std::string top = sandbox_.root() + "/";
    return path.compare(0, top.size(), top) == 0 ? path.substr(top.size()) : path;
  }
  void Configure(const std::string& git_dir, const std::string& key, const std::string& value) {
    sandbox_.MustGit({"--git-dir=" + Path(git_dir), "config", key, value});
  }
  onehead::testing::GitSandbox sandbox_;
};

TEST_F(ServerLayout, BareRepository) {
  sandbox_.InitBare("a.git");
  EXPECT_EQ(Find("a.git"), "a.git/hooks/pre-receive (a.git/hooks)");
  EXPECT_EQ(Find("a.git/"), "a.git/hooks/pre-receive (a.git/hooks)");
  EXPECT_EQ(FindHookPlace(Path("a.git"))->git_dir, Path("a.git"));
}

TEST_F(ServerLayout, RepositoryWithAWorkTree) {
  sandbox_.InitWork("w");
  EXPECT_EQ(Find("w"), "w/.git/hooks/pre-receive (w/.git/hooks)");
  EXPECT_EQ(Find("w/.git"), "w/.git/hooks/pre-receive (w/.git/hooks)");
  sandbox_.CommitFile("w", "a/b", "x");
  // A directory in it is not it: what is above is not meant.
  EXPECT_EQ(Find("w/a"), "error: not a Git repository");
  sandbox_.MustGit({"worktree", "add", "-q", Path("linked")}, "w");
  EXPECT_EQ(Find("linked"), "w/.git/hooks/pre-receive (w/.git/hooks)");
}

TEST_F(ServerLayout, ALinkToARepositoryIsTheRepository) {
  sandbox_.InitBare("real/a.git");
  std::filesystem::create_symlink("real/a.git", Path("link.git"));
  EXPECT_EQ(Find("link.git"), "real/a.git/hooks/pre-receive (real/a.git/hooks)");
}

TEST_F(ServerLayout, NoRepository) {
  sandbox_.MakeDirs("empty");
  sandbox_.WriteFile("file", "");
  EXPECT_EQ(Find("missing"), "error: no such directory");
  EXPECT_EQ(Find("empty"), "error: not a Git repository");
  EXPECT_EQ(Find("file"), "error: not a directory");
}

TEST_F(ServerLayout, HooksPath) {
  sandbox_.InitBare("a.git");
  sandbox_.InitWork("w");
  for (const std::string repository : {"a.git", "w/.git"}) {
    Configure(repository, "core.hooksPath", "my/hooks");
    EXPECT_EQ(Find(repository), repository + "/my/hooks/pre-receive (" + repository + "/my/hooks)");
    Configure(repository, "core.hooksPath", "../shared");
    const std::string above = repository == "a.git" ? "" : "w/";
    EXPECT_EQ(Find(repository), above + "shared/pre-receive (" + above + "shared)");
    Configure(repository, "core.hooksPath", Path("abs"));
    EXPECT_EQ(Find(repository), "abs/pre-receive (abs)");
    Configure(repository, "core.hooksPath", "~/hooks");
    EXPECT_EQ(Find(repository), "home/hooks/pre-receive (home/hooks)");
  }
  const Result<HookPlace> place = FindHookPlace(Path("a.git"));
  EXPECT_EQ(place->hooks_path, Path("home/hooks"));
  EXPECT_EQ(place->hooks_path_file, Path("a.git/config"));
}

TEST_F(ServerLayout, GitRunsTheHookThatIsNamedHere) {
  sandbox_.InitWork("client");
  sandbox_.CommitFile("client", "a", "x");
  sandbox_.InitBare("a.git");
  sandbox_.InitWork("w");
  sandbox_.MustGit({"config", "receive.denyCurrentBranch", "ignore"}, "w");
  int branch = 0;
  for (const std::string hooks_path : {"", "rel", "../up", "~/h"}) {
    for (const std::string repository : {"a.git", "w"}) {
      if (!hooks_path.empty()) {
        Configure(repository == "w" ? "w/.git" : repository, "core.hooksPath", hooks_path);
      }
      sandbox_.WriteExecutable(FindHookPlace(Path(repository))->hook,
                               "#!/bin/sh\necho it ran >&2\nexit 1\n");
      const std::string ref = "HEAD:refs/heads/b" + std::to_string(++branch);
      const auto push = sandbox_.Git({"push", Path(repository), ref}, "client");
      EXPECT_NE(push.err.find("remote: it ran"), std::string::npos) << repository << hooks_path;
    }
  }
}

TEST_F(ServerLayout, HooksThatAreSwitchedOff) {
  sandbox_.InitBare("a.git");
  Configure("a.git", "core.hooksPath", "/dev/null");
  EXPECT_EQ(Find("a.git"), "error: core.hooksPath is '/dev/null' (in " + Path("a.git/config") +
                               "), which is no directory: Git runs no hooks there");
  Configure("a.git", "core.hooksPath", "");
  EXPECT_EQ(Find("a.git").substr(0, 32), "error: core.hooksPath is '' (in ");
}

TEST_F(ServerLayout, Gitea) {
  for (const std::string product : {"GITEA", "Forgejo"}) {
    const std::string git_dir = product + ".git";
    sandbox_.InitBare(git_dir);
    sandbox_.WriteExecutable(
        git_dir + "/hooks/pre-receive",
        "#!/usr/bin/env bash\n# AUTO GENERATED BY " + product + ", DO NOT MODIFY\n");
    EXPECT_EQ(Find(git_dir), git_dir + "/hooks/pre-receive (" + git_dir + "/hooks)");
    sandbox_.WriteExecutable(git_dir + "/hooks/pre-receive.d/gitea", "#!/bin/sh\n");
    EXPECT_EQ(Find(git_dir), "Gitea or Forgejo: " + git_dir + "/hooks/pre-receive.d/onehead (" +
                                 git_dir + "/hooks)");
  }
}

TEST_F(ServerLayout, ADirectoryThatNoServerOfOursRunsIsNotUsed) {
  sandbox_.InitBare("a.git");
  sandbox_.MakeDirs("a.git/hooks/pre-receive.d");
  EXPECT_EQ(Find("a.git"), "a.git/hooks/pre-receive (a.git/hooks)");
  sandbox_.WriteHook("a.git", "pre-receive", "exit 0\n");
  EXPECT_EQ(Find("a.git"), "a.git/hooks/pre-receive (a.git/hooks)");
}

TEST_F(ServerLayout, GitLab) {
  for (const char* path : {"@hashed/6b/86/6b86.git", "@cluster/repositories/ab/cd/12"}) {
    sandbox_.InitBare(path);
    EXPECT_EQ(Find(path), "GitLab: " + std::string(path) + "/custom_hooks/pre-receive.d/onehead (" +
                              path + "/custom_hooks)");
  }
  sandbox_.InitBare("a.git");
  sandbox_.MakeDirs("a.git/custom_hooks/pre-receive.d");
  sandbox_.InitBare("c.git");
  sandbox_.WriteExecutable("c.git/custom_hooks/pre-receive", "#!/bin/sh\n");
  sandbox_.InitBare("b.git");
  Configure("b.git", "gitlab.fullpath", "group/project");
  for (const std::string name : {"a", "b", "c"}) {
    EXPECT_EQ(Find(name + ".git"), "GitLab: " + name + ".git/custom_hooks/pre-receive.d/onehead (" +
                                       name + ".git/custom_hooks)");
  }
}

// A hook that stood only there would never run on another server.
TEST_F(ServerLayout, ADirectoryCustomHooksAloneIsNoGitLab) {
  sandbox_.InitBare("a.git");
  sandbox_.MakeDirs("a.git/custom_hooks");
  EXPECT_EQ(Find("a.git"), "a.git/hooks/pre-receive (a.git/hooks)");
  sandbox_.WriteFile("a.git/custom_hooks/README", "");
  EXPECT_EQ(Find("a.git"), "a.git/hooks/pre-receive (a.git/hooks)");
}

TEST_F(ServerLayout, GitLabForAllRepositories) {
  sandbox_.MakeDirs("gitaly/custom_hooks");
  sandbox_.MakeDirs("elsewhere/pre-receive.d");
  EXPECT_EQ(Find("gitaly/custom_hooks"),
            "GitLab: gitaly/custom_hooks/pre-receive.d/onehead (gitaly/custom_hooks)");
  EXPECT_EQ(Find("elsewhere"), "GitLab: elsewhere/pre-receive.d/onehead (elsewhere)");
  EXPECT_EQ(FindHookPlace(Path("elsewhere"))->git_dir, "");
}

TEST_F(ServerLayout, Gitolite) {
  sandbox_.MakeDirs("local/hooks/common");
  EXPECT_EQ(Find("local"), "gitolite: local/hooks/common/pre-receive (local/hooks/common)");
}

TEST_F(ServerLayout, NeighboursWithTheSameHook) {
  for (const char* name : {"a.git", "b.git", "c.git", "d.git"}) sandbox_.InitBare(name);
  EXPECT_TRUE(NeighboursWithSameHook(*FindHookPlace(Path("a.git"))).empty());
  for (const char* name : {"a.git", "b.git"}) Configure(name, "core.hooksPath", "../hooks");
  Configure("c.git", "core.hooksPath", "hooks");
  std::filesystem::remove_all(Path("d.git/hooks"));
  sandbox_.MakeDirs("hooks");
  std::filesystem::create_directory_symlink("../hooks", Path("d.git/hooks"));
  EXPECT_EQ(NeighboursWithSameHook(*FindHookPlace(Path("a.git"))),
            (std::vector<std::string>{Path("b.git"), Path("d.git")}));
  EXPECT_TRUE(NeighboursWithSameHook(*FindHookPlace(Path("c.git"))).empty());
}

TEST_F(ServerLayout, ABrokenConfigurationIsAnError) {
  sandbox_.InitBare("a.git");
  sandbox_.WriteFile("a.git/config", "[core\n");
  EXPECT_EQ(Find("a.git"),
            "error: git cannot open it: fatal: bad config line 1 in file " + Path("a.git/config"));
}

}  // namespace
}  // namespace onehead::git
