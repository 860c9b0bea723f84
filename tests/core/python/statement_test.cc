// What statements bind: text of a module and what is read from it.
// Every row was compared with what CPython 3.11 does with the same module.
#include <gtest/gtest.h>

#include <vector>

#include "core/python/python_rows.h"
#include "onehead/core/migration/migration.h"

namespace onehead {
namespace {

TEST(MigrationStatement, Assignments) {
  for (const Row& row : std::vector<Row>{
           {"down_revision = 'a'\ndown_revision = 'b'", "down_revision@2 'b' <'b'>"},
           {"down_revision: str = 'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision: Union[str, Sequence[str], None] = 'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision: Final = 'a', 'b'", "down_revision@1 ('a', 'b') <'a', 'b'>"},
           {"down_revision: 'lambda: 0' = 'a'", "down_revision@1 'a' <'a'>"},
           {"(down_revision): str = 'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision: str", "1: down_revision is not set"},
           {"down_revision = 'a'\ndown_revision: str", "down_revision@1 'a' <'a'>"},
           {"(down_revision) = 'a'", "down_revision@1 'a' <'a'>"},
           {"x = down_revision = 'a'", "down_revision@1 'a' <'a'>"},
           {"down_revision = x = y = 'a'", "down_revision@1 'a' <'a'>"},
           {"revision = down_revision = 'a'", "revision@1 'a' <'a'>; down_revision@1 'a' <'a'>"},
           {"revision, down_revision = '0027', '0026'",
            "revision@1 '0027' <'0027'>; down_revision@1 '0026' <'0026'>"},
           {"(revision, down_revision) = ('0027', '0026')",
            "revision@1 '0027' <'0027'>; down_revision@1 '0026' <'0026'>"},
           {"[revision, down_revision] = ['0027', '0026']",
            "revision@1 '0027' <'0027'>; down_revision@1 '0026' <'0026'>"},
           {"revision, (down_revision, x) = 'a', ('b', 'c')",
            "revision@1 'a' <'a'>; down_revision@1 'b' <'b'>"},
           {"revision, down_revision = ('a'), ('b', 'c')",
            "revision@1 'a' <('a')>; down_revision@1 ('b', 'c') <('b', 'c')>"},
           {"revision, down_revision = 'a',",
            "revision@1 unknown <'a',>; down_revision@1 unknown <'a',>; 1: which part of the valu"
            "e this name gets is not known: revision, down_revision = 'a',"},
           {"revision, down_revision = x",
            "revision@1 unknown <x>; down_revision@1 unknown <x>; 1: which part of the value this"
            " name gets is not known: revision, down_revision = x"},
           {"revision, down_revision = get()",
            "revision@1 unknown <get()>; down_revision@1 unknown <get()>; 1: which part of the va"
            "lue this name gets is not known: revision, down_revision = get()"},
           {"revision, *down_revision = 'a', 'b'",
            "revision@1 unknown <'a', 'b'>; down_revision@1 unknown <'a', 'b'>; 1: which part of "
            "the value this name gets is not known: revision, *down_revision = 'a', 'b'"},
           {"*down_revision, = 'a', 'b'",
            "down_revision@1 unknown <'a', 'b'>; 1: which part of the value this name gets is not"
            " known: *down_revision, = 'a', 'b'"},
           {"revision, down_revision = 'ab'",
            "revision@1 unknown <'ab'>; down_revision@1 unknown <'ab'>; 1: which part of the valu"
            "e this name gets is not known: revision, down_revision = 'ab'"},
           {"revision, down_revision = [p for p, q in z]",
            "revision@1 unknown <[p for p, q in z]>; down_revision@1 unknown <[p for p, q in z]>;"
            " 1: which part of the value this name gets is not known: revision, down_revision = ["
            "p for p, q in z]"},
           {"revision, down_revision = 'a', get()",
            "revision@1 'a' <'a'>; down_revision@1 unknown <get()>; 1: a call cannot be evaluated"
            " without running Python: get()"},
           {"down_revision, = 'a',", "down_revision@1 'a' <'a'>"},
           {"[down_revision] = 'a',", "down_revision@1 'a' <'a'>"},
           {"a, b = 'x', 'y'\ndown_revision, revision = b, a",
            "revision@2 'x' <a>; down_revision@2 'y' <b>"},
           {"a = 'x'; b = 'y'\na, b = b, a\nrevision, down_revision = a, b",
            "revision@3 'y' <a>; down_revision@3 'x' <b>"},
           {"a = 'x'\ndown_revision = a", "down_revision@2 'x' <a>"},
           {"a = ('x', 'y')\ndown_revision = a", "down_revision@2 ('x', 'y') <a>"},
           {"a = 'x'\nb = a\na = get()\ndown_revision = b", "down_revision@4 'x' <b>"},
           {"a = 'x'\na = get()\ndown_revision = a",
            "down_revision@3 unknown <a>; 3: the value of the name a is not known here: a"},
           {"a = 'x'\ndown_revision = (a, 'y')", "down_revision@2 ('x', 'y') <(a, 'y')>"},
           {"a = 'x'\ndown_revision = a + 'y'", "down_revision@2 'xy' <a + 'y'>"},
           {"a = ('p', 'q')\nrevision, down_revision = a",
            "revision@2 unknown <a>; down_revision@2 unknown <a>; 2: which part of the value this"
            " name gets is not known: revision, down_revision = a"},
           {"a = b'x'\ndown_revision = a", "down_revision@2 illegal <a>"},
           {"revision = 'a'; down_revision = 'b'",
            "revision@1 'a' <'a'>; down_revision@1 'b' <'b'>"},
           {"revision = 'a'; down_revision = 'b';",
            "revision@1 'a' <'a'>; down_revision@1 'b' <'b'>"},
           {"down_revision = 'a'  # 'b'", "down_revision@1 'a' <'a'>"},
           {"# down_revision = 'a'", "1: down_revision is not set"},
           {"'''\ndown_revision = 'a'\n'''", "1: down_revision is not set"},
           {"'down_revision = a'", "1: down_revision is not set"},
           {"x = '''\ndown_revision = \"a\"\n'''", "1: down_revision is not set"},
           {"down_revision == 'a'", "1: down_revision is not set"},
           {"down_revision\n= 'a'", "1: down_revision is not set"},
           {"x.down_revision = 'a'", "1: down_revision is not set"},
           {"x['down_revision'] = 'a'", "1: down_revision is not set"},
           {"x(down_revision='a')", "1: down_revision is not set"},
           {"x = lambda down_revision='a': 0", "1: down_revision is not set"},
           {"x = lambda: 0", "1: down_revision is not set"},
           {"down_revision = 'a'; down_revision = get()",
            "down_revision@1 unknown <get()>; 1: a call cannot be evaluated without running Pytho"
            "n: get()"},
           {"down_revision = get()\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"if (down_revision := 'a'): pass",
            "down_revision@1 unknown <if (down_revision := 'a')>; 1: a value bound inside an expr"
            "ession that is not known: if (down_revision := 'a')"},
           {"(down_revision := 'a')", "down_revision@1 'a' <'a'>"},
           {"x = (down_revision := 'a')", "down_revision@1 'a' <'a'>"},
           {"x = (down_revision := 'a') + 'b'", "down_revision@1 'a' <'a'>"},
           {"print(down_revision := 'a')",
            "down_revision@1 unknown <print(down_revision := 'a')>; 1: a value bound inside an ex"
            "pression that is not known: print(down_revision := 'a')"},
           {"[down_revision := 'a' for x in y]",
            "down_revision@1 unknown <[down_revision := 'a' for x in y]>; 1: a value bound inside"
            " an expression that is not known: [down_revision := 'a' for x in y]"},
           {"x = (down_revision := 'a') + down_revision",
            "down_revision@1 unknown <(down_revision := 'a') + down_revision>; 1: a value bound i"
            "nside an expression that is not known: x = (down_revision := 'a') + down_revision"},
           {"down_revision = (down_revision := 'a')",
            "down_revision@1 'a' <(down_revision := 'a')>"},
           {"a, b = (down_revision := 'a'), 'c'",
            "down_revision@1 unknown <(down_revision := 'a'), 'c'>; 1: a value bound inside an ex"
            "pression that is not known: a, b = (down_revision := 'a'), 'c'"},
           {"f'{(down_revision := 1)}'",
            "down_revision@1 unknown <f'{(down_revision := 1)}'>; 1: a value bound inside an f-st"
            "ring: f'{(down_revision := 1)}'"},
           {"f'{x:=10}'", "1: down_revision is not set"},
           {"down_revision = 'a'\nf'{down_revision:10}'", "down_revision@1 'a' <'a'>"},
           {"f'{ {down_revision := 1} }'",
            "down_revision@1 unknown <f'{ {down_revision := 1} }'>; 1: a value bound inside an "
            "f-string: f'{ {down_revision := 1} }'"},
           {"f'''{(down_revision\n:= 1)}'''",
            "down_revision@1 unknown <f'''{(down_revision := 1)}'''>; 1: a value bound inside an "
            "f-string: f'''{(down_revision := 1)}'''"},
           {"down_revision += 'a'",
            "down_revision@1 unknown <'a'>; 1: an augmented assignment is not evaluated: down_rev"
            "ision += 'a'"},
           {"down_revision = 'a'\ndown_revision += 'b'",
            "down_revision@2 unknown <'b'>; 2: an augmented assignment is not evaluated: down_rev"
            "ision += 'b'"},
           {"down_revision = 'a'\ndown_revision *= 2",
            "down_revision@2 unknown <2>; 2: an augmented assignment is not evaluated: down_revis"
            "ion *= 2"},
           {"down_revision = 'a'\ndel down_revision", "1: down_revision is not set"},
           {"down_revision = 'a'\ndel (down_revision, x)", "1: down_revision is not set"},
           {"down_revision = 'a'\ndel x[down_revision]", "down_revision@1 'a' <'a'>"},
           {"down_revision = 'a'\ndel down_revision\ndown_revision = 'b'",
            "down_revision@3 'b' <'b'>"},
           {"__doc__ = 'new'\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
       }) {
    Check(row);
  }
}

TEST(MigrationStatement, Imports) {
  for (const Row& row : std::vector<Row>{
           {"from x import down_revision",
            "down_revision@1 unknown <from x import down_revision>; 1: an import binds this name:"
            " from x import down_revision"},
           {"from x import a as down_revision",
            "down_revision@1 unknown <from x import a as down_revision>; 1: an import binds this "
            "name: from x import a as down_revision"},
           {"from x import down_revision as a", "1: down_revision is not set"},
           {"from x import (a,\n  down_revision,\n)",
            "down_revision@2 unknown <from x import (a, down_revision, )>; 2: an import binds thi"
            "s name: from x import (a, down_revision, )"},
           {"import down_revision",
            "down_revision@1 unknown <import down_revision>; 1: an import binds this name: import"
            " down_revision"},
           {"import down_revision.x",
            "down_revision@1 unknown <import down_revision.x>; 1: an import binds this name: impo"
            "rt down_revision.x"},
           {"import x.down_revision", "1: down_revision is not set"},
           {"import x as down_revision",
            "down_revision@1 unknown <import x as down_revision>; 1: an import binds this name: i"
            "mport x as down_revision"},
           {"import x, down_revision",
            "down_revision@1 unknown <import x, down_revision>; 1: an import binds this name: imp"
            "ort x, down_revision"},
           {"down_revision = 'a'\nfrom x import down_revision",
            "down_revision@2 unknown <from x import down_revision>; 2: an import binds this name:"
            " from x import down_revision"},
           {"from x import down_revision\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"from . import revision\ndown_revision = 'a'",
            "revision@1 unknown <from . import revision>; down_revision@2 'a' <'a'>; 1: an import"
            " binds this name: from . import revision"},
           {"from ..x import *",
            "revision@1 unknown <from ..x import *>; down_revision@1 unknown <from ..x import *>; "
            "branch_labels doubtful; depends_on doubtful; 1: an import of * may bind any name: "
            "from ..x import *; doubt 1: an import of * may bind any name: from ..x import *"},
           {"from x import *\nrevision = 'r'\ndown_revision = 'a'\nbranch_labels = None\n"
            "depends_on = None",
            "revision@2 'r' <'r'>; down_revision@3 'a' <'a'>; branch_labels@4 none <None>; depend"
            "s_on@5 none <None>"},
           {"from x import *\ndown_revision = 'a'",
            "revision@1 unknown <from x import *>; down_revision@2 'a' <'a'>; branch_labels "
            "doubtful; depends_on doubtful; 1: an import of * may bind any name: from x import *; "
            "doubt 1: an import of * may bind any name: from x import *"},
           {"revision = 'r'\ndown_revision = 'a'\nfrom x import *",
            "revision@1 doubtful 'r' <'r'>; down_revision@2 doubtful 'a' <'a'>; branch_labels "
            "doubtful; depends_on doubtful; doubt 3: an import of * may bind any name: from x "
            "import *"},
           {"revision = 'r'\ndown_revision = 'a'\nfrom sqlalchemy import *\n"
            "from sqlalchemy.dialects.mysql import *\nfrom alembic.op import *",
            "revision@1 'r' <'r'>; down_revision@2 'a' <'a'>"},
           {"from alembic.command import *\ndown_revision = 'a'",
            "revision@1 unknown <from alembic.command import *>; down_revision@2 'a' <'a'>; "
            "branch_labels doubtful; depends_on doubtful; 1: an import of * may bind any name: "
            "from alembic.command import *; doubt 1: an import of * may bind any name: from "
            "alembic.command import *"},
           {"from x import LABEL\ndown_revision = 'a'\nbranch_labels = (LABEL,)",
            "down_revision@2 'a' <'a'>; branch_labels@3 unknown <(LABEL,)>; 3: the value of the n"
            "ame LABEL is not known here: (LABEL,)"},
           {"from x import a\nx = a\ndown_revision = x",
            "down_revision@3 unknown <x>; 3: the value of the name x is not known here: x"},
       }) {
    Check(row);
  }
}

TEST(MigrationStatement, CompoundStatementsAndBodies) {
  for (const Row& row : std::vector<Row>{
           {"if x:\n    down_revision = 'a'",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"if x:\n    down_revision = 'a'\nelse:\n    down_revision = 'b'",
            "down_revision@4 unknown <'b'>; 4: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'b'"},
           {"down_revision = 'a'\nif x:\n    down_revision = 'b'",
            "down_revision@3 unknown <'b'>; 3: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'b'"},
           {"if x:\n    down_revision = 'a'\ndown_revision = 'b'", "down_revision@3 'b' <'b'>"},
           {"if x: down_revision = 'a'",
            "down_revision@1 unknown <'a'>; 1: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"if x: pass\nelse: down_revision = 'a'",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"if x:\n    a = 'a'\ndown_revision = a",
            "down_revision@3 unknown <a>; 3: the value of the name a is not known here: a"},
           {"a = 'x'\nif y:\n    a = 'b'\ndown_revision = a",
            "down_revision@4 unknown <a>; 4: the value of the name a is not known here: a"},
           {"if x:\n    if y:\n        down_revision = 'a'",
            "down_revision@3 unknown <'a'>; 3: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"for down_revision in x:\n    pass",
            "down_revision@1 unknown <for down_revision in x>; 1: a loop binds this name: for dow"
            "n_revision in x"},
           {"for i, (down_revision, j) in x: pass",
            "down_revision@1 unknown <for i, (down_revision, j) in x>; 1: a loop binds this name:"
            " for i, (down_revision, j) in x"},
           {"for i in down_revision: pass", "1: down_revision is not set"},
           {"while x:\n    down_revision = 'a'",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"try:\n    down_revision = 'a'\nexcept E:\n    pass",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"try:\n    pass\nexcept E as down_revision:\n    pass",
            "down_revision@3 unknown <except E as down_revision>; 3: `as` binds this name: except"
            " E as down_revision"},
           {"try:\n    pass\nfinally:\n    down_revision = 'a'",
            "down_revision@4 unknown <'a'>; 4: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"with x as down_revision:\n    pass",
            "down_revision@1 unknown <with x as down_revision>; 1: `as` binds this name: with x a"
            "s down_revision"},
           {"with x as (a, down_revision): pass",
            "down_revision@1 unknown <with x as (a, down_revision)>; 1: `as` binds this name: wit"
            "h x as (a, down_revision)"},
           {"with (x as down_revision, y as b):\n    pass",
            "down_revision@1 unknown <with (x as down_revision, y as b)>; 1: `as` binds this name"
            ": with (x as down_revision, y as b)"},
           {"with x:\n    down_revision = 'a'",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"match x:\n    case down_revision:\n        pass",
            "down_revision@2 unknown <case down_revision>; 2: a pattern binds this name: case dow"
            "n_revision"},
           {"match x:\n    case 1:\n        down_revision = 'a'",
            "down_revision@3 unknown <'a'>; 3: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"match x:\n    case a if down_revision:\n        pass", "1: down_revision is not set"},
           {"match = 'a'\ndown_revision = match", "down_revision@2 'a' <match>"},
           {"match: str = 'a'\ndown_revision = match", "down_revision@2 'a' <match>"},
           {"case = 'a'\ndown_revision = case", "down_revision@2 'a' <case>"},
           {"case: str = 'a'\ndown_revision = case", "down_revision@2 'a' <case>"},
           {"type = 'a'\ndown_revision = type", "down_revision@2 'a' <type>"},
           {"type down_revision = int",
            "down_revision@1 unknown <type down_revision = int>; 1: a type alias is not a value t"
            "hat can be read: type down_revision = int"},
           {"def down_revision():\n    pass", "down_revision@1 illegal <def down_revision()>"},
           {"async def down_revision():\n    pass",
            "down_revision@1 illegal <def down_revision()>"},
           {"class down_revision:\n    pass", "down_revision@1 illegal <class down_revision>"},
           {"class down_revision(x):\n    pass",
            "down_revision@1 unknown <class down_revision(x)>; 1: a base class may bind any value"
            ": class down_revision(x)"},
           {"@x\ndef down_revision(): pass",
            "down_revision@2 unknown <def down_revision()>; 2: a decorator may bind any value: de"
            "f down_revision()"},
           {"def f(down_revision='a'):\n    down_revision = 'b'\n    def g():\n"
            "        down_revision = 'c'\ndown_revision = 'd'",
            "down_revision@5 'd' <'d'>"},
           {"def f(): down_revision = 'a'", "1: down_revision is not set"},
           {"class A:\n    down_revision = 'a'", "1: down_revision is not set"},
           {"class A: down_revision = 'a'", "1: down_revision is not set"},
           {"def f():\n    global down_revision\n    down_revision = 'a'\ndown_revision = 'b'",
            "down_revision@4 doubtful 'b' <'b'>; doubt 2: a function may bind this name at any "
            "time: global down_revision"},
           {"def f(): global down_revision; down_revision = 'a'\ndown_revision = 'b'",
            "down_revision@2 doubtful 'b' <'b'>; doubt 1: a function may bind this name at any "
            "time: global down_revision"},
           {"class A:\n    global x, down_revision\ndown_revision = 'b'",
            "down_revision@3 doubtful 'b' <'b'>; doubt 2: a function may bind this name at any "
            "time: global x, down_revision"},
           {"def f(a=(down_revision := 'a')):\n    pass",
            "down_revision@1 unknown <def f(a=(down_revision := 'a'))>; 1: a value bound inside a"
            "n expression that is not known: def f(a=(down_revision := 'a'))"},
           {"@x(down_revision := 'a')\ndef f(): pass",
            "down_revision@1 unknown <@x(down_revision := 'a')>; 1: a value bound inside an expre"
            "ssion that is not known: @x(down_revision := 'a')"},
           {"def f():\n    print 'x'\n    exec 'y'\ndown_revision = 'a'",
            "down_revision@4 'a' <'a'>"},
           {"if x: raise E\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"down_revision = 'a'\nraise E",
            "down_revision@1 'a' <'a'>; 2: the module raises an exception whenever it is loaded: "
            "raise E"},
           {"global down_revision\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"pass\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"if (lambda: 0)(): down_revision = 'a'",
            "down_revision@1 unknown <'a'>; 1: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"if x[1:2]: y = {1: 2}\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"async with x:\n    down_revision = 'a'",
            "down_revision@2 unknown <'a'>; 2: a value that is bound inside a compound statement "
            "depends on what runs: down_revision = 'a'"},
           {"if x:\n    pass\ndown_revision = 'a'", "down_revision@3 'a' <'a'>"},
           {"if x:\n\n  # c\n    y = 1\n # d\n    z = 2\n\ndown_revision = 'a'",
            "down_revision@8 'a' <'a'>"},
       }) {
    Check(row);
  }
}

TEST(MigrationStatement, ChangesOfAValue) {
  for (
      const Row& row : std::vector<Row>{
          {"down_revision = ['a']\ndown_revision.append('b')",
           "down_revision@1 unknown <['a']>; 2: this may change the value: "
           "down_revision.append('b')"},
          {"down_revision = ['a']\ndown_revision[0] = 'b'",
           "down_revision@1 unknown <['a']>; 2: this may change the value: down_revision[0] = 'b'"},
          {"down_revision = ['a']\ndel down_revision[0]",
           "down_revision@1 unknown <['a']>; 2: this may change the value: del down_revision[0]"},
          {"down_revision = ['a']\ndown_revision += ['b']",
           "down_revision@2 unknown <['b']>; 2: an augmented assignment is not evaluated: down_r"
           "evision += ['b']"},
          {"down_revision = {'a'}\ndown_revision.add('b')",
           "down_revision@1 unknown <{'a'}>; 2: this may change the value: down_revision.add('b')"},
          {"a = ['a']\ndown_revision = a",
           "down_revision@2 doubtful ('a') <a>; doubt 2: a list or set that two names share may "
           "change: down_revision"},
          {"down_revision = a = {'a'}",
           "down_revision@1 doubtful ('a') <{'a'}>; doubt 1: a list or set that two names share "
           "may change: down_revision = a = {'a'}"},
          {"def f(): a.append('b')\na = ['a']\ndown_revision = a\nf()",
           "down_revision@3 doubtful ('a') <a>; doubt 3: a list or set that two names share may "
           "change: down_revision"},
          {"a = ('a',)\ndown_revision = a\ndef f(): a.append('b')", "down_revision@2 ('a') <a>"},
          {"down_revision = ['a']\ndown_revision = down_revision",
           "down_revision@2 ('a') <down_revision>"},
          {"a = ['a']\nb = a\ndown_revision = b\nx(a)",
           "down_revision@3 unknown <b>; 3: the value of the name b is not known here: b"},
          {"a = ['a']\nb = (a, 'x')\ndown_revision = a",
           "down_revision@3 unknown <a>; 3: the value of the name a is not known here: a"},
          {"a = ['a']\ndown_revision = a + ['b']\na.append('c')",
           "down_revision@2 unknown <a + ['b']>; 2: the list a may have changed: a + ['b']"},
          {"down_revision = ['a']\nprint('x')", "down_revision@1 ('a') <['a']>"},
          {"down_revision = ['a']\nif x: down_revision.append('b')",
           "down_revision@1 unknown <['a']>; 2: this may change the value: "
           "down_revision.append('b')"},
          {"down_revision = ['a']\nfor i in y:\n    down_revision.append(i)",
           "down_revision@1 unknown <['a']>; 3: this may change the value: "
           "down_revision.append(i)"},
          {"down_revision = ('a',)\nprint(down_revision)", "down_revision@1 ('a') <('a',)>"},
          {"down_revision = ['a']\ndef f():\n    down_revision.append('b')\nf()",
           "down_revision@1 doubtful ('a') <['a']>; doubt 3: the code of a function or class may "
           "change the value: down_revision"},
          {"def f():\n    down_revision.append('b')\ndown_revision = ['a']\nf()",
           "down_revision@3 doubtful ('a') <['a']>; doubt 2: the code of a function or class may "
           "change the value: down_revision"},
          {"def f():\n    return down_revision\ndown_revision = 'a'", "down_revision@3 'a' <'a'>"},
          {"exec('x')",
           "revision@1 unknown <exec('x')>; down_revision@1 unknown <exec('x')>; branch_labels "
           "doubtful; depends_on doubtful; 1: this may bind any name of the module: exec('x'); "
           "doubt 1: this may bind any name of the module: exec('x')"},
          {"exec('x')\nrevision = 'r'\ndown_revision = 'a'\nbranch_labels = depends_on = None",
           "revision@2 doubtful 'r' <'r'>; down_revision@3 doubtful 'a' <'a'>; branch_labels@4 "
           "doubtful none <None>; depends_on@4 doubtful none <None>; doubt 1: this may bind any "
           "name of the module: exec('x')"},
          {"globals()['down_revision'] = 'a'",
           "revision@1 unknown <globals()['down_revision'] = 'a'>; down_revision@1 unknown "
           "<globals()['down_revision'] = 'a'>; branch_labels doubtful; depends_on doubtful; 1: "
           "this may bind any name of the module: globals()['down_revision'] = 'a'; doubt 1: this "
           "may bind any name of the module: globals()['down_revision'] = 'a'"},
          {"globals().update(down_revision='a')",
           "revision@1 unknown <globals().update(down_revision='a')>; down_revision@1 unknown "
           "<globals().update(down_revision='a')>; branch_labels doubtful; depends_on doubtful; 1: "
           "this may bind any name of the module: globals().update(down_revision='a'); doubt 1: "
           "this may bind any name of the module: globals().update(down_revision='a')"},
          {"vars()['x'] = 1",
           "revision@1 unknown <vars()['x'] = 1>; down_revision@1 unknown <vars()['x'] = 1>; "
           "branch_labels doubtful; depends_on doubtful; 1: this may bind any name of the module: "
           "vars()['x'] = 1; doubt 1: this may bind any name of the module: vars()['x'] = 1"},
          {"vars(x)['y'] = 1\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
          {"locals()['x'] = 1",
           "revision@1 unknown <locals()['x'] = 1>; down_revision@1 unknown <locals()['x'] = 1>; "
           "branch_labels doubtful; depends_on doubtful; 1: this may bind any name of the module: "
           "locals()['x'] = 1; doubt 1: this may bind any name of the module: locals()['x'] = 1"},
          {"eval('x')",
           "revision@1 unknown <eval('x')>; down_revision@1 unknown <eval('x')>; branch_labels "
           "doubtful; depends_on doubtful; 1: this may bind any name of the module: eval('x'); "
           "doubt 1: this may bind any name of the module: eval('x')"},
          {"x.exec('y')\nrevision = 'r'\ndown_revision = 'a'\nbranch_labels = depends_on = None",
           "revision@2 'r' <'r'>; down_revision@3 'a' <'a'>; branch_labels@4 none <None>; "
           "depends_on@4 none <None>"},
          {"sys.modules[__name__].down_revision = 'a'",
           "revision@1 unknown <sys.modules[__name__].down_revision = 'a'>; down_revision@1 "
           "unknown <sys.modules[__name__].down_revision = 'a'>; branch_labels doubtful; "
           "depends_on doubtful; 1: this may bind any name of the module: "
           "sys.modules[__name__].down_revision = 'a'; doubt 1: this may bind any name of the "
           "module: sys.modules[__name__].down_revision = 'a'"},
          {"modules[__name__].down_revision = 'a'",
           "revision@1 unknown <modules[__name__].down_revision = 'a'>; down_revision@1 unknown "
           "<modules[__name__].down_revision = 'a'>; branch_labels doubtful; depends_on doubtful; "
           "1: this may bind any name of the module: modules[__name__].down_revision = 'a'; doubt "
           "1: this may bind any name of the module: modules[__name__].down_revision = 'a'"},
          {"setattr(sys.modules[__name__], 'x', 1)",
           "revision@1 unknown <setattr(sys.modules[__name__], 'x', 1)>; down_revision@1 unknown "
           "<setattr(sys.modules[__name__], 'x', 1)>; branch_labels doubtful; depends_on doubtful; "
           "1: this may bind any name of the module: setattr(sys.modules[__name__], 'x', 1); doubt "
           "1: this may bind any name of the module: setattr(sys.modules[__name__], 'x', 1)"},
          {"class A:\n    exec('x')\ndown_revision = 'a'",
           "revision@2 unknown <exec>; down_revision@3 doubtful 'a' <'a'>; branch_labels doubtful; "
           "depends_on doubtful; 2: this may bind any name of the module: exec('x'); doubt 2: this "
           "may bind any name of the module: exec('x')"},
          {"def upgrade(engine):\n    globals()['upgrade_%s' % engine]()\ndown_revision = 'a'",
           "down_revision@3 'a' <'a'>"},
          {"class A:\n    globals()['down_revision'] = 'b'",
           "revision@2 unknown <globals>; down_revision@2 unknown <globals>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module: "
           "globals()['down_revision'] = 'b'; doubt 2: this may bind any name of the module: "
           "globals()['down_revision'] = 'b'"},
          {"\357\275\204own_revision = 'a'",
           "revision@1 unknown <'a'>; down_revision@1 unknown <'a'>; branch_labels@1 unknown <'a"
           "'>; depends_on@1 unknown <'a'>; 1: Python may read this name as another one: \357\275"
           "\204own_revision"},
          {"\303\251 = 'a'\ndown_revision = \303\251", "down_revision@2 'a' <\303\251>"},
          {"down_revision = 'a'\n\357\275\204own_revision = 'b'",
           "revision@2 unknown <'b'>; down_revision@2 unknown <'b'>; branch_labels@2 unknown <'b"
           "'>; depends_on@2 unknown <'b'>; 2: Python may read this name as another one: \357\275"
           "\204own_revision"},
      }) {
    Check(row);
  }
}

// What reaches the names of the module by another way than naming them.
TEST(MigrationStatement, NamesReachedInOtherWays) {
  for (
      const Row& row : std::vector<Row>{
          {"down_revision = 'a'\nimport builtins\nbuiltins.exec('x')",
           "revision@3 unknown <builtins.exec('x')>; down_revision@1 doubtful 'a' <'a'>; "
           "branch_labels doubtful; depends_on doubtful; 3: this may bind any name of the module: "
           "builtins.exec('x'); doubt 3: this may bind any name of the module: builtins.exec('x')"},
          {"down_revision = 'a'\nfrom builtins import exec as e",
           "revision@2 unknown <from builtins import exec as e>; down_revision@1 doubtful 'a' "
           "<'a'>; branch_labels doubtful; depends_on doubtful; 2: this may bind any name of the "
           "module: from builtins import exec as e; doubt 2: this may bind any name of the module: "
           "from builtins import exec as e"},
          {"down_revision = 'a'\ng = globals\ng()['x'] = 1",
           "revision@2 unknown <g = globals>; down_revision@1 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module: g = globals; "
           "doubt 2: this may bind any name of the module: g = globals"},
          {"down_revision = 'a'\nlist(map(exec, ['x']))",
           "revision@2 unknown <list(map(exec, ['x']))>; down_revision@1 doubtful 'a' <'a'>; "
           "branch_labels doubtful; depends_on doubtful; 2: this may bind any name of the module: "
           "list(map(exec, ['x'])); doubt 2: this may bind any name of the module: list(map(exec, "
           "['x']))"},
          {"down_revision = 'a'\nupgrade.__globals__['x'] = 1",
           "revision@2 unknown <upgrade.__globals__['x'] = 1>; down_revision@1 doubtful 'a' <'a'>; "
           "branch_labels doubtful; depends_on doubtful; 2: this may bind any name of the module: "
           "upgrade.__globals__['x'] = 1; doubt 2: this may bind any name of the module: "
           "upgrade.__globals__['x'] = 1"},
          {"down_revision = 'a'\nf'{globals()}'",
           "revision@2 unknown <f'{globals()}'>; down_revision@1 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module: "
           "f'{globals()}'; doubt 2: this may bind any name of the module: f'{globals()}'"},
          {"down_revision = 'a'\nx = vars",
           "revision@2 unknown <x = vars>; down_revision@1 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module: x = vars; "
           "doubt 2: this may bind any name of the module: x = vars"},
          {"def f():\n    globals()['x'] = 1\ndown_revision = 'a'\nf()",
           "revision@2 unknown <f()>; down_revision@3 doubtful 'a' <'a'>; branch_labels doubtful; "
           "depends_on doubtful; 2: this may bind any name of the module, and line 4 may call it: "
           "globals()['x'] = 1; doubt 2: this may bind any name of the module, and line 4 may call "
           "it: globals()['x'] = 1"},
          {"def f():\n    globals()['x'] = 1\ndown_revision = 'a'\nx = g['a'](1)",
           "revision@2 unknown <x = g['a'](1)>; down_revision@3 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module, and line 4 may "
           "call it: globals()['x'] = 1; doubt 2: this may bind any name of the module, and line 4 "
           "may call it: globals()['x'] = 1"},
          {"def f(): exec('x')\ndown_revision = 'a'\nf'{f()}'",
           "revision@1 unknown <f'{f()}'>; down_revision@2 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 1: this may bind any name of the module, and line 3 may "
           "call it: exec('x'); doubt 1: this may bind any name of the module, and line 3 may call "
           "it: exec('x')"},
          {"def f(): exec('x')\ndown_revision = 'a'\nclass A(f()): pass",
           "revision@1 unknown <class A(f())>; down_revision@2 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 1: this may bind any name of the module, and line 3 may "
           "call it: exec('x'); doubt 1: this may bind any name of the module, and line 3 may call "
           "it: exec('x')"},
          {"def f():\n    globals()['x'] = 1\ndown_revision = 'a'\n@f\ndef g(): pass",
           "revision@2 unknown <@f>; down_revision@3 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module, and line 4 may "
           "call it: globals()['x'] = 1; doubt 2: this may bind any name of the module, and line 4 "
           "may call it: globals()['x'] = 1"},
          {"down_revision = 'a'\n@f\ndef g():\n    globals()['x'] = 1",
           "revision@4 unknown <globals>; down_revision@1 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 4: this may bind any name of the module: globals()['x'] "
           "= 1; doubt 4: this may bind any name of the module: globals()['x'] = 1"},
          {"down_revision = 'a'\n@f\ndef g(): globals()['x'] = 1",
           "revision@3 unknown <globals>; down_revision@1 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 3: this may bind any name of the module: globals()['x'] "
           "= 1; doubt 3: this may bind any name of the module: globals()['x'] = 1"},
          {"def f():\n    globals()['x'] = 1\ndown_revision = 'a'\ndef g(x=(1)): pass\nx = (1, "
           "2)",
           "down_revision@3 'a' <'a'>"},
          {"def f():\n    globals()['x'] = 1\ndown_revision = 'a'\nclass A: x = f()",
           "revision@2 unknown <class A>; down_revision@3 doubtful 'a' <'a'>; branch_labels "
           "doubtful; depends_on doubtful; 2: this may bind any name of the module, and line 4 may "
           "call it: globals()['x'] = 1; doubt 2: this may bind any name of the module, and line 4 "
           "may call it: globals()['x'] = 1"},
          {"f()\ndown_revision = 'a'\ndef f():\n    globals()['x'] = 1",
           "down_revision@2 'a' <'a'>"},
          {"class A:\n    def f(self): session.exec(x)\ndown_revision = 'a'\n",
           "down_revision@3 'a' <'a'>"},
      }) {
    Check(row);
  }
}

TEST(MigrationStatement, NamesThatOthersChangeOrGive) {
  for (const Row& row : std::vector<Row>{
           {"x = 'a'\nfrom sqlalchemy import *\ndown_revision = x",
            "down_revision@3 unknown <x>; 3: the value of the name x is not known here: x"},
           {"down_revision, x = y = ['a'], 1",
            "down_revision@1 doubtful ('a') <['a']>; doubt 1: a list or set that two names share "
            "may change: down_revision, x = y = ['a'], 1"},
           {"x[0] = down_revision = ['a']",
            "down_revision@1 doubtful ('a') <['a']>; doubt 1: a list or set that two names share "
            "may change: x[0] = down_revision = ['a']"},
           {"down_revision = ['a']\nx.y = down_revision",
            "down_revision@1 doubtful ('a') <['a']>; doubt 2: this may change the value: x.y = "
            "down_revision"},
           {"down_revision = ['a']\nx.y, z = down_revision, 1",
            "down_revision@1 doubtful ('a') <['a']>; doubt 2: this may change the value: x.y, z = "
            "down_revision, 1"},
           {"x[0] = down_revision = 'a', 'b'", "down_revision@1 ('a', 'b') <'a', 'b'>"},
           {"down_revision = ['a']\nf(down_revision=1)", "down_revision@1 ('a') <['a']>"},
           {"down_revision = ['a']\nf(x, down_revision=down_revision)",
            "down_revision@1 doubtful ('a') <['a']>; doubt 2: this may change the value: f(x, "
            "down_revision=down_revision)"},
           {"down_revision = ['a']\nf'{down_revision.pop()}'",
            "down_revision@1 unknown <['a']>; 2: this may change the value: "
            "f'{down_revision.pop()}'"},
           {"down_revision = ['a']\ndef f(): f'{down_revision.pop()}'",
            "down_revision@1 doubtful ('a') <['a']>; doubt 2: the code of a function or class may "
            "change the value: down_revision"},
           {"def __getattr__(name): return name\ndown_revision = 'a'\n",
            "revision@1 unknown <>; down_revision@2 'a' <'a'>; branch_labels@1 unknown <>; "
            "depends_on@1 unknown <>; 1: __getattr__ may give a value to a name that is not bound"},
           {"from x import __getattr__\ndown_revision = 'a'\n",
            "revision@1 unknown <>; down_revision@2 'a' <'a'>; branch_labels@1 unknown <>; "
            "depends_on@1 unknown <>; 1: __getattr__ may give a value to a name that is not bound"},
           {"class A:\n    def __getattr__(self, name): pass\ndown_revision = 'a'\n",
            "down_revision@3 'a' <'a'>"},
       }) {
    Check(row);
  }
}

}  // namespace
}  // namespace onehead
