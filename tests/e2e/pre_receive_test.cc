// The hook with real pushes: the contract's section "What the hook decides", sentence by sentence.
#include <gmock/gmock.h>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using PreReceive = PushTest;

TEST_F(PreReceive, FirstPushAndOneMoreMigrationPassSilently) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_SILENT(Push("main"));
}

TEST_F(PreReceive, SecondHeadIsRefusedWithHeadsAndExactLine) {
  PushBase();
  NewBranch("other", "main");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("other:main"));
  Checkout("main");
  CommitMigration("c", {"a"});
  box_.MustGit({"merge", "-q", "other", "-m", "merge"}, "work");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "error: multiple-heads: refs/heads/main: alembic: 2 heads, 1 allowed");
  for (const char* text :
       {"head b (add b), was there: alembic/versions/b.py",
        "head c (add c), new: alembic/versions/c.py", "they diverge after a (add a)",
        "alembic/versions/c.py:16: down_revision = 'b'", "alembic/versions/c.py:4: Revises: b",
        "alembic merge -m \"merge heads\" b c"}) {
    EXPECT_THAT(pushed.err, HasSubstr(text));
  }
  box_.WriteFile("work/alembic/versions/c.py", MigrationText("c", {"b"}));
  box_.CommitAll("work", "repair");
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(PreReceive, MergeRevisionRepairs) {
  CommitFork();
  EXPECT_REFUSED(Push("main"), "multiple-heads");
  CommitMigration("d", {"b", "c"});
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(PreReceive, ReadsQuarantinedAndPackedObjects) {
  PushBase();
  box_.MustGit({"repack", "-adq"}, "server.git");
  box_.MustGit({"config", "receive.unpackLimit", "1"}, "server.git");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("c", {"a"});
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, NothingChangedInAnyEnvironmentIsSilent) {
  PushBase();
  box_.CommitFile("work", "readme.txt", "hello\n");
  EXPECT_SILENT(Push("main"));
}

TEST_F(PreReceive, RepositoryWithoutAlembicIsSilent) {
  box_.CommitFile("work", "main.py", "print('hello')\n");
  EXPECT_SILENT(Push("main"));
}

TEST_F(PreReceive, EmptyServerHasNothingToCompareWith) {
  box_.WriteFile("work/alembic.ini", kIni);
  Migration("a", {});
  Migration("b", {"a"});
  Migration("c", {"a"});
  box_.CommitAll("work", "import");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "multiple-heads");
  EXPECT_THAT(pushed.err, HasSubstr("onehead.maxHeads"));
  EXPECT_THAT(pushed.err, HasSubstr("onehead.override"));
  SetServer("onehead.maxHeads", "2");
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(PreReceive, RepositoryThatHasTwoHeadsGoesOnWorkingAndIsTold) {
  PushForkUnchecked();
  CommitMigration("d", {"c"});
  EXPECT_ACCEPTED_WITH(Push("main"), "warning: multiple-heads");
  CommitMigration("e", {"a"});
  EXPECT_REFUSED(Push("main"), "3 heads, 2 allowed");
  box_.MustGit({"reset", "-q", "--hard", "HEAD^"}, "work");
  CommitMigration("m", {"b", "d"});
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(PreReceive, RepairThatEditsAPublishedFilePassesWithoutWarning) {
  PushForkUnchecked();
  Migration("c", {"b"});
  box_.CommitAll("work", "repair");
  const RunResult pushed = Push("main");
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, Not(HasSubstr("published-changed")));
}

TEST_F(PreReceive, ChangedPublishedMigrationWarnsOrIsRefused) {
  PushBase();
  CommitMigration("b", {"a"});
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  Migration("c", {"a"});
  Migration("b", {"c"});
  box_.CommitAll("work", "reorder");
  SetServer("onehead.published", "reject");
  EXPECT_REFUSED(Push("main"), "published-changed");
  SetServer("onehead.published", "warn");
  EXPECT_ACCEPTED_WITH(Push("main"), "warning: published-changed");
}

TEST_F(PreReceive, ForcePushedFeatureAfterARebasePasses) {
  PushMainAndFeature();
  box_.MustGit({"rebase", "-q", "main"}, "work");
  EXPECT_REFUSED(Push("feature", {"--force"}), "multiple-heads");
  Migration("f", {"m"});
  box_.CommitAll("work", "repair");
  const RunResult pushed = Push("feature", {"--force"});
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, Not(HasSubstr("published-changed")));
}

