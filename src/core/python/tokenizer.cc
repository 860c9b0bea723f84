#include "core/python/tokenizer.h"

#include <algorithm>
#include <utility>

#include "core/python/char_class.h"
#include "fmt/format.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::string_view kThreeByteOperators[] = {"**=", "//=", ">>=", "<<="};
constexpr std::string_view kTwoByteOperators[] = {"->", ":=", "==", "!=", "<=", ">=", "<>",
                                                  "+=", "-=", "*=", "/=", "%=", "&=", "|=",
                                                  "^=", "@=", "**", "//", "<<", ">>"};

// REQUIRES: a byte of the class kOperator or kExclamation. 0: it cannot stand alone.
std::size_t OperatorSize(std::string_view rest) {
  // Most operators are one byte in front of something else.
  if (rest.size() > 1 && ClassOf(rest[1]) == kOperator) {
    for (const std::string_view op : kThreeByteOperators) {
      if (rest.substr(0, 3) == op) return 3;
    }
    for (const std::string_view op : kTwoByteOperators) {
      if (rest.substr(0, 2) == op) return 2;
    }
  }
  return rest[0] == '!' ? 0 : 1;
}

// Where a string ends that is plain, without escapes, and on one line, as most are; 0: it is not.
std::size_t SimpleStringEnd(std::string_view text, std::size_t quote) {
  const char c = text[quote];
  const std::size_t end = FindFirst(text, quote + 1, c, '\\', '\n', '\r');
  if (end >= text.size() || text[end] != c) return 0;
  const bool triple = end == quote + 1 && end + 1 < text.size() && text[end + 1] == c;
  return triple ? 0 : end + 1;
}

}  // namespace

std::string OneLine(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kBlanks = " \t\f\v\r\n";
  constexpr std::size_t kEnough = 1024;  // blanks and all; the text may be megabytes
  const bool longer = text.size() > kEnough;
  text = text.substr(0, kEnough);
  std::string line;
  while (!text.empty() && line.size() <= max_bytes) {
    const std::size_t blanks = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::string_view gap = text.substr(0, blanks);
    line += gap.find_first_of("\r\n") == std::string_view::npos ? gap : std::string_view(" ");
    text.remove_prefix(blanks);
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    line += word;
    text.remove_prefix(word.size());
  }
  if (longer) line += "...";
  const std::string whole = Printable(line);
  return whole.size() <= max_bytes ? whole : Printable(line, max_bytes - 3);
}

Tokenizer::Tokenizer(std::string_view text, std::size_t begin, Encoding encoding,
                     const WordFilter& words)
    : text_(text), encoding_(encoding), words_(&words), pos_(begin) {
  const std::size_t last = text.rfind('\n');
  last_break_ = last == std::string_view::npos ? 0 : last;
  indents_[0] = {0, 0};
}

Token Tokenizer::Make(TokenKind kind, std::size_t begin, int line) const {
  return Token{kind, 0,         static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(pos_),
               line, kNoPartner};
}

Token Tokenizer::Fail(int line, std::string reason, std::size_t begin, std::size_t end) {
  failed_ = true;
  error_ = {line, std::move(reason), OneLine(text_.substr(begin, end - begin))};
  return Make(TokenKind::kError, pos_, line_);
}

Token Tokenizer::MakeName(std::size_t begin, std::size_t before) const {
  Token token = Make(TokenKind::kName, begin, line_);
  if (before == kNoToken) return token;
  if (text_[before] == '.') token.flags = kAfterDot;
  if (IsWordCharacter(text_[before]) && ClassOf(text_[before]) != kDigit) token.flags = kAfterName;
  return token;
}

Token Tokenizer::Next() {
  if (failed_ || (at_line_start_ && !StartLine())) return Stopped();
  if (pending_ != 0) return PendingIndentation();
  while (pos_ < text_.size()) {
    const std::size_t begin = pos_;
    switch (ClassOf(text_[begin])) {
      case kBlank:
        pos_ = SpacesEnd(text_, begin + 1);
        continue;
      case kComment:
        pos_ = LineEnd(begin);
        continue;
      case kBackslash:
        if (!SkipContinuation()) return Stopped();
        continue;
      case kBreak:
        SkipNewline();
        if (brackets_size_ == 0) return EndLine(begin);
        SkipMarker(MarkerPlace::kCode);
        continue;
      case kWordStart:
      case kNotAscii:
        return ReadWord();
      case kQuote:
        return ReadString(begin, 0);
      case kDot:
        if (ClassOf(At(begin + 1)) == kDigit) return ReadNumber();
        pos_ += text_.substr(begin, 3) == "..." ? 3 : 1;
        break;
      case kDigit:
        return ReadNumber();
      case kOpening:
        if (!OpenBracket(begin)) return Stopped();
        ++pos_;
        break;
      case kClosing:
        if (!CloseBracket(begin)) return Stopped();
        ++pos_;
        break;
      case kSeparator:
        ++pos_;
        break;
      case kOperator:
      case kExclamation:
        pos_ += OperatorSize(text_.substr(begin));
        if (pos_ != begin) break;
        [[fallthrough]];
      case kOtherChar:
        return Fail(line_, "a character that cannot be in Python source", begin, begin + 1);
    }
    before_ = begin;
    return Make(TokenKind::kOperator, begin, line_);
  }
  return ReadEnd();
}

