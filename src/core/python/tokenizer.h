// The tokens of Python 3 source text.
//
// Here: what CPython's tokenizer does (Parser/tokenizer.c, 3.11; f-strings as since 3.12), on the
// bytes as they are in the file: logical lines, indentation, strings, numbers, operators, and
// Git's conflict markers. Not here: what a string literal means (literal.h), statements
// (module_reader.h).
//
// One pass, no recursion, constant memory but for one byte per open bracket and one number per
// indentation, both limited. A position is a byte offset in the text; a line is 1-based.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/python/char_class.h"
#include "core/python/keyword_filter.h"
#include "core/python/source_encoding.h"
#include "onehead/core/python/diagnostic.h"

namespace onehead {

enum class TokenKind : std::uint8_t {
  kEnd,      // the end of the text; comes again and again
  kError,    // Tokenizer::error() says why; comes again and again
  kNewline,  // the end of a logical line
  kIndent,
  kDedent,
  kName,  // keywords too
  kNumber,
  kString,  // one literal with its prefix; a whole f-string
  kOperator,
};

// What a token is; bits.
enum TokenFlag : std::uint8_t {
  // Of a string:
  kRawString = 1,
  kBytesString = 2,
  kFormatString = 4,    // f"..."
  kTemplateString = 8,  // t"..." (3.14)
  kTripleQuoted = 16,
  kHasFields = 32,  // f"{...}"
  // Of a name:
  kAfterDot = 64,    // the token before it begins with "."
  kAfterName = 128,  // the token before it is a name, too
};

constexpr std::uint32_t kNoPartner = 0xFFFFFFFF;

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint8_t flags = 0;  // TokenFlag bits
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int32_t line = 0;               // of the first byte
  std::uint32_t partner = kNoPartner;  // of a bracket: for whoever keeps tokens (logical_line.h)
};

// Where the string part of a literal begins and ends, in the same text.
struct StringBody {
  std::size_t begin = 0;  // after the opening quotes
  std::size_t end = 0;    // before the closing quotes
};
StringBody BodyOf(const Token& string, std::string_view text);

class Tokenizer {
 public:
  // Reading starts at byte `begin` (behind a byte-order mark); NextWanted() waits for `words`.
  // REQUIRES: `text` and `words` outlive the tokenizer; the text has no NUL, is shorter than 4 GiB.
  Tokenizer(std::string_view text, std::size_t begin, Encoding encoding,
            const WordFilter& words = kNoWords);

  Token Next();
  // The next token that is a name which `words` may hold or that is not ASCII, a string with
  // fields, indentation, the end or an error. What lies between is passed over, by the same rules.
  Token NextWanted();

  // Valid after a token of kind kError.
  const ReadDefect& error() const { return error_; }

  // Conflict markers at the start of lines, in order. One defect for a whole conflict.
  const std::vector<ReadDefect>& conflicts() const { return conflicts_; }
  // How many marker lines have been passed, and whether a conflict is open now.
  int markers_seen() const { return markers_seen_; }
  bool in_conflict() const { return in_conflict_; }

 private:
  static constexpr std::size_t kMaxBrackets = 200;      // CPython, MAXLEVEL
  static constexpr std::size_t kMaxIndentations = 100;  // CPython, MAXINDENT

  enum class MarkerPlace { kCode, kString };

  struct Indentation {
    int column;      // tabs to multiples of 8
    int alt_column;  // tabs count 1; the two must agree
  };

