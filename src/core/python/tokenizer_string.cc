// Where a string literal ends.
//
// Plain strings as in any Python 3. The replacement fields of an f-string hold code with strings
// of their own, which since 3.12 may use the same quotes; older source reads the same that way.
#include <algorithm>
#include <vector>

#include "core/python/char_class.h"
#include "core/python/tokenizer.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxFormatDepth = 150;  // CPython, MAXFSTRINGLEVEL

bool IsQuote(char c) { return c == '"' || c == '\''; }
bool IsBreak(char c) { return c == '\n' || c == '\r'; }

std::size_t QuoteSize(std::string_view text, std::size_t quote) {
  const char c = text[quote];
  return text.size() > quote + 2 && text[quote + 1] == c && text[quote + 2] == c ? 3 : 1;
}

// Behind "\" and what it escapes; "\r\n" is one character.
std::size_t SkipEscape(std::string_view text, std::size_t backslash) {
  const bool crlf = text.substr(backslash + 1, 2) == "\r\n";
  return backslash + (crlf ? 3 : 2);
}

Scanned ScanTripleQuoted(std::string_view text, std::size_t quote) {
  const std::string_view closing = text.substr(quote, 3);
  std::size_t i = FindFirst(text, quote + 3, closing[0], '\\');
  while (i < text.size()) {
    if (text[i] == '\\') {
      i = SkipEscape(text, i);
    } else if (text.substr(i, 3) == closing) {
      return {i + 3, {}};
    } else {
      ++i;
    }
    i = FindFirst(text, i, closing[0], '\\');
  }
  return {text.size(), "unterminated triple-quoted string literal"};
}

Scanned ScanPlainString(std::string_view text, std::size_t quote) {
  if (QuoteSize(text, quote) == 3) return ScanTripleQuoted(text, quote);
  const char closing = text[quote];
  std::size_t i = FindFirst(text, quote + 1, closing, '\\', '\n', '\r');
  while (i < text.size() && text[i] == '\\') {
    i = FindFirst(text, SkipEscape(text, i), closing, '\\', '\n', '\r');
  }
  if (i < text.size() && text[i] == closing) return {i + 1, {}};
  return {std::min(i, text.size()), "unterminated string literal"};
}

// One f-string with everything inside it. The stack holds what is open: texts, fields, format
// specifications, brackets in fields.
class FormatScanner {
 public:
  FormatScanner(std::string_view text, std::size_t quote, bool raw) : text_(text), pos_(quote) {
    OpenText(raw);
  }

  Scanned Scan() {
    while (!stack_.empty() && error_.empty()) {
      if (pos_ >= text_.size()) return {text_.size(), "unterminated f-string literal"};
      switch (stack_.back().kind) {
        case 'T':
          Text();
          break;
        case 'S':
          Specification();
          break;
        default:
          Code();
          break;
      }
      if (stack_.size() > kMaxFormatDepth) error_ = "too many nested f-strings";
    }
    return {pos_, error_, has_fields_};
  }

 private:
  struct Open {
    char kind;  // 'T' text, 'F' field, 'S' format specification, or an open bracket
    char quote = 0;
    std::size_t quotes = 0;
    bool raw = false;
  };

