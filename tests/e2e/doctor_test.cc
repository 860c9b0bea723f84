// `onehead doctor`: each thing that can be wrong is named, and it proves by merges that all works.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class Doctor : public ::testing::Test {
 protected:
  Doctor() {
    box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"});
    box_.InitWork("w");
    box_.WriteFile("w/alembic/env.py", "");
    box_.CommitFile("w", "alembic/versions/a.py", MigrationText("a", {}));
  }
  void Install(std::vector<std::string> args = {}) {
    args.insert(args.begin(), {"onehead", "install", "--client"});
    const RunResult result = box_.Run(args, "w");
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  void SetClient(const std::string& key, const std::string& value) {
    box_.MustGit({"config", key, value}, "w");
  }
  RunResult Run(const std::string& directory = "w") {
    return box_.Run({"onehead", "doctor"}, directory);
  }
  // It says this line, and ends with `exit_code`.
  void Expect(int exit_code, const std::string& line, const std::string& directory = "w") {
    const RunResult result = Run(directory);
    EXPECT_EQ(result.exit_code, exit_code) << result.out;
    EXPECT_NE(("\n" + result.out).find("\n" + line), std::string::npos)
        << "expected: " << line << "\n"
        << result.out;
  }
  GitSandbox box_;
};

TEST_F(Doctor, AllIsWell) {
  Install({"--hooks"});
  const RunResult result = Run();
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(result.out.find("error:"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("warning:"), std::string::npos) << result.out;
  Expect(0, "ok: git-merge-onehead is " + box_.Path("bin/git-merge-onehead") + "\n");
  Expect(0, "ok: pull.twohead is onehead (file:.git/config)\n");
  Expect(0, "ok: merge.onehead.driver runs " + box_.Path("bin/onehead"));
  Expect(0, "ok: git check-attr: alembic/versions/a.py: merge=onehead\n");
  Expect(0, "ok: pre-push: ");
  Expect(0, "ok: the merge driver decided a conflict that was tried\n");
  Expect(0, "ok: alias.merge-onehead runs " + box_.Path("bin/onehead"));
  Expect(0, "ok: a git rebase that was tried left one head\n");
  Expect(0, "ok: a git rebase without git-merge-onehead that was tried left one head\n");
  EXPECT_TRUE(fs::is_empty(box_.Path("tmp")));
}

TEST_F(Doctor, ChangesNothing) {
  Install({"--hooks"});
  const std::string snapshot = "find w home -type f | LC_ALL=C sort | xargs sha1sum";
  const std::string before = box_.Run({"sh", "-c", snapshot}).out;
  Run();
  EXPECT_EQ(box_.Run({"sh", "-c", snapshot}).out, before);
}

TEST_F(Doctor, NothingInstalled) {
  Expect(1, "error: pull.twohead is not set");
  Expect(1, "error: merge.onehead.driver is not set");
  Expect(1, "error: git check-attr: alembic/versions/a.py: merge is unspecified");
  Expect(1, "hint: onehead install --client\n");
}

TEST_F(Doctor, TheStrategyIsGone) {
  Install();
  fs::remove(box_.Path("bin/git-merge-onehead"));
  Expect(1,
         "error: pull.twohead is onehead (file:.git/config), and git-merge-onehead is not found: "
         "git merge and git pull fail\n");
  Expect(1, "ok: a git rebase without git-merge-onehead that was tried left one head\n");
}

TEST_F(Doctor, TheAliasIsGoneOrDoesNotWork) {
  Install();
  SetClient("alias.merge-onehead", "!git merge-recursive");
  Expect(1, "warning: alias.merge-onehead is not the command of this version (file:.git/config)\n");
  Expect(1, "error: a git rebase without git-merge-onehead that was tried left 2 heads, not one\n");
  box_.MustGit({"config", "--unset", "alias.merge-onehead"}, "w");
  Expect(1, "error: alias.merge-onehead is not set: ");
}

// A program of that name that merges, and leaves two heads: only a real merge shows it.
TEST_F(Doctor, TheStrategyDoesNotWork) {
  Install();
  fs::remove(box_.Path("bin/git-merge-onehead"));
  box_.WriteExecutable("bin/git-merge-onehead", "#!/bin/sh\nexec git merge-recursive \"$@\"\n");
  Expect(1, "warning: git-merge-onehead is " + box_.Path("bin/git-merge-onehead") +
                ", which is not this program");
  Expect(1, "error: a git rebase that was tried left 2 heads, not one\n");
  box_.WriteExecutable("bin/git-merge-onehead", "#!/bin/sh\nexit 2\n");
  Expect(1, "error: a git rebase that was tried failed: ");
}

TEST_F(Doctor, AnotherStrategy) {
  Install();
  SetClient("pull.twohead", "ort");
  Expect(1, "error: pull.twohead is 'ort' (file:.git/config)");
}

TEST_F(Doctor, TheDriverIsGoneOrDoesNotWork) {
  fs::copy_file(ONEHEAD_PROGRAM, box_.Path("copy"));
  ASSERT_EQ(box_.Run({box_.Path("copy"), "install", "--client"}, "w").exit_code, 0);
  box_.WriteExecutable("copy", "#!/bin/sh\nexit 2\n");
  Expect(1, "error: the merge driver left a conflict that it should decide: ");
  box_.WriteExecutable("copy", "");
  Expect(1, "error: merge.onehead.driver (file:.git/config) runs " + box_.Path("copy") +
                ", which is missing or not executable");
  fs::remove(box_.Path("copy"));
  Expect(1, "error: merge.onehead.driver (file:.git/config) runs " + box_.Path("copy"));
  SetClient("merge.onehead.driver", "true");
  const RunResult foreign = Run();
  EXPECT_NE(foreign.out.find("warning: merge.onehead.driver is not the command of this version"),
            std::string::npos)
      << foreign.out;
}

TEST_F(Doctor, AnEnvironmentThatCameLater) {
  Install();
  box_.WriteFile("w/second/env.py", "");
  box_.WriteFile("w/second/versions/b.py", "");
  Expect(1, "error: git check-attr: second/versions/b.py: merge is unspecified");
}

TEST_F(Doctor, PrePush) {
  Install({"--hooks"});
  const std::string hook = box_.Path("w/.git/hooks/pre-push");
  fs::permissions(hook, fs::perms::owner_read | fs::perms::owner_write);
  Expect(1, "error: " + hook + " is not executable");
  box_.WriteExecutable("w/.git/hooks/pre-push",
                       "#!/bin/sh\n# onehead shim 0\nprogram='/no/such'\n\n");
  Expect(1, "error: " + hook + " runs '/no/such', which is missing");
  SetClient("core.hooksPath", "/dev/null");
  EXPECT_NE(Run().out.find("warning: core.hooksPath is "), std::string::npos);
}

TEST_F(Doctor, Settings) {
  SetClient("onehead.maxHead", "2");
  Expect(1,
         "warning: git config: onehead.maxhead is not a onehead setting\n"
         "hint: did you mean onehead.maxHeads? onehead help config lists the settings\n");
  SetClient("onehead.maxHeads", "many");
  Expect(1, "error: onehead.maxHeads: 'many' is not a number");
  SetClient("onehead.maxHeads", "1");
  SetClient("onehead.mode", "off");
  Expect(1, "warning: onehead.mode is off: no push is looked at\n");
}

TEST_F(Doctor, Server) {
  box_.InitBare("s.git");
  const std::string hook = box_.Path("s.git/hooks/pre-receive");
  Expect(1, "error: no hook at " + hook + ": every push passes\n", "s.git");
  fs::copy_file(ONEHEAD_PROGRAM, box_.Path("copy"));
  ASSERT_EQ(box_.Run({box_.Path("copy"), "install", "--server", "s.git"}).exit_code, 0);
  Expect(0, "ok: pre-receive: " + hook + "\nok: it runs " + box_.Path("copy") + " (onehead ",
         "s.git");
  box_.WriteExecutable("copy", "#!/bin/sh\nexit 3\n");
  Expect(1, "error: it runs " + box_.Path("copy") + ", which does not start", "s.git");
  fs::remove(box_.Path("copy"));
  Expect(1, "error: " + hook + " runs '" + box_.Path("copy") + "', which is missing", "s.git");
  fs::permissions(hook, fs::perms::owner_read);
  Expect(1, "error: " + hook + " is not executable", "s.git");
  box_.WriteHook("s.git", "pre-receive", "exit 0\n");
  Expect(1, "error: " + hook + " is not onehead's hook", "s.git");
}

// What Git does with a link to nothing: it runs nothing, says nothing, and accepts the push.
TEST_F(Doctor, ADanglingLinkIsCalledWhatItIs) {
  box_.InitBare("s.git");
  const std::string hook = box_.Path("s.git/hooks/pre-receive");
  fs::create_directories(box_.Path("s.git/hooks"));
  fs::create_symlink("/no/such/program", hook);
  Expect(1,
         "error: " + hook +
             " is a link to /no/such/program, which is missing or not executable: Git skips such a "
             "link silently, and every push passes\n"
             "hint: onehead install --server " +
             box_.Path("s.git") + " --force\n",
         "s.git");
  EXPECT_EQ(box_.MustGit({"push", "-q", box_.Path("s.git"), "main"}, "w"), "");
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", box_.Path("s.git"), "--force"}).exit_code,
            0);
  Expect(0, "ok: pre-receive: " + hook + "\n", "s.git");
  // Also where another hook should be, and for a hook in a clone.
  fs::create_symlink("/no/such/update", box_.Path("s.git/hooks/update"));
  Expect(0,
         "warning: " + box_.Path("s.git/hooks/update") +
             " is a link to /no/such/update, which is missing: Git skips such a link silently",
         "s.git");
  Install();
  fs::create_directories(box_.Path("w/.git/hooks"));
  fs::create_symlink("/no/such/program", box_.Path("w/.git/hooks/pre-push"));
  Expect(1, "error: " + box_.Path("w/.git/hooks/pre-push") +
                " is a link to /no/such/program, which is missing or not executable: Git skips "
                "such a link silently, and it checks nothing\n");
}

