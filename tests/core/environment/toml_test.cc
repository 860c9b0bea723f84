#include "core/environment/toml.h"

#include <gtest/gtest.h>

#include <string>

namespace onehead {
namespace {

std::string Dump(std::string_view text) {
  const Result<std::optional<TomlAlembic>> table = ReadTomlAlembic(text);
  if (!table) {
    const bool syntax = table.error().message.rfind("not TOML: ", 0) == 0;
    return "error " + std::to_string(table.error().line) + ": " +
           (syntax ? "not TOML" : table.error().message);
  }
  if (!*table) return "none";
  std::string out = "@" + std::to_string((*table)->line);
  for (const auto& [key, value] : (*table)->values) {
    constexpr const char* kKinds[] = {"string", "strings", "boolean", "other"};
    out += " " + key + ":" + kKinds[static_cast<int>(value.kind)] + "(";
    for (const std::string& text_value : value.strings) out += text_value + ";";
    if (value.kind == TomlValue::Kind::kBoolean) out += value.boolean ? "true" : "false";
    out += ")@" + std::to_string(value.line);
  }
  return out;
}

std::string Repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

struct Case {
  std::string text;
  std::string dump;
};

class Toml : public ::testing::TestWithParam<Case> {};

TEST_P(Toml, GivesTheTable) { EXPECT_EQ(Dump(GetParam().text), GetParam().dump); }

INSTANTIATE_TEST_SUITE_P(
    Table, Toml,
    ::testing::Values(
        Case{"[tool.alembic]\n[{a = 1}]", "error 2: not TOML"},
        Case{"\xEF\xBB\xBF[tool.alembic]\n", "error 1: not TOML"}, Case{"", "none"},
        Case{"[tool.alembic]\n", "@1"}, Case{"[tool.\"al\\u0065mbic\"]\n", "@1"},
        Case{"[tool.\"\\U00000061lembic\"]\n", "@1"},
        Case{"[\"to\\u006fl\".\"\\u0061\\u006c\\u0065\\u006d\\u0062\\u0069\\u0063\"]\n", "@1"},
        Case{"[x]\na = \"\\u0061\"\n", "none"},
        Case{"[project]\nname = 'x'\n\n[tool.alembic]\nscript_location = \"a\"\n",
             "@4 script_location:string(a;)@5"},
        Case{"[tool.alembic]\nv = ['a',\n 'b']\nr = true\nn = 1\nm = ['a', 1]\n",
             "@1 m:other(a;)@6 n:other()@5 r:boolean(true)@4 v:strings(a;b;)@2"},
        Case{"[tool]\nalembic.script_location = 'a'\n", "@2 script_location:string(a;)@2"},
        Case{"tool = { alembic = { script_location = 'a' } }\n", "@1 script_location:string(a;)@1"},
        Case{"['tool' . 'alembic' ]\nr = false\n", "@1 r:boolean(false)@2"},
        Case{"[tool.alembic]\nv = []\n", "@1 v:strings()@2"},
        Case{"[[tool.alembic.post_write_hooks]]\nname = 'x'\n", "@1 post_write_hooks:other()@1"},
        Case{"[other.alembic]\n", "none"}, Case{"tool = 1\n[x]\nalembic = 1", "none"},
        Case{"[tool]\nalembic = 1\n", "error 2: tool.alembic is not a table"},
        Case{"[tool.alembic]\nx =\n", "error 2: not TOML"},
        Case{"[tool.alembic]\n<<<<<<< ours\n", "error 2: not TOML"},
        Case{"[.tool.alembic]\n", "error 1: not TOML"},
        Case{"[tool.alembic]\nx = 1\nx = 2\n", "error 3: not TOML"},
        // Broken, and no business of ours: no key can be named alembic.
        Case{"<<<<<<<\n", "none"},
        Case{"<<<<<<<\ndependencies = ['alembic', \"alembic==1.2\", 'alembic>=1']\n", "none"},
        Case{"<<<<<<<\n# alembic\n", "none"},
        Case{"<<<<<<<\n[tool.poetry.dependencies]\nalembic = '^1.13'\n", "error 1: not TOML"}));

// toml++ 3.3 has no defined answer to whether these are white space.
INSTANTIATE_TEST_SUITE_P(
    NotAscii, Toml,
    ::testing::Values(
        Case{"[tool.alembic]\na = '\xC3\xA9'  # \xC3\xA9", "@1 a:string(\xC3\xA9;)@2"},
        Case{"[tool.alembic]\n\xC3\xA9 = 1", "error 2: not TOML"},
        Case{"[tool.alembic]\na\xC3\xA9 = 1", "error 2: not TOML"},
        Case{"[tool.alembic]\na = 1\xC2\xA0", "error 2: not TOML"},
        Case{"[tool.alembic]\na = \"\"\"\n\\\n \xC3\xA9\xC3\xA9\\ \n\n\xD0\xA4\"\"\"\nb = 1",
             "@1 a:string(\xC3\xA9\xC3\xA9\xD0\xA4;)@2 b:other()@7"},
        Case{"[tool.alembic]\na = \"\"\"\\\xC3\xA9\"\"\"", "error 2: not TOML"},
        Case{"[tool.alembic]\na = \"\\\xC3\xA9\"", "error 2: not TOML"},
        Case{"[tool.alembic]\na = 1\"\xC3\xA9\"", "error 2: not TOML"},
        Case{"\"tool\".\"alembic\"={'a'=[\"\xC3\xA9\",'b']}", "@1 a:strings(\xC3\xA9;b;)@1"},
        Case{"[tool.alembic]\na = \"\"\"\\\n\xFF\"\"\"", "error 3: not TOML"}));

INSTANTIATE_TEST_SUITE_P(
    Depth, Toml,
    ::testing::Values(
        Case{"[tool.alembic]\nx = " + Repeat("[", 32) + Repeat("]", 32), "@1 x:other()@2"},
        Case{"[tool.alembic]\nx = " + Repeat("[", 33) + Repeat("]", 33),
             "error 2: it nests too deeply"},
        Case{"[tool.alembic]\nx = " + Repeat("[", 100000), "error 2: it nests too deeply"},
        Case{"[tool.alembic]\nx = " + Repeat("{a=", 100000), "error 2: it nests too deeply"},
        Case{"[tool.alembic]\n" + Repeat("a.", 31) + "a = 1", "@1 a:other()@2"},
        Case{"[tool.alembic]\n" + Repeat("a.", 100000) + "a = 1", "error 2: it nests too deeply"},
        Case{"[tool.alembic]\n" + Repeat("\"[\".", 100000) + "a = 1",
             "error 2: it nests too deeply"},
        // Brackets and dots in strings and comments do not nest.
        Case{"[tool.alembic]\na = '" + Repeat("[.", 40) + "'\n",
             "@1 a:string(" + Repeat("[.", 40) + ";)@2"},
        Case{"[tool.alembic]\n# " + Repeat("[.", 40) + "\na = \"\"\"\\\"\n[" + Repeat("[.", 40) +
                 "\"\"\"\"\nb = true",
             "@1 a:string(\"\n[" + Repeat("[.", 40) + "\";)@3 b:boolean(true)@5"},
        // A list of many versions on one line is not deep.
        Case{"[tool.alembic]\na = [" + Repeat("1.5, ", 100) + "]", "@1 a:other()@2"}));

}  // namespace
}  // namespace onehead
