// The hook in a clone, met by real pushes to a server that has no hook.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class PrePush : public ::testing::Test {
 protected:
  PrePush() {
    box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"});
    box_.InitBare("server.git");
    box_.InitWork("w");
    box_.MustGit({"remote", "add", "origin", box_.Path("server.git")}, "w");
    box_.WriteFile("w/alembic/env.py", "");
    Migration("a", {});
    box_.MustGit({"push", "-q", "origin", "main"}, "w");
  }
  void Install() {
    const RunResult result = box_.Run({"onehead", "install", "--client", "--hooks"}, "w");
    ASSERT_EQ(result.exit_code, 0) << result.err;
    // The migrations here are to stay as the tests write them.
    box_.MustGit({"config", "--unset", "pull.twohead"}, "w");
  }
  void Migration(const std::string& id, const std::vector<std::string>& down) {
    box_.CommitFile("w", "alembic/versions/" + id + ".py", MigrationText(id, down));
  }
  RunResult Push(std::vector<std::string> args) {
    args.insert(args.begin(), {"push", "-q"});
    return box_.Git(args, "w");
  }
  std::string OnServer(const std::string& ref) {
    return box_.Git({"rev-parse", "-q", "--verify", ref}, "server.git").out;
  }
  static bool Has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  GitSandbox box_;
};