TEST_F(PreReceive, NewBranchFromAnOldCommitWithTwoHeadsPasses) {
  PushForkUnchecked();
  NewBranch("old", "main");
  Checkout("main");
  CommitMigration("m", {"b", "c"});
  EXPECT_ACCEPTED(Push("main"));
  Checkout("old");
  EXPECT_ACCEPTED(Push("old:again"));
  CommitMigration("d", {"c"});
  EXPECT_ACCEPTED(Push("old"));
}

TEST_F(PreReceive, MainWithTwoHeadsMergedIntoAFeaturePasses) {
  PushBase();
  NewBranch("feature", "main");
  CommitMigration("f", {"a"});
  EXPECT_ACCEPTED(Push("feature"));
  Checkout("main");
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  PushUnchecked("main");
  Checkout("feature");
  Migration("f", {"b"});
  box_.CommitAll("work", "follow b");
  box_.MustGit({"merge", "-q", "main", "-m", "merge"}, "work");
  EXPECT_ACCEPTED(Push("feature"));
}

TEST_F(PreReceive, FeatureWithTwoHeadsDoesNotBringThemToMain) {
  PushBase();
  NewBranch("feature", "main");
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  PushUnchecked("feature");
  EXPECT_REFUSED(Push("feature:main"), "multiple-heads");
}

TEST_F(PreReceive, ReleaseBranchIsComparedWithItsOldTipOnly) {
  SetServer("onehead.publishedRefs", "refs/heads/release/.*");
  PushBase();
  EXPECT_ACCEPTED(Push("main:release/1.0"));
  NewBranch("feature", "main");
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  PushUnchecked("feature");
  EXPECT_REFUSED(Push("feature:release/1.0"), "multiple-heads");
  EXPECT_ACCEPTED(Push("feature:another"));
}

TEST_F(PreReceive, ReleaseBranchCutFromMainWithTwoHeadsPasses) {
  SetServer("onehead.publishedRefs", "refs/heads/release/.*");
  PushForkUnchecked();
  EXPECT_ACCEPTED(Push("main:release/1.0"));
}

TEST_F(PreReceive, MainAndFeatureInOnePush) {
  PushBase();
  CommitMigration("b", {"a"});
  NewBranch("feature", "main");
  CommitMigration("f", {"b"});
  EXPECT_ACCEPTED(box_.Git({"push", "-q", "origin", "main", "feature"}, "work"));
  Checkout("main");
  CommitMigration("c", {"b"});
  Checkout("feature");
  CommitMigration("g", {"a"});
  const RunResult pushed = box_.Git({"push", "-q", "origin", "main", "feature"}, "work");
  EXPECT_REFUSED(pushed, "multiple-heads: refs/heads/feature");
}

TEST_F(PreReceive, DeletedBranchesTagsAndOtherRefsPass) {
  PushBase();
  EXPECT_ACCEPTED(Push("main:gone"));
  EXPECT_ACCEPTED(Push(":gone"));
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  EXPECT_ACCEPTED(Push("HEAD:refs/tags/v1"));
  EXPECT_ACCEPTED(Push("HEAD:refs/notes/x"));
  const std::string blob = box_.MustGit({"hash-object", "-w", "alembic.ini"}, "work");
  EXPECT_ACCEPTED(Push(blob + ":refs/tags/blob"));
  SetServer("onehead.refs", "refs/.*");
  const std::string tree = box_.MustGit({"rev-parse", "HEAD^{tree}"}, "work");
  EXPECT_ACCEPTED(Push(tree + ":refs/tags/tree"));
  box_.MustGit({"tag", "-a", "v2", "-m", "v2"}, "work");
  EXPECT_ACCEPTED(Push("v2"));  // the commit is on the server already, by the tag v1
}

TEST_F(PreReceive, AnnotatedTagOfANewSecondHeadIsRefusedWhenTagsAreGuarded) {
  CommitFork();
  SetServer("onehead.refs", "refs/tags/.*");
  box_.MustGit({"tag", "-a", "v2", "-m", "v2"}, "work");
  EXPECT_REFUSED(Push("v2"), "multiple-heads: refs/tags/v2");
}

