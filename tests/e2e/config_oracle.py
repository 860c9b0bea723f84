"""Random configuration files and what Python reads in them, a line of JSON for each.

usage: config_oracle.py ini|toml FIRST COUNT SEED
An ini file is read as Alembic does it (ConfigParser with "here"), a pyproject.toml by tomllib. Texts
are the hexadecimal digits of their bytes in UTF-8.
"""
import configparser
import io
import json
import random
import sys
import tomllib

HERE = "/here dir"
NAMES = ("script_location", "version_locations", "k", "K", "k k", "version_path_separator",
         "path_separator", "a.b", "k[0]", "k]", "été", "prepend_sys_path", "x-y", "%(k)s", "a#b", "\ufeffk")
PIECES = ("%(here)s", "%(k)s", "%(K)s", "%( k)s", "%(k k)s", "%(nope)s", "%(été)s", "%%", "%%(k)s", "%", "%d",
          "%(", "%()s", "%(k)", "%(k)d", "%(here)s/%(script_location)s", "%(here", "os  # comment", "a ; b",
          "a#b", "= x", ": y", "[b]", "]", "'q'", '"q"', "\\", "\\n", "\u00a0x\u00a0", "\u2003", "x\x0by", "x\x0cy",
          "x\x1cy", "x\u2028y", "x\x85y", "${k}", "os", "space", "a b", "a, b", "a:b", "a;b", "é", "版",
          "alembic", "true", "True", "/abs", "pkg:dir", "\ufeff", "", "\t")
BLANKS = ("", "", "", " ", "  ", "\t", "    ", "\u00a0", "\u2003 ", "\x0c", "\x0b", "\x1c", "\u3000", " \t")
SECTIONS = ("alembic", "alembic", "DEFAULT", "a", "b", "A", " a", "a ", "a]b", "a[b", "default", "é", "a#b", "a b")


class Text:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def some(self, pieces, most):
        return "".join(self.random.choice(pieces) for _ in range(self.random.randrange(most + 1)))

    def with_line_ends(self, lines):
        end = self.pick("\n", "\n", "\n", "\r\n", "\r", None)
        return "".join(line + (end or self.pick("\n", "\r\n", "\r")) for line in lines)


class Ini(Text):
    def header(self):
        name = self.random.choice(SECTIONS)
        odd = self.pick("[%s", "%s]", "[]", "[ ]", "[%s]]", "[[%s]]", "[%s] trailing", "[%s] # comment", "[%s];", "x[%s]")
        text = odd if self.one_in(8) else "[%s]"
        return self.indent(12) + (text % name if "%s" in text else text) + self.random.choice(BLANKS)

    def indent(self, n):
        return self.random.choice(BLANKS[3:]) if self.one_in(n) else ""

    def value(self):
        return self.some(PIECES, self.pick(1, 1, 2, 4))

    def option(self):
        name = self.random.choice(NAMES) if not self.one_in(3) else "n%d" % self.random.randrange(30)
        delimiter = self.random.choice(BLANKS) + self.pick("=", "=", "=", ":", "==", ":=") + self.random.choice(BLANKS)
        if self.one_in(40):
            delimiter = self.pick("", " ")
        if self.one_in(60):
            name = ""
        return self.indent(15) + name + delimiter + self.value()

    def line(self):
        kind = self.random.randrange(20)
        if kind < 2:
            return self.header()
        if kind < 12:
            return self.option()
        if kind < 15:
            return self.random.choice(BLANKS[3:]) + self.value()
        if kind < 17:
            return self.random.choice(BLANKS) + self.pick("#", ";", "# x = 1", "; [a]", "rem x = 1" if self.one_in(9) else "#%(")
        if kind < 19:
            return self.random.choice(BLANKS)
        return self.pick("x", "<<<<<<< HEAD", "=======") if self.one_in(10) else ""

    def make(self):
        lines = ["[alembic]"] if not self.one_in(10) else []
        lines += [self.line() for _ in range(self.random.randrange(14))]
        text = self.with_line_ends(lines)
        if self.one_in(10):
            text = text.rstrip("\r\n")
        return "\ufeff" + text if self.one_in(30) else text

    def read(self, text):
        parser = configparser.ConfigParser({"here": HERE})
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
        sections = []
        for name in parser.sections():
            options = []
            for option in sorted(parser.options(name)):
                options.append([hexed(option), value_of(parser, name, option)])
            sections.append([hexed(name), options])
        return sections


