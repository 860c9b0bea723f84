// Settings that say where environments are, and where none is.
#include <gmock/gmock.h>

#include "e2e/push_test_fixture.h"
#include "onehead/base/text.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class NamedEnvironments : public PushTest {
 protected:
  // An ini of its own and two migrations that have nothing in common.
  void WriteTwoHeads(const std::string& directory) {
    box_.WriteFile("work/" + directory + "/alembic.ini", kIni);
    Migration("x", {}, directory + "/alembic/versions");
    Migration("y", {}, directory + "/alembic/versions");
  }
  RunResult CommitAndPush(const std::string& what = "more") {
    box_.CommitAll("work", what);
    return Push("main");
  }
};

TEST_F(NamedEnvironments, NothingBelowWhatIsIgnoredIsOne) {
  PushBase();
  WriteTwoHeads("tests/fixtures");
  box_.WriteFile("work/docs/alembic.ini", "[alembic\n");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: tests/fixtures/alembic");
  SetServer("onehead.ignore", "tests");
  SetServer("onehead.ignore", ":(icase)DOCS/*.ini");
  EXPECT_SILENT(Push("main"));
  // Nor is a file there a stray, and all the rest is guarded.
  Migration("s", {"a"}, "tests/more");
  EXPECT_SILENT(CommitAndPush());
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  EXPECT_REFUSED(Push("main"), "multiple-heads: refs/heads/main: alembic: 2 heads");
}

TEST_F(NamedEnvironments, WhatMovesToWhereNothingIsOneIsRefused) {
  PushBase();
  SetServer("onehead.ignore", "tests");
  box_.MakeDirs("work/tests");
  box_.MustGit({"mv", "alembic.ini", "alembic", "tests"}, "work");
  const RunResult pushed = CommitAndPush("move");
  EXPECT_HOOK(pushed, 1, "error: tests/alembic: the migrations of alembic have moved here");
}

TEST_F(NamedEnvironments, AreAddedToWhatIsFound) {
  PushBase();
  SetServer("onehead.scriptLocation", "jobs");
  Migration("j", {}, "jobs/versions");
  EXPECT_SILENT(CommitAndPush());
  Migration("k", {}, "jobs/versions");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: jobs: 2 heads");
  box_.MustGit({"reset", "-q", "--hard", "HEAD~"}, "work");
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  EXPECT_REFUSED(Push("main"), "multiple-heads: refs/heads/main: alembic: 2 heads");
}

TEST_F(NamedEnvironments, AloneCountWithoutDiscovery) {
  SetServer("onehead.discovery", "false");
  SetServer("onehead.scriptLocation", "jobs");
  WriteTwoHeads("other");
  Migration("j", {}, "jobs/versions");
  EXPECT_ACCEPTED(CommitAndPush());
  Migration("k", {}, "jobs/versions");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: jobs: 2 heads");
}

// Two histories below one versions/, one of which may have two heads.
TEST_F(NamedEnvironments, HaveTheirOwnRules) {
  SetServer("onehead.sqlite.versions", "db/versions/sqlite");
  SetServer("onehead.postgres.versions", "db/versions/postgres");
  SetServer("onehead.postgres.maxHeads", "2");
  SetServer("onehead.postgres.externalRevisions", "true");
  for (const char* kind : {"sqlite", "postgres"}) {
    Migration("a", {}, std::string("db/versions/") + kind);
  }
  EXPECT_SILENT(CommitAndPush());
  Migration("b", {"a"}, "db/versions/postgres");
  Migration("c", {"a"}, "db/versions/postgres");
  Migration("d", {"c", "elsewhere"}, "db/versions/postgres");
  EXPECT_SILENT(CommitAndPush());
  Migration("b", {"a"}, "db/versions/sqlite");
  Migration("c", {"a"}, "db/versions/sqlite");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: db/versions: 2 heads");
}

TEST_F(NamedEnvironments, KeepTheirRulesInThePushThatMovesThem) {
  SetServer("onehead.maxHeads", "5");
  SetServer("onehead.core.scriptLocation", "core");
  SetServer("onehead.core.maxHeads", "1");
  box_.WriteFile("work/core/env.py", "");
  Migration("a", {}, "core/versions");
  EXPECT_SILENT(CommitAndPush());
  box_.MustGit({"mv", "core", "core2"}, "work");
  Migration("b", {"a"}, "core2/versions");
  Migration("c", {"a"}, "core2/versions");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: core2: 2 heads, 1 allowed");
}

