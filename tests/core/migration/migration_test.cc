// The rules of Alembic around the values, the docstring, encodings, and hostile text.
#include "onehead/core/migration/migration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/python/migration_dump.h"

namespace onehead {
namespace {

using State = Binding::State;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// script.py.mako of Alembic 1.16.
constexpr char kTemplate[] = R"("""add cart

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712
Create Date: 2011-11-08 11:40:27.089406

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '27c6a30d7c24'
down_revision: Union[str, Sequence[str], None] = '1975ea83b712'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('account', sa.Column('last', sa.DateTime))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('account', 'last')
)";

TEST(Migration, ReadsWhatAlembicWrites) {
  const Migration m = ReadMigration("versions/27c6_add_cart.py", kTemplate);
  EXPECT_EQ(m.path, "versions/27c6_add_cart.py");
  EXPECT_EQ(DumpMigration(m, kTemplate),
            "revision@15 '27c6a30d7c24' <'27c6a30d7c24'>; "
            "down_revision@16 '1975ea83b712' <'1975ea83b712'>; "
            "branch_labels@17 none <None>; depends_on@18 none <None>");
  EXPECT_EQ(m.id(), "27c6a30d7c24");
  EXPECT_EQ(m.title, "add cart");
  EXPECT_EQ(m.doc,
            "add cart\n\nRevision ID: 27c6a30d7c24\nRevises: 1975ea83b712\n"
            "Create Date: 2011-11-08 11:40:27.089406");
  ASSERT_TRUE(m.doc_revises && m.doc_revision_id);
  EXPECT_EQ(m.doc_revision_id->text, "27c6a30d7c24");
  EXPECT_EQ(m.doc_revision_id->line, 3);
  EXPECT_EQ(m.doc_revises->text, "1975ea83b712");
  EXPECT_EQ(m.doc_revises->line, 4);
}

TEST(Migration, FileNames) {
  for (const char* name : {"a.py", ".hidden.py", "_h.py", "a.b.py", "x__init__.py"}) {
    EXPECT_TRUE(IsMigrationFileName(name)) << name;
  }
  for (const char* name : {"", "py", ".py", "...py", "a.pyc", "a.PY", "a.py~", "a.txt", ".#a.py",
                           "__init__.py", "__init__x.py", "a\n.py", "a.py\n"}) {
    EXPECT_FALSE(IsMigrationFileName(name)) << name;
  }
}

TEST(Migration, LegacyRevisionFromTheWholeStem) {
  const auto id = [](std::string_view path, std::string_view text) {
    const Migration m = ReadMigration(path, text);
    return m.has_id() ? m.id() + "@" + std::to_string(m.revision.line) : "";
  };
  constexpr std::string_view kText = "down_revision = None\n";
  EXPECT_EQ(id("v/1a2b.py", kText), "1a2b@0");
  EXPECT_EQ(id("1a2b.py", kText), "1a2b@0");
  EXPECT_EQ(id("v/1a2b_foo.py", kText), "");
  EXPECT_EQ(id("v/1A2B.py", kText), "");
  EXPECT_EQ(id("v/.py", kText), "");
  EXPECT_EQ(id("v/1a2b.py", "revision: str\ndown_revision = None"), "1a2b@0");
  EXPECT_EQ(id("v/1a2b.py", "revision = 'x'\ndown_revision = None"), "x@1");
  EXPECT_EQ(id("v/1a2b.py", "revision = 'x'\ndel revision\ndown_revision = None"), "1a2b@0");
  EXPECT_EQ(id("v/1a2b.py", "revision = get()\ndown_revision = None"), "");
  EXPECT_EQ(id("v/1a2b.py", "revision = None\ndown_revision = None"), "");
  EXPECT_EQ(id("v/1a2b.py", "down_revision = None\n("), "") << "the rest is not read";
}

TEST(Migration, AnIdIsOneString) {
  const auto state = [](const char* value) {
    const std::string text = std::string("revision = ") + value + "\ndown_revision = None";
    return ReadMigration("x.py", text).revision.state;
  };
  EXPECT_EQ(state("'a'"), State::kKnown);
  EXPECT_EQ(state("''"), State::kKnown);
  for (const char* value : {"None", "1", "('a',)", "['a']", "{'a'}", "()", "b'a'"}) {
    EXPECT_EQ(state(value), State::kIllegal) << value;
  }
  EXPECT_EQ(state("x"), State::kUnknown);
}

TEST(Migration, IllegalIsNoDefect) {
  const Migration m = ReadMigration("x.py", "revision = 1\ndown_revision = {'a': 1}\n");
  EXPECT_EQ(m.down_revision.state, State::kIllegal);
  EXPECT_EQ(m.down_revision.text, "{'a': 1}");
  EXPECT_THAT(m.defects, IsEmpty());
}

TEST(Migration, ReadsAllFourNames) {
  const std::string text =
      "revision = 'r'\ndown_revision = 'd'\nbranch_labels = ('l', 'm')\ndepends_on = ['x', 'x']";
  EXPECT_EQ(DumpMigration(ReadMigration("x.py", text), text),
            "revision@1 'r' <'r'>; down_revision@2 'd' <'d'>; branch_labels@3 ('l', 'm') "
            "<('l', 'm')>; depends_on@4 ('x') <['x', 'x']>");
}

struct DocRow {
  const char* text;
  const char* title;
  const char* doc;
};

TEST(Migration, Docstring) {
  for (const DocRow& row : std::vector<DocRow>{
           {"'one'", "one", "one"},
           {"\"\"\"\n\n  one\n  two\n\nthree\n\"\"\"", "one\n  two", "one\n  two\n\nthree"},
           {"'''a\r\n\r\nb\rc'''", "a", "a\n\nb\nc"},
           {"'''a\n \nb'''", "a\n \nb", "a\n \nb"},
           {"'a' \"b\"", "ab", "ab"},
           {"('a'\n 'b')", "ab", "ab"},
           {"u'a'", "a", "a"},
           {"r'a\\d\\n'", "a\\d\\n", "a\\d\\n"},
           {"'a\\n\\nb\\x41'", "a", "a\n\nbA"},
           {"'a\\\nb'", "ab", "ab"},
           {"'\xC2\xA0\xE3\x80\x80 a \\x1c\\x85\\u2028'", "a", "a"},
           {"'\xC3\xA9t\xC3\xA9'", "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
           {"'a \\N{DASH}'", "a \\N{DASH}", "a \\N{DASH}"},
           {"# c\n\n'a'", "a", "a"},
           {"'a'; x = 1", "a", "a"},
           {"'a'\n'b'", "a", "a"},
           {"__doc__ = ' b '", "b", "b"},
           {"'a'\n__doc__ = 'b'", "b", "b"},
           {"'a'\n__doc__ = None", "", ""},
           {"'a'\n__doc__ = get()", "", ""},
           {"'a'\nfrom x import *", "a", "a"},
           {"x = 1\n'a'", "", ""},
           {"b'a'", "", ""},
           {"f'a'", "", ""},
           {"'a' + 'b'", "", ""},
           {"'a'.b", "", ""},
           {"('a',)", "", ""},
           {"pass; 'a'", "", ""},
           {"''", "", ""},
           {"' \\n '", "", ""},
           {"", "", ""},
       }) {
    const Migration m = ReadMigration("x.py", row.text);
    EXPECT_EQ(m.title, row.title) << row.text;
    EXPECT_EQ(m.doc, row.doc) << row.text;
  }
}

TEST(Migration, AMalformedDocstringIsADefect) {
  const std::string text = "'''C:\\users\\x'''\ndown_revision = None\n";
  EXPECT_EQ(DumpMigration(ReadMigration("x.py", text), text),
            "down_revision@2 none <None>; 1: malformed \\u escape");
}

struct DocLineRow {
  const char* text;
  const char* expected;  // line, span as written, text; empty: none
};

TEST(Migration, RevisesLine) {
  for (const DocLineRow& row : std::vector<DocLineRow>{
           {"'''t\n\nRevises: a\n'''", "3 <a> a"},
           {"'''t\r\nRevises: a, b \t\r\n'''", "2 <a, b> a, b"},
           {"'''t\rRevises: a\r'''", "2 <a> a"},
           {"'''Revises: a'''", "1 <a> a"},
           {"'Revises: a'", "1 <a> a"},
           {"'''\n \tRevises:\ta'''", "2 <a> a"},
           {"'''\nRevises:\n'''", "2 <> "},
           {"'''\nRevises:   \nx'''", "2 <> "},
           {"'''\nRevises:a'''", "2 <a> a"},
           {"'''\nRevises: a\nRevises: b'''", "2 <a> a"},
           {"'''\nRevises: \\x41\nRevises: b'''", "3 <b> b"},
           {"r'''\nRevises: \\x41'''", "2 <\\x41> \\x41"},
           {"'x'\n'Revises: a'", ""},
           {"('x'\n'''y\nRevises: a''')", "3 <a> a"},
           {"('x'\n'Revises: a')", ""},
           {"'''x \\\nRevises: a'''", ""},
           {"'''\nIt Revises: a'''", ""},
           {"'''\nrevises: a'''", ""},
           {"x = '''\nRevises: a'''", ""},
           {"# Revises: a", ""},
           {"'''\nRevises: a'''\n__doc__ = 'x'", ""},
       }) {
    const std::string text = row.text;
    const Migration m = ReadMigration("x.py", text);
    std::string dump;
    if (m.doc_revises) {
      const Span span = m.doc_revises->value;
      dump = std::to_string(m.doc_revises->line) + " <" + text.substr(span.begin, span.size()) +
             "> " + m.doc_revises->text;
    }
    EXPECT_EQ(dump, row.expected) << text;
  }
}

TEST(Migration, RevisionIdLine) {
  const Migration m = ReadMigration("x.py", "'''t\n\nRevision ID: a b\nRevises: c\n'''");
  ASSERT_TRUE(m.doc_revision_id);
  EXPECT_EQ(m.doc_revision_id->text, "a b");
  EXPECT_EQ(m.doc_revision_id->value, (Span{19, 22}));
}

struct EncodingRow {
  std::string text;
  const char* expected;  // DumpMigration
};

TEST(Migration, Encodings) {
  const std::string latin = "down_revision = '\xE9'";
  for (const EncodingRow& row : std::vector<EncodingRow>{
           {"# coding: latin-1\n" + latin, "down_revision@2 '\xC3\xA9' <'\xE9'>"},
           {"# -*- coding: ISO_8859_1 -*-\n" + latin, "down_revision@2 '\xC3\xA9' <'\xE9'>"},
           {"#!x\n# vim: set fileencoding=latin1 :\n" + latin,
            "down_revision@3 '\xC3\xA9' <'\xE9'>"},
           {"\r# coding: latin-1\r" + latin, "down_revision@3 '\xC3\xA9' <'\xE9'>"},
           {"# coding: iso8859-15\ndown_revision = '\xA4'",
            "down_revision@2 '\xE2\x82\xAC' <'\xA4'>"},
           {"# coding: cp1252\ndown_revision = '\x80'", "down_revision@2 '\xE2\x82\xAC' <'\x80'>"},
           {"# coding: cp1252\ndown_revision = 'a'  # \x81",
            "down_revision@2 'a' <'a'>; 2: the bytes cannot be decoded as cp1252"},
           {"# coding: koi8-r\ndown_revision = 'a'  # \xE9", "down_revision@2 'a' <'a'>"},
           {"# coding: iso-8859-7\n" + latin,
            "down_revision@2 unknown <'\\xe9'>; 2: the characters of this source encoding "
            "are not known: '\\xe9'"},
           {"# coding: gbk\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"# coding: ascii\ndown_revision = 'a'  # \xC3\xA9",
            "down_revision@2 'a' <'a'>; 2: the bytes cannot be decoded as ascii"},
           {"# coding: utf-8-unix\ndown_revision = '\xC3\xA9'",
            "down_revision@2 '\xC3\xA9' <'\xC3\xA9'>"},
           {"\xEF\xBB\xBF# coding: utf-8\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"\xEF\xBB\xBF# coding: utf8\ndown_revision = 'a'",
            "down_revision@2 'a' <'a'>; 1: a UTF-8 byte-order mark contradicts the encoding: utf8"},
           {"\xEF\xBB\xBF# coding: latin-1\ndown_revision = 'a'",
            "down_revision@2 'a' <'a'>; 1: a UTF-8 byte-order mark contradicts the encoding: "
            "latin-1"},
           {"x = 1\n# coding: latin-1\n" + latin,
            "down_revision@3 unknown <'\\xe9'>; 3: the bytes cannot be decoded as utf-8; "
            "3: the characters of this source encoding are not known: '\\xe9'"},
           {"down_revision = 'a'\n# \xFF",
            "down_revision@1 'a' <'a'>; 2: the bytes cannot be decoded as utf-8"},
       }) {
    EXPECT_EQ(DumpMigration(ReadMigration("x.py", row.text), row.text), row.expected) << row.text;
  }
}

TEST(Migration, NothingIsReadFromTextThatCannotBeDecoded) {
  for (const std::string& text :
       {std::string("down_revision = 'a'\n\0", 21), std::string("# coding: utf-7\nx"),
        std::string("# coding: nope\nx"), std::string("# coding: utf-16\nx"),
        std::string("# coding: gbk\ndown_revision = '\x81\x5C'")}) {
    const Migration m = ReadMigration("abc.py", text);
    EXPECT_EQ(m.revision.state, State::kUnknown);
    EXPECT_EQ(m.down_revision.state, State::kUnknown);
    EXPECT_THAT(m.defects, SizeIs(1));
  }
}

std::string Repeat(std::string_view piece, std::size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(Migration, EveryDefectIsReportedInOrderOfLine) {
  const std::string text =
      "depends_on = f()\nrevision = 'r'\nbranch_labels = g()\n)\ndown_revision = 'a'";
  const Migration m = ReadMigration("x.py", text);
  EXPECT_EQ(DumpMigration(m, text),
            "revision@2 'r' <'r'>; down_revision?; branch_labels@3 unknown <g()>; "
            "depends_on@1 unknown <f()>; 1: a call cannot be evaluated without running Python: "
            "f(); 3: a call cannot be evaluated without running Python: g(); 4: unmatched ')': )");
}

TEST(Migration, HostileTextIsReadToTheEnd) {
  constexpr std::size_t kMany = 20000;
  const std::string name = "down_revision = ";
  const std::vector<std::string> texts = {
      Repeat("(", kMany),
      name + Repeat("[", kMany),
      name + "'" + Repeat("x", kMany),
      name + "'''" + Repeat("\n", kMany),
      name + Repeat("'a',", kMany),
      name + Repeat("'a' ", kMany),
      name + Repeat("'a' + ", kMany) + "'a'",
      name + "(" + Repeat("[],", kMany) + ")",
      Repeat("a = ", kMany) + "'x'",
      Repeat("a, = ", kMany) + "('x',)",
      Repeat("a, = ", kMany) + "(" + Repeat("'x' ", kMany) + ",)",
      "a = 'x'\n" + Repeat("a = a + a\n", kMany / 10),
      "a = 'x', 'y'\n" + Repeat("a = a + a\n", kMany / 10) + name + "a",
      "a = '" + Repeat("x", kMany) + "'\n" + Repeat("b = a\n", kMany / 10),
      Repeat("f'{", kMany),
      Repeat("f'{x:{", kMany),
      Repeat("f'''{\n", kMany),
      Repeat("\\\n", kMany),
      Repeat(" ", kMany),
      Repeat("<<<<<<< a\n", kMany),
      Repeat("'''<<<<<<< a\n'''\n", kMany),
      Repeat("raise a;", kMany),
      Repeat("if x:\n ", kMany),
      Repeat("if x: ", kMany),
      Repeat("lambda: ", kMany),
      Repeat("global a\n", kMany),
      Repeat("x[", kMany),
      Repeat(")", kMany),
      Repeat("def f():\n pass\n", kMany / 10),
      Repeat("\xEF\xBD\x84 = 1\n", kMany / 10),
      Repeat("@x\n", kMany),
      Repeat("depends_on = []; depends_on.a; ", kMany / 10),
  };
  for (const std::string& text : texts) {
    EXPECT_FALSE(ReadMigration("x.py", text).has_id()) << text.substr(0, 40);
  }
}

TEST(Migration, DoublingANameStopsAtABudget) {
  std::string text = "a = 'x', 'y'\n";
  for (int i = 0; i < 64; ++i) text += "a = a + a\n";
  const Migration m = ReadMigration("x.py", text + "down_revision = a\n");
  EXPECT_EQ(m.down_revision.state, State::kUnknown);
}

TEST(Migration, NestedBracketsHaveTheLimitOfCPython) {
  const auto read = [](std::size_t depth) {
    return ReadMigration("x.py",
                         "down_revision = " + Repeat("(", depth) + "'a'" + Repeat(")", depth));
  };
  EXPECT_THAT(read(200).down_revision.ids, ElementsAre("a"));
  EXPECT_EQ(read(201).defects.at(0).reason, "too many nested brackets");
}

TEST(Migration, AStatementThatIsTooLongIsADefect) {
  const Migration m =
      ReadMigration("x.py", "down_revision = 'a'\nx = [" + Repeat("f(),", 300000) + "]\n");
  ASSERT_THAT(m.defects, SizeIs(1));
  EXPECT_EQ(m.defects[0].reason, "the statement is too long to be read");
  EXPECT_EQ(m.down_revision.state, State::kUnknown);
  const Migration walrus =
      ReadMigration("x.py", "revision = 'r'\ndown_revision = 'a'\nx = [" + Repeat("1,", 600000) +
                                "(down_revision := 'b')]\n");
  EXPECT_EQ(walrus.down_revision.state, State::kUnknown);
}

TEST(Migration, DataOfAnyLengthIsNoDefect) {
  const std::string data = "DATA = [" + Repeat("(1, 'x', None),", 250000) + "]\n";
  const Migration m = ReadMigration("x.py", data + "revision = 'b'\ndown_revision = 'a'\n");
  EXPECT_THAT(m.defects, IsEmpty());
  EXPECT_THAT(m.down_revision.ids, ElementsAre("a"));
  EXPECT_EQ(m.id(), "b");
  const Migration uses = ReadMigration("x.py", data + "revision = 'b'\ndown_revision = DATA\n");
  EXPECT_EQ(uses.down_revision.state, State::kUnknown);
  EXPECT_THAT(uses.defects, SizeIs(1));
}

}  // namespace
}  // namespace onehead
