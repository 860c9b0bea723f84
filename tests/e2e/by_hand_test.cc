// check, heads, branches and history by hand: trees, options, exit codes, JSON.
#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

class ByHand : public ::testing::Test {
 protected:
  ByHand() {
    box_.InitWork("work");
    box_.WriteFile("work/alembic.ini", kIni);
    box_.WriteFile("work/alembic/env.py", "pass\n");
    Migration("a", {});
    box_.CommitAll("work", "base");
  }

  void Migration(const std::string& id, const std::vector<std::string>& down) {
    box_.WriteFile("work/alembic/versions/" + id + ".py", MigrationText(id, down));
  }

  RunResult Onehead(std::vector<std::string> args, const std::string& dir = "work") {
    args.insert(args.begin(), ONEHEAD_PROGRAM);
    return box_.Run(args, dir);
  }

  // Exit code, standard output and standard error at once.
  static std::string Dump(const RunResult& run) {
    return std::to_string(run.exit_code) + "\n" + run.out + "--\n" + run.err;
  }

  GitSandbox box_;
};

TEST_F(ByHand, CheckSaysWhatIsThere) {
  EXPECT_EQ(Dump(Onehead({"check"})), "0\nok: alembic: 1 revision, 1 head a\n--\n");
  EXPECT_EQ(Dump(Onehead({"check", "-q"})), "0\n--\n");
}

TEST_F(ByHand, CheckReadsTheTreeThatIsAskedFor) {
  Migration("b", {"a"});
  Migration("c", {"a"});
  EXPECT_EQ(Onehead({"check"}).exit_code, 0);
  EXPECT_EQ(Onehead({"check", "--staged"}).exit_code, 0);
  EXPECT_EQ(Onehead({"check", "--worktree"}).exit_code, 1);
  box_.MustGit({"add", "-A"}, "work");
  EXPECT_EQ(Onehead({"check", "--staged"}).exit_code, 1);
  box_.MustGit({"commit", "-qm", "fork"}, "work");
  EXPECT_EQ(Onehead({"check"}).exit_code, 1);
  EXPECT_EQ(Onehead({"check", "HEAD~"}).exit_code, 0);
  EXPECT_EQ(Onehead({"check", "--staged", "--worktree"}).exit_code, 129);
  EXPECT_EQ(Onehead({"check", "HEAD", "--staged"}).exit_code, 129);
}