TEST_F(PreReceive, ForkAheadIsAHintForAFeature) {
  PushBase();
  NewBranch("feature", "main");
  CommitMigration("f", {"a"});
  Checkout("main");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  Checkout("feature");
  EXPECT_ACCEPTED_WITH(Push("feature"),
                       "hint: alembic would have 2 heads if this were merged into main now");
  SetServer("onehead.advice", "false");
  box_.CommitFile("work", "alembic/versions/f.py", MigrationText("f", {"a"}, "another title"));
  EXPECT_SILENT(Push("feature"));
}

TEST_F(PreReceive, LabelledHeadsAreCountedPerGroup) {
  PushBase();
  SetServer("onehead.labelledHeads", "true");
  const auto labelled = [](const std::string& id, const std::string& down,
                           const std::string& label) {
    return "revision = '" + id +
           "'\ndown_revision = " + (down.empty() ? "None" : "'" + down + "'") +
           "\nbranch_labels = ('" + label + "',)\n";
  };
  box_.WriteFile("work/alembic/versions/x.py", labelled("x", "a", "expand"));
  box_.WriteFile("work/alembic/versions/y.py", labelled("y", "a", "contract"));
  box_.CommitAll("work", "two labelled branches");
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("x2", {"x"});
  CommitMigration("x3", {"x"});
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, OverrideCountsOnlyWhenAllowedAndIsOnRecord) {
  CommitFork();
  const RunResult refused = Push("main", {"-o", "onehead.override=hotfix 7"});
  EXPECT_REFUSED(refused, "multiple-heads");
  SetServer("onehead.override", "true");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
  const RunResult pushed = Push("main", {"-o", "onehead.override=hotfix 7"});
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, HasSubstr("overridden"));
  EXPECT_THAT(pushed.err, HasSubstr("hotfix 7"));
}

TEST_F(PreReceive, WarnModeRefusesNothing) {
  CommitFork();
  SetServer("onehead.mode", "warn");
  const RunResult pushed = Push("main");
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, HasSubstr("remote: warning: multiple-heads"));
  EXPECT_THAT(pushed.err, HasSubstr("remote: warning:   they diverge after a"));
  EXPECT_THAT(pushed.err, HasSubstr("remote: warning: accepted because onehead.mode is warn; it "
                                    "would have been refused"));
  EXPECT_THAT(pushed.err, Not(HasSubstr("error:")));
}

// An error, which is no verdict, refuses a push too.
TEST_F(PreReceive, WarnModePassesErrorsToo) {
  PushBase();
  SetServer("onehead.mode", "warn");
  const RunResult result = Hook(IdOf('0') + " " + IdOf('1') + " refs/heads/x\n");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("warning: object " + IdOf('1') + " is missing"));
  EXPECT_THAT(result.err, HasSubstr("warning: accepted because onehead.mode is warn"));
  EXPECT_THAT(result.err, Not(HasSubstr("error: ")));
}

TEST_F(PreReceive, WhenItIsOffNothingIsLookedAt) {
  CommitFork();
  SetServer("onehead.mode", "off");
  EXPECT_SILENT(Push("main"));
  const RunResult malformed = Hook("what is this\n");
  EXPECT_EQ(malformed.exit_code, 0);
  EXPECT_EQ(malformed.err, "");
  const RunResult json =
      Hook(IdOf('0') + " " + ServerTip() + " refs/heads/x\n", {"--format", "json"});
  EXPECT_EQ(json.exit_code, 0);
  EXPECT_EQ(json.out + json.err, "");
}

TEST_F(PreReceive, EachDefectUnderItsOwnName) {
  PushBase();
  Migration("b", {"a"});
  box_.WriteFile("work/alembic/versions/b2.py", MigrationText("b", {"a"}));
  Migration("c", {"nowhere"});
  Migration("d", {"e"});
  Migration("e", {"d"});
  box_.WriteFile("work/alembic/versions/f.py", "revision = 'f'\ndown_revision = get()\n");
  box_.WriteFile("work/alembic/versions/helper.py", "def help():\n    pass\n");
  box_.WriteFile("work/alembic/versions/g.py", "revision = 'g-1'\ndown_revision = 'a'\n");
  box_.CommitAll("work", "all wrong");
  const RunResult pushed = Push("main");
  for (const char* rule : {"duplicate-revision", "missing-parent", "cycle", "unreadable-migration",
                           "no-revision-id", "illegal-revision-id"}) {
    EXPECT_REFUSED(pushed, std::string("error: ") + rule + ": ");
  }
}

