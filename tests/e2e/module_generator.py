"""Random migration modules, in the forms that Python has for saying the same thing.

A module is made from a seed alone: Module(seed).source are its bytes, .forms names what it is made
of, .computed those of its forms whose value only running Python could tell. A module without
computed forms must be read in full; one with them must be read or be called unreadable. Every name
of a computed form stands in docs/alembic.md.
"""
import random
import re
import unicodedata

NAMES = ("revision", "down_revision", "branch_labels", "depends_on")
QUOTES = ("'", '"', "'''", '"""')
PREFIXES = ("", "", "", "", "u", "U", "r", "R", "f", "F", "rf", "Rf", "fr", "FR")
ODD_TEXTS = ("é", "ключ", "版", "a b", "it's", 'say "x"', "a\\b", "{x}", "#1", "a\tb", "a;b", "\x7f")
OTHER_VALUES = ("5", "-1", "1.5e3", "True", "...", "b'ab'", "{}", "0x1F", "1_000", "2j", "(5, 'a')",
                "[None]", "{'a': 'b'}", "('a', b'c')", "(('a', 'b'), 'c')", "Rb'x'", "BR\"x\"")

COOKIES = ("utf-8", "UTF-8", "utf8", "utf_8", "utf-8-unix", "latin-1", "iso-8859-1", "iso-8859-15",
           "latin1", "cp1252", "windows-1252", "ascii", "us-ascii", "L1", "latin-1-unix", "utf-8-sig",
           "koi8-r", "cp1251", "euc-jp", "gbk", "shift_jis", "mac-roman", "iso-8859-2")
COOKIE_STYLES = ("# -*- coding: %s -*-", "# vim: set fileencoding=%s :", "#coding=%s",
                 "#!/usr/bin/python3 coding: %s", "  # encoding:\t%s", "# xcoding; coding=%s, or not")
# Their bytes beyond ASCII are not looked up.
FOREIGN = ("koi8-r", "cp1251", "euc-jp", "gbk", "shift_jis", "mac-roman", "iso-8859-2")


