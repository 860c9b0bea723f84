#include "onehead/base/text.h"

#include <gtest/gtest.h>

namespace onehead {
namespace {

TEST(Printable, KeepsTextAndReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(Printable("add caf\xC3\xA9"), "add caf\xC3\xA9");
  EXPECT_EQ(Printable("a\x1B[31mb\nc\x7F"), "a?[31mb?c?");
  EXPECT_EQ(Printable("a\xC2\x9B"
                      "b"),
            "a?b");  // C1 control
  EXPECT_EQ(Printable("a\xE2\x80\xAE"
                      "b"),
            "a?b");  // right-to-left override
  EXPECT_EQ(Printable("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");                                                // not UTF-8
  EXPECT_EQ(Printable("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
  EXPECT_EQ(Printable("\xED\xA0\x80").size(), 9u);               // surrogate
  EXPECT_EQ(Printable(std::string("a\0b", 3)), "a?b");
}

TEST(Printable, CutsAtACharacter) {
  EXPECT_EQ(Printable("abcdef", 3), "abc...");
  EXPECT_EQ(Printable("abc", 3), "abc");
  EXPECT_EQ(Printable("ab\xC3\xA9", 3), "ab...");
}

TEST(PrintableLines, KeepsLineFeedsAndTabs) { EXPECT_EQ(PrintableLines("a\n\tb\r"), "a\n\tb?"); }

TEST(Split, GivesEveryPiece) {
  EXPECT_EQ(Split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(Split("", ','), (std::vector<std::string_view>{""}));
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