TEST_F(PreReceive, FileNameInsteadOfAnIdIsHintedAt) {
  PushBase();
  box_.WriteFile("work/alembic/versions/0002_add_b.py", MigrationText("b", {"a"}));
  Migration("c", {"0002_add_b"});
  box_.CommitAll("work", "by file name");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "missing-parent");
  EXPECT_THAT(pushed.err, HasSubstr("write its revision, 'b'"));
}

TEST_F(PreReceive, OldDefectsAreNotBlamedOnAPush) {
  PushBase();
  Migration("c", {"nowhere"});
  box_.WriteFile("work/alembic/versions/helper.py", "def help():\n    pass\n");
  box_.CommitAll("work", "broken long ago");
  PushUnchecked("main");
  Migration("d", {"a"});
  box_.CommitAll("work", "harmless");
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(PreReceive, ALongIdIsWarnedOfOnce) {
  PushBase();
  const std::string id(33, 'b');
  Migration(id, {"a"});
  box_.CommitAll("work", "long");
  const RunResult pushed = Push("main");
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, HasSubstr("warning: long-revision-id: refs/heads/main: alembic: "));
  Migration("c", {id});
  box_.CommitAll("work", "on top of it");
  EXPECT_SILENT(Push("main"));
}

TEST_F(PreReceive, MovingTheVersionsDirectoryHidesNothing) {
  PushBase();
  Migration("b", {"a"});
  box_.CommitAll("work", "b");
  EXPECT_ACCEPTED(Push("main"));
  box_.WriteFile("work/alembic.ini", std::string(kIni) + "version_locations = elsewhere\n");
  box_.WriteFile("work/elsewhere/x.py", MigrationText("x", {}));
  Migration("c", {"a"});
  box_.CommitAll("work", "look over there");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, BreakingTheConfigurationIsAnError) {
  PushBase();
  box_.WriteFile("work/alembic.ini", "[alembic\nscript_location = alembic\n");
  box_.CommitAll("work", "broken");
  EXPECT_REFUSED(Push("main"), "not a verdict");
}

TEST_F(PreReceive, RemovingTheConfigurationHidesNothing) {
  PushBase();
  box_.MustGit({"rm", "-q", "alembic.ini", "alembic/env.py"}, "work");
  Migration("b", {"a"});
  Migration("c", {"a"});
  box_.CommitAll("work", "no configuration");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, EnvironmentThatComesBackIsJudged) {
  PushBase();
  box_.MustGit({"rm", "-q", "alembic.ini", "alembic/env.py"}, "work");
  box_.CommitAll("work", "gone");
  Push("main");
  Migration("b", {"a"});
  Migration("c", {"a"});
  box_.CommitAll("work", "unseen");
  Push("main");
  box_.WriteFile("work/alembic.ini", kIni);
  box_.CommitAll("work", "back");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, MovedEnvironmentKeepsItsHistory) {
  PushForkUnchecked();
  box_.MakeDirs("work/backend");
  box_.MustGit({"mv", "alembic", "backend/alembic"}, "work");
  box_.WriteFile("work/alembic.ini", "[alembic]\nscript_location = backend/alembic\n");
  box_.CommitAll("work", "move");
  const RunResult pushed = Push("main");
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, Not(HasSubstr("published-changed")));
}

