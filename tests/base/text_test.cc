#include "onehead/base/text.h"

#include <gtest/gtest.h>

namespace onehead {
namespace {

TEST(Printable, KeepsTextAndEscapesWhatATerminalWouldObeyOrNobodySees) {
  const struct {
    std::string text;
    const char* printed;
  } kCases[] = {
      {"add caf\u00e9 \u2764\ufe0f \U0001F469\u200D\U0001F4BB", nullptr},
      {"\u0646\u0645\u06cc\u200c\u062f\u0627", nullptr},
      {"a\x1B[31mb\nc\x7F", "a\\x1b[31mb\\x0ac\\x7f"},
      {"a\u009bb", "a\\x9bb"},                                // C1
      {"a\u202eb\u2066c", "a\\u202eb\\u2066c"},               // bidirectional
      {"a\u200bb\u200dc\ufe0f", "a\\u200bb\\u200dc\\ufe0f"},  // without width, behind ASCII
      {"a\ufe04\ufe04", "a\\ufe04\\ufe04"},                   // nor behind what is written out
      {"a\u2028b\ufeffc\u00add", "a\\u2028b\\ufeffc\\xadd"},
      {"a\U000E0041", "a\\U000e0041"},  // a tag
      {"a\xFF"
       "b",
       "a\\xffb"},
      {"\xC0\x80", "\\xc0\\x80"},           // overlong
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},  // a surrogate
      {std::string("a\0b", 3), "a\\x00b"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Printable(c.text), c.printed != nullptr ? c.printed : c.text);
    EXPECT_EQ(Printable(Printable(c.text)), Printable(c.text));
  }
}

TEST(Printable, CutsAtACharacter) {
  EXPECT_EQ(Printable("abcdef", 3), "abc...");
  EXPECT_EQ(Printable("abc", 3), "abc");
  EXPECT_EQ(Printable("ab\xC3\xA9", 3), "ab...");
}

TEST(PrintableLines, KeepsLineFeedsAndTabs) {
  EXPECT_EQ(PrintableLines("a\n\tb\r"), "a\n\tb\\x0d");
}

TEST(Split, GivesEveryPiece) {
  EXPECT_EQ(Split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(Split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Lower, ChangesAsciiLettersOnly) { EXPECT_EQ(Lower("aZ-9_\xC3\x89"), "az-9_\xC3\x89"); }

TEST(CommonPrefix, CountsToTheFirstDifference) {
  const std::string text(3000, 'a');
  EXPECT_EQ(CommonPrefix("", text), 0U);
  EXPECT_EQ(CommonPrefix(text, text), 3000U);
  EXPECT_EQ(CommonPrefix(text, text.substr(0, 2999)), 2999U);
  for (const std::size_t at : {0U, 1U, 7U, 8U, 1023U, 1024U, 1030U, 2047U, 2048U, 2999U}) {
    std::string other = text;
    other[at] = 'b';
    EXPECT_EQ(CommonPrefix(text, other), at);
  }
}

TEST(ShellWord, IsQuotedOnlyWhereThatIsNeeded) {
  for (const char* plain : {"a", "versions/0044_audit.py", "-n", "1.2.3", "a@b"}) {
    EXPECT_EQ(ShellWord(plain), plain);
  }
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("a b"), "'a b'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  for (const char* special : {"$x", "a*", "~", "a;b", "(a)", "a\\b", "a\nb", "\xC3\xA4", "a=b"}) {
    EXPECT_EQ(ShellWord(special), ShellQuote(special));
  }
}

TEST(Paths, JoinAndTakeApart) {
  EXPECT_EQ(JoinPath("", "a"), "a");
  EXPECT_EQ(JoinPath("a/b", "c"), "a/b/c");
  EXPECT_EQ(DirName("a/b/c"), "a/b");
  EXPECT_EQ(DirName("a"), "");
  EXPECT_EQ(BaseName("a/b"), "b");
  EXPECT_TRUE(IsUnder("a/b", "a"));
  EXPECT_TRUE(IsUnder("a", "a"));
  EXPECT_TRUE(IsUnder("a", ""));
  EXPECT_FALSE(IsUnder("ab", "a"));
}

TEST(Paths, NormalizeStaysInside) {
  std::string out = "unchanged";
  EXPECT_FALSE(NormalizePath("a", "../..", &out));
  EXPECT_FALSE(NormalizePath("a", "/etc", &out));
  EXPECT_EQ(out, "unchanged");
  EXPECT_TRUE(NormalizePath("a/b", "../c/./d//e/", &out));
  EXPECT_EQ(out, "a/c/d/e");
  EXPECT_TRUE(NormalizePath("a", "..", &out));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace onehead