  char At(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  std::size_t NewlineSize(std::size_t i) const {
    const char c = At(i);
    if (c == '\n') return 1;
    if (c != '\r') return 0;
    return At(i + 1) == '\n' ? 2 : 1;
  }
  // Of the "\n" or "\r", or the end.
  std::size_t LineEnd(std::size_t i) const { return FindFirst(text_, i, '\n', '\r'); }
  Token Make(TokenKind kind, std::size_t begin, int line) const;
  Token MakeName(std::size_t begin, std::size_t before) const;
  Token Stopped() const { return Make(TokenKind::kError, pos_, line_); }
  Token Fail(int line, std::string reason, std::size_t begin, std::size_t end);

  // Of NextWanted():
  bool IsWanted(std::string_view name) const { return words_->MayHold(name) || !IsAscii(name); }
  void SkipOrdinary();
  std::size_t BreakEnd(std::size_t i);
  bool SkipLineEnd(std::size_t i);
  void NoteTokens(std::size_t begin, std::size_t end);

  bool StartLine();  // false: error_ is set
  bool IsIndentation(std::size_t spaces) const;
  bool MeasureIndentation(Indentation* found);
  bool ApplyIndentation(Indentation found);
  Token PendingIndentation();
  bool SkipContinuation();  // "\" and a line end; false: error_ is set
  void SkipNewline() {
    pos_ += NewlineSize(pos_);
    ++line_;
  }
  bool SkipMarker(MarkerPlace place) {  // true: a marker begins at pos_
    const char c = At(pos_);
    return (c == '<' || c == '>' || c == '=' || c == '|') && SkipMarkerOf(c, place);
  }
  bool SkipMarkerOf(char c, MarkerPlace place);

  Token EndLine(std::size_t begin);
  Token ReadEnd();
  Token ReadWord();
  Token ReadNumber();
  Token ReadString(std::size_t begin, std::uint8_t flags);
  bool CheckName(std::size_t begin);  // false: error_ is set
  bool OpenBracket(std::size_t at) {  // false: error_ is set
    if (brackets_size_ >= kMaxBrackets) return FailOpening(at);
    brackets_[brackets_size_++] = {static_cast<std::uint32_t>(at), line_};
    return true;
  }
  bool CloseBracket(std::size_t at) {  // false: error_ is set
    if (brackets_size_ == 0) return FailClosing(at);
    const char open = text_[brackets_[brackets_size_ - 1].begin];
    if (open != OpeningOf(text_[at])) return FailClosing(at);
    --brackets_size_;
    return true;
  }
  bool FailOpening(std::size_t at);  // false
  bool FailClosing(std::size_t at);  // false
  void CountLines(std::size_t end);  // of a string that ends there

  std::string_view text_;
  Encoding encoding_;
  const WordFilter* words_;
  std::size_t last_break_;  // the last "\n", or 0
  std::size_t pos_;
  int line_ = 1;
  bool at_line_start_ = true;
  int pending_ = 0;  // > 0: one kIndent, < 0: that many kDedent are due
  // A byte of the token before, by which its kind can be told: its first, or one of its dots or
  // quotes.
  // kNoToken: it was a kNewline, or there is none.
  static constexpr std::size_t kNoToken = ~std::size_t{0};
  std::size_t before_ = kNoToken;
  std::size_t indents_size_ = 1;
  std::array<Indentation, kMaxIndentations> indents_;
  std::size_t brackets_size_ = 0;
  struct Bracket {
    std::uint32_t begin;
    std::int32_t line;
  };
  std::array<Bracket, kMaxBrackets> brackets_;
  bool failed_ = false;
  ReadDefect error_;
  std::vector<ReadDefect> conflicts_;
  int markers_seen_ = 0;
  bool in_conflict_ = false;
};

// The pieces of a token, each in a file of its own.

struct Scanned {
  std::size_t end = 0;          // behind the token
  std::string_view error = {};  // not empty: what is wrong with it
  bool has_fields = false;      // an f-string with a replacement field
};
// REQUIRES: a digit, or "." and a digit, at `begin`.
Scanned ScanNumber(std::string_view text, std::size_t begin);
// REQUIRES: a quote at `quote`.
Scanned ScanString(std::string_view text, std::size_t quote, std::uint8_t flags);
// The prefix `word` of a string as flags; false: not a prefix.
bool ParseStringPrefix(std::string_view word, std::uint8_t* flags);

// At most `max_bytes` of the text on one line: breaks and the blanks around them are one space,
// without control characters; "..." at the end when it was cut.
std::string OneLine(std::string_view text, std::size_t max_bytes = 80);

}  // namespace onehead
