// Code beside plain assignments: what leaves them as they are, what makes them doubtful, and what
// makes them unreadable. docs/alembic.md lists the same forms.
// Every "readable" row was compared with what CPython 3.11 does with the same module.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "onehead/core/migration/migration.h"

namespace onehead {
namespace {

constexpr const char* kPlain =
    "revision = 'r'\ndown_revision = 'a'\nbranch_labels = None\ndepends_on = None\n";

std::string Verdict(const Migration& migration) {
  if (!migration.defects.empty()) return "unreadable";
  return migration.doubtful() ? "doubtful" : "readable";
}

std::string VerdictOf(const std::string& text) {
  return Verdict(ReadMigration("versions/x.py", text));
}

struct Row {
  const char* code;  // behind four plain assignments
  const char* verdict;
};

void Check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(VerdictOf(std::string(kPlain) + row.code), row.verdict) << row.code;
  }
}

// What a function does counts once the module calls something.
void CheckCalled(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const std::string function = std::string("def f(k):\n    ") + row.code + "\n";
    EXPECT_EQ(VerdictOf(kPlain + function + "f('x')\n"), row.verdict) << row.code;
    EXPECT_EQ(VerdictOf(kPlain + function), "readable") << row.code;
    const std::string inline_function = std::string("def f(k): ") + row.code + "\nf('x')";
    EXPECT_EQ(VerdictOf(kPlain + inline_function), row.verdict) << row.code;
  }
}

// `alembic init -t multidb`, and what the cookbook puts beside it.
TEST(MigrationDoubt, MultidbTemplate) {
  const std::string text = R"PY("""add x

Revision ID: r
Revises: a
Create Date: 2024-01-01

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from objects import ReplaceableObject

# revision identifiers, used by Alembic.
revision: str = 'r'
down_revision: Union[str, Sequence[str], None] = 'a'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade(engine_name: str) -> None:
    """Upgrade schema."""
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    """Downgrade schema."""
    globals()["downgrade_%s" % engine_name]()


SP = ReplaceableObject(
    "add(a integer, b integer)",
    """
    RETURNS integer AS $$ BEGIN RETURN a + b; END; $$
    """)


def upgrade_engine1() -> None:
    op.create_sp(SP)
)PY";
  const Migration migration = ReadMigration("versions/r.py", text);
  EXPECT_EQ(Verdict(migration), "readable");
  EXPECT_EQ(migration.id(), "r");
  EXPECT_EQ(migration.down_revision.ids, std::vector<std::string>{"a"});
}

TEST(MigrationDoubt, ReadingAnItemOfTheNamespace) {
  CheckCalled({
      {"globals()['upgrade_%s' % k]()", "readable"},
      {"globals()[f'upgrade_{k}']()", "readable"},
      {"globals()['upgrade_' + k](k)", "readable"},
      {"globals()[k]()()", "readable"},
      {"globals()[k[0]](k)", "readable"},
      {"globals()\\\n  [k]()", "readable"},
      {"return globals()[k](globals()['x'].y)", "readable"},
      {"globals().get(k)()", "readable"},
      {"globals().get('upgrade_' + k, lambda: None)()", "readable"},
      {"return globals().get('x')", "readable"},
      {"return globals().get('x', None) or 1", "readable"},
      {"globals()['x']()", "readable"},
      {"globals()['x'].y()", "readable"},
      {"if 'x' in globals(): pass", "readable"},
      {"return k not in globals()", "readable"},
      {"x = vars()[k]; locals().update(x=1)", "readable"},  // the function's own
  });
}

TEST(MigrationDoubt, WritingToTheNamespace) {
  CheckCalled({
      {"globals()[k] = 1", "doubtful"},
      {"globals()['x'] = 1", "doubtful"},
      {"globals()['down_revision'] = k", "doubtful"},
      {"globals()[k]: str = 1", "doubtful"},
      {"globals()[k] += 1", "doubtful"},
      {"globals()['x'], y = 1, 2", "doubtful"},
      {"(globals()['x']) = 1", "doubtful"},
      {"[globals()['x']] = [1]", "doubtful"},
      {"del globals()[k]", "doubtful"},
      {"del globals()['x']", "doubtful"},
      {"del (globals()['x'])", "doubtful"},
      {"for globals()['x'] in k: pass", "doubtful"},
      {"with k as globals()['x']: pass", "doubtful"},
      {"globals().update(x=1)", "doubtful"},
      {"globals().setdefault('x', 1)", "doubtful"},
      {"globals().pop('x')", "doubtful"},
      {"globals().clear()", "doubtful"},
      {"globals().__setitem__('x', 1)", "doubtful"},
      {"globals().__ior__({'x': 1})", "doubtful"},
      {"globals().get", "doubtful"},
  });
}