// Its versions/ moves, and the configuration says whereto: it is the same environment.
TEST_F(NamedEnvironments, AreWhereTheConfigurationSays) {
  SetServer("onehead.maxHeads", "5");
  SetServer("onehead.core.scriptLocation", "core");
  SetServer("onehead.core.maxHeads", "1");
  box_.WriteFile("work/core/env.py", "");
  Migration("a", {}, "core/versions");
  EXPECT_SILENT(CommitAndPush());
  box_.MustGit({"mv", "core/versions", "core/migs"}, "work");
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = core\nversion_locations = core/migs\n");
  EXPECT_SILENT(CommitAndPush());
  Migration("b", {"a"}, "core/migs");
  Migration("c", {"a"}, "core/migs");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: core: 2 heads, 1 allowed");
  box_.MustGit({"config", "onehead.core.scriptLocation", "core"}, "work");
  const RunResult heads = box_.Run({ONEHEAD_PROGRAM, "heads"}, "work");
  EXPECT_EQ(heads.out, "b (head)\nc (head)\n");
}

TEST_F(NamedEnvironments, AreChosenByNameAndKeepTheirRulesByHand) {
  for (const char* kind : {"sqlite", "postgres"}) {
    const std::string directory = std::string("db/versions/") + kind;
    Migration("a", {}, directory);
    Migration("b", {"a"}, directory);
    Migration("c", {"a"}, directory);
    box_.MustGit({"config", std::string("onehead.") + kind + ".versions", directory}, "work");
  }
  box_.MustGit({"config", "onehead.postgres.maxHeads", "2"}, "work");
  box_.CommitAll("work", "two");
  const auto onehead = [&](std::vector<std::string> args, const std::string& where = "work") {
    args.insert(args.begin(), ONEHEAD_PROGRAM);
    return box_.Run(args, where);
  };
  EXPECT_EQ(onehead({"check", "-n", "postgres"}).exit_code, 0);
  EXPECT_EQ(onehead({"check", "-n", "sqlite"}).exit_code, 1);
  EXPECT_EQ(onehead({"check", "--versions", "db/versions/postgres"}).exit_code, 0);
  EXPECT_EQ(onehead({"check", "--versions", "db/versions/sqlite"}).exit_code, 1);
  EXPECT_EQ(onehead({"heads", "-n", "nothing"}).exit_code, 128);
  // Every choice that is offered is one, wherever it is typed.
  for (const char* where : {"work", "work/db"}) {
    const RunResult which = onehead({"merge"}, where);
    EXPECT_EQ(which.exit_code, 129);
    EXPECT_THAT(which.err, HasSubstr("  -n postgres\n"));
    EXPECT_THAT(which.err, HasSubstr("  -n sqlite\n"));
  }
  EXPECT_EQ(onehead({"merge", "-n", "sqlite"}).exit_code, 0);
  EXPECT_EQ(onehead({"check", "-n", "sqlite", "--worktree"}).exit_code, 0);
}

TEST_F(NamedEnvironments, EveryChoiceThatIsOfferedIsOne) {
  for (const char* directory : {"one", "two words"}) {
    const std::string below = directory;
    box_.WriteFile("work/" + below + "/env.py", "");
    Migration("a", {}, below + "/versions");
    Migration("b", {"a"}, below + "/versions");
    Migration("c", {"a"}, below + "/versions");
  }
  box_.CommitAll("work", "two");
  for (const std::string where : {"work", "work/one"}) {
    const RunResult which = box_.Run({ONEHEAD_PROGRAM, "merge"}, where);
    EXPECT_EQ(which.exit_code, 129);
    std::vector<std::string> choices;
    for (const std::string_view line : Split(which.err, '\n')) {
      const std::size_t at = line.find("--script-location ");
      if (at != std::string_view::npos) choices.emplace_back(line.substr(at));
    }
    ASSERT_THAT(choices, SizeIs(2)) << which.err;
    for (const std::string& choice : choices) {
      const std::string command = std::string(ONEHEAD_PROGRAM) + " merge --dry-run " + choice;
      const RunResult merged = box_.Run({"sh", "-c", command}, where);
      EXPECT_EQ(merged.exit_code, 0) << command << merged.err;
    }
  }
}

