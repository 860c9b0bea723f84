// Text that is no Python, conflicts, line ends: text of a module and what is read from it.
// Every row was compared with what CPython 3.11 does with the same module.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/python/python_rows.h"
#include "onehead/core/migration/migration.h"

namespace onehead {
namespace {

// With the attribute "ident" a checkout has another text there.
TEST(MigrationBroken, KeywordsThatGitExpands) {
  const auto defects = [](const std::string& text) {
    const Migration migration =
        ReadMigration("versions/x.py", "revision = 'r'\ndown_revision = 'a'\n" + text);
    return migration.defects.size();
  };
  for (const char* harmless :
       {"$Id$", "$Id: x.py 12 $", "$Id: 0123 $ and more", "$Id", "$Id: //depot/x.py#12 $"}) {
    EXPECT_EQ(defects(std::string("# ") + harmless), 0u) << harmless;
    EXPECT_EQ(defects("x = '''" + std::string(harmless) + "'''"), 0u) << harmless;
  }
  EXPECT_EQ(defects("x = '$Id:';down_revision='b';y='$'\n"), 1u);
  EXPECT_EQ(defects("x = '$Id:'; down_revision = 'b'; y = '$'\n"), 1u);
  EXPECT_EQ(defects("x = '''$Id: \\$'\n''' # '''\n"), 1u);
  EXPECT_EQ(defects("# $Id: \rdown_revision = 1 # $\n"), 1u);
  EXPECT_EQ(defects("x = '$Id:'\ndown_revision='b';y='$'\n"), 0u) << "two lines";
  EXPECT_EQ(defects("down_revision = '$Id$'\n"), 1u);
  EXPECT_EQ(defects("down_revision = '$Id:b$'\n"), 1u);
  EXPECT_EQ(defects("depends_on = ['x', '$Id: b $']\n"), 1u);
  const Migration migration = ReadMigration("x.py", "revision = 'r'\ndown_revision = '$Id$'\n");
  EXPECT_TRUE(migration.defective());
  EXPECT_EQ(migration.defects[0].line, 2);
  const Migration two = ReadMigration("x.py", "# $Id:'$\nrevision = f()\ndown_revision = None\n");
  ASSERT_EQ(two.defects.size(), 2u);
  EXPECT_EQ(two.defects[0].line, 1);
  EXPECT_EQ(two.defects[1].line, 2);
}

TEST(MigrationBroken, DoesNotTokenise) {
  for (const Row& row : std::vector<Row>{
           {"down_revision = 'a",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: unterminated string liter"
            "al: 'a"},
           {"down_revision = '''a",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: unterminated triple-quote"
            "d string literal: '''a"},
           {"down_revision = f'{a'",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: unterminated string liter"
            "al: f'{a'"},
           {"down_revision = f'}'",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: f-string: single '}' is n"
            "ot allowed: f'"},
           {"down_revision = ('a'",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: '(' is never closed: ('a'"},
           {"down_revision = ('a']",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: ']' does not match the op"
            "ening '(' of line 1: ]"},
           {"down_revision = 'a')",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: unmatched ')': )"},
           {"down_revision = 'a'\n  x = 1",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: unexpected "
            "indent"},
           {"if x:\n    y\n  z\ndown_revision = 'a'",
            "revision?; down_revision?; branch_labels?; depends_on?; 3: the indentation does not "
            "match any outer level: z"},
           {"if x:\ny = 1",
            "revision?; down_revision?; branch_labels?; depends_on?; 2: an indented block is "
            "expected"},
           {"def f():\ndown_revision = 'a'",
            "revision?; down_revision?; branch_labels?; depends_on?; 2: an indented block is "
            "expected"},
           {"if x:\n\ty\n        z",
            "revision?; down_revision?; branch_labels?; depends_on?; 3: inconsistent use of tabs "
            "and spaces in indentation: z"},
           {"down_revision = $a",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: a character that cannot b"
            "e in Python source: $"},
           {"x?\ndown_revision = 'a'",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: a character that cannot b"
            "e in Python source: ?"},
           {"down_revision = 'a'\n`x`",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: a character th"
            "at cannot be in Python source: `"},
           {"down_revision = 'a' \\ \n",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: a character follows a lin"
            "e continuation: \\ "},
           {"down_revision = 'a'\nx = 0777",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: leading zeros "
            "in decimal integer literals are not permitted: 0777"},
           {"down_revision = 'a'\nx = 10L",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: invalid decima"
            "l literal: 10L"},
           {"x = 1__0",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: invalid decimal literal: "
            "1__0"},
           {"x = 0b12",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: invalid binary literal: "
            "0b12"},
           {"x = \342\200\234a\342\200\235",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: invalid character U+201C:"
            " \342\200\234a\342\200\235"},
           {"down_revision = 'a'\ndef f():\n    x = 'unterminated\n",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 3: unterminated s"
            "tring literal: 'unterminated"},
           {"down_revision = 'a'\ndef f():\n    (",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 3: '(' is never c"
            "losed: ("},
           {"revision = 'r'\n)\ndown_revision = 'a'",
            "revision@1 'r' <'r'>; down_revision?; branch_labels?; depends_on?; 2: unmatched ')': "
            ")"},
           {"down_revision = 'a'\n\\",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: the text ends "
            "after a backslash: \\"},
           {"x = !y",
            "revision?; down_revision?; branch_labels?; depends_on?; 1: a character that cannot b"
            "e in Python source: !"},
       }) {
    Check(row);
  }
}

TEST(MigrationBroken, Conflicts) {
  for (const Row& row : std::vector<Row>{
           {"revision = 'r'\n<<<<<<< HEAD\ndown_revision = 'a'\n=======\ndown_revision = 'b'\n"
            ">>>>>>> topic",
            "revision@1 'r' <'r'>; down_revision@5 unknown <'b'>; 2: a conflict marker starts a l"
            "ine: <<<<<<< HEAD"},
           {"revision = 'r'\n<<<<<<< HEAD\ndown_revision = 'a'\n||||||| base\n"
            "down_revision = 'c'\n=======\ndown_revision = 'b'\n>>>>>>> it's\n"
            "branch_labels = None",
            "revision@1 'r' <'r'>; down_revision@7 unknown <'b'>; branch_labels@9 none <None>; 2:"
            " a conflict marker starts a line: <<<<<<< HEAD"},
           {"down_revision = 'a'\n=======\n",
            "down_revision@1 'a' <'a'>; 2: a conflict marker starts a line: ======="},
           {"down_revision = 'a'\n>>>>>>> x\n",
            "down_revision@1 'a' <'a'>; 2: a conflict marker starts a line: >>>>>>> x"},
           {"down_revision = (\n<<<<<<< HEAD\n    'a',\n=======\n    'b',\n>>>>>>> x\n)",
            "down_revision@1 unknown <( <<<<<<< HEAD 'a', ======= 'b', >>>>>>> x )>; 2: a conflic"
            "t marker starts a line: <<<<<<< HEAD"},
           {"'''Title\n=======\n\ntext\n'''\ndown_revision = 'a'", "down_revision@6 'a' <'a'>"},
           {"'''Title\n<<<<<<< HEAD\nRevises: a\n=======\nRevises: b\n>>>>>>> x\n"
            "'''\ndown_revision = 'a'",
            "down_revision@8 'a' <'a'>; 2: a conflict marker starts a line: <<<<<<< HEAD"},
           {"down_revision = 'a'\nx = (1\n<<<<<<<< 2)", "down_revision@1 'a' <'a'>"},
           {"down_revision = 'a'\n <<<<<<< HEAD",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 2: unexpected "
            "indent"},
           {"down_revision = 'a'\ndef f():\n    x\n<<<<<<< HEAD\n    y\n=======\n    z('\n>>>>>>> "
            "x\n",
            "revision?; down_revision@1 'a' <'a'>; branch_labels?; depends_on?; 4: a conflict mar"
            "ker starts a line: <<<<<<< HEAD"},
           {"<<<<<<< HEAD\nrevision = 'a'\ndown_revision = 'b'\n=======\nrevision = 'c'\n"
            "down_revision = 'd'\n>>>>>>> x\n<<<<<<< HEAD\n=======\n>>>>>>> x\n",
            "revision@5 unknown <'c'>; down_revision@6 unknown <'d'>; 1: a conflict marker starts"
            " a line: <<<<<<< HEAD; 8: a conflict marker starts a line: <<<<<<< HEAD"},
       }) {
    Check(row);
  }
}

TEST(MigrationLines, EndsBlanksAndIndentation) {
  for (const Row& row : std::vector<Row>{
           {"revision = 'r'\r\ndown_revision = 'a'\r\n",
            "revision@1 'r' <'r'>; down_revision@2 'a' <'a'>"},
           {"revision = 'r'\rdown_revision = 'a'\r",
            "revision@1 'r' <'r'>; down_revision@2 'a' <'a'>"},
           {"\357\273\277down_revision = 'a'", "down_revision@1 'a' <'a'>"},
           {"\014down_revision = 'a'\014\n", "down_revision@1 'a' <'a'>"},
           {"\n\n\n  # c\n\tx = 1",
            "revision?; down_revision?; branch_labels?; depends_on?; 5: unexpected indent"},
           {"down_revision\t=\t'a'\t", "down_revision@1 'a' <'a'>"},
           {"down_revision = \\\n\\\n'a'", "down_revision@1 'a' <'a'>"},
           {"if x:\n\ty\n\tz\ndown_revision = 'a'", "down_revision@4 'a' <'a'>"},
           {"x = 1 if 1else 2\ndown_revision = 'a'", "down_revision@2 'a' <'a'>"},
           {"down_revision = 'a' # no line end", "down_revision@1 'a' <'a'>"},
           {"", "1: down_revision is not set"},
           {"\n", "1: down_revision is not set"},
           {"# only a comment", "1: down_revision is not set"},
           {"down_revision = 'a'\n\n\nrevision = (\n\n  'r'\n)\n",
            "revision@4 'r' <(\n\n  'r'\n)>; down_revision@1 'a' <'a'>"},
       }) {
    Check(row);
  }
}

// Alembic cannot load what Python refuses; what is only not known here it may load.
TEST(MigrationBroken, WhatPythonRefuses) {
  struct Refusal {
    std::string text;
    bool refused;
  };
  for (const Refusal& row : std::vector<Refusal>{
           {"down_revision = ('a'", true},
           {"  down_revision = 'a'", true},
           {"if x:\ny = 1", true},
           {"down_revision = 'a'\ndef f():\n    '", true},
           {"down_revision = 'a'  # \xE9", false},
           {std::string("x = 1\0", 6), true},
           {"# coding: ascii\n# \xE9", false},
           {"# coding: gbk\n# \xC4\xE3", false},
           {"# coding: no-such-thing\ndown_revision = 'a'", false},
           {"down_revision = get()", false},
           {"down_revision = = 'a'", false},
           {"down_revision = 'a'", false},
       }) {
    EXPECT_EQ(ReadMigration("versions/x.py", row.text).refused, row.refused) << row.text;
  }
}

// As many tokens as memory is first asked for: a sanitizer notices a look at the next one.
TEST(MigrationBroken, AValueThatIsMissingIsNotLookedAt) {
  std::string text = "revision = ";
  for (int i = 0; i < 29; ++i) text += "a = ";
  text += "x.y =";
  const Migration migration = ReadMigration("versions/x.py", text);
  EXPECT_EQ(migration.revision.state, Binding::State::kUnknown);
  ASSERT_FALSE(migration.defects.empty());
  EXPECT_EQ(migration.defects.front().reason, "a value is missing");
}

// CPython: the value is stored, and then the annotation is evaluated.
TEST(ReadMigration, AnAnnotationThatBindsItsOwnNameComesAfterTheValue) {
  for (const char* line : {"down_revision: (down_revision := 'a') = 'b'",
                           "(down_revision): (down_revision := 'a') = 'b'",
                           "down_revision: [down_revision := 'a'] = 'b'",
                           "down_revision: Union[str, (down_revision := None)] = 'b'",
                           "down_revision: (lambda x=(down_revision := 'a'): x) = 'b'",
                           "down_revision: [down_revision := i for i in 'a'] = 'b'",
                           "down_revision: ((down_revision := 'a'), str)[1] = 'b'"}) {
    const Migration migration =
        ReadMigration("x.py", std::string("revision = 'r'\n") + line + "\n");
    EXPECT_FALSE(migration.down_revision.known() && migration.down_revision.ids.front() == "b" &&
                 migration.defects.empty())
        << line;
  }
  const Migration plain =
      ReadMigration("x.py", "revision: str = 'r'\ndown_revision: Union[str, None] = 'b'\n");
  EXPECT_EQ(plain.down_revision.ids, std::vector<std::string>{"b"});
  EXPECT_TRUE(plain.defects.empty());
  EXPECT_TRUE(plain.doubts.empty());
}

}  // namespace
}  // namespace onehead