TEST_F(Doctor, ALinkToTheProgram) {
  box_.InitBare("s.git");
  fs::create_directories(box_.Path("s.git/hooks"));
  fs::create_symlink(box_.Path("bin/onehead"), box_.Path("s.git/hooks/pre-receive"));
  Expect(0, "warning: " + box_.Path("s.git/hooks/pre-receive") + " is a link to ", "s.git");
}

TEST_F(Doctor, TheHookThatRunsFirstIsGone) {
  box_.InitBare("s.git");
  box_.WriteHook("s.git", "pre-receive", "exit 0\n");
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", "s.git"}).exit_code, 0);
  Expect(0, "ok: pre-receive: ", "s.git");
  fs::remove(box_.Path("s.git/hooks/pre-receive.onehead-chained"));
  Expect(1,
         "error: " + box_.Path("s.git/hooks/pre-receive") + " runs " +
             box_.Path("s.git/hooks/pre-receive.onehead-chained") +
             " first, which is missing or not executable: every push is refused\n",
         "s.git");
}

TEST_F(Doctor, WhatIsOnTheServer) {
  box_.MustGit({"clone", "-q", "--bare", box_.Path("w"), box_.Path("s.git")});
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", "s.git"}).exit_code, 0);
  Expect(0, "ok: environment alembic: 1 head in HEAD\n", "s.git");
  box_.CommitFile("w", "alembic/versions/b.py", MigrationText("b", {"a"}));
  box_.CommitFile("w", "alembic/versions/c.py", MigrationText("c", {"a"}));
  fs::remove(box_.Path("s.git/hooks/pre-receive"));
  box_.MustGit({"push", "-q", box_.Path("s.git"), "main"}, "w");
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", "s.git"}).exit_code, 0);
  Expect(0, "warning: environment alembic: 2 heads in HEAD: a push that adds no other one passes\n",
         "s.git");
  box_.MustGit({"config", "onehead.override", "true"}, "s.git");
  Expect(0, "warning: onehead.override is true, and receive.advertisePushOptions is not", "s.git");
  box_.MustGit({"config", "receive.advertisePushOptions", "true"}, "s.git");
  EXPECT_EQ(Run("s.git").out.find("onehead.override"), std::string::npos);
}