TEST_F(PreReceive, IniOutsideTheAncestorsOfTheVersionsIsFound) {
  box_.WriteFile("work/config/alembic.ini",
                 "[alembic]\nscript_location = db\nversion_locations = db/migrations\n");
  box_.WriteFile("work/db/env.py", "pass\n");
  Migration("a", {}, "db/migrations");
  box_.CommitAll("work", "base");
  EXPECT_ACCEPTED(Push("main"));
  Migration("b", {"a"}, "db/migrations");
  Migration("c", {"a"}, "db/migrations");
  box_.CommitAll("work", "fork");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, MigrationInNoEnvironmentIsHintedAt) {
  box_.WriteFile("work/some/where/a.py", MigrationText("a", {}));
  box_.CommitAll("work", "stray");
  const RunResult pushed = Push("main");
  EXPECT_ACCEPTED_WITH(pushed, "hint: some/where/a.py");
  EXPECT_ACCEPTED_WITH(pushed, "onehead.scriptLocation");
  SetServer("onehead.versions", "some/where");
  box_.WriteFile("work/some/where/b.py", MigrationText("b", {}));
  box_.CommitAll("work", "second base");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(PreReceive, SeveralEnvironmentsEachWithItsOwnGraph) {
  for (const char* name : {"one", "two"}) {
    const std::string dir = name;
    box_.WriteFile("work/" + dir + "/alembic.ini", "[alembic]\nscript_location = migrations\n");
    Migration("a", {}, dir + "/migrations/versions");
  }
  box_.CommitAll("work", "two environments");
  EXPECT_ACCEPTED(Push("main"));
  Migration("b", {"a"}, "one/migrations/versions");
  Migration("c", {"a"}, "two/migrations/versions");
  box_.CommitAll("work", "one each");
  EXPECT_ACCEPTED(Push("main"));
  Migration("d", {"a"}, "two/migrations/versions");
  box_.CommitAll("work", "fork");
  EXPECT_REFUSED(Push("main"), "multiple-heads: refs/heads/main: two/migrations: 2 heads");
}

TEST_F(PreReceive, GitLabGetsItsPrefixOnEveryLine) {
  CommitFork();
  box_.environment()["GL_ID"] = "user-1";
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "GL-HOOK-ERR: error: multiple-heads");
  for (const char* line : {"remote: error:", "remote: hint:"}) {
    EXPECT_THAT(pushed.err, Not(HasSubstr(line)));
  }
}

TEST_F(PreReceive, ControlCharactersOfAPushedFileAreNotPrinted) {
  PushBase();
  Migration("b", {"a"});
  box_.WriteFile("work/alembic/versions/c.py",
                 MigrationText("c\x1B[31m", {"a"}, "red\x1B[2J\x07 alert"));
  box_.CommitAll("work", "escape");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "multiple-heads");
  EXPECT_THAT(pushed.err, Not(HasSubstr("\x1B[31m")));
  EXPECT_THAT(pushed.err, Not(HasSubstr("\x1B[2J")));
}

TEST_F(PreReceive, MalformedLinesAreAnError) {
  PushBase();
  for (const char* input : {"hello\n", "0 1 refs/heads/main\n", "\n"}) {
    EXPECT_HOOK(Hook(input), 128, "error: line 1 of standard input");
  }
}

TEST_F(PreReceive, UnreadableStandardInputIsNoEmptyPush) {
  PushBase();
  const std::string hook = std::string("'") + ONEHEAD_PROGRAM + "' pre-receive ";
  for (const char* input : {"</", "<&-"}) {
    const RunResult run =
        box_.Run({"/bin/sh", "-c", hook + input}, "server.git", "", {{"GIT_DIR", "."}});
    EXPECT_EQ(run.exit_code, 128) << input;
    EXPECT_THAT(run.err, HasSubstr("error: cannot read standard input"));
  }
}

TEST_F(PreReceive, MissingObjectIsAnError) {
  PushBase();
  EXPECT_HOOK(Hook(IdOf('0') + " " + IdOf('1') + " refs/heads/x\n"), 128, "not a verdict");
}

TEST_F(PreReceive, WrongConfigurationIsAnError) {
  PushBase();
  SetServer("onehead.maxHeads", "many");
  CommitMigration("b", {"a"});
  EXPECT_REFUSED(Push("main"), "onehead.maxHeads");
}

TEST_F(PreReceive, JsonHasOneLinePerGuardedRef) {
  PushBase();
  const std::string tip = ServerTip();
  const std::string zero = IdOf('0');
  const std::string input = tip + " " + zero + " refs/heads/gone\n" + zero + " " + tip +
                            " refs/tags/v1\n" + zero + " " + tip + " refs/heads/new\n";
  const RunResult run = Hook(input, {"--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out,
            "{\"schema\":\"onehead.check/1\",\"ref\":\"refs/heads/gone\",\"commit\":null,"
            "\"verdict\":\"pass\",\"error\":null,\"environments\":[],"
            "\"warnings\":[],\"hints\":[]}\n"
            "{\"schema\":\"onehead.check/1\",\"ref\":\"refs/heads/new\",\"commit\":\"" +
                tip +
                "\",\"verdict\":\"pass\",\"error\":null,\"environments\":[],"
                "\"warnings\":[],\"hints\":[]}\n");
}

}  // namespace
}  // namespace onehead::testing