def value_of(parser, section, option):
    try:
        return hexed(parser.get(section, option))
    except configparser.Error:
        return None


class Toml(Text):
    KEYS = ("script_location", "version_locations", "recursive_version_locations", "file_template", "sourceless",
            "prepend_sys_path", "x", "'quoted'", '"q q"', "a.b", '"\\u0061"', "1", "été", "")
    VALUES = ("'a'", '"a"', '"%(here)s/x"', "'''\na\nb'''", '"""\na\\\n   b"""', '"\\t\\u00e9\\U0001F600\\\\"', '"\\x41"', '"\\e"',
              '"a', "'a\nb'", "true", "false", "True", "1", "0x1f", "1_000", "-0", "1.5", "1e3", "inf", "-nan", "1.", "01",
              "99999999999999999999", "1979-05-27", "1979-05-27T07:32:00Z", "07:32:00", "[]", "['a']", "['a', 'b',]",
              "[\n 'a', # c\n 'b'\n]", "['a', 1]", "[['a']]", "{}", "{a = 1}", "{a = 1,}", "{a.b = 'x'}", "[{a = 1}]",
              "", "a", "'a' # c", "'a' b", '""""a"""', "'''a''''", '"""a"""""', "\"\x7f\"", "'\t'", "'é'", "\"a\\\nb\"")
    HEADERS = ("[tool.alembic]", "[tool.alembic]", "[tool.alembic]", "[tool]", "[ tool . alembic ]", "['tool'.\"alembic\"]", "[project]",
               "[[tool.alembic]]", "[tool.alembic.x]", "[[tool.alembic.post_write_hooks]]", "[tool.alembic", "[]", "[tool.black]",
               "[tool.alembic] # c", "[tool.alembic]\ufeff", '[tool."al\\u0065mbic"]', '["tool"."\\U00000061lembic"]', "[tool.\\u0061lembic]", "[x.'tool.alembic']", "[tool.alembics]")

    def line(self):
        kind = self.random.randrange(12)
        if kind < 3:
            return self.pick("", "", "  ", "\t") + self.random.choice(self.HEADERS)
        if kind < 10:
            key = self.random.choice(self.KEYS)
            if self.one_in(8):
                key = self.pick("tool.alembic.", "alembic.", "tool.'alembic'.") + key
            equals = self.pick("=", " = ", "\t=", " =") if not self.one_in(30) else self.pick("", ":", "==")
            return key + equals + self.random.choice(self.VALUES)
        return self.pick("", "# comment", " # é", "\t", "#\x00" if self.one_in(9) else "#", "alembic = {script_location = 'a'}")

    def make(self):
        lines = ["[tool.alembic]"] if not self.one_in(3) else []
        lines += [self.line() for _ in range(self.random.randrange(6))]
        end = self.pick("\n", "\n", "\r\n", "\r" if self.one_in(5) else "\n")
        text = "\n".join(lines).replace("\n", end) + self.pick(end, "")
        return "\ufeff" + text if self.one_in(30) else text

    def read(self, text):
        table = tomllib.load(io.BytesIO(text.encode())).get("tool", {}).get("alembic", {})
        return [[hexed(key), kind(value)] for key, value in sorted(table.items())]


def kind(value):
    if isinstance(value, bool):
        return ["boolean", str(value)]
    if isinstance(value, str):
        return ["string", hexed(value)]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ["strings"] + [hexed(item) for item in value]
    return ["other"]


def hexed(text):
    return text.encode("utf-8", "surrogatepass").hex()


def main():
    kind_of = {"ini": Ini, "toml": Toml}[sys.argv[1]]
    first, count, seed = map(int, sys.argv[2:5])
    for index in range(first, first + count):
        made = kind_of("%d:%d" % (seed, index))
        text = made.make()
        record = {"index": index, "text": hexed(text)}
        try:
            record["values"] = made.read(text)
        except Exception as error:
            record["error"] = type(error).__name__
        print(json.dumps(record))


main()
