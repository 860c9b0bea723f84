#include "core/python/tokenizer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace onehead {
namespace {

// "name(x) string(1)": each token as its kind and text.
std::string Dump(const std::string& text) {
  Tokenizer tokenizer(text, 0, Encoding::kUtf8);
  std::string dump;
  for (;;) {
    const Token token = tokenizer.Next();
    const std::string bytes = text.substr(token.begin, token.end - token.begin);
    if (!dump.empty()) dump += " ";
    switch (token.kind) {
      case TokenKind::kEnd:
        return dump + "$";
      case TokenKind::kError:
        return dump + "!" + std::to_string(tokenizer.error().line) + ": " +
               tokenizer.error().reason;
      case TokenKind::kNewline:
        dump += ";";
        break;
      case TokenKind::kIndent:
        dump += "{{";
        break;
      case TokenKind::kDedent:
        dump += "}}";
        break;
      case TokenKind::kName:
        dump += bytes;
        break;
      case TokenKind::kNumber:
        dump += "#" + bytes;
        break;
      case TokenKind::kString:
        dump += "s" + bytes;
        break;
      case TokenKind::kOperator:
        dump += bytes;
        break;
    }
  }
}

struct Row {
  const char* text;
  const char* expected;
};

void Check(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(Dump(row.text), row.expected) << row.text;
}

TEST(Tokenizer, LinesAndBlanks) {
  Check({{"", "$"},
         {"a", "a ; $"},
         {"a\n", "a ; $"},
         {"a\r\nb\rc\n", "a ; b ; c ; $"},
         {"\n\n a # c\n", "{{ a ; }} $"},
         {"# c", "$"},
         {"a # c\n# d\nb", "a ; b ; $"},
         {"a \\\n b", "a b ; $"},
         {"a \\\r\n b", "a b ; $"},
         {"(a\n\n  # c\nb)", "( a b ) ; $"},
         {"a\f;\tb", "a ; b ; $"},
         {"\f  a", "{{ a ; }} $"},
         {"  \fa", "a ; $"},
         {"a\n   ", "a ; $"}});
}

TEST(Tokenizer, Indentation) {
  Check({{"a:\n b\nc", "a : ; {{ b ; }} c ; $"},
         {"a:\n b:\n  c\nd", "a : ; {{ b : ; {{ c ; }} }} d ; $"},
         {"a:\n b\n\n # x\n b", "a : ; {{ b ; b ; }} $"},
         {"a:\n\tb\n\tc", "a : ; {{ b ; c ; }} $"},
         {"a:\n b\n# x\n b", "a : ; {{ b ; b ; }} $"},
         {"a:\n  b\n  \\\nc", "a : ; {{ b ; c ; }} $"},
         {"a:\n  b\n c", "a : ; {{ b ; !3: the indentation does not match any outer level"},
         {"a:\n\tb\n        c",
          "a : ; {{ b ; !3: inconsistent use of tabs and spaces in indentation"},
         {"a:\n        b\n\tc",
          "a : ; {{ b ; !3: inconsistent use of tabs and spaces in indentation"}});
}

TEST(Tokenizer, Operators) {
  Check({{"a=b==c:=d", "a = b == c := d ; $"},
         {"a**=b//=c>>=d<<=e", "a **= b //= c >>= d <<= e ; $"},
         {"a->b...c", "a -> b ... c ; $"},
         {"a..b", "a . . b ; $"},
         {"a!=b<>c<=d", "a != b <> c <= d ; $"},
         {"a@=b|=c^=d&=e%=f", "a @= b |= c ^= d &= e %= f ; $"},
         {"a=-1", "a = - #1 ; $"},
         {"x[::-1]", "x [ : : - #1 ] ; $"},
         {"a ! b", "a !1: a character that cannot be in Python source"},
         {"a $", "a !1: a character that cannot be in Python source"},
         {"\x01", "!1: a character that cannot be in Python source"}});
}

TEST(Tokenizer, Numbers) {
  Check({{"0 00 0_0 1_000 12", "#0 #00 #0_0 #1_000 #12 ; $"},
         {"0xFf 0o17 0B01 0x_f", "#0xFf #0o17 #0B01 #0x_f ; $"},
         {"1.5 .5 1. 1e5 1E-5 1.5e+5j 0777.5 08e1 0j 09j",
          "#1.5 #.5 #1. #1e5 #1E-5 #1.5e+5j #0777.5 #08e1 #0j #09j ; $"},
         {"1if x else 2", "#1 if x else #2 ; $"},
         {"0xfor x", "#0xf or x ; $"},
         {"1..real", "#1. . real ; $"},
         {"0777", "!1: leading zeros in decimal integer literals are not permitted"},
         {"10L", "!1: invalid decimal literal"},
         {"1__0", "!1: invalid decimal literal"},
         {"1_", "!1: invalid decimal literal"},
         {"12abc", "!1: invalid decimal literal"},
         {"1e+", "!1: invalid decimal literal"},
         {"0x", "!1: invalid hexadecimal literal"},
         {"0o8", "!1: invalid octal literal"},
         {"0b12", "!1: invalid binary literal"}});
}

TEST(Tokenizer, Strings) {
  Check({{"'a' \"b\" ''", "s'a' s\"b\" s'' ; $"},
         {"'''a'b''c''' \"\"\"\n\"\"\"", "s'''a'b''c''' s\"\"\"\n\"\"\" ; $"},
         {"'\\'' '\\\\'", "s'\\'' s'\\\\' ; $"},
         {"r'\\' '", "sr'\\' ' ; $"},
         {"'a\\\nb'", "s'a\\\nb' ; $"},
         {"'a\\\r\nb'", "s'a\\\r\nb' ; $"},
         {"r'' b'' u'' br'' Rb'' f'' fr'' t'' bR''",
          "sr'' sb'' su'' sbr'' sRb'' sf'' sfr'' st'' sbR'' ; $"},
         {"ur'' ub'' bu'' bf'' rr'' x''", "ur s'' ub s'' bu s'' bf s'' rr s'' x s'' ; $"},
         {"'#' # '", "s'#' ; $"},
         {"'a", "!1: unterminated string literal"},
         {"'a\nb'", "!1: unterminated string literal"},
         {"\n'''a\n\nb''", "!2: unterminated triple-quoted string literal"},
         {"'a\\", "!1: unterminated string literal"}});
}

TEST(Tokenizer, FormatStrings) {
  Check({{"f'{a}' f'{{' f'{a[\"b\"]}'", "sf'{a}' sf'{{' sf'{a[\"b\"]}' ; $"},
         {"f'{a['b']}'", "sf'{a['b']}' ; $"},
         {"f'{f'{f'x'}'}'", "sf'{f'{f'x'}'}' ; $"},
         {"f'{a:{b}.{c}}' f'{a!r:>5}'", "sf'{a:{b}.{c}}' sf'{a!r:>5}' ; $"},
         {"f'{ {1: 2}[1] }' f'{(lambda: 0)()}'", "sf'{ {1: 2}[1] }' sf'{(lambda: 0)()}' ; $"},
         {"f'\\N{DASH}' rf'\\N{x}' f'\\{x}'", "sf'\\N{DASH}' srf'\\N{x}' sf'\\{x}' ; $"},
         {"f'''{\na\n}'''", "sf'''{\na\n}''' ; $"},
         {"f'{a}}'", "!1: f-string: single '}' is not allowed"},
         {"f'{a'", "!1: unterminated string literal"},
         {"f'{(a}'", "!1: f-string: unmatched bracket"},
         {"f'{a:b'", "!1: f-string: expecting '}'"}});
}

TEST(Tokenizer, Brackets) {
  Check({{"([{}])", "( [ { } ] ) ; $"},
         {"(]", "( !1: ']' does not match the opening '(' of line 1"},
         {")", "!1: unmatched ')'"},
         {"a\n(\n\n", "a ; ( !2: '(' is never closed"}});
}

TEST(Tokenizer, Continuations) {
  Check({{"a \\ \nb", "a !1: a character follows a line continuation"},
         {"a \\", "a !1: the text ends after a backslash"},
         {"a \\\n", "a !1: the text ends after a backslash"}});
}

TEST(Tokenizer, Characters) {
  Check({{"\xC3\xA9 = \xE4\xB8\xAD", "\xC3\xA9 = \xE4\xB8\xAD ; $"},
         {"\xE2\x80\x9Cx\xE2\x80\x9D", "!1: invalid character U+201C"},
         {"a\xC2\xA0= 1", "!1: invalid character U+00A0"},
         {"'\xE2\x80\x9C'", "s'\xE2\x80\x9C' ; $"}});
}

TEST(Tokenizer, ConflictMarkersAreNoTokens) {
  Check({{"a\n<<<<<<< x y'\nb\n=======\nc\n>>>>>>> z\nd", "a ; b ; c ; d ; $"},
         {"(a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> z\n)", "( a b c ) ; $"},
         {"<<<<<<<", "$"},
         {"a <<<<<<< b", "a << << << < b ; $"},
         {"(\n<<<<<<<<b)", "( << << << << b ) ; $"},
         {"(\n=======b)", "( == == == = b ) ; $"}});
}

TEST(Tokenizer, OneDefectForAConflict) {
  const std::string text =
      "<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n'''\n=======\n'''\n>>>>>>> d\n<<<<<<< e\n";
  Tokenizer tokenizer(text, 0, Encoding::kUtf8);
  while (tokenizer.Next().kind != TokenKind::kEnd) continue;
  ASSERT_EQ(tokenizer.conflicts().size(), 3u);
  EXPECT_EQ(tokenizer.conflicts()[0],
            (ReadDefect{1, "a conflict marker starts a line", "<<<<<<< a"}));
  EXPECT_EQ(tokenizer.conflicts()[1].line, 8);
  EXPECT_EQ(tokenizer.conflicts()[2].line, 9);
  EXPECT_EQ(tokenizer.markers_seen(), 6);
  EXPECT_TRUE(tokenizer.in_conflict());
}

TEST(Tokenizer, LinesOfTokens) {
  const std::string text = "a\n'''\n\n''' b\r\n(\rc \\\nd)";
  Tokenizer tokenizer(text, 0, Encoding::kUtf8);
  std::string lines;
  for (Token token = tokenizer.Next(); token.kind != TokenKind::kEnd; token = tokenizer.Next()) {
    if (token.kind != TokenKind::kNewline) lines += std::to_string(token.line);
  }
  EXPECT_EQ(lines, "1245677") << "a, the string, b, (, c, d, )";
}

TEST(OneLine, ShortensAndCleans) {
  EXPECT_EQ(OneLine("f(\n    a,\r\n  b )"), "f( a, b )");
  EXPECT_EQ(OneLine("a  b\tc"), "a  b\\x09c");
  EXPECT_EQ(OneLine(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(OneLine(std::string(81, 'x')), std::string(77, 'x') + "...");
  EXPECT_EQ(OneLine(std::string(5000, '\n') + "x").size(), 4u);
  EXPECT_EQ(OneLine("\xFF"), "\\xff");
  EXPECT_EQ(OneLine(""), "");
}

constexpr std::string_view kWaitedFor[] = {"global", "revision", "x"};
constexpr WordFilter kFilter = WordFilter().With(kWaitedFor);

bool IsWaitedFor(const Token& token, std::string_view text) {
  switch (token.kind) {
    case TokenKind::kName:
      return kFilter.MayHold(text.substr(token.begin, token.end - token.begin));
    case TokenKind::kString:
      return (token.flags & kHasFields) != 0;
    case TokenKind::kNewline:
    case TokenKind::kNumber:
    case TokenKind::kOperator:
      return false;
    default:
      return true;
  }
}

std::string Shown(const Token& token, const Tokenizer& tokenizer) {
  std::string shown = std::to_string(static_cast<int>(token.kind)) + "/" +
                      std::to_string(token.flags) + "@" + std::to_string(token.line) + ":" +
                      std::to_string(token.begin) + "-" + std::to_string(token.end);
  if (token.kind == TokenKind::kError)
    shown += tokenizer.error().reason + tokenizer.error().expression;
  return shown + " " + std::to_string(tokenizer.markers_seen()) + "\n";
}

// All tokens that are waited for; `next` takes the next one.
template <typename Next>
std::string Waited(std::string_view text, Next next) {
  Tokenizer tokenizer(text, 0, Encoding::kUtf8, kFilter);
  std::string shown;
  for (;;) {
    const Token token = next(&tokenizer);
    if (IsWaitedFor(token, text)) shown += Shown(token, tokenizer);
    if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kError) return shown;
  }
}

void CheckPassingOver(std::string_view given) {
  // Of exactly that size: a sanitizer notices what is read behind it.
  const std::vector<char> bytes(given.begin(), given.end());
  const std::string_view text(bytes.data(), bytes.size());
  EXPECT_EQ(Waited(text, [](Tokenizer* tokenizer) { return tokenizer->NextWanted(); }),
            Waited(text, [](Tokenizer* tokenizer) { return tokenizer->Next(); }))
      << text;
}

TEST(Tokenizer, WhatIsPassedOverIsReadByTheSameRules) {
  for (const std::string_view text :
       {"def f():\n  global x, y\n  a.x; x.a\n", "x = 'x' r'x' f'{x}' b'''\nx''' .5 x\n",
        "f(x,\n<<<<<<< a\nx)\nx\n", "f'{a}' global\nx global\n'x' global\n", "a = (1, 0x, x)\n",
        "f'", "a\n'", "a\nu'x'\nu'", "(\r\nr'", "a.x 5.x ..5x ...5 x\n", "u'a'x fr'{x}'x b''x\n",
        "if a:\n  x\n b\n", "a \\\n  . x\n", "... x\n.. .5x\n", "x $\n",
        "a = \"\\\"x\" '' x ''''''x\n", "(x]", "a = (x", "globalx global1 global\n"}) {
    CheckPassingOver(text);
  }
}

TEST(Tokenizer, NamesKnowWhatStandsBeforeThem) {
  const auto flags = [](std::string_view text) {
    Tokenizer tokenizer(text, 0, Encoding::kUtf8);
    for (;;) {
      const Token token = tokenizer.Next();
      if (text.substr(token.begin, token.end - token.begin) == "x") return int{token.flags};
    }
  };
  EXPECT_EQ(flags("x"), 0);
  EXPECT_EQ(flags("a.x"), kAfterDot);
  EXPECT_EQ(flags("(a .\n x)"), kAfterDot);
  EXPECT_EQ(flags("... x"), kAfterDot);
  EXPECT_EQ(flags("a x"), kAfterName);
  EXPECT_EQ(flags("r'a' x"), 0);
  EXPECT_EQ(flags("1 x"), 0);
  EXPECT_EQ(flags("a\nx"), 0);
  EXPECT_EQ(flags("if a:\n  x"), 0);
}

TEST(Tokenizer, WhatIsPassedOverIsReadByTheSameRulesInRandomTexts) {
  constexpr std::string_view kPieces[] = {"x",           "global ",
                                          "revision",    "a",
                                          ".",           "...",
                                          ",",           ";",
                                          "(",           ")",
                                          "[",           "]",
                                          "{",           "}",
                                          "'",           "\"",
                                          "'''",         "f'{x}'",
                                          "r'",          "f\"",
                                          " ",           "\n",
                                          "\n  ",        "\n\t",
                                          "\r\n",        "\r",
                                          "\\",          "\\\n",
                                          "# x\n",       "1",
                                          "0x1",         "01",
                                          ".5",          "1if",
                                          "!",           "!=",
                                          "..",          "u'x'",
                                          "%",           "x.x",
                                          "$",           "\u00E9",
                                          "=",           "\f",
                                          "\v",          ":\n ",
                                          "def f()",     "\n<<<<<<< x\n",
                                          "\n=======\n", "\n>>>>>>> x\n"};
  std::uint32_t seed = 1;
  const auto random = [&seed] { return seed = seed * 1664525 + 1013904223, seed >> 8; };
  for (int round = 0; round < 20000 && !testing::Test::HasFailure(); ++round) {
    std::string text;
    for (std::uint32_t left = random() % 12; left > 0; --left) {
      text += kPieces[random() % std::size(kPieces)];
    }
    CheckPassingOver(text);
  }
}

}  // namespace
}  // namespace onehead
