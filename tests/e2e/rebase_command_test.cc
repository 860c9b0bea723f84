// `onehead rebase`, with real git.
#include <sys/stat.h>

#include "e2e/client_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RebaseCommand : public ClientTest {
 protected:
  // main: a <- m. feature, on top of main: x <- y, where x still follows a.
  void Fork() {
    CommitMigration("m", {"a"});
    BranchFrom("feature", "main");
    CommitMigration("x", {"a"});
    CommitMigration("y", {"x"});
  }
};

TEST_F(RebaseCommand, PutsTheFirstLocalMigrationOntoTheHead) {
  Fork();
  const std::string y = Text("y");
  const RunResult result = Onehead({"rebase", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "alembic/versions/x.py: down_revision a -> m\n");
  EXPECT_THAT(result.err,
              HasSubstr("warning: databases that already ran x, y will skip m, which is now below "
                        "them\n"));
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
  EXPECT_EQ(Text("y"), y);
  EXPECT_EQ(Heads(), "y (head)\n");
  EXPECT_EQ(Git({"diff", "--cached", "--name-only"}), "");
  EXPECT_EQ(Git({"status", "--porcelain"}), " M alembic/versions/x.py");

  const RunResult again = Onehead({"rebase", "main"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, "nothing to do: no local migration has to move to follow main (head: y)\n");
}

TEST_F(RebaseCommand, FromASubDirectoryAndByDirectoryOption) {
  Fork();
  EXPECT_EQ(Onehead({"rebase", "main"}, "work/alembic/versions").exit_code, 0);
  EXPECT_EQ(Heads(), "y (head)\n");
  Git({"checkout", "-q", "."});
  EXPECT_EQ(Onehead({"rebase", "-C", box_.Path("work"), "main"}, "").exit_code, 0);
  EXPECT_EQ(Heads(), "y (head)\n");
}

TEST_F(RebaseCommand, DryRunShowsTheDiffAndWritesNothing) {
  Fork();
  const RunResult result = Onehead({"rebase", "--dry-run", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("would rewrite alembic/versions/x.py: down_revision a -> m\n"));
  EXPECT_THAT(result.out, HasSubstr("--- a/alembic/versions/x.py\n+++ b/alembic/versions/x.py\n"));
  EXPECT_THAT(result.out, HasSubstr("-Revises: a\n+Revises: m\n"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
  // What it shows is a patch, and gives what the command itself would write.
  EXPECT_EQ(box_.Git({"apply", "--index"}, "work", result.out).exit_code, 0);
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
}

TEST_F(RebaseCommand, Document) {
  Fork();
  const RunResult result = Onehead({"rebase", "main", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(
      result.out,
      "{\"schema\":\"onehead.rebase/1\",\"error\":null,\"dry_run\":false,\"changed\":[{"
      "\"path\":\"alembic/versions/x.py\",\"new_path\":null,\"revision\":\"x\","
      "\"new_revision\":null,\"down_revision_before\":[\"a\"],\"down_revision_after\":[\"m\"],"
      "\"removed\":false}],\"environments\":[{\"script_location\":\"alembic\","
      "\"version_locations\":[\"alembic/versions\"],\"heads\":[\"y\"],\"databases\":{\"ran\":["
      "\"x\",\"y\"],\"skip\":[\"m\"],\"commands\":[\"alembic downgrade m\",\"alembic stamp "
      "a\",\"alembic upgrade head\"]}}],\"warnings\":[],\"history\":null}\n");
  const RunResult again = Onehead({"rebase", "main", "--format", "json"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("\"changed\":[],"));
  EXPECT_THAT(again.out, HasSubstr("\"heads\":[\"y\"]"));
  const RunResult wrong = Onehead({"rebase", "nothing", "--format", "json"});
  EXPECT_EQ(wrong.exit_code, 128);
  EXPECT_THAT(wrong.out, HasSubstr("\"error\":\"unknown revision 'nothing'\","));
  EXPECT_THAT(wrong.err, HasSubstr("error: unknown revision 'nothing'\n"));
}

TEST_F(RebaseCommand, UpstreamThatIsNotInTheHistoryIsRefused) {
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  Git({"checkout", "-q", "main"});
  CommitMigration("m", {"a"});
  Git({"checkout", "-q", "feature"});
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"rebase", "main"}, {"rebase", "--history", "main"}}) {
    const RunResult result = Onehead(args);
    EXPECT_EQ(result.exit_code, 128);
    EXPECT_THAT(result.err, HasSubstr("error: 'main' is not in the history of HEAD"));
    EXPECT_THAT(result.err, HasSubstr("hint: bring it in first: git rebase main"));
  }
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(RebaseCommand, FindsTheUpstream) {
  Fork();
  EXPECT_EQ(Onehead({"rebase", "--dry-run"}).exit_code, 0);  // the main branch here
  Git({"branch", "-q", "-m", "main", "other"});
  const RunResult none = Onehead({"rebase"});
  EXPECT_EQ(none.exit_code, 128);
  EXPECT_THAT(none.err, HasSubstr("hint: name the branch to follow, or set onehead.upstream"));
  Git({"update-ref", "refs/remotes/origin/main", "other"});
  EXPECT_EQ(Onehead({"rebase", "--dry-run"}).exit_code, 0);
  Git({"update-ref", "refs/remotes/origin/trunk", "other"});
  Git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"});
  Git({"update-ref", "-d", "refs/remotes/origin/main"});
  EXPECT_EQ(Onehead({"rebase", "--dry-run"}).exit_code, 0);
  Git({"symbolic-ref", "--delete", "refs/remotes/origin/HEAD"});
  EXPECT_EQ(Onehead({"rebase", "--dry-run"}).exit_code, 128);
  Git({"config", "onehead.upstream", "gone"});
  const RunResult gone = Onehead({"rebase"});
  EXPECT_EQ(gone.exit_code, 128);
  EXPECT_THAT(gone.err, HasSubstr("error: onehead.upstream: "));
  Git({"config", "onehead.upstream", "other"});
  EXPECT_EQ(Onehead({"rebase"}).exit_code, 0);
  EXPECT_EQ(Heads(), "y (head)\n");
}

TEST_F(RebaseCommand, SeveralRootsInTheOrderOfTheirCommitsUncommittedOnesLast) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("z", {"a"});
  CommitMigration("y", {"a"});
  Write("b", {"a"});  // not even tracked
  ASSERT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  EXPECT_EQ(Text("z"), MigrationText("z", {"m"}));
  EXPECT_EQ(Text("y"), MigrationText("y", {"z"}));
  EXPECT_EQ(Text("b"), MigrationText("b", {"y"}));
}

TEST_F(RebaseCommand, KeepsTheModeAndWhatIsNotCommitted) {
  Fork();
  const std::string path = box_.Path("work/" + PathOf("x"));
  box_.WriteFile(path, MigrationText("x", {"a"}) + "# mine\n");
  chmod(path.c_str(), 0755);
  ASSERT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}) + "# mine\n");
  struct stat info = {};
  stat(path.c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0755u);
}

TEST_F(RebaseCommand, Stage) {
  Fork();
  box_.WriteFile("work/other", "mine\n");
  ASSERT_EQ(Onehead({"rebase", "--stage", "main"}).exit_code, 0);
  EXPECT_EQ(Git({"status", "--porcelain"}), "M  alembic/versions/x.py\n?? other");
}

TEST_F(RebaseCommand, CommitTakesNothingElseAlong) {
  Fork();
  box_.WriteFile("work/other", "mine\n");
  Git({"add", "other"});
  const RunResult result = Onehead({"rebase", "--commit", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Git({"show", "--format=", "--name-only", "HEAD"}), "alembic/versions/x.py");
  EXPECT_EQ(Git({"status", "--porcelain"}), "A  other");
  EXPECT_THAT(Git({"log", "-1", "--format=%B"}), HasSubstr("down_revision a -> m"));
  EXPECT_EQ(Heads("HEAD"), "y (head)\n");
}

TEST_F(RebaseCommand, CommitAndStageTakeNoChangeOfTheUserAlong) {
  Fork();
  const std::string edited = MigrationText("x", {"a"}) + "# mine\n";
  box_.WriteFile("work/" + PathOf("x"), edited);
  for (const char* option : {"--stage", "--commit"}) {
    const RunResult result = Onehead({"rebase", option, "main"});
    EXPECT_EQ(result.exit_code, 128) << option;
    EXPECT_THAT(result.err, HasSubstr("error: alembic/versions/x.py: "));
    EXPECT_EQ(Text("x"), edited);
    EXPECT_EQ(Git({"status", "--porcelain"}), " M alembic/versions/x.py");
  }
}

TEST_F(RebaseCommand, NewIds) {
  Fork();
  const RunResult result = Onehead({"rebase", "--new-ids", "--commit", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string head = Git({"ls-files", "alembic/versions"});
  EXPECT_THAT(head, Not(HasSubstr("versions/x.py")));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
  EXPECT_THAT(Heads("HEAD"), ::testing::ContainsRegex("^[0-9a-f]{12} \\(head\\)\n$|^y \\(head\\)"));
  EXPECT_EQ(Onehead({"check"}).exit_code, 0);
}

TEST_F(RebaseCommand, Onto) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  const RunResult wrong = Onehead({"rebase", "--onto", "nothing", "main"});
  EXPECT_EQ(wrong.exit_code, 128) << wrong.err;
  const RunResult result = Onehead({"rebase", "--onto", "m", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
}

TEST_F(RebaseCommand, ACopyOfAPublishedFileIsRemoved) {
  CommitMigration("m", {"a"});
  CommitMigration("x", {"m"});
  BranchFrom("feature", "main");
  box_.WriteFile("work/alembic/versions/copy.py", MigrationText("x", {"m"}));
  box_.CommitAll("work", "copy");
  for (const char* option : {"--dry-run", "--new-ids"}) {
    const RunResult result = Onehead({"rebase", option, "main"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("is the same migration as alembic/versions/x.py"));
  }
  EXPECT_FALSE(box_.Exists("work/alembic/versions/copy.py"));
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
  EXPECT_EQ(Onehead({"check", "--worktree"}).exit_code, 0);
}

TEST_F(RebaseCommand, Renumber) {
  CommitMigration("0002", {"a"});
  BranchFrom("feature", "main");
  box_.WriteFile("work/alembic/versions/0002_mine.py", MigrationText("0002", {"a"}));
  box_.WriteFile("work/alembic/versions/0003_mine.py", MigrationText("0003", {"0002"}));
  box_.CommitAll("work", "mine");
  const RunResult refused = Onehead({"rebase", "main"});
  EXPECT_EQ(refused.exit_code, 1) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--renumber"));
  const RunResult result = Onehead({"rebase", "--renumber", "--stage", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Text("0002"), MigrationText("0002", {"a"}));
  EXPECT_FALSE(box_.Exists("work/alembic/versions/0002_mine.py"));
  EXPECT_EQ(Onehead({"check", "--worktree"}).exit_code, 0) << result.out;
}

TEST_F(RebaseCommand, WhatThePushedBranchHasIsLocal) {
  Fork();
  Git({"update-ref", "refs/remotes/origin/feature", "feature"});
  Git({"config", "branch.feature.remote", "."});
  Git({"config", "branch.feature.merge", "refs/remotes/origin/feature"});
  EXPECT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  EXPECT_EQ(Heads(), "y (head)\n");
}

TEST_F(RebaseCommand, PublishedRefsStay) {
  Fork();
  Git({"branch", "release/1", "feature"});
  Git({"config", "onehead.publishedRefs", "refs/heads/release/.*"});
  const RunResult refused = Onehead({"rebase", "main"});
  EXPECT_EQ(refused.exit_code, 1) << refused.out;
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

// The migration in between was taken out by a rebase: its child follows the head.
TEST_F(RebaseCommand, AParentThatARebaseHasDroppedCountsAsStale) {
  Fork();
  Git({"rebase", "-q", "--onto", "HEAD~2", "HEAD~1"});  // without x
  EXPECT_FALSE(box_.Exists("work/" + PathOf("x")));
  const RunResult result = Onehead({"rebase", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Text("y"), MigrationText("y", {"m"}));
}

TEST_F(RebaseCommand, AParentThatNobodyKnowsIsRefused) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"unheard"});
  const RunResult result = Onehead({"rebase", "main"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.err, HasSubstr("unheard"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(RebaseCommand, SeveralEnvironments) {
  box_.WriteFile("work/other/env.py", "");
  box_.WriteFile("work/other/versions/a.py", MigrationText("a", {}));
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  box_.WriteFile("work/other/versions/p.py", MigrationText("p", {"a"}));
  box_.WriteFile("work/other/versions/q.py", MigrationText("q", {"p"}));
  CommitMigration("x", {"a"});
  const RunResult onto = Onehead({"rebase", "--onto", "m", "main"});
  EXPECT_EQ(onto.exit_code, 129);
  EXPECT_THAT(onto.err, HasSubstr("--script-location"));
  EXPECT_EQ(Onehead({"rebase", "--onto", "m", "--script-location", "alembic", "main"}).exit_code,
            0);
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
  EXPECT_EQ(box_.ReadFile("work/other/versions/p.py"), MigrationText("p", {"a"}));
}

// Contract, rule 8.
TEST_F(RebaseCommand, AFileInTwoEnvironmentsIsRewrittenOnlyIfBothAgree) {
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = alembic\n"
                 "[other]\nscript_location = other\n"
                 "version_locations = alembic/versions other/versions\n");
  box_.WriteFile("work/other/env.py", "");
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  const RunResult agreed = Onehead({"rebase", "main"});
  EXPECT_EQ(agreed.exit_code, 0) << agreed.err;
  EXPECT_EQ(agreed.out, "alembic/versions/x.py: down_revision a -> m\n");
  EXPECT_EQ(Text("x"), MigrationText("x", {"m"}));
  Git({"checkout", "-q", "-f", "main"});
  box_.WriteFile("work/other/versions/n.py", MigrationText("n", {"m"}));
  box_.CommitAll("work", "n");
  Git({"checkout", "-q", "feature"});
  Git({"rebase", "-q", "main"});
  const RunResult refused = Onehead({"rebase", "main"});
  EXPECT_EQ(refused.exit_code, 1) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("error: alembic/versions/x.py: it is in two environments"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(RebaseCommand, PathsWithPatternCharacters) {
  box_.WriteFile("work/al[em]bic/env.py", "");
  box_.WriteFile("work/al[em]bic/versions/a.py", MigrationText("a", {}));
  box_.WriteFile("work/al[em]bic/versions/m.py", MigrationText("m", {"a"}));
  box_.CommitAll("work", "m");
  BranchFrom("feature", "main");
  box_.WriteFile("work/al[em]bic/versions/*.py", MigrationText("x", {"a"}));
  box_.CommitAll("work", "x");
  box_.WriteFile("work/al[em]bic/versions/y.py", MigrationText("y", {"x"}));  // matches *.py
  const RunResult result = Onehead({"rebase", "--commit", "main"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Git({"status", "--porcelain"}), "?? al[em]bic/versions/y.py");
  EXPECT_EQ(box_.ReadFile("work/al[em]bic/versions/*.py"), MigrationText("x", {"m"}));
}

TEST_F(RebaseCommand, ALinkedMigrationIsNotReplaced) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  box_.WriteFile("work/real/x.py", MigrationText("x", {"a"}));
  ASSERT_EQ(symlink("../../real/x.py", box_.Path("work/" + PathOf("x")).c_str()), 0);
  box_.CommitAll("work", "link");
  const RunResult result = Onehead({"rebase", "main"});
  struct stat info = {};
  ASSERT_EQ(lstat(box_.Path("work/" + PathOf("x")).c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
  EXPECT_EQ(result.exit_code, box_.ReadFile("work/real/x.py") == MigrationText("x", {"m"}) ? 0 : 1);
}

TEST_F(RebaseCommand, InALinkedWorkTree) {
  Fork();
  Git({"checkout", "-q", "main"});
  Git({"worktree", "add", "-q", box_.Path("linked"), "feature"});
  const RunResult result = Onehead({"rebase", "--commit", "main"}, "linked");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Show("feature", "x"), MigrationText("x", {"m"}));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(RebaseCommand, CrlfInTheWorkTreeStays) {
  Git({"config", "core.autocrlf", "true"});
  Fork();
  Git({"rm", "-q", "-r", "--cached", "."});
  Git({"reset", "-q", "--hard"});
  ASSERT_THAT(Text("x"), HasSubstr("\r\n"));
  ASSERT_EQ(Onehead({"rebase", "--commit", "main"}).exit_code, 0);
  EXPECT_THAT(Text("x"), HasSubstr("Revises: m\r\n"));
  EXPECT_EQ(Show("HEAD", "x"), MigrationText("x", {"m"}));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

// ---- --history -------------------------------------------------------------------------------

class RebaseHistory : public RebaseCommand {
 protected:
  std::string Subjects() { return Git({"log", "--reverse", "--format=%s", "main..HEAD"}); }
};

TEST_F(RebaseHistory, EveryCommitHasOneHead) {
  Fork();
  box_.CommitFile("work", "readme", "hello\n");
  const std::string old_tip = Git({"rev-parse", "HEAD"});
  const std::string people = Git({"log", "--format=%an %ae %ad %cn %ce %cd %B", "main..HEAD"});
  const RunResult result = Onehead({"rebase", "--history", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "alembic/versions/x.py: down_revision a -> m\nrewrote 3 commits of 3\n");
  EXPECT_THAT(result.err, HasSubstr("hint: the old tip is " + old_tip.substr(0, 12)));
  const std::string new_tip = Git({"rev-parse", "HEAD"});
  Git({"reset", "-q", "--hard", old_tip});
  EXPECT_THAT(Onehead({"rebase", "--history", "main", "--format", "json"}).out,
              HasSubstr("\"history\":{\"old_tip\":\"" + old_tip + "\",\"new_tip\":\"" + new_tip +
                        "\",\"rewritten\":3}}\n"));
  EXPECT_EQ(Heads("HEAD~2"), "x (head)\n");
  EXPECT_EQ(Heads("HEAD~1"), "y (head)\n");
  EXPECT_EQ(Show("HEAD~2", "x"), MigrationText("x", {"m"}));
  EXPECT_EQ(Git({"log", "--format=%an %ae %ad %cn %ce %cd %B", "main..HEAD"}), people);
  EXPECT_EQ(Git({"diff", "--name-only", old_tip, "HEAD"}), "alembic/versions/x.py");
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
  EXPECT_EQ(Git({"symbolic-ref", "HEAD"}), "refs/heads/feature");
  EXPECT_EQ(Git({"rev-parse", "feature@{1}"}), old_tip);
  EXPECT_EQ(Git({"rev-parse", "ORIG_HEAD"}), old_tip);
  EXPECT_THAT(Git({"reflog", "-1", "feature"}), HasSubstr("onehead rebase --history"));
  Git({"fsck", "--strict"});

  const RunResult again = Onehead({"rebase", "--history", "main"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("nothing to do"));
}

TEST_F(RebaseHistory, CommitsBelowTheFirstChangeStay) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  const std::string first = box_.CommitFile("work", "readme", "hello\n");
  CommitMigration("x", {"a"});
  ASSERT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 0);
  EXPECT_EQ(Git({"rev-parse", "HEAD~1"}), first);
}

TEST_F(RebaseHistory, MergesOfTheBranchAreKept) {
  CommitMigration("m", {"a"});
  BranchFrom("side", "main");
  CommitMigration("s", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  Git({"merge", "-q", "--no-ff", "-m", "merge side", "side"});
  CommitMigration("z", {"x"});
  const RunResult result = Onehead({"rebase", "--history", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* rev : {"HEAD", "HEAD~1", "HEAD~1^1", "HEAD~1^2"}) {
    const std::string heads = Heads(rev);
    EXPECT_EQ(heads.find('\n'), heads.size() - 1) << rev << ": " << heads;
  }
  EXPECT_EQ(Git({"log", "-1", "--format=%s %P", "HEAD~1"}).find("merge side "), 0u);
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

// The branch merged main in the middle: before that its commits know nothing of main's head.
TEST_F(RebaseHistory, AMergeOfTheUpstreamIsWhereTheMigrationMoves) {
  BranchFrom("feature", "main");
  const std::string first = CommitMigration("x", {"a"});
  Git({"checkout", "-q", "main"});
  CommitMigration("m", {"a"});
  Git({"checkout", "-q", "feature"});
  Git({"merge", "-q", "--no-ff", "-m", "merge main", "main"});
  CommitMigration("y", {"x"});
  ASSERT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 0);
  EXPECT_EQ(Git({"rev-parse", "HEAD~1^1"}), first);
  EXPECT_EQ(Heads("HEAD~1"), "x (head)\n");
  EXPECT_EQ(Heads("HEAD"), "y (head)\n");
}

TEST_F(RebaseHistory, NewIdsAreTheSameInAllCommits) {
  Fork();
  const RunResult result = Onehead({"rebase", "--history", "--new-ids", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string first = Git({"diff", "--name-only", "main", "HEAD~1"});
  const std::string both = Git({"diff", "--name-only", "main", "HEAD"});
  EXPECT_THAT(both, HasSubstr(first));
  EXPECT_THAT(first, Not(HasSubstr("versions/x.py")));
  EXPECT_EQ(Onehead({"check", "HEAD"}).exit_code, 0);
  EXPECT_EQ(Onehead({"check", "HEAD~1"}).exit_code, 0);
}

TEST_F(RebaseHistory, KeepsWhatIsStagedAndChangedElsewhere) {
  Fork();
  box_.CommitFile("work", "readme", "one\n");
  box_.WriteFile("work/readme", "staged\n");
  Git({"add", "readme"});
  box_.WriteFile("work/readme", "changed\n");
  box_.WriteFile("work/untracked", "mine\n");
  ASSERT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 0);
  EXPECT_EQ(box_.ReadFile("work/readme"), "changed\n");
  EXPECT_EQ(Git({"show", ":readme"}), "staged");
  EXPECT_EQ(Git({"status", "--porcelain"}), "MM readme\n?? untracked");
}

TEST_F(RebaseHistory, RefusesChangedMigrations) {
  Fork();
  box_.WriteFile("work/" + PathOf("y"), MigrationText("y", {"x"}) + "# mine\n");
  const std::string tip = Git({"rev-parse", "HEAD"});
  const RunResult result = Onehead({"rebase", "--history", "main"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("error: alembic/versions/y.py: "));
  EXPECT_EQ(Git({"rev-parse", "HEAD"}), tip);
}

TEST_F(RebaseHistory, RefusesWhileAnotherOperationIsUnderWay) {
  Fork();
  box_.WriteFile("work/.git/MERGE_HEAD", Git({"rev-parse", "main"}) + "\n");
  const RunResult result = Onehead({"rebase", "--history", "main"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("MERGE_HEAD"));
}

TEST_F(RebaseHistory, RefusesCommitsThatArePublished) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  Git({"branch", "release/1", "feature"});
  const std::string tip = Git({"rev-parse", "HEAD"});
  EXPECT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 1);
  EXPECT_EQ(Git({"rev-parse", "HEAD"}), tip);
  Git({"branch", "-m", "release/1", "pushed"});
  EXPECT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 0);
  EXPECT_EQ(Heads("HEAD"), "x (head)\n");
}

TEST_F(RebaseHistory, DetachedHead) {
  Fork();
  Git({"checkout", "-q", "--detach"});
  const std::string branch = Git({"rev-parse", "feature"});
  ASSERT_EQ(Onehead({"rebase", "--history", "main"}).exit_code, 0);
  EXPECT_EQ(Heads("HEAD"), "y (head)\n");
  EXPECT_EQ(Git({"rev-parse", "feature"}), branch);
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(RebaseHistory, DryRunChangesNothing) {
  Fork();
  const std::string refs = Git({"for-each-ref"});
  const RunResult result = Onehead({"rebase", "--history", "--dry-run", "main"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("would rewrite 2 commits of 2"));
  EXPECT_EQ(Git({"for-each-ref"}), refs);
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

// Encodings and unknown headers stay as they are; a signature would be wrong and goes.
TEST_F(RebaseHistory, KeepsTheCommitObjectButForItsSignature) {
  CommitMigration("m", {"a"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  const std::string tree = Git({"rev-parse", "HEAD^{tree}"});
  const std::string parent = Git({"rev-parse", "main"});
  const std::string rest =
      "author J\xf6rg <j@x> 1600000000 -0330\ncommitter C <c@x> 1600000001 +0545\n"
      "encoding ISO-8859-1\n";
  const std::string message = "\nL\xf6sung\n\n tree of\nparent of it\n";
  const std::string commit = box_.MustGit(
      {"hash-object", "-t", "commit", "-w", "--stdin"}, "work",
      "tree " + tree + "\nparent " + parent + "\n" + rest +
          "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n" +
          message);
  Git({"reset", "-q", "--hard", commit});
  const RunResult result = Onehead({"rebase", "--history", "main"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("warning: signatures that are gone, because they would be wrong: 1\n"));
  const std::string new_tree = Git({"rev-parse", "HEAD^{tree}"});
  EXPECT_EQ(Git({"cat-file", "commit", "HEAD"}) + "\n",
            "tree " + new_tree + "\nparent " + parent + "\n" + rest + message);
}

}  // namespace
}  // namespace onehead::testing
