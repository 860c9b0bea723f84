// Configurations in the pushed tree: they say where migrations are, and can neither take a
// migration out of sight nor change the policy.
#include <gmock/gmock.h>

#include "e2e/attack_fixture.h"

namespace onehead::testing {
namespace {

class AttackConfig : public AttackTest {
 protected:
  AttackConfig() { PushOneHead(); }
  static std::string Ini(const std::string& more) { return std::string(kIni) + more; }
};

TEST_F(AttackConfig, TheIniMovesTheVersionsInThePushThatForks) {
  AddSecondHead();
  Write("alembic.ini", Ini("version_locations = elsewhere\n"));
  Write("elsewhere/x.py", MigrationText("x", {}));
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, TheIniMovesTheScriptLocationInThePushThatForks) {
  AddSecondHead();
  Write("alembic.ini", "[alembic]\nscript_location = other\n");
  Write("other/env.py", "");
  Write("other/versions/x.py", MigrationText("x", {}));
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, ALocationThatIsOnlyThereFromFurtherUpJoinsNothing) {
  Write("svc/alembic.ini", std::string(kIni) + "version_locations = alembic/versions joins\n");
  Write("svc/alembic/env.py", "");
  Write("svc/alembic/versions/a.py", MigrationText("a", {}));
  Write("svc/alembic/versions/b.py", MigrationText("b", {"a"}));
  EXPECT_ACCEPTED(PushAll());
  Write("svc/alembic/versions/evil.py", MigrationText("evil", {"a"}));
  Write("joins/m.py", MigrationText("m", {"b", "evil"}));
  EXPECT_REFUSED(PushAll(), "multiple-heads: refs/heads/main: svc/alembic: 2 heads");
}

// Run from the top it is one head, run in svc two.
TEST_F(AttackConfig, WhatIsThereOnlyFromTheTopJoinsNothingForOthers) {
  const std::string ini =
      "[alembic]\nscript_location = %(here)s/alembic\n"
      "version_locations = %(here)s/alembic/versions joins\n";
  Write("svc/alembic.ini", kIni);
  Write("svc/alembic/env.py", "");
  Write("svc/alembic/versions/a.py", MigrationText("a", {}));
  Write("svc/alembic/versions/b.py", MigrationText("b", {"a"}));
  EXPECT_ACCEPTED(PushAll());
  Write("svc/alembic.ini", ini);
  Write("svc/alembic/versions/evil.py", MigrationText("evil", {"a"}));
  Write("joins/m.py", MigrationText("m", {"b", "evil"}));
  const RunResult pushed = PushAll();
  EXPECT_REFUSED(pushed, "multiple-heads: refs/heads/main: svc/alembic: 2 heads");
  EXPECT_NE(pushed.err.find("Alembic reads svc/alembic only from svc/alembic/versions"),
            std::string::npos)
      << pushed.err;
}

// A repository that is run from its top: in svc nothing of it loads.
TEST_F(AttackConfig, ALocationThatIsThereOnlyFromTheTopMayBeMeant) {
  Write("svc/alembic.ini",
        "[alembic]\nscript_location = %(here)s/alembic\n"
        "version_locations = %(here)s/alembic/versions shared\n");
  Write("svc/alembic/env.py", "");
  Write("svc/alembic/versions/a.py", MigrationText("a", {}));
  Write("shared/b.py", MigrationText("b", {"a"}));
  EXPECT_ACCEPTED(PushAll());
  Write("svc/alembic/versions/c.py", MigrationText("c", {"b"}));
  EXPECT_ACCEPTED(PushAll());
  Write("shared/d.py", MigrationText("d", {"c"}));
  EXPECT_ACCEPTED(PushAll());
  Write("shared/e.py", MigrationText("e", {"c"}));
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

// Newer Alembic does not find it, or finds it elsewhere.
TEST_F(AttackConfig, ALocationThatGoesUpFromNothingIsAnError) {
  AddSecondHead();
  Write("more/m.py", MigrationText("m", {"b", "evil"}));
  Write("deep/x/y", "");
  Link("link", "deep/x");
  for (const char* location : {"gone/../more", "link/../more"}) {
    Write("alembic.ini",
          Ini("version_locations = alembic/versions " + std::string(location) + "\n"));
    EXPECT_REFUSED(PushAll(), "goes up (..) from what is no directory");
  }
}

// The configuration lies beside, its location was empty or not there, and nothing in the file says
// what it is.
TEST_F(AttackConfig, ALocationThatIsConfiguredElsewhereComesToLife) {
  Write("deploy/alembic.ini",
        "[alembic]\nscript_location = db\nversion_locations = db/versions more\n");
  Write("db/env.py", "");
  Write("db/versions/a.py", MigrationText("a", {}));
  Write("db/versions/b.py", MigrationText("b", {"a"}));
  Write("more/readme.txt", "");
  EXPECT_ACCEPTED(PushAll());
  Write("more/x.py", "g = globals()\ng['re' + 'vision'] = 'x'\ng['down_re' + 'vision'] = 'a'\n");
  EXPECT_REFUSED(PushAll(), "unreadable-migration: refs/heads/main: db: more/x.py");
  Write("more/x.py", "def help():\n    pass\n");
  EXPECT_REFUSED(PushAll(), "no-revision-id: refs/heads/main: db: more/x.py");
}

// Both are read by themselves, and the message says which.
TEST_F(AttackConfig, ALocationThatIsThereTwiceIsReadInBothWays) {
  Write("svc/alembic.ini",
        "[alembic]\nscript_location = %(here)s/alembic\n"
        "version_locations = %(here)s/alembic/versions joins\n");
  Write("svc/alembic/env.py", "");
  Write("svc/alembic/versions/a.py", MigrationText("a", {}));
  Write("svc/joins/b.py", MigrationText("b", {"a"}));
  Write("joins/b.py", MigrationText("b", {"a"}));
  EXPECT_ACCEPTED(PushAll());
  Write("svc/alembic/versions/evil.py", MigrationText("evil", {"a"}));
  Write("joins/m.py", MigrationText("m", {"b", "evil"}));
  const RunResult pushed = PushAll();
  EXPECT_REFUSED(pushed, "multiple-heads: refs/heads/main: svc/alembic: 2 heads");
  EXPECT_NE(pushed.err.find("here with the version locations svc/alembic/versions svc/joins"),
            std::string::npos)
      << pushed.err;
}

TEST_F(AttackConfig, ThereAndBackOverThreePushes) {
  Write("alembic.ini", Ini("version_locations = elsewhere\n"));
  Write("elsewhere/x.py", MigrationText("x", {}));
  PushAll();
  AddSecondHead();
  PushAll();
  Write("alembic.ini", kIni);
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, GoneAndBackOverThreePushes) {
  for (const char* with : {"", "other/x.txt"}) {
    Remove("alembic.ini");
    Remove("alembic/env.py");
    if (*with != '\0') Write(with, "1");
    PushAll();
    AddSecondHead();
    PushAll();
    Write("alembic.ini", kIni);
    Write("alembic/env.py", "");
    EXPECT_REFUSED(PushAll(), "multiple-heads");
  }
}

TEST_F(AttackConfig, NarrowedVersionLocationsHideNothing) {
  Write("alembic.ini", Ini("version_locations = alembic/versions more\n"));
  Migration("c", {"b"}, "more");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", Ini("version_locations = alembic/versions\n"));
  Migration("evil", {"b"}, "more");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

// More files can join heads, so what one configuration reads and another does not is judged twice.
TEST_F(AttackConfig, AJoinThatTheIniDropsJoinsNothing) {
  Write("alembic.ini", Ini("version_locations = alembic/versions more\n"));
  Migration("evil", {"a"});
  Migration("m", {"b", "evil"}, "more");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", kIni);
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, AJoinThatOneOfTwoConfigurationsSees) {
  Write("other.ini", Ini("recursive_version_locations = true\n"));
  Migration("evil", {"a"});
  Migration("m", {"b", "evil"}, "alembic/versions/sub");
  const RunResult result = PushAll();
  EXPECT_REFUSED(result, "multiple-heads");
  EXPECT_THAT(result.err, ::testing::HasSubstr("not all configurations of alembic are recursive"));
}

// An alembic.ini that is only ever used with -n: the section without locations loads for nobody.
TEST_F(AttackConfig, APartThatLoadsForNobodyIsNotJudged) {
  const std::string part = "[alembic]\nscript_location = alembic\n";
  Write("more/c.py", MigrationText("c", {"b"}));
  Write("alembic/versions/d.py", MigrationText("d", {"c"}));
  Write("alembic.ini", part +
                           "[common]\nscript_location = alembic\nversion_locations = "
                           "alembic/versions more\n");
  // While it loads for somebody its parents must not go.
  EXPECT_REFUSED(PushAll(), "missing-parent");
  SetServer("onehead.mode", "warn");
  EXPECT_ACCEPTED(PushAll());
  SetServer("onehead.mode", "enforce");
  Write("more/e.py", MigrationText("e", {"d"}));
  Write("alembic/versions/f.py", MigrationText("f", {"e"}));
  EXPECT_SILENT(PushAll());
  Write("alembic/versions/g.py", MigrationText("g", {"e"}));
  EXPECT_REFUSED(PushAll(), "multiple-heads: refs/heads/main: alembic: 2 heads");
  Remove("alembic/versions/g.py");
  Remove("more/e.py");
  EXPECT_REFUSED(PushAll(), "missing-parent");
}

TEST_F(AttackConfig, AForkInALocationThatNothingNamesAnyMore) {
  Write("alembic.ini", Ini("version_locations = elsewhere\n"));
  Write("elsewhere/x.py", MigrationText("x", {}));
  Migration("evil", {"a"});
  const RunResult result = PushAll();
  EXPECT_REFUSED(result, "multiple-heads");
  EXPECT_THAT(result.err, ::testing::HasSubstr(
                              "alembic/versions is still there, and no configuration names it"));
}

// Templates and examples are no configurations; and what one of them hides is judged once it is
// one.
TEST_F(AttackConfig, ABrokenIniFarFromEveryEnvironment) {
  Write("docs/alembic.ini", "[alembic]\n{% if x %}\n");
  const RunResult result = PushAll();
  EXPECT_ACCEPTED(result);
  EXPECT_THAT(result.err, ::testing::HasSubstr("warning: docs/alembic.ini:2: "));
  Migration("c", {"b"});
  EXPECT_EQ(PushAll().err, "") << "it was there";
  Migration("x", {}, "docs/db/versions");
  Migration("y", {}, "docs/db/versions");
  EXPECT_ACCEPTED(PushAll());
  Write("docs/alembic.ini", "[alembic]\nscript_location = db\n");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, ABrokenIniBesideAnEnvironment) {
  Write("alembic.ini", "[alembic]\n{% if x %}\n");
  EXPECT_REFUSED(PushAll(), "alembic.ini:2: ");
  Remove("alembic.ini");
  Write("alembic/more.ini", "[alembic]\nscript_location = %(x)s\n...\n");
  EXPECT_REFUSED(PushAll(), "alembic/more.ini:3: ");
}

// The old history may stay where it is.
TEST_F(AttackConfig, ASquashIntoANewLocationIsAccepted) {
  Write("alembic.ini", Ini("version_locations = squashed\n"));
  Write("squashed/x.py", MigrationText("x", {}));
  EXPECT_ACCEPTED(PushAll());
  Write("squashed/y.py", MigrationText("y", {"x"}));
  EXPECT_ACCEPTED(PushAll());
}

TEST_F(AttackConfig, RecursiveIsTurnedOnOverASecondHead) {
  Migration("evil", {"a"}, "alembic/versions/sub");
  PushAll();
  Write("alembic.ini", Ini("recursive_version_locations = true\n"));
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, RecursiveIsTurnedOffInThePushThatForks) {
  Write("alembic.ini", Ini("recursive_version_locations = true\n"));
  Migration("c", {"b"}, "alembic/versions/sub");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", kIni);
  Migration("evil", {"b"});
  Migration("evil2", {"b"});
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, ASecondIniWithTheSameLocationsTakesNothingAway) {
  Write("z/alembic.ini",
        "[alembic]\nscript_location = alembic\nrecursive_version_locations = true\n");
  Remove("alembic.ini");
  EXPECT_ACCEPTED(PushAll());
  Write("a/alembic.ini", "[alembic]\nscript_location = alembic\n");
  EXPECT_ACCEPTED(PushAll());
  Migration("evil", {"a"}, "alembic/versions/sub");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, ANearerIniDoesNotHideAWiderEnvironment) {
  Write("config/alembic.ini",
        "[alembic]\nscript_location = alembic\nversion_locations = alembic/versions "
        "plugin/versions\n");
  Remove("alembic.ini");
  Remove("alembic/env.py");
  Write("plugin/alembic.ini", "[alembic]\nscript_location = .\n");
  Migration("p", {}, "plugin/versions");
  Migration("m", {"b", "p"});
  EXPECT_ACCEPTED(PushAll());
  // One head for the plugin alone, two for the whole.
  Migration("q", {"p"}, "plugin/versions");
  EXPECT_REFUSED(PushAll(), "multiple-heads: refs/heads/main: alembic: 2 heads");
}

TEST_F(AttackConfig, BrokenConfigurationsAreErrors) {
  for (const char* text :
       {"[alembic\n", "[alembic]\nscript_location = %(nothing)s\n", "script_location = alembic\n",
        "[alembic]\nscript_location = alembic\nscript_location = x\n",
        "[alembic]\nscript_location = alembic\nversion_path_separator = no\nversion_locations = "
        "a\n"}) {
    Write("alembic.ini", text);
    EXPECT_REFUSED(PushAll(), "alembic.ini");
  }
}

TEST_F(AttackConfig, AnIniThatIsTooLargeIsAnError) {
  Write("alembic.ini", Ini("# " + std::string(std::size_t{2} << 20, 'x') + "\n"));
  EXPECT_REFUSED(PushAll(), "alembic.ini: larger than");
}

TEST_F(AttackConfig, AttributesAndMailmapsChangeNothing) {
  Write(".gitattributes",
        "*.py ident eol=crlf text filter=evil merge=ours diff=none -diff export-ignore\n"
        "alembic/** linguist-generated binary\n");
  Write(".mailmap", "Nobody <a@b> <c@d>\n");
  Write("alembic/versions/.gitattributes", "* -text\n");
  Write(".gitignore", "alembic/\n");
  AddSecondHead();
  box_.MustGit({"add", "-Af"}, "work");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, NothingInTheTreeIsThePolicy) {
  const std::string lenient = "[onehead]\n\tmode = warn\n\tmaxHeads = 9\n\toverride = true\n";
  for (const char* path :
       {".gitconfig", "config", ".onehead", ".config/git/config", "onehead.ini"}) {
    Write(path, lenient);
  }
  AddSecondHead();
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackConfig, NothingInTheEnvironmentIsThePolicy) {
  MakeFork("fork");
  box_.WriteFile("evil.config", "[onehead]\n\tmode = warn\n");
  box_.MustGit({"push", "-q", "origin", "fork:refs/tags/t"}, "work");
  const std::string line = ServerTip() + " " + ServerTip("refs/tags/t") + " refs/heads/main\n";
  const Environment kTries[] = {
      {{"GIT_CONFIG_COUNT", "1"},
       {"GIT_CONFIG_KEY_0", "onehead.mode"},
       {"GIT_CONFIG_VALUE_0", "warn"}},
      {{"GIT_CONFIG_PARAMETERS", "'onehead.mode'='warn'"}},
      {{"GIT_CONFIG", box_.Path("evil.config")}},
      {{"ONEHEAD_MODE", "warn"}},
      {{"GIT_PUSH_OPTION_COUNT", "1"}, {"GIT_PUSH_OPTION_0", "onehead.mode=warn"}},
      {{"GIT_PUSH_OPTION_COUNT", "1"}, {"GIT_PUSH_OPTION_0", "onehead.override"}},
      {{"GIT_PUSH_OPTION_COUNT", "-1"}, {"GIT_PUSH_OPTION_0", "onehead.override"}},
      {{"GIT_PUSH_OPTION_COUNT", "99999999999999999999"}},
      {{"LANG", "xx_XX"}, {"LC_ALL", "\x1B[2J"}, {"TERM", "\x1B[2J"}},
  };
  for (const Environment& extra : kTries) {
    EXPECT_HOOK(Hook(line, {}, extra), 1, "multiple-heads");
  }
}

TEST_F(AttackConfig, SettingsOfSomebodyElseAreNotRead) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make files of another owner";
  MakeFork("fork");
  box_.MustGit({"push", "-q", "origin", "fork:refs/tags/t"}, "work");
  box_.WriteFile("evil.config", "[onehead]\n\tmode = warn\n");
  ASSERT_EQ(chown(box_.Path("evil.config").c_str(), 12345, 12345), 0);
  const std::string line = ServerTip() + " " + ServerTip("refs/tags/t") + " refs/heads/main\n";
  for (const char* name : {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"}) {
    EXPECT_HOOK(Hook(line, {}, {{name, box_.Path("evil.config")}, {"GIT_CONFIG_NOSYSTEM", "0"}}), 1,
                "multiple-heads");
  }
}

TEST_F(AttackConfig, TheSystemsSettingsAreReadAsGitReadsThem) {
  MakeFork("fork");
  box_.MustGit({"push", "-q", "origin", "fork:refs/tags/t"}, "work");
  box_.WriteFile("system.config", "[onehead]\n\tmaxHeads = 2\n");
  const std::string line = ServerTip() + " " + ServerTip("refs/tags/t") + " refs/heads/main\n";
  const std::string system = box_.Path("system.config");
  EXPECT_HOOK(Hook(line, {}, {{"GIT_CONFIG_SYSTEM", system}, {"GIT_CONFIG_NOSYSTEM", "0"}}), 0, "");
  EXPECT_HOOK(Hook(line, {}, {{"GIT_CONFIG_SYSTEM", system}, {"GIT_CONFIG_NOSYSTEM", "1"}}), 1,
              "multiple-heads");
}

}  // namespace
}  // namespace onehead::testing