TEST(MigrationDoubt, HandingTheNamespaceOn) {
  CheckCalled({
      {"return globals()", "doubtful"},
      {"g = globals()", "doubtful"},
      {"g = globals", "doubtful"},
      {"k(globals())", "doubtful"},
      {"exec('x = 1', globals())", "doubtful"},
      {"globals()[k](globals())", "doubtful"},
      {"globals()[globals()]()", "doubtful"},
      {"return {**globals()}", "doubtful"},
      {"return globals() | {}", "doubtful"},
      {"for d in globals(), 1: d['x'] = 1", "doubtful"},
      {"for d in [globals()]: d['x'] = 1", "doubtful"},
      {"return globals", "doubtful"},
      {"f'{globals()}'", "doubtful"},
      {"k.globals()['x'] = 1", "doubtful"},
  });
}

// An item with a computed key may be the built-ins.
TEST(MigrationDoubt, ItemsThatMayReachFurther) {
  CheckCalled({
      {"x = globals()[k]", "doubtful"},
      {"globals()[k]['exec']('x = 1')", "doubtful"},
      {"globals()[k].x('x = 1')", "doubtful"},
      {"globals()['__builtins__']['exec']('x = 1')", "doubtful"},
      {"globals()['__builtins__'].x", "doubtful"},
      {"globals()['__built' 'ins__'].x", "doubtful"},
      {"globals()['__built\\x69ns__'].x", "doubtful"},
      {"globals()['x' if k else '__builtins__'].x", "doubtful"},
      {"return globals().get(k)", "doubtful"},
      {"return globals().get('__builtins__')", "doubtful"},
      {"return globals().get('x' + k)", "doubtful"},
      {"globals()['down_revision'].append('b')", "doubtful"},
      {"globals().get('down_revision').append('b')", "doubtful"},
      {"globals()[exec('x = 1')]()", "doubtful"},
      {"globals().get('x', exec)('x = 1')", "doubtful"},
      {"globals()['x'](exec('x = 1'))", "doubtful"},
  });
}

TEST(MigrationDoubt, TheNamespaceAtModuleLevel) {
  Check({
      {"globals()['x']()", "readable"},
      {"x = globals().get('x')", "readable"},
      {"if 'x' in globals(): pass", "readable"},
      {"y = 'x' in vars()", "readable"},
      {"locals()['x'](1)", "readable"},
      {"x = vars(1)['a']", "readable"},
      {"globals()['x'] = 1", "doubtful"},
      {"globals().update(k)", "doubtful"},
      {"for x in globals().values(): x()", "doubtful"},
      {"y = 'x' in globals() or 1", "doubtful"},
      {"vars()[k] = 1", "doubtful"},
      {"locals().update(k)", "doubtful"},
      {"x = vars", "doubtful"},
      {"class A:\n    globals()['x']()", "readable"},
      {"class A:\n    locals()['x'] = 1", "readable"},
      {"class A:\n    globals()['x'] = 1", "doubtful"},
      {"@f\ndef g(): globals()['x']()", "readable"},
      {"@f\ndef g(): globals()['x'] = 1", "doubtful"},
      {"exec(k)", "doubtful"},
      {"eval(k)", "doubtful"},
      {"sys.modules[__name__].x = 1", "doubtful"},
      {"f.__globals__['x'] = 1", "doubtful"},
      {"from x import *", "doubtful"},
  });
}