TEST_F(Doctor, AHeadThatNamesNoBranch) {
  box_.InitBare("s.git");
  box_.MustGit({"push", "-q", box_.Path("s.git"), "HEAD:main", "HEAD:dev"}, "w");
  box_.MustGit({"symbolic-ref", "HEAD", "refs/heads/master"}, "s.git");
  const std::string warning =
      "warning: HEAD names refs/heads/master, which is not there: main counts as the default "
      "branch until somebody pushes that\n";
  const RunResult installed = box_.Run({"onehead", "install", "--server", box_.Path("s.git")}, "w");
  EXPECT_NE(installed.err.find(warning.substr(9)), std::string::npos) << installed.err;
  Expect(0, warning, "s.git");
  const std::string command = "git -C " + box_.Path("s.git") + " symbolic-ref HEAD refs/heads/main";
  Expect(0, "hint: " + command, "s.git");
  box_.MustGit({"symbolic-ref", "HEAD", "refs/heads/trunk"}, "s.git");
  box_.MustGit({"branch", "master", "main"}, "s.git");
  Expect(0, "warning: HEAD names refs/heads/trunk, which is not there: no branch counts", "s.git");
  box_.MustGit({"-C", box_.Path("s.git"), "symbolic-ref", "HEAD", "refs/heads/main"}, "w");
  EXPECT_EQ(Run("s.git").out.find("HEAD names"), std::string::npos);
}

