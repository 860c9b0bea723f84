// Names of files that Alembic reads and names that it does not: the hook counts the same ones.
#include "e2e/attack_fixture.h"

namespace onehead::testing {
namespace {

class AttackFiles : public AttackTest {
 protected:
  AttackFiles() { PushOneHead(); }
  RunResult PushSecondHeadAs(const std::string& path) {
    Write(path, MigrationText("evil", {"a"}));
    RunResult pushed = PushAll();
    box_.MustGit({"reset", "-q", "--hard", "HEAD^"}, "work");
    return pushed;
  }
};

TEST_F(AttackFiles, NamesThatAlembicReads) {
  for (const char* name :
       {".hidden.py", "_h.py", "-.py", " .py", "x y.py", "%s.py", "x.PY.py", "..x.py", "#.py",
        "x;rm -rf.py", "\xFF.py", "x\r.py", "\x1B[2J.py", "CON.py", "__initx.py", "x.pyc.py"}) {
    EXPECT_REFUSED(PushSecondHeadAs(std::string("alembic/versions/") + name), "multiple-heads");
  }
}

TEST_F(AttackFiles, NamesOnWhichAlembicFails) {
  for (const char* name : {".py", "..py"}) {
    EXPECT_REFUSED(PushSecondHeadAs(std::string("alembic/versions/") + name),
                   "nothing but an extension");
  }
}

TEST_F(AttackFiles, NamesThatAlembicPassesOver) {
  SetServer("onehead.strays", "ignore");
  for (const char* name :
       {"evil.PY", "evil.Py", ".#evil.py", "__init__.py", "__init__evil.py", "evil.py~",
        "evil.py.bak", "evil.pyc", "evil.pyi", "evil.txt", "evil\nevil.py", "evil.py ",
        "__pycache__/evil.py", "x__pycache__/evil.py", "sub/evil.py", "evil.py/x.py"}) {
    const RunResult pushed = PushSecondHeadAs(std::string("alembic/versions/") + name);
    EXPECT_EQ(pushed.exit_code, 0) << name << pushed.err;
    box_.MustGit({"push", "-q", "-f", "origin", "HEAD:main"}, "work");
  }
}

// One directory further down than Alembic looks, as it is configured now.
TEST_F(AttackFiles, AMigrationBelowTheVersionsIsAStray) {
  EXPECT_REFUSED(PushSecondHeadAs("alembic/versions/sub/evil.py"), "stray-migration");
  // Under these names nobody loads it, wherever it is.
  for (const char* name : {".#evil.py", "__init__.py", "evil.txt"}) {
    box_.MustGit({"reset", "-q", "--hard", "origin/main"}, "work");
    Write(std::string("alembic/versions/sub/") + name, MigrationText("evil", {"a"}));
    EXPECT_ACCEPTED(PushAll());
  }
}

// Whatever Git expands in a checkout is called unreadable.
TEST_F(AttackFiles, IdentIsExpandedAsGitDoes) {
  Write(".gitattributes", "*.py ident\n");
  const std::vector<std::string> values = {
      "$Id$",       "$Id:$",
      "$Id: $",     "$Id:  $",
      "$Id:x$",     "$Id: x$",
      "$Id:x $",    "$Id: x $",
      "$Id: x y$",  "$Id: x  $",
      "$Id:x y $",  "$Idx$",
      "$Id x$",     "$ Id$",
      "$id$",       "$Id:x",
      "x$Id$y",     "$Id$Id$",
      "$Id:$Id$",   "$Id: a$b$Id$",
      "$$Id: a $$", "$Id: 0123456789012345678901234567890123456789 $"};
  for (const std::string& value : values) {
    const std::string text = "revision = 'r'\ndown_revision = '" + value + "'\n";
    box_.WriteFile("text", text);
    const std::string blob =
        box_.MustGit({"hash-object", "-w", "--no-filters", box_.Path("text")}, "work");
    box_.MustGit(
        {"update-index", "--add", "--cacheinfo", "100644," + blob + ",alembic/versions/r.py"},
        "work");
    box_.MustGit({"checkout-index", "-f", "alembic/versions/r.py"}, "work");
    const bool expanded = box_.ReadFile("work/alembic/versions/r.py") != text;
    const RunResult checked = box_.Run({ONEHEAD_PROGRAM, "check", "--staged"}, "work");
    EXPECT_TRUE(checked.out.find("unreadable-migration") != std::string::npos || !expanded)
        << value << "\n"
        << box_.ReadFile("work/alembic/versions/r.py") << checked.out;
  }
}

// PEP 552: where the flags say so, Python asks nobody whether the source is another.
TEST_F(AttackFiles, ACompiledFileThatPythonTakesInPlaceOfTheSource) {
  const char* refusal = "a compiled file that Python may load in place of a migration";
  const auto compiled = [](char flags) {
    return std::string("\xa7\r\r\n", 4) + flags + std::string(11, '\0') + "code";
  };
  const std::string cache = "alembic/versions/__pycache__";
  Write(cache + "/b.cpython-311.pyc", compiled('\0'));  // with a time stamp, as by accident
  EXPECT_SILENT(PushAll());
  for (const char flags : {'\1', '\3'}) {
    Write(cache + "/b.cpython-311.pyc", compiled(flags));
    EXPECT_HOOK(PushAll(), 1, refusal);
    Write("alembic/versions/c.py", MigrationText("c", {"b"}));
    EXPECT_HOOK(PushAll(), 1, refusal);
    Remove("alembic/versions/c.py");
  }
  Remove(cache);
  Link(cache + "/b.cpython-311.pyc", "../../../x");
  EXPECT_HOOK(PushAll(), 1, refusal);
  Remove(cache);
  Link(cache, "../../pc");
  EXPECT_HOOK(PushAll(), 1, "a link in place of the directory in which Python looks");
  Remove(cache);
  Write("x/c.py", MigrationText("c", {"b"}));
  Link("alembic/versions/c.py", "../../x/c.py");
  EXPECT_ACCEPTED(PushAll());
  Write("x/__pycache__/c.cpython-311.pyc", compiled('\1'));
  EXPECT_HOOK(PushAll(), 1, refusal);
}

// Git encodes a file anew when it checks it out: Python reads another text than the repository has.
TEST_F(AttackFiles, AnotherEncodingInACheckout) {
  const std::string encoding = "*.py working-tree-encoding=ISO646-SE\n";
  const char* refusal = "error: .gitattributes:1: working-tree-encoding: a checkout may hold other";
  Write(".gitattributes", encoding);
  EXPECT_HOOK(PushAll(), 1, refusal);
  Write("alembic/versions/c.py", MigrationText("c", {"b"}));
  EXPECT_HOOK(PushAll(), 1, refusal);
  // What the message advises.
  Write(".gitattributes", encoding + "*.py !working-tree-encoding\n");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic/.gitattributes", "versions/*.py working-tree-encoding=ISO646-SE\n");
  EXPECT_HOOK(PushAll(), 1, "error: alembic/.gitattributes:1: ");
  // The history of main is known by now, and a migration that goes on with it is not enough.
  Write("alembic/versions/d.py", MigrationText("d", {"c"}));
  EXPECT_HOOK(PushAll(), 1, "error: alembic/.gitattributes:1: ");
  Remove("alembic/versions/d.py");
  Remove("alembic/.gitattributes");
  // A directory that becomes a version location later.
  Write("more/.gitattributes", encoding);
  Write("more/README", "");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", std::string(kIni) + "version_locations = alembic/versions more\n");
  Write("more/d.py", MigrationText("d", {"c"}));
  EXPECT_HOOK(PushAll(), 1, "error: more/.gitattributes:1: ");
}

TEST_F(AttackFiles, AnEncodingThatIsNoneOfMigrationsIsNobodysTrick) {
  Write(".gitattributes", "*.ps1 text working-tree-encoding=UTF-16LE eol=crlf\n");
  EXPECT_SILENT(PushAll());
  Write("alembic/versions/c.py", MigrationText("c", {"b"}));
  EXPECT_SILENT(PushAll());
}

TEST_F(AttackFiles, AMergeRevisionThatAlembicPassesOverJoinsNothing) {
  AddSecondHead();
  for (const char* name :
       {"m.PY", ".#m.py", "__init__m.py", "m\nm.py", "sub/m.py", "__pycache__/m.py", "m.txt"}) {
    Write(std::string("alembic/versions/") + name, MigrationText("m", {"b", "evil"}));
    EXPECT_REFUSED(PushAll(), "multiple-heads");
    Remove(std::string("alembic/versions/") + name);
  }
}

TEST_F(AttackFiles, NamesThatAreTheSameSomewhereElseAreNotHere) {
  // A checkout on a file system that ignores case, or normalises, shows these as one directory.
  EXPECT_REFUSED(PushSecondHeadAs("alembic/Versions/evil.py"),
                 "stray-migration: refs/heads/main: alembic: alembic/Versions/evil.py");
}

TEST_F(AttackFiles, CompiledMigrationsCountWhereTheConfigurationSaysSo) {
  const std::string sourceless = std::string(kIni) + "sourceless = true\n";
  Write("alembic.ini", sourceless);
  EXPECT_ACCEPTED(PushAll());
  Write("alembic/versions/evil.pyc", "\x01\x02");
  EXPECT_REFUSED(PushAll(), "alembic/versions/evil.pyc");
  box_.MustGit({"reset", "-q", "--hard", "HEAD^"}, "work");
  Write("alembic/versions/__pycache__/evil.cpython-311.pyc", "\x01\x02");
  EXPECT_REFUSED(PushAll(), "alembic/versions/__pycache__/evil.cpython-311.pyc");
  box_.MustGit({"reset", "-q", "--hard", "HEAD^"}, "work");
  // What stands beside its source is not read.
  Write("alembic/versions/b.pyc", "\x01\x02");
  Write("alembic/versions/__pycache__/b.cpython-311.pyc", "\x01\x02");
  EXPECT_ACCEPTED(PushAll());
}

TEST_F(AttackFiles, CompiledMigrationsThatWaitForTheConfigurationAreNoticed) {
  Write("alembic/versions/evil.pyc", "\x01\x02");
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", std::string(kIni) + "sourceless = true\n");
  EXPECT_REFUSED(PushAll(), "alembic/versions/evil.pyc");
}

TEST_F(AttackFiles, AMigrationThatHidesWhatItIsIsFoundBesideOthers) {
  // Only a configuration elsewhere says that db/migrations holds migrations.
  Write("config/alembic.ini",
        "[alembic]\nscript_location = db\nversion_locations = db/migrations\n");
  Write("db/env.py", "");
  Migration("a", {}, "db/migrations");
  Migration("b", {"a"}, "db/migrations");
  EXPECT_ACCEPTED(PushAll());
  Write("db/migrations/evil.py",
        "globals().update({'revision': 'e', 'down_' + 'revision': 'a'})\n");
  EXPECT_REFUSED(PushAll(), "db/migrations/evil.py");
}

TEST_F(AttackFiles, ACoverForASecondHeadIsRefusedWhenItComes) {
  SetServer("onehead.maxFileSize", "4k");
  const std::string filler = "\n# " + std::string(8000, 'x') + "\n";
  Write("alembic/versions/c.py", MigrationText("c", {"b"}) + filler);
  EXPECT_REFUSED(PushAll(), "alembic/versions/c.py: larger than");
  Write("alembic/versions/c.py", "revision = 'c'\ndown_revision = f()\n");
  EXPECT_REFUSED(PushAll(), "unreadable-migration");
}

// Each says that it follows b, and Python makes it follow a.
TEST_F(AttackFiles, AMigrationThatIsMisreadIsRefusedWhenItComes) {
  const std::string plain = "revision = 'c'\ndown_revision = 'b'\nbranch_labels = None\n";
  for (const char* code : {
           "exec('down_' + 'revision = \"a\"')\n",
           "globals()['down_' 'revision'] = 'a'\n",
           "def f(k): globals()[k] = 'a'\nf('down_' + 'revision')\n",
           "def f(k): globals()[k]['exec']('down_revision = \"a\"', globals())\n"
           "f('__builtins__')\n",
           "def f():\n    global down_revision\n    down_revision = 'a'\nf()\n",
           "for g in globals(), 1:\n    g['down_' + 'revision'] = 'a'\n    break\n",
           "from helper import *\n",
       }) {
    SCOPED_TRACE(code);
    Write("alembic/versions/c.py", plain + code);
    // Where the code spells the name, what is bound to it is not known at all.
    const bool spelled = std::string_view(code).find("revision") < 40 && code[0] != 'd';
    EXPECT_REFUSED(PushAll(), spelled ? "unreadable-migration" : "doubtful-migration");
  }
  Write("alembic/versions/c.py", plain + "def upgrade(n):\n    globals()['upgrade_%s' % n]()\n" +
                                     "SP = ReplaceableObject('name', 'text')\n");
  EXPECT_ACCEPTED(PushAll());
}

TEST_F(AttackFiles, AMigrationThatWasMisreadBeforeIsNoCoverForAnother) {
  const std::string plain = "revision = 'c'\ndown_revision = 'b'\n";
  Write("alembic/versions/c.py", plain + "exec(text)\n");
  box_.CommitAll("work", "doubtful");
  PushUnchecked("main");
  Migration("d", {"c"});
  EXPECT_ACCEPTED(PushAll());
  Write("alembic/versions/c.py", plain + "exec(other)\n");
  EXPECT_REFUSED(PushAll(), "doubtful-migration");
  Write("alembic/versions/c.py", plain + "exec(text)\n");
  AddSecondHead();
  EXPECT_REFUSED(PushAll(), "multiple-heads");
  Remove("alembic/versions/evil.py");
  Write("alembic/versions/c.py", plain);
  EXPECT_ACCEPTED(PushAll());
}

TEST_F(AttackFiles, AFileTooLargeToReadThatWaitsForTheConfigurationIsNoticed) {
  SetServer("onehead.maxFileSize", "4k");
  const std::string filler = "\n# " + std::string(8000, 'x') + "\n";
  Write("waiting/c.py", MigrationText("c", {"a"}) + filler);
  EXPECT_ACCEPTED(PushAll());
  Write("alembic.ini", std::string(kIni) + "version_locations = alembic/versions waiting\n");
  EXPECT_REFUSED(PushAll(), "waiting/c.py: larger than");
}

TEST_F(AttackFiles, FilesOfAnotherRefOfThePushDoNotCount) {
  NewBranch("one", "main");
  CommitMigration("c", {"b"});
  NewBranch("two", "main");
  CommitMigration("d", {"c"});
  EXPECT_REFUSED(box_.Git({"push", "-q", "origin", "one", "two:main"}, "work"), "missing-parent");
}

}  // namespace
}  // namespace onehead::testing
