// Whoever changes how files are read has to raise kReadings, else servers believe what they have
// kept of older readings.
#include "onehead/core/migration/readings.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/python/migration_dump.h"
#include "onehead/core/environment/config_index.h"
#include "onehead/core/policy/cache_record.h"
#include "onehead/core/policy/change.h"
#include "support/memory_tree.h"
#include "support/state_builder.h"

namespace onehead {
namespace {

// One of each kind: to be added to, in which case the sum below is another one.
const char* const kMigrations[] = {
    "revision = 'b'\ndown_revision = 'a'\n",
    "\"\"\"title\n\nRevision ID: b\nRevises: a\n\"\"\"\nrevision: str = 'b'\n"
    "down_revision: Union[str, None] = 'a'\nbranch_labels = None\ndepends_on = ('x', 'y')\n",
    "revision, down_revision = 'b', None\n",
    "x = revision = 'b'\ndown_revision = x\n",
    "revision = 'b'\ndown_revision = ('a', 'c')\nbranch_labels = ['l']\n",
    "revision = 'b' 'c'\ndown_revision = ('a'\n  + 'd')\n",
    "revision = u'b'\ndown_revision = {'a'}\n",
    "revision = '\\x62'\ndown_revision = r'\\a'\n",
    "revision = f'b'\ndown_revision = f'{a}'\n",
    "revision = 7\ndown_revision = {}\n",
    "revision = ''\ndown_revision = ''\n",
    "revision = 'b'\n",
    "down_revision = 'a'\n",
    "x = 1\n",
    "",
    "revision = 'b'\ndown_revision = get('a')\n",
    "revision = 'b'\ndown_revision = IDS[0]\n",
    "revision = 'b'\ndown_revision = 'a' if X else 'c'\n",
    "revision = 'b'\ndown_revision = 'a'\ndown_revision += 'c'\n",
    "revision = 'b'\nif X:\n  down_revision = 'a'\n",
    "revision = 'b'\nfrom x import down_revision\n",
    "from x import *\nrevision = 'b'\ndown_revision = 'a'\n",
    "revision = 'b'\ndown_revision = 'a'\nfrom x import *\n",
    "from sqlalchemy import *\nrevision = 'b'\ndown_revision = 'a'\n",
    "revision = 'b'\ndown_revision = 'a'\ndel down_revision\n",
    "revision = 'b'\ndown_revision = 'a'\nexec(x)\n",
    "revision = 'b'\ndown_revision = 'a'\nq.exec(x)\n",
    "revision = 'b'\ndown_revision = 'a'\nglobals()['x'] = 1\n",
    "revision = 'b'\ndown_revision = 'a'\nglobals()['x']()\n",
    "revision = 'b'\ndown_revision = 'a'\nglobals()['down_revision'] = 'c'\n",
    "revision = 'b'\ndown_revision = 'a'\nvars().update(x)\n",
    "revision = 'b'\ndown_revision = 'a'\ndef f():\n  global revision\n  revision = 'c'\n",
    "def f():\n  globals().pop('x')\nrevision = 'b'\ndown_revision = 'a'\nf()\n",
    "def f():\n  exec('x')\nrevision = 'b'\ndown_revision = 'a'\n",
    "class C:\n  exec('x')\nrevision = 'b'\ndown_revision = 'a'\n",
    "revision = 'b'\ndown_revision = ['a']\nprint(down_revision)\n",
    "revision = 'b'\ndown_revision = ['a']\ndown_revision.append('c')\n",
    "revision = 'b'\ndown_revision = 'a'\nprint(down_revision)\n",
    "revision = 'b'\ndown_revision = 'a'\nSP = Replaceable('x', '''y''')\n",
    "revision = 'b'\ndown_revision = 'a'\nimport sys\nsys.modules[__name__].revision = 'c'\n",
    "revision = 'b'\ndown_revision = 'a'\ngetattr(f, '__globals__')\n",
    "revision = 'b'\ndown_revision = 'a'\ngetattr(sys._getframe(), k)\n",
    "revision = 'b'\ndown_revision = 'a'\nx = dict(exec=1)\n",
    "revision = 'b'\ndown_revision = 'a'\nimport builtins as q\n",
    "revision = 'b'\ndown_revision = 'a'\nx = lambda: q.eval(x)\n",
    "x = lambda: eval(x)\nrevision = 'b'\ndown_revision = 'a'\n",
    "def f():\n  eval(x)\nrevision = 'b'\ndown_revision = 'a'\nx + 1\n",
    "for x in y:\n  def f():\n    eval(x)\nrevision = 'b'\ndown_revision = 'a'\n",
    "revision = 'b'\ndown_revision = 'a'\n\xef\xbd\x85xec(x)\n",
    "revision = 'b'\ndown_revision = 'a'\n\xef\xbd\x92"
    "evision = 'c'\n",
    "\xef\xbb\xbfrevision = 'b'\r\ndown_revision = 'a'\r\n",
    "# coding: latin-1\nrevision = '\xe9'\ndown_revision = 'a'\n",
    "# coding: koi8-r\nrevision = '\xe9'\ndown_revision = 'a'\n",
    "revision = '\xe9'\ndown_revision = 'a'\n",
    "<<<<<<< ours\nrevision = 'b'\n=======\nrevision = 'c'\n>>>>>>> theirs\n",
    "revision = 'b'\ndown_revision = 'a'\n  x = 1\n",
    "revision = 'b'\ndown_revision = ('a'\n",
    "revision = 'b'\ndown_revision = '''a\n",
    "for revision in x:\n  pass\ndown_revision = 'a'\n",
    "def revision():\n  pass\ndown_revision = 'a'\n",
    "def __getattr__(name):\n  pass\n",
    "revision = 'b'\ndown_revision = (x := 'a')\n",
    "revision = 'b'\ndown_revision = *('a',),\n",
    "revision = 'b'\ndown_revision = ()\n",
    "revision = 'b'\ndown_revision = None\nraise X\n",
};

std::string AllReadings() {
  std::string all;
  for (const std::string text : kMigrations) {
    all += DumpMigration(ReadMigration("v/b.py", text), text) + "\n";
    for (const Finding& finding :
         JudgeState(*testing::StateOfFiles({{"b.py", text}}), Settings())) {
      all += finding.rule + " " + std::to_string(static_cast<int>(finding.level)) + "\n";
    }
  }
  std::map<std::string, std::string> files;
  for (const std::string top : {"", "a/", "a/tests/", "b/c/"}) {
    for (const char* name : {"alembic.ini", "other.ini", "setup.cfg", "pyproject.toml", "env.py",
                             "versions/x.py", "versions/__pycache__/x.pyc"}) {
      files[top + name] = "";
    }
  }
  const Candidates found = SurveyTree(testing::MemoryTree(files)).value().candidates;
  for (const auto* paths : {&found.ini_files, &found.toml_files, &found.script_dirs}) {
    for (const std::string& path : *paths) all += path + "\n";
    all += "\n";
  }
  return all;
}

TEST(Readings, AreOthersOnlyUnderAnotherNumber) {
  const std::map<int, std::uint64_t> sums = {{2, 15709355363131444479U},
                                             {3, 15709355363131444479U},
                                             {4, 463261198601208886U}};
  ASSERT_EQ(sums.rbegin()->first, kReadings);
  EXPECT_EQ(sums.rbegin()->second, HashOf(AllReadings()))
      << "Files are read as something else. Raise kReadings in core/migration/readings.h and add "
         "the new "
         "number with this sum. It is this that is read:\n"
      << AllReadings();
}

}  // namespace
}  // namespace onehead
