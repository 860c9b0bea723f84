#include "core/python/literal.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace onehead {
namespace {

std::string Dump(const std::string& text, Encoding encoding) {
  Tokenizer tokenizer(text, 0, encoding);
  const Token token = tokenizer.Next();
  if (token.kind != TokenKind::kString) return "no string";
  const Literal literal = DecodeString(token, text, encoding);
  switch (literal.state) {
    case LiteralState::kText:
      return "=" + literal.text;
    case LiteralState::kNotText:
      return "not text";
    case LiteralState::kUnknown:
      return "?" + literal.text + ": " + std::string(literal.problem);
    case LiteralState::kMalformed:
      return "!" + std::string(literal.problem);
  }
  return "";
}

struct Row {
  std::string text;
  std::string expected;
};

void Check(const std::vector<Row>& rows, Encoding encoding = Encoding::kUtf8) {
  for (const Row& row : rows) EXPECT_EQ(Dump(row.text, encoding), row.expected) << row.text;
}

TEST(Literal, Plain) {
  Check({{"'abc'", "=abc"},
         {"\"it's\"", "=it's"},
         {"''", "="},
         {"''''''", "="},
         {"'''a'b\"c'''", "=a'b\"c"},
         {"u'a'", "=a"},
         {"'''a\r\nb\rc\nd'''", "=a\nb\nc\nd"},
         {"'{a}'", "={a}"},
         {"'{{'", "={{"}});
}

TEST(Literal, Escapes) {
  Check({{R"('\\ \' \" \a\b\f\n\r\t\v')", "=\\ ' \" \a\b\f\n\r\t\v"},
         {R"('\101\1012\7\08')", "=AA2\7" + std::string("\0", 1) + "8"},
         {R"('\400\777')", "=\xC4\x80\xC7\xBF"},
         {R"('\x41\x4a\x4A1')", "=AJJ1"},
         {R"('\u00e9\u4e2d')", "=\xC3\xA9\xE4\xB8\xAD"},
         {R"('\U0001F600\U0010ffff')", "=\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"},
         {"'a\\\nb\\\r\nc\\\rd'", "=abcd"},
         {R"('\d\%\ \X41')", R"(=\d\%\ \X41)"},
         {R"('\{')", R"(=\{)"}});
}

TEST(Literal, Malformed) {
  Check({{R"('\x')", "!malformed \\x escape"},
         {R"('\x4')", "!malformed \\x escape"},
         {R"('\xg0')", "!malformed \\x escape"},
         {R"('\u123')", "!malformed \\u escape"},
         {R"('\U0001F60')", "!malformed \\U escape"},
         {R"('\U00110000')", "!malformed \\U escape"},
         {R"('\Ufffffffff')", "!malformed \\U escape"},
         {R"('\N')", "!malformed \\N escape"},
         {R"('\N{}')", "!malformed \\N escape"},
         {R"('\N{DASH')", "!malformed \\N escape"},
         {R"('\ud800\x')", "!malformed \\x escape"}});
}

TEST(Literal, Raw) {
  Check({{R"(r'\n\x\'')", R"(=\n\x\')"},
         {"R'a\\\nb'", "=a\\\nb"},
         {"r'''a\r\nb'''", "=a\nb"},
         {R"(r'\N{x}')", R"(=\N{x})"}});
}

TEST(Literal, NotText) {
  Check(
      {{"b'a'", "not text"}, {"Rb'a'", "not text"}, {"br'\\x'", "not text"}, {"t'a'", "not text"}});
}

TEST(Literal, Format) {
  Check({{"f'a'", "=a"},
         {"f'{{a}}'", "={a}"},
         {"f'{{{{'", "={{"},
         {R"(f'\x41')", "=A"},
         {R"(rf'\x41')", R"(=\x41)"},
         {R"(rf'{{\n')", R"(={\n)"},
         {"f'{a}'", "?: the fields of an f-string cannot be evaluated"}});
}

TEST(Literal, Unknown) {
  Check({{R"('a\N{EM DASH}b')", R"(?a\N{EM DASH}b: a \N{...} escape is not looked up)"},
         {R"('\udc00')", "?\xEF\xBF\xBD: a lone surrogate is not text"},
         {"'a\xFF'", "?a\xEF\xBF\xBD: the characters of this source encoding are not known"}});
}

TEST(Literal, SourceEncodings) {
  Check({{"'\xE9\xA4'", "=\xC3\xA9\xC2\xA4"}}, Encoding::kLatin1);
  Check({{"'\xE9\xA4'", "=\xC3\xA9\xE2\x82\xAC"}}, Encoding::kLatin9);
  Check({{"'\xE9\x80'", "=\xC3\xA9\xE2\x82\xAC"}}, Encoding::kWindows1252);
  Check({{"'a'", "=a"},
         {"'\xE9'", "?\xEF\xBF\xBD: the characters of this source encoding are not known"}},
        Encoding::kOtherByByte);
}

TEST(Encoding, Cookies) {
  struct CookieRow {
    const char* name;
    Encoding encoding;
  };
  for (const CookieRow& row : std::vector<CookieRow>{{"utf-8", Encoding::kUtf8},
                                                     {"UTF8", Encoding::kUtf8},
                                                     {"utf_8_sig", Encoding::kUtf8},
                                                     {"utf-8-unix", Encoding::kUtf8},
                                                     {"us-ascii", Encoding::kAscii},
                                                     {"Latin-1", Encoding::kLatin1},
                                                     {"iso-8859-1-dos", Encoding::kLatin1},
                                                     {"iso-8859-15", Encoding::kLatin9},
                                                     {"windows-1252", Encoding::kWindows1252},
                                                     {"iso8859-2", Encoding::kOtherByByte},
                                                     {"cp1251", Encoding::kOtherByByte},
                                                     {"koi8-r", Encoding::kOtherByByte},
                                                     {"shift_jis", Encoding::kOtherSequence},
                                                     {"utf-7", Encoding::kNone},
                                                     {"utf-16", Encoding::kNone},
                                                     {"rot13", Encoding::kNone},
                                                     {"iso-8859-12", Encoding::kNone},
                                                     {"cp125", Encoding::kNone},
                                                     {"", Encoding::kNone}}) {
    EXPECT_EQ(EncodingFromCookie(row.name), row.encoding) << row.name;
  }
}

TEST(Encoding, WhereACookieStands) {
  const auto cookie = [](std::string_view text) { return ReadSourceHead(text).cookie; };
  EXPECT_EQ(cookie("# coding: a"), "a");
  EXPECT_EQ(cookie("# -*- coding: a-b_c.d -*-"), "a-b_c.d");
  EXPECT_EQ(cookie("# vim: set fileencoding=a :"), "a");
  EXPECT_EQ(cookie(" \t\f#coding=a"), "a");
  EXPECT_EQ(cookie("\n# coding: a"), "a");
  EXPECT_EQ(cookie("#!x\r\n# coding: a"), "a");
  EXPECT_EQ(cookie("# coding: a\n# coding: b"), "a");
  EXPECT_EQ(cookie("# coding x coding: a"), "a");
  EXPECT_EQ(cookie("# coding : a"), "");
  EXPECT_EQ(cookie("x = 1 # coding: a"), "");
  EXPECT_EQ(cookie("x = 1\n# coding: a"), "");
  EXPECT_EQ(cookie("\n\n# coding: a"), "");
  EXPECT_EQ(cookie("# coding:"), "");
  EXPECT_EQ(ReadSourceHead("\xEF\xBB\xBF# coding: utf-8").bom_size, 3u);
}

}  // namespace
}  // namespace onehead