TEST_F(NamedEnvironments, StayGuardedWithoutTheirScriptDirectory) {
  SetServer("onehead.jobs.scriptLocation", "jobs");
  SetServer("onehead.jobs.versions", "migrations");
  box_.WriteFile("work/jobs/env.py", "");
  Migration("a", {}, "migrations");
  EXPECT_SILENT(CommitAndPush());
  box_.MustGit({"rm", "-rq", "jobs"}, "work");
  EXPECT_ACCEPTED(CommitAndPush());
  Migration("b", {}, "migrations");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: jobs: 2 heads");
}

TEST_F(NamedEnvironments, PlugInsThatComeAreGuardedAtOnce) {
  PushBase();
  SetServer("onehead.scriptLocation", "modules/*/migrations");
  Migration("x", {}, "modules/one/migrations/versions");
  EXPECT_SILENT(CommitAndPush());
  Migration("x", {}, "modules/two/migrations/versions");
  Migration("y", {}, "modules/two/migrations/versions");
  EXPECT_REFUSED(CommitAndPush(), "multiple-heads: refs/heads/main: modules/two/migrations");
}

TEST_F(NamedEnvironments, CommandsByHandKnowThem) {
  PushBase();
  Migration("j", {}, "jobs/v");
  Migration("k", {}, "jobs/v");
  box_.CommitAll("work", "jobs");
  const auto onehead = [&](std::vector<std::string> args) {
    args.insert(args.begin(), ONEHEAD_PROGRAM);
    return box_.Run(args, "work");
  };
  box_.MustGit({"config", "onehead.jobs.versions", "jobs/v"}, "work");
  EXPECT_THAT(onehead({"check"}).out, HasSubstr("multiple-heads: jobs: "));
  box_.MustGit({"config", "onehead.jobs.maxHeads", "2"}, "work");
  const RunResult checked = onehead({"check"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  box_.MustGit({"config", "onehead.discovery", "false"}, "work");
  EXPECT_THAT(onehead({"heads"}).out, Not(HasSubstr("a (head)")));
  const RunResult help = onehead({"help", "config"});
  EXPECT_THAT(help.out, HasSubstr("onehead.NAME.scriptLocation"));
  box_.MustGit({"config", "onehead.other.recursive", "true"}, "work");
  const RunResult bad = onehead({"check"});
  EXPECT_EQ(bad.exit_code, 128);
  EXPECT_THAT(bad.err, HasSubstr("onehead.other: nothing says where this environment is"));
  EXPECT_THAT(bad.err, HasSubstr("git config onehead.other.scriptLocation path/to/directory\n"));
  box_.MustGit({"config", "--remove-section", "onehead.other"}, "work");
  box_.MustGit({"config", "onehead.two words.recursive", "true"}, "work");
  const std::string command = "git config 'onehead.two words.scriptLocation' path/to/directory";
  EXPECT_THAT(onehead({"check"}).err, HasSubstr(command + "\n"));
  EXPECT_EQ(box_.Run({"sh", "-c", command}, "work").exit_code, 0);
  EXPECT_EQ(onehead({"check"}).exit_code, 0);
}

class StrayMigrations : public NamedEnvironments {
 protected:
  StrayMigrations() { PushBase(); }
};

TEST_F(StrayMigrations, AreRefusedWhereTheyStandOnWhatIsThere) {
  Migration("s", {"a"}, "elsewhere");
  box_.CommitAll("work", "stray");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "stray-migration: refs/heads/main: alembic: elsewhere/s.py:");
  EXPECT_THAT(pushed.err, HasSubstr("stands on 'a' of alembic"));
  EXPECT_THAT(pushed.err, HasSubstr("move it into alembic/versions, or leave it out"));
  SetServer("onehead.strays", "warn");
  EXPECT_ACCEPTED_WITH(Push("main"), "warning: stray-migration");
  // Whoever changes it later without changing what it says is not to blame for it.
  SetServer("onehead.strays", "reject");
  box_.WriteFile("work/elsewhere/s.py", MigrationText("s", {"a"}) + "# edited\n");
  EXPECT_ACCEPTED(CommitAndPush());
}

// The command of the message, typed on the server, also for names that are patterns.
TEST_F(StrayMigrations, AreLeftAloneWhereTheServerSaysSo) {
  for (const std::string directory : {"archive", "old [1]", ":(x)"}) {
    Migration("s", {"a"}, directory);
    const RunResult pushed = CommitAndPush();
    const std::string command = "git config --add onehead.ignore";
    EXPECT_REFUSED(pushed, command);
    std::string line = pushed.err.substr(pushed.err.find(command));
    line = line.substr(0, line.find('\n'));
    while (line.ends_with(' ')) line.pop_back();  // as git shows it, of what comes from the server
    box_.Run({"sh", "-c", line}, "server.git");
    EXPECT_SILENT(Push("main"));
    Migration("t", {"a"}, directory);
    EXPECT_REFUSED(CommitAndPush(), "stray-migration");
    box_.MustGit({"reset", "-q", "--hard", "HEAD~"}, "work");
  }
}

TEST_F(StrayMigrations, AreIgnoredWhereThatIsAskedFor) {
  SetServer("onehead.strays", "ignore");
  Migration("s", {"a"}, "elsewhere");
  EXPECT_SILENT(CommitAndPush());
}

TEST_F(StrayMigrations, AreRefusedBesideAChangeOfLocations) {
  Migration("s", {"unknown"}, "elsewhere");
  box_.CommitAll("work", "stray");
  EXPECT_ACCEPTED_WITH(Push("main"), "hint: elsewhere/s.py looks like a migration");
  Migration("t", {"unknown"}, "elsewhere");
  box_.WriteFile("work/alembic.ini",
                 std::string(kIni) + "version_locations = alembic/versions /srv/elsewhere\n");
  EXPECT_REFUSED(CommitAndPush(), "comes with a change of where migrations are");
}

// An empty directory nearer to the ini, and then a migration where Alembic really looks.
TEST_F(StrayMigrations, ThatAnAbsoluteLocationLeadsToAreRefused) {
  box_.WriteFile("work/alembic.ini",
                 std::string(kIni) + "version_locations = alembic/versions /srv/app/more\n");
  EXPECT_ACCEPTED(CommitAndPush());
  Migration("evil", {"a"}, "more");
  EXPECT_REFUSED(CommitAndPush(), "stray-migration");
  Migration("evil", {}, "more");
  EXPECT_REFUSED(CommitAndPush(), "a version location of alembic is absolute");
}

TEST_F(StrayMigrations, OfABranchThatIsBuiltOnAreNotBlamedAgain) {
  SetServer("onehead.strays", "warn");
  NewBranch("one", "main");
  Migration("s", {"a"}, "elsewhere");
  box_.CommitAll("work", "stray");
  EXPECT_ACCEPTED(Push("one"));
  box_.MustGit({"config", "--unset", "onehead.strays"}, "server.git");
  NewBranch("two", "one");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("two"));
}