// What spells a name binds it, for all that is known.
TEST(MigrationDoubt, CodeThatNamesWhatItBinds) {
  Check({
      {"globals()['down_revision'] = k", "unreadable"},
      {"globals().update(revision=k)", "unreadable"},
      {"vars()['branch_labels'] = k", "unreadable"},
      {"exec('depends_on = None')", "unreadable"},
      {"exec('\\ndown_revision = None')", "unreadable"},
      {"setattr(sys.modules[__name__], 'down_revision', k)", "unreadable"},
      {"class A:\n    globals()['down_revision'] = k", "unreadable"},
      {"f'{globals().update(down_revision=1)}'", "unreadable"},
      {"from revision import *", "doubtful"},
  });
  const Migration one =
      ReadMigration("x.py", std::string(kPlain) + "globals()['down_revision'] = 'b'\n");
  EXPECT_TRUE(one.revision.known());
  EXPECT_TRUE(one.revision.doubtful);
  EXPECT_EQ(one.down_revision.state, Binding::State::kUnknown);
  EXPECT_FALSE(one.down_revision.doubtful);
}

TEST(MigrationDoubt, CallsAtModuleLevel) {
  Check({
      {"SP = ReplaceableObject('name', '''...''')", "readable"},
      {"f(g(revision), *down_revision)", "readable"},
      {"users = sa.table('users', sa.column('id'))", "readable"},
      {"def f(): g(h())\nf()", "readable"},
      {"def f(): session.exec(k)\n", "readable"},
      {"x = f()\ndef f(): exec(k)", "readable"},
      {"def f(): exec(k)\nx = 1", "readable"},
      {"def f(): exec(k)\nSP = ReplaceableObject('name', '''...''')", "doubtful"},
      {"def f(): exec(k)\nclass A: pass", "doubtful"},
      {"def f(): exec(k)\n@g\ndef h(): pass", "doubtful"},
      {"def f(): exec(k)\nx = f'{f()}'", "doubtful"},
      {"def f(): exec(k)\ndef g(a=1, *b) -> str | None: pass", "readable"},
      {"def f(): exec(k)\ndef g(a=f()): pass", "doubtful"},
      {"def f(): exec(k)\ndowngrade = f", "readable"},
      {"def f(): exec(k)\nx + y", "doubtful"},
      {"def f(): exec(k)\nx[1] = 1", "doubtful"},
      {"def f(): exec(k)\nx.y = 1", "doubtful"},
      {"def f(): exec(k)\nwith x: pass", "doubtful"},
      {"g = (f() for x in (1, 2))\ndef f(): exec(k)\nfor x in g: pass", "doubtful"},
      {"g = (f() for x in (1, 2))\ndef f(): exec(k)\na, b = g", "doubtful"},
      {"g = (f() for x in (1, 2))\ndef f(): exec(k)\na = [*g]", "doubtful"},
      {"for x in 1, 2:\n    if x == 2: f()\n    def f(): exec(k)", "doubtful"},
      {"while g():\n    if h(): f()\n    def f():\n        exec(k)", "doubtful"},
      {"if x:\n    def f(): g(k)\nh()", "readable"},
  });
}

// Methods of other objects are not the built-ins; what is made of the built-ins is.
TEST(MigrationDoubt, MethodsOfOtherObjects) {
  Check({
      {"session.exec(k)", "readable"},
      {"x = df.eval('a + b')", "readable"},
      {"x = f'{df.eval(k)}'", "readable"},
      {"class A:\n    x = session.exec(k)", "readable"},
      {"def f():\n    session.exec(k)\n    return df.eval(k)\nx = f()", "readable"},
      {"x = exec", "doubtful"},
      {"builtins.exec(k)", "doubtful"},
      {"import builtins as q\nq.exec(k)", "doubtful"},
      {"import six.moves.builtins as q", "doubtful"},
      {"from six.moves import builtins as q\nq.exec(k)", "doubtful"},
      {"from builtins import exec as q\nq(k)", "doubtful"},
      {"from six.moves import builtins", "readable"},
      {"from builtins import str", "readable"},
      {"import builtins", "readable"},
      {"class q:\n    import builtins as q\n    q.exec(k)", "doubtful"},
      {"six.exec_(k)", "doubtful"},
      {"print.__self__.exec(k)", "doubtful"},
  });
}