Token Tokenizer::EndLine(std::size_t begin) {
  at_line_start_ = true;
  before_ = kNoToken;
  return Make(TokenKind::kNewline, begin, line_ - 1);
}

Token Tokenizer::ReadEnd() {
  if (brackets_size_ != 0) {
    const Bracket open = brackets_[brackets_size_ - 1];
    return Fail(open.line, fmt::format("'{}' is never closed", text_[open.begin]), open.begin,
                LineEnd(open.begin));
  }
  if (before_ != kNoToken) {
    before_ = kNoToken;
    at_line_start_ = true;
    return Make(TokenKind::kNewline, pos_, line_);
  }
  return Make(TokenKind::kEnd, pos_, line_);
}

// --- Tokens -----------------------------------------------------------------------------------

// A name, or a string with a prefix.
Token Tokenizer::ReadWord() {
  const std::size_t begin = pos_;
  if (begin < last_break_) {
    while (IsWordCharacter(text_[pos_])) ++pos_;
  } else {
    pos_ = WordEnd(text_, begin);
  }
  const std::string_view word = text_.substr(begin, pos_ - begin);
  std::uint8_t flags = 0;
  if (word.size() <= 2 && ClassOf(At(pos_)) == kQuote && ParseStringPrefix(word, &flags)) {
    return ReadString(begin, flags);
  }
  const std::size_t before = std::exchange(before_, begin);
  if (encoding_ == Encoding::kUtf8 && !CheckName(begin)) return Stopped();
  return MakeName(begin, before);
}

Token Tokenizer::ReadNumber() {
  const std::size_t begin = pos_;
  before_ = begin;
  const Scanned number = ScanNumber(text_, begin);
  pos_ = number.end;
  if (number.error.empty()) return Make(TokenKind::kNumber, begin, line_);
  pos_ = WordEnd(text_, pos_);
  return Fail(line_, std::string(number.error), begin, pos_);
}

// Behind the word.
bool Tokenizer::CheckName(std::size_t begin) {
  const std::string_view word = text_.substr(begin, pos_ - begin);
  if (IsAscii(word)) return true;
  const char32_t bad = FindNonIdentifierCharacter(word);
  if (bad == 0) return true;
  Fail(line_, fmt::format("invalid character U+{:04X}", static_cast<unsigned>(bad)), begin, pos_);
  return false;
}

bool Tokenizer::FailOpening(std::size_t at) {
  Fail(line_, "too many nested brackets", at, at + 1);
  return false;
}

bool Tokenizer::FailClosing(std::size_t at) {
  const char c = text_[at];
  std::string reason = fmt::format("unmatched '{}'", c);
  if (brackets_size_ != 0) {
    const Bracket open = brackets_[brackets_size_ - 1];
    reason = fmt::format("'{}' does not match the opening '{}' of line {}", c, text_[open.begin],
                         open.line);
  }
  Fail(line_, std::move(reason), at, at + 1);
  return false;
}

// Behind the prefix, which begins at `begin`.
Token Tokenizer::ReadString(std::size_t begin, std::uint8_t flags) {
  const std::size_t quote = pos_;
  before_ = quote;
  if (const std::size_t end = flags == 0 ? SimpleStringEnd(text_, quote) : 0; end != 0) {
    pos_ = end;
    return Make(TokenKind::kString, begin, line_);
  }
  const Scanned string = ScanString(text_, quote, flags);
  const int line = line_;
  CountLines(string.end);
  if (!string.error.empty()) {
    return Fail(line, std::string(string.error), begin, std::min(LineEnd(begin), string.end));
  }
  Token token = Make(TokenKind::kString, begin, line);
  token.flags = flags;
  if (string.has_fields) token.flags |= kHasFields;
  const bool triple = string.end - quote >= 6 && text_[quote + 1] == text_[quote] &&
                      text_[quote + 2] == text_[quote];
  if (triple) token.flags |= kTripleQuoted;
  return token;
}

}  // namespace onehead