  char At(std::size_t ahead) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }

  void OpenText(bool raw) {
    const std::size_t quotes = QuoteSize(text_, pos_);
    stack_.push_back({'T', text_[pos_], quotes, raw});
    pos_ += quotes;
  }

  void OpenField() {
    has_fields_ = true;
    stack_.push_back({'F'});
    ++pos_;
  }

  bool AtClosing(const Open& text) const {
    if (At(0) != text.quote) return false;
    return text.quotes == 1 || (At(1) == text.quote && At(2) == text.quote);
  }

  void Text() {
    const Open& open = stack_.back();
    const char c = text_[pos_];
    if (c == '\\') {
      Escape(open.raw);
    } else if (AtClosing(open)) {
      pos_ += open.quotes;
      stack_.pop_back();
    } else if (open.quotes == 1 && IsBreak(c)) {
      error_ = "unterminated f-string literal";
    } else if (c == '{' || c == '}') {
      if (At(1) == c) {
        pos_ += 2;
      } else if (c == '{') {
        OpenField();
      } else {
        error_ = "f-string: single '}' is not allowed";
      }
    } else {
      ++pos_;
    }
  }

  // A backslash hides a quote but not a brace; "\N{...}" is no field unless the string is raw.
  void Escape(bool raw) {
    if (!raw && At(1) == 'N' && At(2) == '{') {
      const std::size_t end = text_.find_first_of("}\"'\n\r", pos_);
      pos_ = end == std::string_view::npos ? text_.size() : end + (text_[end] == '}' ? 1 : 0);
    } else if (At(1) == '{' || At(1) == '}') {
      ++pos_;
    } else {
      pos_ = SkipEscape(text_, pos_);
    }
  }

  void Specification() {
    const char c = text_[pos_];
    if (c == '{') {
      OpenField();
    } else if (c == '}') {
      stack_.pop_back();
      ++pos_;
    } else if (SpecificationEnds(c)) {
      error_ = "f-string: expecting '}'";
    } else {
      ++pos_;
    }
  }

  // The text around a specification is the last one opened.
  bool SpecificationEnds(char c) const {
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i].kind != 'T') continue;
      return AtClosing(stack_[i]) || (stack_[i].quotes == 1 && IsBreak(c));
    }
    return true;
  }

  void Code() {
    const char c = text_[pos_];
    if (IsQuote(c)) {
      Nested(0);
    } else if (IsWordCharacter(c)) {
      Word();
    } else if (c == '#') {
      while (pos_ < text_.size() && !IsBreak(text_[pos_])) ++pos_;
    } else if (c == '(' || c == '[' || c == '{') {
      stack_.push_back({c});
      ++pos_;
    } else if (c == ')' || c == ']' || c == '}') {
      Close(c);
    } else if (c == ':' && stack_.back().kind == 'F') {
      stack_.back().kind = 'S';
      ++pos_;
    } else {
      ++pos_;
    }
  }

  void Close(char c) {
    const char expected = c == ')' ? '(' : c == ']' ? '[' : '{';
    const char open = stack_.back().kind;
    if (open != expected && !(open == 'F' && c == '}')) {
      error_ = "f-string: unmatched bracket";
      return;
    }
    stack_.pop_back();
    ++pos_;
  }

  // A name, or the prefix of a string.
  void Word() {
    const std::size_t begin = pos_;
    while (pos_ < text_.size() && IsWordCharacter(text_[pos_])) ++pos_;
    std::uint8_t flags = 0;
    const std::string_view word = text_.substr(begin, pos_ - begin);
    if (pos_ < text_.size() && IsQuote(text_[pos_]) && ParseStringPrefix(word, &flags)) {
      Nested(flags);
    }
  }

  void Nested(std::uint8_t flags) {
    if ((flags & (kFormatString | kTemplateString)) != 0) {
      OpenText((flags & kRawString) != 0);
      return;
    }
    const Scanned string = ScanPlainString(text_, pos_);
    pos_ = string.end;
    error_ = string.error;
  }

  std::string_view text_;
  std::size_t pos_;
  std::vector<Open> stack_;
  std::string_view error_;
  bool has_fields_ = false;
};

}  // namespace

bool ParseStringPrefix(std::string_view word, std::uint8_t* flags) {
  if (word.size() > 2) return false;
  std::uint8_t found = 0;
  bool unicode = false;
  for (const char c : word) {
    std::uint8_t flag = 0;
    switch (c | 0x20) {
      case 'r':
        flag = kRawString;
        break;
      case 'b':
        flag = kBytesString;
        break;
      case 'f':
        flag = kFormatString;
        break;
      case 't':
        flag = kTemplateString;
        break;
      case 'u':
        unicode = true;
        break;
      default:
        return false;
    }
    if ((found & flag) != 0) return false;
    found |= flag;
  }
  // Two letters: one is "r", the other is not "u".
  if (word.size() == 2 && (unicode || (found & kRawString) == 0)) return false;
  *flags = found;
  return true;
}

Scanned ScanString(std::string_view text, std::size_t quote, std::uint8_t flags) {
  if ((flags & (kFormatString | kTemplateString)) == 0) return ScanPlainString(text, quote);
  return FormatScanner(text, quote, (flags & kRawString) != 0).Scan();
}

StringBody BodyOf(const Token& string, std::string_view text) {
  std::size_t begin = string.begin;
  while (!IsQuote(text[begin])) ++begin;
  const std::size_t quotes = (string.flags & kTripleQuoted) != 0 ? 3 : 1;
  return {begin + quotes, string.end - quotes};
}

}  // namespace onehead