TEST(MigrationDoubt, NamesAsStrings) {
  Check({
      {"getattr(f, '__globals__')['x'] = 1", "doubtful"},
      {"def f(): return getattr(g, '__globals__')", "doubtful"},
      {"attrgetter('__globals__')(f)", "doubtful"},
      {"attrgetter('g.__globals__')(f)", "doubtful"},
      {"q.__dict__['globals']()", "doubtful"},
      {"vars(q)['globals']()", "doubtful"},
      {"object.__getattribute__(f, \"__globals__\")", "doubtful"},
      {"f'{getattr(f, \"__globals__\")}'", "doubtful"},
      {"f.__code__ = g.__code__", "doubtful"},
      {"import gc\nx = gc.get_objects()", "doubtful"},
      {"import gc\ngc.collect()", "readable"},
      {"getattr(f, 'name')", "readable"},
      {"def f(x): getattr(x, 'executive')\ny = 'builtins of exec'", "readable"},
      {"x = '__globals__'", "readable"},
      {"sys.modules['builtins'].exec(k)", "doubtful"},
      {"x = 1\nimport_module(\"builtins\").exec(k)", "doubtful"},
      {"x = 'six.builtins.x'", "readable"},
  });
}

// A frame has the names of its module; the attribute may be named by a string that is put together.
TEST(MigrationDoubt, Frames) {
  Check({
      {"import inspect as i\nx = i.getmembers(i.currentframe())", "doubtful"},
      {"try: f()\nexcept E as e: q = e.__traceback__.tb_frame\ngetattr(q, 'f_loc' + 'als')",
       "doubtful"},
      {"def f():\n    return getattr(sys._getframe(1), k)", "doubtful"},
      {"class A: x = getattr(g.gi_frame, k)", "doubtful"},
      {"getattr(q.f_back, k)", "doubtful"},
      {"x = f'{getattr(sys._getframe(), k)}'", "doubtful"},
      {"here = os.path.dirname(inspect.getfile(inspect.currentframe()))", "readable"},
      {"def f():\n    log(inspect.currentframe())\nx = f()", "readable"},
      {"getattr(f, 'x')", "readable"},
  });
}

// The built-in names are ordinary names where they are only given.
TEST(MigrationDoubt, NamesThatAreOnlyGiven) {
  Check({
      {"class A:\n    def exec(self): pass\n    def eval(self): pass", "readable"},
      {"def exec(x): pass", "readable"},
      {"def f(a, exec=1, globals = None): pass\nf()", "readable"},
      {"x = dict(exec=1, globals=2)", "readable"},
      {"x = dict(\n    exec = 1,\n    eval=2)", "readable"},
      {"def f(): return dict(exec=1)\nx = f()", "readable"},
      {"def f(o): return getattr(o, 'exec')\nx = f(1)", "readable"},
      {"x = getattr(o, 'name')\ny = ['exec', 'eval']", "readable"},
      {"def f(): return g.__code__.co_name\nx = f()", "readable"},
      {"x = f.__code__.co_name", "readable"},
      {"f.__code__ = k", "doubtful"},
      {"(f.__code__) = k", "doubtful"},
      {"x = dict(a=exec)", "doubtful"},
      {"x = f(exec == 1)", "doubtful"},
      {"x = f(exec)", "doubtful"},
      {"def exec(x): pass\nexec(k)", "doubtful"},
      {"abcdef = exec", "doubtful"},
      {"def f(x=exec): x(k)\nf()", "doubtful"},
  });
}

// NFKC: Python reads the one as the other.
TEST(MigrationDoubt, DisguisedNames) {
  Check({
      {"\uff47lobals()['x'] = 1", "doubtful"},
      {"\uff45xec(k)", "doubtful"},
      {"\uff45\uff58\uff45\uff43(k)", "doubtful"},
      {"def f():\n    f.__\uff47lobals__['x'] = 1", "doubtful"},
      {"def f():\n    global \uff44own_revision\n    \uff44own_revision = 1", "doubtful"},
      {"class A:\n    \uff47etattr(f, k)", "doubtful"},
      {"del \uff44own_revision", "doubtful"},
      {"f'{\uff45xec(k)}'", "doubtful"},
      {"def f(): return f'{\uff45xec(k)}'", "doubtful"},
      {"\uff44own_revision = 'b'", "unreadable"},
      {"x = \U0001d452\U0001d463al", "doubtful"},
      {"def f(): return f'N\u00ba {x} \u00aa'", "readable"},
      {"a\u00f1o = 1\ndef f(): \u00fcber = a\u00f1o", "readable"},
      {"\uff54able = 1\nx = \uff54able", "readable"},
  });
}