TEST_F(PrePush, StopsASecondHeadBeforeTheNetwork) {
  Install();
  Migration("b", {"a"});
  RunResult result = Push({"origin", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string before = OnServer("main");
  Migration("c", {"a"});
  result = Push({"origin", "main"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "error: multiple-heads: refs/heads/main: alembic: 2 heads"))
      << result.err;
  EXPECT_TRUE(Has(result.err, "c.py:")) << result.err;
  EXPECT_TRUE(Has(result.err, "hint: push stopped locally; git push --no-verify")) << result.err;
  EXPECT_EQ(OnServer("main"), before);
  EXPECT_EQ(Push({"--no-verify", "origin", "main"}).exit_code, 0);
  EXPECT_NE(OnServer("main"), before);
  // Not worse than it was: passes, though it is told.
  Migration("d", {"c"});
  EXPECT_EQ(Push({"origin", "main"}).exit_code, 0);
}

// A branch that nobody deploys passes with what it took over from the remote's main.
TEST_F(PrePush, ABranchIsNotBlamedForWhatTheRemoteHas) {
  Migration("b", {"a"});
  Migration("c", {"a"});
  box_.MustGit({"push", "-q", "origin", "main"}, "w");
  Install();
  box_.MustGit({"checkout", "-q", "-b", "topic"}, "w");
  box_.CommitFile("w", "README", "x");
  EXPECT_EQ(Push({"origin", "topic"}).exit_code, 0);
  Migration("d", {"a"});
  const RunResult result = Push({"origin", "topic"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "3 heads")) << result.err;
}

// What only another local branch has is new to the remote.
TEST_F(PrePush, LocalBranchesAreNotKnownToTheRemote) {
  Install();
  box_.MustGit({"checkout", "-q", "-b", "local"}, "w");
  Migration("b", {"a"});
  Migration("c", {"a"});
  box_.MustGit({"checkout", "-q", "-b", "topic"}, "w");
  const RunResult result = Push({"origin", "topic"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "2 heads")) << result.err;
}

TEST_F(PrePush, TheAdviceComparesWithTheRemotesMain) {
  Install();
  box_.MustGit({"checkout", "-q", "-b", "topic"}, "w");
  Migration("t", {"a"});
  box_.MustGit({"checkout", "-q", "main"}, "w");
  Migration("m", {"a"});
  ASSERT_EQ(Push({"origin", "main"}).exit_code, 0);
  // The local main is of no account.
  box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "w");
  const RunResult result = Push({"origin", "topic"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "hint: alembic would have 2 heads if this were merged into main now"))
      << result.err;
}

TEST_F(PrePush, DeletionsTagsAndNothingPass) {
  Install();
  EXPECT_EQ(Push({"origin", "main:refs/heads/gone"}).exit_code, 0);
  const RunResult deleted = Push({"origin", ":gone"});
  EXPECT_EQ(deleted.exit_code, 0) << deleted.err;
  EXPECT_EQ(Push({"origin", "main"}).exit_code, 0);
  EXPECT_EQ(Push({"origin", "HEAD:refs/tags/v1"}).exit_code, 0);
}

TEST_F(PrePush, ARefWithBlanksInItsName) {
  Install();
  Migration("b", {"a"});
  Migration("c", {"a"});
  const RunResult result = Push({"origin", "HEAD^{/write alembic}:refs/heads/topic"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "error: multiple-heads: refs/heads/topic")) << result.err;
}

TEST_F(PrePush, FromALinkedWorkTreeAndASubDirectory) {
  Install();
  box_.MustGit({"worktree", "add", "-q", "-b", "topic", box_.Path("linked")}, "w");
  for (const char* id : {"b", "c"}) {
    box_.CommitFile("linked", std::string("alembic/versions/") + id + ".py",
                    MigrationText(id, {"a"}));
  }
  for (const char* directory : {"linked", "linked/alembic/versions"}) {
    const RunResult result = box_.Git({"push", "-q", "origin", "topic"}, directory);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_TRUE(Has(result.err, "error: multiple-heads: refs/heads/topic")) << result.err;
  }
}

// The remote has moved on; what it has now is not here, but what was fetched last is.
TEST_F(PrePush, AForcedPushOverAnUnknownCommit) {
  Install();
  Migration("b", {"a"});
  ASSERT_EQ(Push({"origin", "main"}).exit_code, 0);
  box_.MustGit({"clone", "-q", box_.Path("server.git"), box_.Path("other")});
  box_.CommitFile("other", "README", "x");
  box_.MustGit({"push", "-q", "origin", "main"}, "other");
  Migration("c", {"b"});
  const RunResult good = Push({"--force", "origin", "main"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(good.err, "");
  box_.CommitFile("other", "README", "y");
  box_.MustGit({"push", "-q", "--force", "origin", "main"}, "other");
  Migration("d", {"b"});
  EXPECT_TRUE(Has(Push({"--force", "origin", "main"}).err, "multiple-heads"));
}

// The default branch is the one that the remote's HEAD names, whatever it is called.
TEST_F(PrePush, TheRemotesOwnDefaultBranch) {
  box_.MustGit({"push", "-q", "origin", "main:trunk"}, "w");
  box_.MustGit({"symbolic-ref", "HEAD", "refs/heads/trunk"}, "server.git");
  box_.MustGit({"push", "-q", "origin", ":main"}, "w");
  box_.MustGit({"remote", "set-head", "origin", "-a"}, "w");
  Install();
  box_.MustGit({"checkout", "-q", "-b", "topic"}, "w");
  Migration("t", {"a"});
  box_.MustGit({"checkout", "-q", "main"}, "w");
  Migration("m", {"a"});
  ASSERT_EQ(Push({"origin", "main:trunk"}).exit_code, 0);
  const RunResult result = Push({"origin", "topic"});
  EXPECT_TRUE(Has(result.err, "if this were merged into trunk now")) << result.err;
}

TEST_F(PrePush, ByUrl) {
  Install();
  Migration("b", {"a"});
  EXPECT_EQ(Push({box_.Path("server.git"), "main"}).exit_code, 0);
  Migration("c", {"a"});
  const RunResult result = Push({box_.Path("server.git"), "main"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "multiple-heads")) << result.err;
}

TEST_F(PrePush, AnotherHookRunsFirstWithTheSameLinesAndArguments) {
  box_.WriteHook("w/.git", "pre-push", "echo \"$@\" >got; cat >>got; [ ! -e stop ]\n");
  const std::string original = box_.ReadFile("w/.git/hooks/pre-push");
  Install();
  const std::string old_id = OnServer("main");
  Migration("b", {"a"});
  EXPECT_EQ(Push({"origin", "main"}).exit_code, 0);
  const std::string id = box_.MustGit({"rev-parse", "main"}, "w");
  EXPECT_EQ(box_.ReadFile("w/got"), "origin " + box_.Path("server.git") + "\nrefs/heads/main " +
                                        id + " refs/heads/main " + old_id);
  // Nothing to push: Git starts the hook without any line.
  EXPECT_EQ(Push({"origin", "main"}).exit_code, 0);
  EXPECT_EQ(box_.ReadFile("w/got"), "origin " + box_.Path("server.git") + "\n");
  box_.WriteFile("w/stop", "");
  Migration("c", {"b"});
  EXPECT_NE(Push({"origin", "main"}).exit_code, 0);
  fs::remove(box_.Path("w/stop"));
  Migration("d", {"b"});
  const RunResult refused = Push({"origin", "main"});
  EXPECT_TRUE(Has(refused.err, "multiple-heads")) << refused.err;
  EXPECT_EQ(box_.Run({"onehead", "uninstall", "--client"}, "w").exit_code, 0);
  EXPECT_EQ(box_.ReadFile("w/.git/hooks/pre-push"), original);
}

TEST_F(PrePush, HooksPathOfTheWorkTree) {
  box_.MustGit({"config", "core.hooksPath", ".husky"}, "w");
  box_.WriteExecutable("w/.husky/pre-push", "#!/bin/sh\necho first >&2\n");
  Install();
  EXPECT_FALSE(box_.Exists("w/.git/hooks/pre-push"));
  Migration("b", {"a"});
  Migration("c", {"a"});
  const RunResult result = Push({"origin", "main"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "first\nerror: multiple-heads")) << result.err;
}

// The server still decides; nobody is to be kept from working by a program that is not there.
TEST_F(PrePush, AMissingOrBrokenProgramIsAWarning) {
  fs::remove(box_.Path("bin/onehead"));
  fs::copy_file(ONEHEAD_PROGRAM, box_.Path("bin/onehead"));
  fs::remove(box_.Path("bin/git-merge-onehead"));
  fs::create_symlink("onehead", box_.Path("bin/git-merge-onehead"));
  Install();
  Migration("b", {"a"});
  Migration("c", {"a"});
  EXPECT_NE(Push({"origin", "main"}).exit_code, 0);
  int branch = 0;
  for (const std::string script : {"#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\nexit 128\n", ""}) {
    box_.WriteExecutable("bin/onehead", script);
    const RunResult result = Push({"origin", "main:refs/heads/x" + std::to_string(++branch)});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(Has(result.err, "warning: onehead: program '" + box_.Path("bin/onehead") + "' "))
        << result.err;
    EXPECT_TRUE(Has(result.err, "; nothing is checked before this push\n")) << result.err;
  }
}

TEST_F(PrePush, OneheadModeWarn) {
  Install();
  box_.MustGit({"config", "onehead.mode", "warn"}, "w");
  Migration("b", {"a"});
  Migration("c", {"a"});
  const RunResult result = Push({"origin", "main"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "warning: multiple-heads")) << result.err;
  EXPECT_TRUE(Has(result.err, "warning: not stopped because onehead.mode is warn")) << result.err;
  EXPECT_FALSE(Has(result.err, "error:")) << result.err;
  box_.MustGit({"config", "onehead.mode", "off"}, "w");
  Migration("d", {"a"});
  EXPECT_EQ(Push({"origin", "main"}).err, "");
}

// The parent of what is pushed lies in the work tree, and nowhere else.
TEST_F(PrePush, AnIgnoredMigrationIsNamed) {
  box_.CommitFile("w", ".gitignore", "*_local.py\n");
  Install();
  box_.WriteFile("w/alembic/versions/b_local.py", MigrationText("b", {"a"}));
  Migration("c", {"b"});
  const RunResult refused = Push({"origin", "main"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_TRUE(Has(refused.err, "error: missing-parent")) << refused.err;
  EXPECT_TRUE(Has(refused.err,
                  "warning: ignored-migration: alembic: alembic/versions/b_local.py: Alembic loads "
                  "this file, which Git ignores: nobody else gets it\n"
                  "hint:   git add -f alembic/versions/b_local.py\n"))
      << refused.err;
  // Another branch than the one that is checked out says nothing about the work tree.
  EXPECT_EQ(Push({"origin", "main~2:refs/heads/other"}).err, "");
  box_.MustGit({"add", "-f", "alembic/versions/b_local.py"}, "w");
  box_.MustGit({"commit", "-q", "--amend", "--no-edit"}, "w");
  const RunResult pushed = Push({"origin", "main"});
  EXPECT_EQ(pushed.exit_code, 0);
  EXPECT_EQ(pushed.err, "");
}

TEST_F(PrePush, MalformedLines) {
  const RunResult result = box_.Run({"onehead", "pre-push", "origin", "url"}, "w", "a b c\n");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_TRUE(Has(result.err, "error: line 1 is not")) << result.err;
}

}  // namespace
}  // namespace onehead::testing