class Module:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.forms = set()
        self.computed = set()
        self.fresh = 0
        self.wild = self.one_in(3)
        self.changeable = set()  # names that are bound to a list or set
        self.mentioned = set()  # words of the decoys
        text = self.module()
        self.source = self.encode(text)

    # --- Chance ---

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def pick(self, *choices):
        return self.random.choice(choices)

    def form(self, name):
        self.forms.add(name)

    def only_python_knows(self, name):
        self.forms.add(name)
        self.computed.add(name)

    def name(self):
        self.fresh += 1
        return self.pick("x", "REV", "_y", "value", "match", "case", "type", "größe", "ids") + str(self.fresh)

    # --- Blanks ---

    def gap(self):
        """Between two tokens of a statement."""
        if not self.one_in(8):
            return self.pick("", " ", " ")
        gap = self.pick("\t", "  ", " \f ", " \\\n", "\\\n  ", " \\\n\\\n\t")
        self.form("gap " + repr(gap.strip(" ")))
        return gap

    def space(self):
        return self.gap() + " "

    def inner(self):
        """Between two tokens in brackets."""
        if not self.one_in(4):
            return self.gap()
        self.form("line break in brackets")
        return self.pick("\n", "\n    ", "  # down_revision = 'no'\n", "\n\n\t# 'x' (\n", "#\n", "\\\n")

    def comment(self):
        return self.pick("", "", "", "", "  # 'comment'", "# down_revision = 'no'", " # (", "  # é")

    # --- Text ---

    def new_id(self):
        if self.one_in(12):
            self.form("odd id")
            return self.pick(*ODD_TEXTS)
        return "".join(self.random.choice("0123456789abcdef") for _ in range(self.pick(1, 4, 12)))

    def spell(self, c, quote, raw):
        """One character inside a literal; None: it cannot stand there."""
        code = ord(c)
        plain = c not in "\\\n\r" and c != quote[0]
        if raw:
            return c if plain else None
        if plain and not self.one_in(20):
            return c
        ways = ["\\U%08x" % code]
        if code < 0x100:
            ways += ["\\x%02x" % code, "\\%03o" % code]
        if code < 0x10000:
            ways.append("\\u%04X" % code)
        if c in "\\'\"":
            ways += ["\\" + c] * 3
        way = self.random.choice(ways)
        if self.wild and self.one_in(8) and unicodedata.name(c, ""):
            self.only_python_knows("escape \\N{...}")
            way = "\\N{%s}" % unicodedata.name(c)
        self.form("escape " + way[:2])
        return way

    def literal(self, text):
        """One string literal."""
        prefix = self.random.choice(PREFIXES)
        quote = self.random.choice(QUOTES)
        raw = "r" in prefix.lower()
        parts = [self.spell(c, quote, raw) for c in text]
        if None in parts:
            return self.literal(text)
        if "f" in prefix.lower():
            if any("\\N" in part for part in parts):
                return self.literal(text)
            parts = [part * 2 if part in "{}" else part for part in parts]
            if self.wild and self.one_in(3):
                self.only_python_knows("f-string with a field")
                parts.append(self.pick("{''}", '{""}', "{'':>0}", "{''!s}") if quote in ('"""', "'''") else "{str()}")
        if not raw and self.one_in(15):
            self.form("line continuation in a string")
            parts.insert(self.random.randrange(len(parts) + 1), "\\\n")
        self.form("prefix '%s'" % prefix)
        self.form("quote " + quote)
        return prefix + quote + "".join(parts) + quote

    def string(self, text):
        """An expression that is `text` and stays on one line if it can."""
        if self.one_in(6):
            self.form("implicit concatenation")
            at = self.random.randrange(len(text) + 1)
            return "(" + self.literal(text[:at]) + self.inner() + self.literal(text[at:]) + ")"
        if self.one_in(12):
            self.form("sum of strings")
            at = self.random.randrange(len(text) + 1)
            return self.literal(text[:at]) + self.gap() + "+" + self.gap() + self.string(text[at:])
        if self.one_in(8):
            self.form("parentheses")
            return "(" + self.inner() + self.string(text) + self.inner() + ")"
        if self.one_in(10):
            self.form("reference to a name")
            return self.constant(self.string(text))
        if self.wild and self.one_in(6):
            return self.computed_string(text)
        return self.literal(text)

    def constant(self, value):
        name = self.name()
        self.before.append(name + self.gap() + "=" + self.gap() + value)
        return name

    def pick_computed(self, choices):
        form, expression = self.random.choice(choices)
        self.only_python_knows(form)
        return expression

    def computed_string(self, text):
        text = self.literal(text)
        expression = self.pick_computed((
            ("conditional expression", "%s if True else 'no'" % text),
            ("method of a string", "(%s).strip('~')" % text),
            ("call", "str(%s)" % text),
            ("call", "(lambda: %s)()" % text),
            ("subscript", "(%s, 'no')[0]" % text),
            ("operator", "(%s or 'no')" % text),
            ("operator", "%s * 1" % text),
            ("formatting with %", "'%%s' %% (%s,)" % text),
            ("f-string with a field", "f\"{'no'[9:]}\" + %s" % text),
            ("call", "''.join([%s])" % text),
            ("subscript", "{'a': %s}['a']" % text),
            ("comprehension", "[y for y in (%s,)][0]" % text),
        ))
        return "(" + expression + ")"

    # --- Values ---

    def bracketed(self, begin, items, end, comma):
        text = begin + self.inner()
        for i, item in enumerate(items):
            last = i + 1 == len(items)
            text += item + self.inner() + ("," if not last or comma else "") + self.inner()
        return text + end

    def collection(self, count):
        items = [self.string(self.new_id()) for _ in range(count)]
        kind = self.pick("tuple", "tuple", "tuple", "list", "set", "bare tuple")
        if kind == "set" and not items:
            kind = "tuple"
        if count > 1 and self.one_in(6):
            self.form("the same id twice")
            items[0] = items[1]
        if self.wild and self.one_in(6) and items:
            return self.computed_collection(items)
        self.form(kind)
        if kind in ("list", "set"):
            self.changes = True
        if kind == "list":
            return self.bracketed("[", items, "]", self.one_in(2))
        if kind == "set":
            return self.bracketed("{", items, "}", self.one_in(2))
        if kind == "bare tuple" and items and self.bare:
            return (self.gap() + "," + self.gap()).join(items) + ("," if count == 1 or self.one_in(3) else "")
        if count > 1 and self.one_in(6):
            self.form("sum of tuples")
            return "(" + items[0] + ",)" + self.gap() + "+" + self.gap() + self.bracketed("(", items[1:], ")", True)
        return self.bracketed("(", items, ")", count == 1 or self.one_in(2))

    def computed_collection(self, items):
        inside = ", ".join(items)
        expression = self.pick_computed((
            ("starred expression", "(*(%s,),)" % inside),
            ("starred expression", "[*[%s]]" % inside),
            ("comprehension", "[y for y in (%s,)]" % inside),
            ("comprehension", "{y for y in [%s]}" % inside),
            ("call", "tuple([%s])" % inside),
            ("call", "frozenset({%s})" % inside),
            ("subscript", "[%s, 'no'][:-1]" % inside),
            ("operator", "(%s,) * 1" % inside),
        ))
        return expression

    def value(self, name):
        """An expression for a migration's name; bare: it may be a tuple without parentheses."""
        self.changes = False
        if self.one_in(25):
            self.form("value of another type")
            other = self.random.choice(OTHER_VALUES)
            self.changes = other[0] in "[{"
            return other
        if name == "revision" or self.one_in(3):
            if name != "revision" and self.one_in(30):
                self.form("empty string")
                return "''"
            return self.string(self.new_id())
        if self.one_in(2):
            self.form("None")
            return self.pick("None", "None", "(None)", "(\n None # none\n)")
        return self.collection(self.pick(0, 1, 1, 2, 2, 3))

    # --- Statements that bind a migration's name ---

    ANNOTATIONS = ("str", "Union[str, None]", "'Union[str, Sequence[str], None]'", "str | None",
                   "Final", "Sequence[\n    str]", "(lambda x=1: str)", "{'a': str}['a']")

    def binding(self, name):
        """Statements that leave `name` bound."""
        self.before = []
        self.bare = True
        shares = False  # two names for one value
        way = self.random.randrange(24)
        if way in (0, 1, 2):
            self.form("annotated assignment")
            statement = name + self.gap() + ":" + self.gap() + self.random.choice(self.ANNOTATIONS) + self.gap() + "=" + self.gap() + self.value(name)
        elif way == 3:
            self.form("chained assignment")
            other = self.name()
            shares = True
            names = [name, other] if self.one_in(2) else [other, name]
            statement = (self.gap() + "=" + self.gap()).join(names + [self.value(name)])
        elif way in (4, 5):
            statement = self.unpacking(name)
        elif way == 6:
            self.form("target in parentheses")
            statement = "(" + self.inner() + name + self.inner() + ")" + self.gap() + "=" + self.gap() + self.value(name)
        elif way == 7:
            self.form("walrus")
            self.bare = False
            statement = self.pick("(%s := %s)", "x_ = (%s := (%s))", "((%s:=%s))") % (name, self.value(name))
        elif way == 8:
            self.form("value by name")
            shares = True
            statement = name + " = " + self.constant(self.value(name))
        elif way == 9 and self.wild:
            statement = self.computed_binding(name)
        else:
            self.form("assignment")
            statement = name + self.gap() + "=" + self.gap() + self.value(name)
        if self.changes:
            self.changeable.add(name)
        if self.changes and (shares or "x_ = (" in statement):
            self.only_python_knows("list or set with two names")
        return self.before + [statement]

    def unpacking(self, name):
        self.form("unpacking")
        self.bare = False
        a, b = self.name(), self.name()
        value = self.value(name)
        return self.random.choice((
            "%s, %s = %s, 1" % (name, a, value),
            "%s, %s = 'no', %s" % (a, name, value),
            "[%s, %s] = [%s, None]" % (name, a, value),
            "(%s, (%s, %s)) = 'no', (%s, ())" % (a, name, b, value),
            "%s, = %s," % (name, value),
            "%s, %s = %s = %s, 'no'" % (name, a, b, "'a'" if self.changes else value),
            "(%s, %s), %s = (1, %s), 2" % (a, name, b, value),
        ))

    def computed_binding(self, name):
        self.bare = False
        value = self.value(name)
        f, x = self.name(), self.name()
        disguised = chr(0xFF41 + ord(name[0]) - 97) + name[1:]
        form, statement = self.random.choice((
            ("compound statement", "if True:\n    %s = %s" % (name, value)),
            ("compound statement", "if False:\n    %s = 'no'\nelse:\n    %s = %s" % (name, name, value)),
            ("compound statement", "try:\n\t%s = %s\nfinally:\n\tpass" % (name, value)),
            ("compound statement", "while True:\n  %s = %s\n  break" % (name, value)),
            ("compound statement", "if __name__ == '__main__': %s = 'no'\nelse: %s = %s" % (name, name, value)),
            ("compound statement", "match 1:\n case %s:\n  %s = %s" % (x, name, value)),
            ("loop variable", "for %s in [%s]: pass" % (name, value)),
            ("loop variable", "for %s, %s in [(1, %s)]:\n    pass" % (x, name, value)),
            ("with ... as", "import contextlib\nwith contextlib.nullcontext(%s) as %s:\n    pass" % (value, name)),
            ("pattern", "match (%s):\n    case %s: pass" % (value, name)),
            ("augmented assignment", "%s = 'a'\n%s += 'b'" % (name, name)),
            ("augmented assignment", "%s = ()\n%s += ('a', 'b')" % (name, name)),
            ("starred target", "*%s, %s = 'a', 'b', 'c'" % (name, x)),
            ("starred target", "%s, *%s = %s, 'b'" % (name, x, value)),
            ("unpacking of an unknown value", "%s, %s = [%s, 2][:]" % (name, x, value)),
            ("walrus in an unknown expression", "[(%s := %s) for %s in 'a']" % (name, value, x)),
            ("walrus in an unknown expression", "str((%s := %s))" % (name, value)),
            ("walrus in an unknown expression", "if (%s := %s): pass" % (name, value)),
            ("walrus in an unknown expression", "f'{(%s := %r)}'" % (name, "a") ),
            ("import", "from os import sep as %s" % name),
            ("import", "import os as %s" % name),
            ("globals()", "globals()['%s'] = %s" % (name, value)),
            ("globals()", "globals().update(%s=%s)" % (name, value)),
            ("globals()", "vars()['%s'] = %s" % (name, value)),
            ("globals()", "locals()['%s'] = %s" % (name, value)),
            ("globals()", "def %s():\n    globals()['%s'] = %s\n%s()" % (f, name, value, f)),
            ("globals()", "def %s(): globals().update(%s=%s)\ndef %s2():\n  return %s()\n%s2()" % (f, name, value, f, f, f)),
            ("globals()", "%s = globals\n%s()['%s'] = %s" % (f, f, name, value)),
            ("globals()", "class %s:\n    globals()['%s'] = %s" % (f, name, value)),
            ("globals()", "@lambda g: g()\ndef %s():\n    globals()['%s'] = %s" % (f, name, value)),
            ("exec()", "exec('%s = \"a\"')" % name),
            ("exec()", "import builtins\nbuiltins.exec('%s = \"a\"')" % name),
            ("exec()", "list(map(exec, ['%s = \"a\"']))" % name),
            ("global", "def %s():\n    global %s\n    %s = %s\n%s()" % (f, name, name, value, f)),
            ("global", "class %s:\n    global %s\n    %s = %s" % (f, name, name, value)),
            ("function or class of that name", "def %s(): pass" % name),
            ("function or class of that name", "class %s: pass" % name),
            ("function or class of that name", "@lambda f: 'a'\ndef %s(): pass" % name),
            ("changed afterwards", "%s = ['a']\n%s.append('b')" % (name, name)),
            ("changed afterwards", "%s = %s = ['a']\n%s[0] = 'b'" % (name, x, x)),
            ("changed afterwards", "%s = ['a']\ndef %s(y=%s): y.append('b')\n%s()" % (name, f, name, f)),
            ("changed afterwards", "%s = ['a']\n(lambda: %s.append('b'))()" % (name, name)),
            ("changed afterwards", "%s = ['a']\n[y.append('b') for y in (%s,)]" % (name, name)),
            ("changed afterwards", "%s = {'a'}\nclass %s:\n    %s.add('b')" % (name, f, name)),
            ("changed afterwards", "%s = ['a']\nfor y in [%s]: y *= 2" % (name, name)),
            ("changed afterwards", "%s = ['a']\n%s = {1: %s}\n%s[1].clear()" % (name, x, name, x)),
            ("changed afterwards", "%s = ['a']\ndel %s[0]" % (name, name)),
            ("walrus in an unknown expression", "f'{ {%s := \"a\"} }'" % name),
            ("walrus in an unknown expression", "f\"\"\"{(%s\n := 'a')}\"\"\"" % name),
            ("walrus in an unknown expression", "f'{[%s := \"a\"]:{5}}'" % name),
            ("starred target", "%s, *_ = ['a', 'b', 'c']" % name),
            ("unpacking of an unknown value", "%s, %s = 'ab'" % (name, x)),
            ("identifier that Python normalises", "%s = %s" % (chr(0xFF41 + ord(name[0]) - 97) + name[1:], value)),
            ("identifier that Python normalises", "%s = %s" % (name.replace("s", "\u017f"), value)),
            ("augmented assignment", "%s = 'a'; %s += 'b'; %s = %s" % (x, x, name, x)),
            ("walrus in an unknown expression", "(lambda: (%s := 'no'))()\n%s: (%s := %s) = 1" % (name, x, name, value)),
            ("walrus in an unknown expression", "def %s(y=(%s := %s)): pass" % (f, name, value)),
            ("walrus in an unknown expression", "@(%s := lambda g: g)\ndef %s(): pass" % (name, f)),
            ("walrus in an unknown expression", "%s = [1]; %s[(%s := 0)] = 'a'" % (x, x, name)),
            ("walrus in an unknown expression", "while (%s := None): pass" % name),
            ("compound statement", "%s = %s\nif 0: %s = 1" % (name, value, name)),
            ("compound statement", "%s = %s\nif __name__ == '__main__':\n    del %s" % (name, value, name)),
            ("list or set with two names", "def %s(): %s.append('b')\n%s = ['a']\n%s = %s\n%s()" % (f, x, x, name, x, f)),
            ("list or set with two names", "%s = %s = ['a']\ndef %s(): %s.append('b')\n%s()" % (x, name, f, x, f)),
            ("changed afterwards", "%s = ['a']\nf'{%s.append(1)}'" % (name, name)),
            ("list or set with two names", "%s, x = %s = ['a'], 1\n%s[0].append('b')" % (name, x, x)),
            ("list or set with two names", "%s = {}\n%s[1] = %s = ['a']\n%s[1].append('b')" % (x, x, name, x)),
            ("list or set with two names", "%s = {}\n%s = ['a']\n%s[1] = %s\n%s[1].append('b')" % (x, name, x, name, x)),
            ("list or set with two names", "class %s: pass\n%s = ['a']\n%s.y, %s = %s, 1\n%s.y.append('b')" % (f, name, f, x, name, f)),
            ("globals()", "def %s(): globals()['%s'] = %s\nclass %s2: x = %s()" % (f, name, value, f, f)),
            ("globals()", "def %s(*a): globals()['%s'] = %s\nclass %s2: __class_getitem__ = %s\n%s2[0]" % (f, name, value, f, f, f)),
            ("changed afterwards", "%s = ['a']\ndef %s(): return f'{%s.append(\"b\")}'\n%s()" % (name, f, name, f)),
            ("changed afterwards", "%s = ['a']\nassert %s.append('b') is None" % (name, name)),
            ("changed afterwards", "%s = ['a']\nfor %s[0] in ['b']: pass" % (name, name)),
            ("changed afterwards", "%s = ['a']\n%s, %s[0] = 1, 'b'" % (name, x, name)),
            ("changed afterwards", "%s = ['a']\n%s[0]: str = 'b'" % (name, name)),
            ("changed afterwards", "%s = ['a']\nmatch %s:\n  case [*%s]: %s.clear()" % (name, name, x, name)),
            ("changed afterwards", "%s = ['a']\n(lambda **k: [v.clear() for v in k.values()])(y=%s)" % (name, name)),
            ("changed afterwards", "%s = ['a']\n(%s := (1, %s))[1].clear()" % (name, x, name)),
            ("changed afterwards", "%s = ['a']\n%s = (%s, 1); %s[0].clear()" % (name, x, name, x)),
            ("changed afterwards", "%s = {'a'}\n%s |= {'b'}" % (name, name)),
            ("globals()", "%s = {}; exec('x = 1', globals())\nglobals()['%s'] = %s" % (x, name, value)),
            ("globals()", "(lambda: globals())()['%s'] = %s" % (name, value)),
            ("globals()", "import sys; sys._getframe().f_globals['%s'] = %s" % (name, value)),
            ("globals()", "def %s(): pass\n%s.__globals__['%s'] = %s" % (f, f, name, value)),
            ("globals()", "def %s(): import sys; sys._getframe(1).f_globals['%s'] = %s\n%s()" % (f, name, value, f)),
            ("globals()", "class %s:\n  def __init__(self): globals()['%s'] = %s\n%s()" % (f, name, value, f)),
            ("globals()", "class %s:\n  def __init_subclass__(c): c.g()['%s'] = %s\n  g = globals\nclass %s2(%s): pass" % (f, name, value, f, f)),
            ("globals()", "from builtins import globals as %s\n%s()['%s'] = %s" % (f, f, name, value)),
            ("globals()", "import builtins as b_\nb_.globals()['%s'] = %s" % (name, value)),
            ("globals()", "__builtins__['globals']()['%s'] = %s" % (name, value)),
            ("global", "def %s():\n  def g():\n    global %s\n    %s = %s\n  g()\n%s()" % (f, name, name, value, f)),
            ("global", "def %s():\n  global %s\n  import os as %s\n%s()" % (f, name, name, f)),
            ("global", "def %s(): global x, %s; x, %s = 1, %s\n%s()" % (f, name, name, value, f)),
            ("exec()", "eval('(%s := \"a\")')" % name),
            ("exec()", "exec(compile('%s = \"a\"', '', 'exec'))" % name),
            ("globals()", "globals().setdefault('%s', %s)" % (name, value)),
            ("globals()", "globals().__setitem__('%s', %s)" % (name, value)),
            ("globals()", "%s = 'a'; globals().pop('%s')" % (name, name)),
            ("globals()", "%s = 'a'\ndel globals()['%s']" % (name, name)),
            ("globals()", "%s = 'a'\ndel (globals()['%s'])" % (name, name)),
            ("globals()", "%s = 'a'\nglobals()['%s'] += 'b'" % (name, name)),
            ("globals()", "globals()['%s']: str = %s" % (name, value)),
            ("globals()", "%s = 'a'\nglobals()['%s'[::-1]] = %s" % (name, name[::-1], value)),
            ("globals()", "%s = 'a'\nglobals()['%s' '%s'] = %s" % (name, name[:3], name[3:], value)),
            ("globals()", "(globals()['%s'], %s) = %s, 1" % (name, x, value)),
            ("globals()", "for globals()['%s'] in [%s]: pass" % (name, value)),
            ("globals()", "for %s in globals(), 1:\n    %s['%s'] = %s\n    break" % (x, x, name, value)),
            ("globals()", "with __import__('contextlib').nullcontext(%s) as globals()['%s']: pass" % (value, name)),
            ("globals()", "globals().get('x', globals)()['%s'] = %s" % (name, value)),
            ("globals()", "(lambda g: g.update(%s=%s))(globals())" % (name, value)),
            ("globals()", "%s = 'a'\ndef %s(): g = globals(); g['%s'] = %s\n%s()" % (name, f, name, value, f)),
            ("globals()", "%s = 'a'\ndef %s(): return globals()\n%s()['%s'] = %s" % (name, f, f, name, value)),
            ("globals()", "%s = 'a'\ndef g_(): globals()['%s'] = %s\ndef %s(): globals()['g_']()\n%s()" % (name, name, value, f, f)),
            ("globals()", "%s = 'a'\ndef g_(): globals()['%s'] = %s\nglobals()['g_']()" % (name, name, value)),
            ("globals()", "%s = 'a'\ndef g_(): globals()['%s'] = %s\nglobals().get('g_')()" % (name, name, value)),
            ("globals()", "%s = 'a'\ndef %s(k): globals()[k]['exec']('%s = 1', globals())\n%s('__builtins__')" % (name, f, name, f)),
            ("globals()", "%s = 'a'\ndef %s(k): globals().get(k)['exec']('%s = 1', globals())\n%s('__builtins__')" % (name, f, name, f)),
            ("globals()", "%s = {}\n%s = %s[globals().update(%s='b')] = 'a'" % (x, name, x, name)),
            ("globals()", "%s = {}\ndef %s(): globals()['%s'] = 'b'\n%s = %s[%s()] = 'a'" % (x, f, name, name, x, f)),
            ("changed afterwards", "%s = ['a']\ndef %s(k): globals()[k].append('b')\n%s('%s')" % (name, f, f, name)),
            ("changed afterwards", "%s = ['a']\nglobals()['%s'].append('b')" % (name, name)),
            ("changed afterwards", "%s = ['a']\ndef %s(): globals().get('%s').append('b')\n%s()" % (name, f, name, f)),
            ("sum with a list that has a name", "%s = ['a']\ndef %s(): %s.append('b')\n%s()\n%s = %s + ['c']" % (x, f, x, f, name, x)),
            ("sum with a list that has a name", "%s = ['a']\nglobals()['%s'].append('b')\n%s = ['c'] + %s" % (x, x, name, x)),
            ("sum with a list that has a name", "%s = ['a']\n%s = (%s) + ['c']" % (x, name, x)),
            ("globals()", "for i in 1, 2:\n    if i == 2: %s()\n    def %s(): globals()['%s'] = %s" % (f, f, name, value)),
            ("globals()", "%s = 'a'\ndef %s():\n    yield 1\n    globals()['%s'] = %s\n%s = %s()\n%s = 'b'\nfor i in %s: pass" % (name, f, name, value, x, f, name, x)),
            ("globals()", "%s = (globals().update(%s=i) for i in [%s])\n%s = 'b'\n%s, = %s" % (x, name, value, name, f, x)),
            ("globals()", "%s = lambda: globals().update(%s=%s)\n%s = 'b'\n%s()" % (f, name, value, name, f)),
            ("globals()", "class %s:\n    def __add__(self, o): g_()\n%s = %s()\ndef g_(): globals()['%s'] = %s\n%s + 1" % (f, x, f, name, value, x)),
            ("globals()", "%s = (g_() for i in 'a')\ndef g_(): globals()['%s'] = %s\n[*%s]" % (x, name, value, x)),
            ("globals()", "class %s:\n    import builtins as b\n    b.globals()['%s'] = %s" % (f, name, value)),
            ("globals()", "%s['%s'] = %s" % (chr(0xFF47) + "lobals()", name, value)),
            ("exec()", "%s('%s = 1')" % (chr(0xFF45) + "xec", name)),
            ("globals()", "def %s(): pass\n%s.__%slobals__['%s'] = %s" % (f, f, chr(0xFF47), name, value)),
            ("global", "def %s():\n    global %s\n    %s = %s\n%s()" % (f, disguised, disguised, value, f)),
            ("global", "%s = 'a'\ndel %s" % (name, disguised)),
            ("names as strings", "def %s(): pass\ngetattr(%s, '__globals__')['%s'] = %s" % (f, f, name, value)),
            ("names as strings", "from operator import attrgetter\ndef %s(): pass\nattrgetter('%s.__globals__')(type('', (), {'%s': %s}))['%s'] = %s" % (f, f, f, f, name, value)),
            ("names as strings", "__import__('builtins').__dict__['globals']()['%s'] = %s" % (name, value)),
            ("names as strings", "__import__('sys').modules['builtins'].exec('%s = 1')" % name),
            ("frames", "import sys as %s\ngetattr(%s._getframe(), 'f_loc' + 'als')['%s'] = %s" % (x, x, name, value)),
            ("frames", "def %s():\n    import inspect\n    dict(inspect.getmembers(inspect.currentframe().f_back))['f_glo' 'bals']['%s'] = %s\n%s()" % (f, name, value, f)),
            ("frames", "try:\n    1 / 0\nexcept ZeroDivisionError as %s:\n    getattr(%s.__traceback__, 'tb_' + 'frame').__getattribute__('f_loc' + 'als')['%s'] = %s" % (x, x, name, value)),
            ("module __getattr__", "__getattr__ = lambda name: 'dyn'"),
            ("module __getattr__", "def __getattr__(name):\n    return 'dyn'"),
        ))
        self.only_python_knows(form)
        return statement

    # --- Everything else ---

    def docstring(self):
        title = self.pick("add cart", "été", "merge", "", "Title: x", "a\tb")
        body = self.pick("", "\n\nRevision ID: 1a2b\nRevises: 3c4d\nCreate Date: 2026-01-01\n",
                         "\n\nrevision = 'no'\ndown_revision = 'no'\n", "\n \nsecond\n\nthird\n\n",
                         "\n# -*- coding: latin-1 -*-\n", "\n\ttabs\n", "\n\\\nglued\n")
        text = self.pick("", "\n", "  ") + title + body
        if self.one_in(8):
            self.form("docstring of several literals")
            return "('''" + text + "'''\n  \"Revises: no\")"
        if self.one_in(8) and "\\" not in text:
            return self.pick("r", "R", "u") + '"""' + text + '"""'
        return self.pick("'''", '"""').join(("", text, ""))

    DECOYS = (
        "def upgrade():\n    pass",
        "def upgrade() -> None:\n    # ### commands ###\n    down_revision = 'no'\n    op.execute('''\nrevision = 1\n''')",
        "def downgrade(): down_revision = 'no'; return down_revision",
        "async def later(revision='no', *, depends_on=None):\n\tawait revision",
        "def outer():\n    def inner():\n        revision = 'no'\n        return revision\n    if inner():\n        return 1\n    return 2",
        "class Decoy:\n    revision = 'no'\n    down_revision: str = 'no'\n\n    def f(self):\n        self.revision = 1",
        "class Decoy(object): revision = 'no'; x = 1",
        "class Holder:\n    pass\nHolder.revision = 'no'; Holder.down_revision = ('no',)",
        "data = {}\ndata['revision'] = 'no'\ndata['down_revision'], data[1] = 'no', 2",
        "print_ = lambda revision='no', *depends_on: (revision, depends_on)",
        "options = dict(revision='no', down_revision=None)",
        "found = [revision for revision in ('no',)] + [1 for down_revision in ()]",
        "if 'no' == 'yes':\n    x = 1\nelif True: pass\nelse:\n    x = 2",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from x import y",
        "try:\n    import sqlite3 as z\nexcept ImportError:\n    z = None\nelse:\n    pass\nfinally:\n    pass",
        "import contextlib as c\nwith c.nullcontext('no') as w, c.nullcontext(2): pass",
        "with c_.nullcontext() as (\n    p_): pass",
        "for i in (1, 2):\n    if i: continue\n    break\nelse:\n    pass",
        "while False: revision_ = 'no'",
        "match 5:\n    case 6 | 7: pass\n    case [q, *r] if q: pass\n    case {'a': s}:\n        pass\n    case _:\n        pass",
        "match = 1; case = 2; type = 3\nmatch, case = case, match\ncase: int = 4",
        "'down_revision = \"no\"'",
        "('''\nrevision = 'no'\n''')",
        "f'{1:{2}} revision = {3!r}'",
        "f\"{'a' 'b'} {{}} {(lambda: 1)()}\"",
        "b'revision = 1'; r'\\'; 1; ...; None".replace("r'\\'", "r'\\\\'"),
        "assert True, 'no'",
        "del_ = 1; del del_",
        "import os.path, sys as s; from os import path as p, sep",
        "from os.path import (join,  # revision\n    split as sp,\n)",
        "x = y = z = 1; x += 1; y **= 2; z //= 1",
        "table = [\n    ('revision', 'no'),\n    {'down_revision': 'no'},  # x\n]",
        "revision_text = '''\\\nrevision = 'no'\n'''",
        "global never_bound",
        "x: int\ny: 'str' = ''\n(z): int = 3",
        "@staticmethod\ndef decorated(): pass",
        "def generator():\n    x = yield\n    y = yield from ()\n    return (yield)",
        "if True:\n\tif True:\n\t\tx = 1\n\ty = 2",
        "(a_, *b_), [c__] = (1, 2, 3), [4]",
        "x = 0o17 + 0b11 + 0xFf + 1_0.5e-3 + .5 + 1.j; x = 1if x else 2",
        "x = [\n1,\n\n2][0:1]; y = x[::-1]; z = {**{}, 'a': 1}",
        "lambda: (yield)",
        "x = not 1 is not 2; y = 1 < 2 != 3; z = x @ y if 0 else x and y or z_",
        "x = {i: j for i, j in ()}; y = {*()}; z = (k for k in ())",
        "def f(a, /, b: int = 1, *args, c, **kwargs) -> 'x': ...",
        "def f(): x_.append('b')\nx_ = ['a']\nf()",
        "match_ = {}; match_['a'] = 1\nmatch = [0]; match[0] = 1; match[0] += 2\n(match)\nmatch: list",
        "case = type_ = match = _ = dict\ncase(a=1); type_ (b=2); match (); _()\ncase: str = 'case'",
        "data_ = [1, 2]; data_[0:1] = []; data_[:]: 'x' = (); del data_[0:]",
        "data_ = {1: 'a'}; data_[(lambda: 1)()] = 'b'\ndata_[1], (data_['x']) = 1, 2",
        "if True:\n \f  x = 1\n   \f  y = 2",
        "\fx = 1",
        "if 1:\n    x = 1\n  # comment\n\n# comment\n    y = 2",
        "if 1:\n  if 2:\n      x = 1\n  else: pass\nelse:\n        pass",
        "class A_: x = 1; revision = 'no'\nclass B_(A_, metaclass=type):\n    '''doc'''\n    for revision in (): pass\n    def f(s): pass",
        "def f(revision=(lambda: 1)(), *, x: dict = {1: 2}): return {revision: x}",
        "def f():\n    '''\n    revision = 'no'\n    '''\n\n\n    # x\n    def g(): global unused_; unused_ = 1\n    return g",
        "@staticmethod\n\n# comment\n@classmethod\ndef f(): pass",
        "try:\n    1 / 0\nexcept (ZeroDivisionError, OSError) as e: pass\nelse: pass\nfinally: pass",
        "with (open(__file__) if 0 else __import__('io').StringIO()) as f_: x = 1",
        "x = '\\d \\- \\8 \\400'; y = '\\\\'; z = r'\\'' ' '",
        "x = (yield_ := 1) + (lambda y=(2): y)()",
        "assert (lambda *a, **k: (a, k))(*[1], **{'a': 2})",
        "x = f'''{1\n}''' f\"{'''a'''}\" rf'\\{1}\\d' f'{1!r:>{10}}' f'{{{1}}}' f'{1:{5}}'",
        "for i, (j, *k) in enumerate([(1, [2])]): l = i; m = j",
        "from os import (path)\nfrom os import path as p, sep as q",
        "print = None; del print",
        "x = 1 if 2 else 3 if 4 else 5; y = [i for i in (1,) if i if not i]; z = {**{}, **{}}",
        "async def f():\n    async with x as revision: pass\n    async for depends_on in x: await revision\n    return [i async for i in x]",
        "def upgrade(engine_name):\n    globals()[\"upgrade_%s\" % engine_name]()\ndef upgrade_engine1(): pass\nupgrade('engine1')",
        "def up_(k): return globals().get('up' + k)(k) if k else 1\nup_('')",
        "def pass_(*a): return a\nglobals()['pass_'](1)\ndef via_(k): return globals()[k](globals()['pass_'].__name__)\nvia_('pass_')",
        "if 'x_' in globals(): pass\nq_ = 'x_' not in globals()\nassert '__name__' in vars()",
        "w_ = globals().get('w_'); w_ = globals().get('w_', 1); class_ = [vars(v_) for v_ in ()]",
        "class Looks_:\n    found = globals().get('Looks_')\n    def f(self): return globals()['Looks_']()",
        "from collections import namedtuple as nt_\nReplaceable_ = nt_('Replaceable_', 'name sqltext')\nSP_ = Replaceable_(\n    'add(a integer)',\n    '''\nrevision = 'no'\n''')\nView_ = Replaceable_(name='revision', sqltext='down_revision')",
        "@(lambda f: f)\ndef deco_(): return globals()['deco_']()",
        "pass",
        "# just a comment",
        "    # an indented comment",
        "",
        "\f",
    )

    def decoy(self):
        number = self.random.randrange(len(self.DECOYS))
        self.form("decoy %d" % number)
        text = self.DECOYS[number]
        if "c_.null" in text:
            text = "import contextlib as c_\n" + text
        if "z_" in text:
            text = "z_ = 0\n" + text
        self.mentioned.update(re.findall(r"\w+", text))
        return text

    def stale(self, name):
        """A binding that a later one replaces."""
        if name == self.first and self.one_in(10):
            self.reached = True
            return self.pick("exec('%s = 1')", "globals()['%s'] = 1") % name
        self.form("rebinding")
        old = self.literal("old")
        return self.random.choice((
            "%s = %s" % (name, old),
            "%s: str" % name,
            "%s = str(%s)" % (name, old),
            "%s = %s; del %s" % (name, old, name),
            "%s = 'a'\n%s += %s" % (name, name, old),
            "import os as %s" % name,
            "from os import sep as %s" % name,
            "for %s in (): pass" % name,
            "if 1: %s = %s" % (name, old),
            "def %s(): pass" % name,
            "try: raise ValueError\nexcept ValueError as %s: pass" % name,
            "%s = [%s]; %s.append(1)" % (name, old, name),
            "%s, x = %s, 1\ndel (%s), x" % (name, old, name),
            "%s: int = %s" % (name, old),
            "class %s: pass" % name,
            "%s = %s\nif 0: del %s" % (name, old, name),
            "with open(__import__('os').devnull) as %s: pass" % name,
            "match 1:\n  case %s: pass" % name,
            "f'{(%s := 1)}'" % name,
            "async def %s(): pass" % name,
            "%s = lambda %s=1: %s" % (name, name, name),
        ))

    def statements(self):
        lines = []
        order = self.random.sample(NAMES, 4)
        self.first = order[0]
        self.reached = False  # code that may have bound the other names as well
        for name in order:
            if self.one_in(10 if name in ("branch_labels", "depends_on") else 40):
                self.form(name + " absent")
                if self.one_in(3):
                    lines.append([self.pick(name + ": str", name + " = 1; del " + name,
                                            "del_ = %s = 1\ndel (%s, del_)" % (name, name))])
                continue
            block = self.binding(name)
            if self.one_in(8):
                block.insert(0, self.stale(name))
            lines.append(block)
        if self.reached:
            self.only_python_knows("exec()")
        return lines

    def module(self):
        blocks = self.statements()
        for _ in range(self.pick(0, 1, 2, 3, 5)):
            blocks.insert(self.random.randrange(len(blocks) + 1), [self.decoy()])
        if self.wild and self.one_in(40):
            self.only_python_knows("import of *")
            blocks.insert(self.random.randrange(len(blocks) + 1), ["from os.path import *"])
        if self.one_in(20):
            self.form("import of * from a known module")
            blocks.insert(self.random.randrange(len(blocks) + 1), ["from typing import *"])
        if self.changeable & self.mentioned:
            self.only_python_knows("list or set that other code names")
        text = ""
        if not self.one_in(8):
            self.form("docstring")
            text += self.docstring() + self.comment() + "\n"
        if self.one_in(3):
            text += "from __future__ import annotations\n"
        text += "from typing import Final, Sequence, Union\nfrom alembic import op\nimport sqlalchemy as sa\n"
        for block in blocks:
            text += self.lines(block)
        if self.one_in(6):
            self.form("no line end at the end")
            text = text.rstrip("\n")
            if text.endswith("\\"):
                text += "\n"
        return text

    def lines(self, block):
        text = ""
        for statement in block:
            simple = "\n" not in statement and not statement.endswith(":")
            compound = statement.split(" ")[0].rstrip(":") in COMPOUND
            if simple and not compound and statement.strip() and "#" not in statement and self.one_in(10):
                self.form("semicolon")
                statement += self.gap() + self.pick("; pass", ";", "; x_ = 1")
                if statement.endswith(("\\\n", "\\\n  ")):
                    statement += "\n"
            text += statement + self.comment() + "\n" * self.pick(1, 1, 2, 3)
        return text

    # --- Bytes ---

    def encode(self, text):
        end = self.pick("\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "mixed")
        codec, mark = "utf-8", b""
        if self.one_in(4):
            codec = self.random.choice(COOKIES)
            lead = self.pick("", "", "\n", "#!/usr/bin/python3\n", "\f # c\n", "\n\n", "" if "__future__" in text else "x = 1\n")
            text = lead + self.random.choice(COOKIE_STYLES) % codec + "\n" + text
            self.form("cookie " + codec)
            if lead in ("\n\n", "x = 1\n"):
                self.form("cookie that does not count")
                if codec in FOREIGN and end == "mixed":  # a CR and a LF make one line end
                    self.only_python_knows("source encoding that is not looked up")
                codec = "utf-8"
        elif self.one_in(10):
            mark = b"\xef\xbb\xbf"
            self.form("byte-order mark")
        if end == "mixed":
            self.form("mixed line ends")
            text = "".join(self.pick("\n", "\r\n", "\r") if c == "\n" else c for c in text)
        else:
            self.form("line ends " + repr(end))
            text = text.replace("\n", end)
        name = codec[:-5] if codec.endswith("-unix") else codec
        try:
            data = text.encode(name)
        except UnicodeEncodeError:
            data = text.encode("ascii", "replace")
        if codec in FOREIGN:
            self.only_python_knows("source encoding that is not looked up")
        return mark + data

    def mutated(self):
        """The source with a few bytes changed: mostly no Python, and what is must not be misread."""
        data = bytearray(self.source)
        for _ in range(self.pick(1, 1, 2, 4)):
            at = self.random.randrange(len(data) + 1)
            piece = self.pick(b"'", b'"', b"\\", b"\n", b"(", b")", b"#", b" ", b",", b"=", b":", b"f", b"b",
                              b"{", b"}", b"'''", b";", b"\r", b"\t", b"*", b"not ", b" if 1 else 2", b".x", b"+")
            if self.one_in(3):
                del data[at:at + self.pick(1, 1, 2, 10)]
            elif self.one_in(2):
                data[at:at] = piece
            else:
                begin = self.random.randrange(len(data) + 1)
                data[at:at] = data[begin:begin + self.pick(1, 5, 30)]
        return bytes(data)


COMPOUND = ("def", "async", "class", "if", "elif", "else", "while", "for", "try", "except", "finally",
            "with", "match", "case", "@staticmethod")