// The line that reaches the names is blamed, not the call.
TEST(MigrationDoubt, NamesTheCodeThatReachesTheNames) {
  const Migration read = ReadMigration(
      "x.py", std::string(kPlain) + "def f():\n    globals()['x'] = 1\nx = 1\ng('y')\n");
  ASSERT_EQ(read.doubts.size(), 1U);
  EXPECT_EQ(read.doubts[0],
            (ReadDefect{6, "this may bind any name of the module, and line 8 may call it",
                        "globals()['x'] = 1"}));
}

TEST(MigrationDoubt, OtherWaysToBindOrChange) {
  Check({
      {"def f():\n    global down_revision\n    down_revision = 'b'", "doubtful"},
      {"def f():\n    global x", "readable"},
      {"def f(): return down_revision", "readable"},
      {"down_revision = ['a']", "readable"},
      {"down_revision = ['a']\ndef f(): down_revision.append('b')", "doubtful"},
      {"down_revision = ['a']\nprint(down_revision)", "doubtful"},
      {"down_revision = ['a']\ndown_revision.append('b')", "unreadable"},
      {"down_revision = ['a']\nprint(down_revision)\ndown_revision.append('b')", "unreadable"},
      {"down_revision = ['a']\ndown_revision[0] = 'b'", "unreadable"},
      {"down_revision = ['a']\nf'{down_revision.pop()}'", "unreadable"},
      {"down_revision = x = ['a']", "doubtful"},
      {"down_revision = x = ['a']\nx.append('b')", "unreadable"},
      {"x = ['a']\ndown_revision = x + ['b']", "unreadable"},
      {"x = ('a',)\ndown_revision = x + ('b',)", "readable"},
      {"exec(k)\ndown_revision = revision", "unreadable"},
      {"x = 'b'\nexec(k)\ndown_revision = x", "unreadable"},
      {"down_revision = x[exec(k)] = 'b'", "unreadable"},
      {"x[exec(k)] = down_revision = 'b'", "unreadable"},
      {"def f(): exec(k)\ndown_revision = x[f()] = 'b'", "doubtful"},
  });
}

TEST(MigrationDoubt, AssignmentsAfterIt) {
  EXPECT_EQ(VerdictOf(std::string("from x import *\n") + kPlain), "readable");
  EXPECT_EQ(VerdictOf(std::string(kPlain) + "from x import *\n" + kPlain), "readable");
  EXPECT_EQ(VerdictOf(std::string("def f(): globals()['x'] = 1\n") + kPlain), "readable");
  // What code has made may go on below: a generator, a lambda.
  EXPECT_EQ(VerdictOf(std::string("exec(k)\n") + kPlain), "doubtful");
  EXPECT_EQ(VerdictOf(std::string("g = lambda: exec(k)\n") + kPlain + "g()\n"), "doubtful");
  EXPECT_EQ(VerdictOf(std::string("g = (exec(k) for x in 'a')\n") + kPlain + "for x in g: pass\n"),
            "doubtful");
  EXPECT_EQ(VerdictOf(std::string("def f():\n    yield\n    globals()['x'] = 1\ng = f()\n") +
                      kPlain + "for x in g: pass\n"),
            "doubtful");
  EXPECT_EQ(VerdictOf("exec(k)\nrevision = 'r'\n"), "unreadable");
  EXPECT_EQ(VerdictOf("exec(k)\ndown_revision = 'a'\n"), "unreadable");
}

TEST(MigrationDoubt, NamesThatNeedNotBeThere) {
  const std::string two = "revision = 'r'\ndown_revision = 'a'\n";
  const Migration read = ReadMigration("x.py", "from x import *\n" + two);
  EXPECT_TRUE(read.doubtful());
  EXPECT_FALSE(read.revision.doubtful);
  EXPECT_FALSE(read.down_revision.doubtful);
  EXPECT_TRUE(read.branch_labels.doubtful);
  EXPECT_TRUE(read.depends_on.doubtful);
  EXPECT_EQ(read.depends_on.state, Binding::State::kAbsent);
  EXPECT_EQ(VerdictOf("from x import *\ndel depends_on\n" + two + "branch_labels = None\n"),
            "doubtful");
  EXPECT_EQ(VerdictOf("def __getattr__(name): return 1\n" + two), "unreadable");
}

}  // namespace
}  // namespace onehead