TEST_F(ByHand, CheckAgainstForeseesTheFork) {
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  Migration("f", {"a"});
  box_.CommitAll("work", "f");
  EXPECT_EQ(Onehead({"check", "--against", "main"}).exit_code, 0);
  box_.MustGit({"checkout", "-q", "main"}, "work");
  Migration("b", {"a"});
  box_.CommitAll("work", "b");
  const RunResult run = Onehead({"check", "feature", "--against", "main"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.out.find("merged into main: 2 heads, 1 allowed"), std::string::npos) << run.out;
  // The branch lacks b: no line of it can name it yet.
  EXPECT_NE(run.out.find("hint: to repair it, first: git rebase main\n"), std::string::npos)
      << run.out;
  EXPECT_EQ(run.out.find("down_revision"), std::string::npos) << run.out;
  box_.MustGit({"checkout", "-q", "feature"}, "work");
  box_.MustGit({"rebase", "-q", "main"}, "work");
  const RunResult rebased = Onehead({"check", "--against", "main"});
  EXPECT_EQ(rebased.exit_code, 1);
  EXPECT_NE(rebased.out.find("onehead rebase --commit main, or"), std::string::npos) << rebased.out;
  EXPECT_NE(rebased.out.find("alembic/versions/f.py:16: down_revision = 'b'"), std::string::npos)
      << rebased.out;
  EXPECT_EQ(Onehead({"rebase", "--commit", "main"}).exit_code, 0);
  EXPECT_EQ(Onehead({"check", "--against", "main"}).exit_code, 0);
}

TEST_F(ByHand, CheckAgainstForeseesADuplicateId) {
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  box_.WriteFile("work/alembic/versions/b1.py", MigrationText("b", {"a"}));
  box_.CommitAll("work", "b1");
  box_.MustGit({"checkout", "-q", "main"}, "work");
  box_.WriteFile("work/alembic/versions/b2.py", MigrationText("b", {"a"}));
  box_.CommitAll("work", "b2");
  const RunResult run = Onehead({"check", "feature", "--against", "main"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out.rfind("error: duplicate-revision: ", 0), 0u) << run.out;
  EXPECT_NE(run.out.find("merged into main: "), std::string::npos) << run.out;
}

TEST_F(ByHand, CheckAgainstShowsTheStateOfTheRevisionItself) {
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  box_.MustGit({"checkout", "-q", "main"}, "work");
  Migration("b", {"a"});
  box_.CommitAll("work", "b");
  EXPECT_EQ(Dump(Onehead({"check", "feature", "--against", "main"})),
            "0\nok: alembic: 1 revision, 1 head a\n--\n");
}

TEST_F(ByHand, CheckAgainstNamesWhatWasPublishedAsAWarning) {
  Migration("b", {"a"});
  box_.CommitAll("work", "b");
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  box_.MustGit({"rm", "-q", "alembic/versions/b.py"}, "work");
  Migration("c", {"a"});
  box_.CommitAll("work", "replace b");
  const RunResult run = Onehead({"check", "--against", "main"});
  EXPECT_NE(run.out.find("warning: published-changed"), std::string::npos) << run.out;
  EXPECT_EQ(run.exit_code, 0) << run.out;
}

TEST_F(ByHand, CheckAgainstObeysWhatHappensToPublishedMigrations) {
  Migration("b", {"a"});
  box_.CommitAll("work", "b");
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  box_.MustGit({"rm", "-q", "alembic/versions/b.py"}, "work");
  Migration("c", {"a"});
  box_.CommitAll("work", "replace b");
  box_.MustGit({"config", "onehead.published", "reject"}, "work");
  const RunResult reject = Onehead({"check", "--against", "main"});
  EXPECT_EQ(reject.exit_code, 1);
  const std::size_t at = reject.out.find("error: published-changed");
  EXPECT_NE(at, std::string::npos) << reject.out;
  EXPECT_EQ(reject.out.find("error: published-changed", at + 1), std::string::npos) << reject.out;
  EXPECT_EQ(reject.out.find("merged into main: b"), std::string::npos) << reject.out;
  box_.MustGit({"config", "onehead.published", "ignore"}, "work");
  EXPECT_EQ(Dump(Onehead({"check", "--against", "main"})),
            "0\nok: alembic: 2 revisions, 1 head c\n--\n");
}

TEST_F(ByHand, CheckAgainstNamesARemovedEnvironment) {
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "work");
  box_.MustGit({"rm", "-q", "-r", "alembic", "alembic.ini"}, "work");
  box_.WriteFile("work/readme.txt", "gone\n");
  box_.CommitAll("work", "remove all");
  const RunResult run = Onehead({"check", "--against", "main"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.rfind("warning: published-changed: alembic: ", 0), 0u) << run.out;
  EXPECT_EQ(Onehead({"check"}).exit_code, 128);
  EXPECT_EQ(Onehead({"check", "--against", "HEAD"}).exit_code, 128);
}

TEST_F(ByHand, SeveralEnvironmentsEachUnderItsName) {
  box_.WriteFile("work/other/env.py", "");
  box_.WriteFile("work/other/versions/x.py", MigrationText("x", {}));
  box_.CommitAll("work", "another");
  EXPECT_EQ(Onehead({"heads"}).out, "# alembic\na (head)\n# other\nx (head)\n");
  EXPECT_EQ(Onehead({"check"}).out,
            "# alembic\nok: alembic: 1 revision, 1 head a\n"
            "# other\nok: other: 1 revision, 1 head x\n");
  EXPECT_EQ(Onehead({"heads", "--script-location", "other"}).out, "x (head)\n");
  EXPECT_EQ(Onehead({"heads", "--versions", "versions"}, "work/other").out, "x (head)\n");
}

TEST_F(ByHand, WorksInABareRepositoryAndInASubDirectory) {
  box_.MustGit({"clone", "-q", "--bare", box_.Path("work"), box_.Path("bare.git")});
  EXPECT_EQ(Dump(Onehead({"heads"}, "bare.git")), "0\na (head)\n--\n");
  EXPECT_EQ(Dump(Onehead({"heads"}, "work/alembic/versions")), "0\na (head)\n--\n");
  EXPECT_EQ(Dump(Onehead({"-C", "work", "heads"}, "")), "0\na (head)\n--\n");
  EXPECT_EQ(Onehead({"-C", "nowhere", "heads"}, "").exit_code, 128);
  EXPECT_EQ(Dump(Onehead({"heads", "-C", "work"}, "")), "0\na (head)\n--\n");
  EXPECT_EQ(Onehead({"heads", "--worktree"}, "bare.git").exit_code, 128);
}

TEST_F(ByHand, HeadsHintsAtTheWorkTree) {
  Migration("b", {"a"});
  const RunResult run = Onehead({"heads"});
  EXPECT_EQ(run.out, "a (head)\n");
  EXPECT_NE(run.err.find("hint: the work tree has other heads"), std::string::npos) << run.err;
  EXPECT_EQ(Onehead({"heads", "main"}).err, "");
  EXPECT_EQ(Onehead({"heads", "--worktree"}).out, "b (head)\n");
}

TEST_F(ByHand, ListingsExitWith1WhereAlembicCannotLoad) {
  Migration("b", {"nowhere"});
  box_.CommitAll("work", "dangling");
  for (const char* command : {"heads", "branches", "history"}) {
    const RunResult run = Onehead({command});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err.rfind("error: ", 0), 0u) << run.err;
    EXPECT_NE(run.err.find("nowhere"), std::string::npos) << run.err;
  }
}

TEST_F(ByHand, ListingsWarnOfWhatCannotBeRead) {
  box_.WriteFile("work/alembic/versions/b.py", "revision = 'b'\ndown_revision = get()\n");
  const RunResult run = Onehead({"heads", "--worktree"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err.rfind("warning: alembic/versions/b.py:2: ", 0), 0u) << run.err;
  EXPECT_NE(run.err.find("get()"), std::string::npos) << run.err;
}

TEST_F(ByHand, AnUnknownSettingIsNamedAndTheListShown) {
  box_.MustGit({"config", "onehead.scriptlocatoin", "x"}, "work");
  box_.MustGit({"config", "onehead.typo", "x"}, "work");
  const RunResult run = Onehead({"check"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out,
            "ok: alembic: 1 revision, 1 head a\n"
            "warning: onehead.scriptlocatoin is not a onehead setting\n"
            "warning: onehead.typo is not a onehead setting\n"
            "hint: did you mean onehead.scriptLocation? onehead help config lists the settings\n"
            "hint: onehead help config lists the settings\n");
  const RunResult help = Onehead({"help", "config"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.out.find("\nonehead.maxHeads           1\n    heads allowed"), std::string::npos)
      << help.out;
}

TEST_F(ByHand, CheckJudgesEachReading) {
  box_.WriteFile("work/alembic/versions/b.py", testing::MigrationText("b", {"a"}));
  box_.WriteFile("work/alembic/versions/c.py", testing::MigrationText("c", {"a"}));
  box_.WriteFile("work/alembic/versions/sub/m.py", testing::MigrationText("m", {"b", "c"}));
  box_.WriteFile("work/all.ini",
                 "[alembic]\nscript_location = alembic\nrecursive_version_locations = true\n");
  box_.CommitAll("work", "two configurations");
  const RunResult run = Onehead({"check"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.out.find("multiple-heads: alembic: "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("not all configurations of alembic are recursive"), std::string::npos);
  box_.WriteFile("work/alembic.ini", box_.ReadFile("work/all.ini"));
  EXPECT_EQ(Onehead({"check", "--worktree"}).exit_code, 0);
}

TEST_F(ByHand, WhatMayLiveElsewhereIsNoFailure) {
  box_.WriteFile("work/alembic/versions/b.py",
                 "revision = 'b'\ndown_revision = 'a'\ndepends_on = 'of_a_package'\n");
  box_.WriteFile("work/alembic/versions/c.py", testing::MigrationText("c", {"elsewhere"}));
  box_.CommitAll("work", "with a package");
  for (const char* command : {"heads", "history"}) EXPECT_EQ(Onehead({command}).exit_code, 1);
  EXPECT_EQ(Onehead({"merge", "--dry-run"}).exit_code, 1);
  box_.MustGit({"config", "onehead.externalRevisions", "true"}, "work");
  const RunResult heads = Onehead({"heads"});
  EXPECT_EQ(heads.exit_code, 0) << heads.err;
  EXPECT_EQ(heads.out, "b (head)\nc (head)\n");
  EXPECT_EQ(Onehead({"history"}).exit_code, 0);
  const RunResult merge = Onehead({"merge", "--dry-run"});
  EXPECT_EQ(merge.exit_code, 0) << merge.err;
}

TEST_F(ByHand, ErrorsAreClear) {
  box_.MakeDirs("empty");
  const RunResult none = Onehead({"check"}, "empty");
  EXPECT_EQ(none.exit_code, 128);
  EXPECT_NE(none.err.find("error: "), std::string::npos) << none.err;
  const RunResult unknown = Onehead({"check", "nope"});
  EXPECT_EQ(unknown.exit_code, 128);
  EXPECT_NE(unknown.err.find("nope"), std::string::npos) << unknown.err;
  EXPECT_EQ(Onehead({"check", "HEAD:alembic.ini"}).exit_code, 128);
  EXPECT_EQ(Onehead({"check", "--format", "xml"}).exit_code, 129);
  EXPECT_EQ(Onehead({"chekc"}).exit_code, 129);
  EXPECT_NE(Onehead({"chekc"}).err.find("did you mean check"), std::string::npos);
  EXPECT_EQ(Onehead({}).exit_code, 129);
  EXPECT_EQ(Onehead({"help"}).exit_code, 0);
  for (const char* command : {"check", "heads", "branches", "history", "pre-receive", "install"}) {
    const RunResult help = Onehead({"help", command});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.out, Onehead({command, "--help"}).out);
    EXPECT_NE(help.out.find(std::string("onehead ") + command), std::string::npos) << help.out;
  }
}

TEST_F(ByHand, EmptyRevisionsAreNotTheDefault) {
  const RunResult against = Onehead({"check", "--against", ""});
  EXPECT_EQ(Dump(against),
            "129\n--\nerror: --against names no commit\nhint: see onehead check "
            "--help\n");
  EXPECT_EQ(Onehead({"check", ""}).exit_code, 128);
  EXPECT_EQ(Onehead({"heads", ""}).exit_code, 128);
}

TEST_F(ByHand, WrongChoicesAreNamed) {
  EXPECT_EQ(Dump(Onehead({"check", "--format", "xml"})),
            "129\n--\nerror: --format: 'xml' is not one of text, json\n"
            "hint: see onehead check --help\n");
  EXPECT_EQ(Onehead({"heads", "--format", "1"}).exit_code, 129);
  EXPECT_EQ(Onehead({"pre-receive", "--format", "1"}).exit_code, 129);
  const RunResult color = Onehead({"heads", "--color", "2"});
  EXPECT_EQ(color.exit_code, 129);
  EXPECT_NE(color.err.find("'2' is not one of auto, always, never"), std::string::npos)
      << color.err;
}

TEST_F(ByHand, NoEnvironmentSaysWhereItLooked) {
  box_.InitWork("plain");
  box_.CommitFile("plain", "a.txt", "a");
  const RunResult run = Onehead({"check"}, "plain");
  EXPECT_EQ(run.exit_code, 128);
  EXPECT_NE(run.err.find("error: no Alembic environment in HEAD"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("hint: looked in every directory for alembic.ini"), std::string::npos);
}

TEST_F(ByHand, UnbornHeadNamesTheBranches) {
  box_.MustGit({"checkout", "-q", "--orphan", "fresh"}, "work");
  const RunResult run = Onehead({"check"});
  EXPECT_EQ(run.exit_code, 128);
  EXPECT_NE(run.err.find("main"), std::string::npos) << run.err;
}

TEST_F(ByHand, JsonOfHeadsAndCheck) {
  const std::string commit = box_.MustGit({"rev-parse", "HEAD"}, "work");
  EXPECT_EQ(Onehead({"heads", "--format", "json", "main"}).out,
            "{\"schema\":\"onehead.heads/1\",\"rev\":\"main\",\"commit\":\"" + commit +
                "\",\"error\":null,\"environments\":[{\"script_location\":\"alembic\","
                "\"version_locations\":[\"alembic/versions\"],\"heads\":[\"a\"],\"bases\":[\"a\"],"
                "\"revisions\":[{\"revision\":\"a\",\"path\":\"alembic/versions/a.py\",\"line\":15,"
                "\"down_revision\":[],\"branch_labels\":[],\"depends_on\":[],\"title\":\"add a\","
                "\"is_head\":true,\"is_base\":true,\"is_branch_point\":false,"
                "\"is_merge_point\":false}]}]}\n");
  EXPECT_EQ(Onehead({"check", "--format", "json"}).out,
            "{\"schema\":\"onehead.check/1\",\"ref\":\"HEAD\",\"commit\":\"" + commit +
                "\",\"verdict\":\"pass\",\"error\":null,\"environments\":[{\"script_location\":"
                "\"alembic\",\"version_locations\":[\"alembic/versions\"],\"revisions\":1,"
                "\"heads\":[\"a\"],\"findings\":[]}],\"warnings\":[],\"hints\":[]}\n");
  const RunResult bad = Onehead({"heads", "--format", "json", "nope"});
  EXPECT_EQ(bad.exit_code, 128);
  EXPECT_NE(bad.out.find("\"environments\":[]"), std::string::npos) << bad.out;
  EXPECT_NE(Onehead({"history", "--worktree", "--format", "json"})
                .out.find("\"rev\":null,\"commit\":null"),
            std::string::npos);
}

TEST_F(ByHand, JsonHasItsErrorsOnStandardErrorToo) {
  for (const char* command : {"check", "heads"}) {
    const RunResult run = Onehead({command, "--format", "json", "nope"});
    EXPECT_EQ(run.exit_code, 128);
    EXPECT_EQ(run.err.rfind("error: ", 0), 0u) << run.err;
    EXPECT_EQ(run.out.find("\"error\":null"), std::string::npos) << run.out;
  }
}

TEST_F(ByHand, FullStandardOutputIsAnError) {
  const RunResult run = box_.Run(
      {"/bin/sh", "-c", std::string("'") + ONEHEAD_PROGRAM + "' history > /dev/full"}, "work");
  EXPECT_EQ(run.exit_code, 128);
  EXPECT_NE(run.err.find("error: cannot write"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace onehead::testing
