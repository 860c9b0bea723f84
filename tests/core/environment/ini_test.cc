// The expected values were taken from Python 3.11's configparser.
#include "core/environment/ini.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace onehead {
namespace {

// "[section]key=value@line|", defaults last; or "error LINE: message".
std::string Dump(std::string_view text) {
  const Result<IniFile> file = IniFile::Parse(text);
  if (!file) return "error " + std::to_string(file.error().line) + ": " + file.error().message;
  std::string out;
  const auto add = [&](const std::string& name, const IniOptions& options) {
    out += "[" + name + "]";
    for (const auto& [key, value] : options) {
      std::string shown;
      for (char c : value.text) shown += c == '\n' ? std::string("\\n") : std::string(1, c);
      out += key + "=" + shown + "@" + std::to_string(value.line) + "|";
    }
  };
  for (const IniSection& section : file->sections()) add(section.name, section.options);
  if (!file->defaults().empty()) add("DEFAULT", file->defaults());
  return out;
}

struct Case {
  std::string text;
  std::string result;
};

class IniParse : public ::testing::TestWithParam<Case> {};

TEST_P(IniParse, GivesWhatConfigParserGives) {
  EXPECT_EQ(Dump(GetParam().text), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Table, IniParse,
    ::testing::Values(
        Case{"", ""}, Case{"# only a comment\n", ""}, Case{"[a]", "[a]"},
        Case{"[a]\nk = v\n", "[a]k=v@2|"}, Case{"[a]\nk: v\n", "[a]k=v@2|"},
        Case{"[a]\nk=a=b:c\n", "[a]k=a=b:c@2|"}, Case{"[a]\nk a : b = c\n", "[a]k a=b = c@2|"},
        Case{"[a]\nKey = V\n", "[a]key=V@2|"}, Case{"[a]\nk =\n", "[a]k=@2|"},
        Case{"[a]\r\nk = v\r\nl = w\r", "[a]k=v@2|l=w@3|"},
        // No inline comments: what stands there belongs to the value.
        Case{"[a]\nk = os  # a comment\n", "[a]k=os  # a comment@2|"},
        Case{"[a]\nk = a ; b\n", "[a]k=a ; b@2|"},
        // Continuation: deeper than the line with the key, over comments and empty lines.
        Case{"[a]\nk = 1\n  2\n 3\nl = 4\n", "[a]k=1\\n2\\n3@2|l=4@5|"},
        Case{"[a]\nk = 1\n# no\n  # no\n  2\n", "[a]k=1\\n2@2|"},
        Case{"[a]\nk = 1\n\n  2\n\n\n", "[a]k=1\\n\\n2@2|"},
        Case{"[a]\nk =\n  1\n", "[a]k=\\n1@2|"}, Case{"[a]\n  k = 1\n  l = 2\n", "[a]k=1@2|l=2@3|"},
        Case{"[a]\nk = 1\n  [b]\n", "[a]k=1\\n[b]@2|"},
        Case{"[a]\nk = 1\n  l = 2\n", "[a]k=1\\nl = 2@2|"}, Case{"  [a]\nk = 1\n", "[a]k=1@2|"},
        // Any Unicode white space indents, one character each.
        Case{"[a]\n k=1\n\xC2\xA0l=2\n\xE2\x80\x83\xE2\x80\x83x\n", "[a]k=1@2|l=2\\nx@3|"},
        Case{"[a]\nk = \xC2\x85v\x1C\n", "[a]k=v@2|"},
        // Headers are greedy, and what follows the last bracket is ignored.
        Case{"[a] x\n", "[a]"}, Case{"[a]b]c\n", "[a]b]"}, Case{"[[a]]\n", "[[a]]"},
        Case{"[a b]\n", "[a b]"},
        // DEFAULT may come again; its options may not.
        Case{"[DEFAULT]\nk=1\n[a]\n[DEFAULT]\nl=2\n", "[a][DEFAULT]k=1@2|l=2@5|"},
        Case{"[default]\nk=1\n", "[default]k=1@2|"},
        // Bytes that are not UTF-8 stay.
        Case{"[a]\nk = \xE9t\xE9\n# \xFF\n", "[a]k=\xE9t\xE9@2|"}));

INSTANTIATE_TEST_SUITE_P(
    Errors, IniParse,
    ::testing::Values(
        Case{"k = 1\n", "error 1: 'k = 1' stands before the first section header"},
        Case{"\xEF\xBB\xBF[a]\n", "error 1: '\\ufeff[a]' stands before the first section header"},
        Case{"[]\n", "error 1: '[]' stands before the first section header"},
        Case{"[a\n", "error 1: '[a' stands before the first section header"},
        Case{"[a]\n[b]\n[a]\n", "error 3: section 'a' is already in line 1"},
        Case{"[a]\nk=1\n\nK=2\n", "error 4: option 'k' of section 'a' is already in line 2"},
        Case{"[DEFAULT]\nk=1\n[DEFAULT]\nk=2\n",
             "error 4: option 'k' of section 'DEFAULT' is already in line 2"},
        Case{"[a]\nword\n", "error 2: 'word' is neither 'key = value' nor a section"},
        Case{"[a]\n = v\n", "error 2: '= v' has no key"},
        Case{"[a]\n  word\nk\n", "error 2: 'word' is neither 'key = value' nor a section"},
        Case{"[a]\n<<<<<<< ours\n",
             "error 2: '<<<<<<< ours' is neither 'key = value' nor a section"}));

// The value of [a] k, "none", or "error LINE: message".
std::string GetK(std::string_view text) {
  const Result<IniFile> file = IniFile::Parse(text);
  if (!file) return "cannot be parsed: " + file.error().message;
  const Result<std::optional<IniValue>> value = file->Get("a", "k", "HERE");
  if (!value) return "error " + std::to_string(value.error().line) + ": " + value.error().message;
  return *value ? (*value)->text : "none";
}

class IniGet : public ::testing::TestWithParam<Case> {};

TEST_P(IniGet, Interpolates) { EXPECT_EQ(GetK(GetParam().text), GetParam().result); }

const char kPercent[] = ": a percent sign must be written %%, or be part of %(name)s";

INSTANTIATE_TEST_SUITE_P(
    Table, IniGet,
    ::testing::Values(Case{"[a]\nk = v", "v"}, Case{"[a]\nl = v", "none"},
                      Case{"[b]\nk = v", "none"}, Case{"[DEFAULT]\nk = v", "none"},
                      Case{"[a]\n[DEFAULT]\nk = v", "v"}, Case{"[a]\nk=w\n[DEFAULT]\nk = v", "w"},
                      Case{"[a]\nk = %(here)s/x", "HERE/x"}, Case{"[a]\nk = %(HERE)s/x", "HERE/x"},
                      Case{"[a]\nk = %(here)s\nhere = z", "z"},
                      Case{"[a]\nk = %(here)s\n[DEFAULT]\nhere = y", "y"},
                      Case{"[a]\nk = 100%%", "100%"}, Case{"[a]\nk = %%(here)s", "%(here)s"},
                      Case{"[a]\nk = %(l)s-%(l)s\nl = %(m)s\nm = 1%%", "1%-1%"},
                      Case{"[a]\nk = %(l)s\n[DEFAULT]\nl = d", "d"},
                      // Only what is read is interpolated.
                      Case{"[a]\nk = v\nl = %(nothing)s %", "v"},
                      Case{"[a]\nj=1\nk = %(nothing)s",
                           "error 3: k: %(nothing)s names an option that is not there"},
                      Case{"[a]\nk = 5%", std::string("error 2: k: '%'") + kPercent},
                      Case{"[a]\nk = %x", std::string("error 2: k: '%x'") + kPercent},
                      Case{"[a]\nk = %()s", std::string("error 2: k: '%()s'") + kPercent},
                      Case{"[a]\nk = %(l)d\nl=1", std::string("error 2: k: '%(l)d'") + kPercent},
                      Case{"[a]\nk = %(k)s",
                           "error 2: k: %(k)s is nested more than 10 levels deep"}));

// k -> k1 -> ... -> k`levels`, whose value is `last`.
std::string Chain(int levels, const std::string& last) {
  std::string text = "[a]\nk = %(k1)s\n";
  for (int i = 1; i < levels; ++i) {
    text += "k" + std::to_string(i) + " = %(k" + std::to_string(i + 1) + ")s\n";
  }
  return text + "k" + std::to_string(levels) + " = " + last + "\n";
}

TEST(IniGetLimits, TenLevelsAreRead) {
  EXPECT_EQ(GetK(Chain(9, "%%")), "%");
  EXPECT_EQ(GetK(Chain(10, "v")), "v");  // a value without "%" is no level of its own
  EXPECT_EQ(GetK(Chain(10, "%%")), "error 2: k: %(k10)s is nested more than 10 levels deep");
}

TEST(IniGetLimits, ACopyingMachineStops) {
  std::string text = "[a]\nk = %(k1)s\n";
  for (int i = 1; i < 9; ++i) {
    text += "k" + std::to_string(i) + " = ";
    for (int j = 0; j < 100; ++j) text += "%(k" + std::to_string(i + 1) + ")s";
    text += "\n";
  }
  text += "k9 = x%%\n";
  EXPECT_EQ(GetK(text), "error 2: k: value too large or too many references");
  const std::string big = "[a]\nl = " + std::string(6000, 'x') +
                          "\nk = %(l)s%(l)s%(l)s%(l)s%(l)s%(l)s%(l)s%(l)s%(l)s%(l)s%(l)s\n";
  EXPECT_EQ(GetK(big), "error 3: k: value too large or too many references");
}

}  // namespace
}  // namespace onehead