TEST_F(Doctor, AWorkTreeThatIsPushedTo) {
  SetClient("receive.denyCurrentBranch", "updateInstead");
  Expect(1, "warning: no pre-receive hook, although receive.denyCurrentBranch is set");
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", "w"}).exit_code, 0);
  // It is no developer's clone.
  const RunResult server = Run();
  EXPECT_EQ(server.exit_code, 0) << server.out;
  EXPECT_NE(server.out.find("ok: pre-receive: " + box_.Path("w/.git/hooks/pre-receive")),
            std::string::npos)
      << server.out;
  EXPECT_NE(server.out.find("ok: merges in this work tree are Git's own"), std::string::npos);
  Install();
  Expect(0, "ok: a git rebase that was tried left one head\n");
  Expect(0, "ok: pre-receive: " + box_.Path("w/.git/hooks/pre-receive"));
  fs::permissions(box_.Path("w/.git/hooks/pre-receive"), fs::perms::owner_read);
  Expect(1, "error: " + box_.Path("w/.git/hooks/pre-receive") + " is not executable");
}

TEST_F(Doctor, WithoutAHookAClonesHooksAreNobodysBusiness) {
  Install();
  EXPECT_EQ(Run().out.find("pre-receive"), std::string::npos);
  box_.WriteHook("w/.git", "pre-receive", "exit 0\n");
  Expect(0, "ok: pre-receive is not onehead's\n");
}

TEST_F(Doctor, HooksForAllRepositories) {
  for (const auto& [directory, hook] : {std::pair{"gitolite", "gitolite/hooks/common/pre-receive"},
                                        {"custom_hooks", "custom_hooks/pre-receive.d/onehead"}}) {
    box_.MakeDirs(fs::path(box_.Path(hook)).parent_path());
    Expect(1, "error: no hook at " + box_.Path(hook), directory);
    ASSERT_EQ(box_.Run({"onehead", "install", "--server", directory}).exit_code, 0);
    Expect(0, "ok: pre-receive: " + box_.Path(hook), directory);
    fs::remove(box_.Path(hook));
    fs::create_symlink("/no/such", box_.Path(hook));
    Expect(1, "error: " + box_.Path(hook), directory);
  }
}

TEST_F(Doctor, GiteaStartsOursFromItsOwn) {
  box_.InitBare("s.git");
  box_.WriteHook("s.git", "pre-receive", "# gitea\n");
  box_.MakeDirs("s.git/hooks/pre-receive.d");
  ASSERT_EQ(box_.Run({"onehead", "install", "--server", "s.git"}).exit_code, 0);
  Expect(0, "ok: pre-receive: " + box_.Path("s.git/hooks/pre-receive.d/onehead"), "s.git");
  fs::permissions(box_.Path("s.git/hooks/pre-receive"), fs::perms::owner_read);
  Expect(1, "error: " + box_.Path("s.git/hooks/pre-receive") + " is not executable", "s.git");
}

TEST_F(Doctor, NoRepository) { Expect(1, "error: no work tree of a Git repository here", ""); }

}  // namespace
}  // namespace onehead::testing