TEST_F(StrayMigrations, TheHintNamesASettingThatGuardsThemAndChangesNothingElse) {
  Migration("x", {}, "jobs/v");
  box_.CommitAll("work", "jobs");
  EXPECT_ACCEPTED_WITH(Push("main"), "git config onehead.jobs/v.versions jobs/v");
  box_.MustGit({"config", "onehead.jobs/v.versions", "jobs/v"}, "server.git");
  Migration("x", {}, "web/versions");  // as in another environment: it may be meant for that
  box_.CommitAll("work", "web");
  EXPECT_REFUSED(Push("main"), "git config --add onehead.scriptLocation web");
  box_.MustGit({"config", "--add", "onehead.scriptLocation", "web"}, "server.git");
  Migration("sub", {"a"}, "alembic/versions/more");
  box_.CommitAll("work", "further down");
  EXPECT_REFUSED(Push("main"),
                 "git config onehead.alembic/versions.versions alembic/versions && "
                 "git config onehead.alembic/versions.recursive true");
  for (const auto& [key, value] :
       {std::pair("versions", "alembic/versions"), std::pair("recursive", "true")}) {
    box_.MustGit({"config", std::string("onehead.alembic/versions.") + key, value}, "server.git");
  }
  EXPECT_SILENT(Push("main"));
  for (const char* directory :
       {"jobs/v", "web/versions", "alembic/versions", "alembic/versions/more"}) {
    Migration("y", {}, directory);
    EXPECT_REFUSED(CommitAndPush(), "multiple-heads");
    box_.MustGit({"reset", "-q", "--hard", "HEAD~"}, "work");
  }
}

}  // namespace
}  // namespace onehead::testing
