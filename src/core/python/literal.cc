#include "core/python/literal.h"

#include <cstddef>

#include "core/python/char_class.h"

namespace onehead {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsOctalDigit(char c) { return c >= '0' && c <= '7'; }

// The escapes of one character. A new one goes here.
struct SimpleEscape {
  char letter;
  char meaning;
};
constexpr SimpleEscape kSimpleEscapes[] = {{'\\', '\\'}, {'\'', '\''}, {'"', '"'},  {'a', '\a'},
                                           {'b', '\b'},  {'f', '\f'},  {'n', '\n'}, {'r', '\r'},
                                           {'t', '\t'},  {'v', '\v'}};

class Decoder {
 public:
  Decoder(std::string_view body, std::uint8_t flags, Encoding encoding)
      : body_(body), flags_(flags), encoding_(encoding) {}

  Literal Run() {
    literal_.text.reserve(body_.size());
    while (pos_ < body_.size() && literal_.state != LiteralState::kMalformed) {
      switch (body_[pos_]) {
        case '\r':
          LineBreak();
          break;
        case '\\':
          Backslash();
          break;
        case '{':
        case '}':
          Brace();
          break;
        default:
          Run(FindFirst(body_, pos_, '\r', '\\', '{', '}'));
          break;
      }
    }
    if (literal_.state == LiteralState::kMalformed) literal_.text.clear();
    return std::move(literal_);
  }

 private:
  char At(std::size_t ahead) const {
    return pos_ + ahead < body_.size() ? body_[pos_ + ahead] : '\0';
  }

  void Unknown(std::string_view problem) {
    if (literal_.state != LiteralState::kText) return;
    literal_.state = LiteralState::kUnknown;
    literal_.problem = problem;
  }

  void Malformed(std::string_view problem) {
    literal_.state = LiteralState::kMalformed;
    literal_.problem = problem;
  }

  // Bytes that stand for themselves, up to `end`.
  void Run(std::size_t end) {
    const std::string_view plain = body_.substr(pos_, end - pos_);
    if (!AppendDecoded(encoding_, plain, &literal_.text)) {
      Unknown("the characters of this source encoding are not known");
    }
    pos_ += plain.size();
  }

  // Python reads every line end as "\n".
  void LineBreak() {
    literal_.text += '\n';
    pos_ += At(1) == '\n' ? 2 : 1;
  }

  void Brace() {
    const char c = body_[pos_];
    literal_.text += c;
    pos_ += (flags_ & kFormatString) != 0 && At(1) == c ? 2 : 1;
  }

  void Keep(std::size_t count) {
    literal_.text.append(body_, pos_, count);
    pos_ += count;
  }

  void Backslash() {
    if ((flags_ & kRawString) != 0) return Keep(1);
    const char c = At(1);
    if (c == '\n' || c == '\r') {
      pos_ += c == '\r' && At(2) == '\n' ? 3 : 2;
      return;
    }
    if (IsOctalDigit(c)) return Octal();
    if (c == 'x') return Hex(2, "malformed \\x escape");
    if (c == 'u') return Hex(4, "malformed \\u escape");
    if (c == 'U') return Hex(8, "malformed \\U escape");
    if (c == 'N') return Named();
    for (const SimpleEscape& escape : kSimpleEscapes) {
      if (escape.letter != c) continue;
      literal_.text += escape.meaning;
      pos_ += 2;
      return;
    }
    Keep(1);  // no escape: the backslash stays
  }

  void Octal() {
    char32_t code = 0;
    std::size_t digits = 0;
    while (digits < 3 && IsOctalDigit(At(1 + digits))) {
      code = code * 8 + static_cast<char32_t>(At(1 + digits) - '0');
      ++digits;
    }
    AppendUtf8(code, &literal_.text);
    pos_ += 1 + digits;
  }

  void Hex(std::size_t digits, std::string_view error) {
    char32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int digit = HexDigit(At(2 + i));
      if (digit < 0) return Malformed(error);
      code = code * 16 + static_cast<char32_t>(digit);
    }
    if (code > 0x10FFFF) return Malformed(error);
    if (code >= 0xD800 && code <= 0xDFFF) {
      Unknown("a lone surrogate is not text");
      code = 0xFFFD;
    }
    AppendUtf8(code, &literal_.text);
    pos_ += 2 + digits;
  }

  void Named() {
    const std::size_t end = At(2) == '{' ? body_.find('}', pos_) : std::string_view::npos;
    if (end == std::string_view::npos || end <= pos_ + 3) return Malformed("malformed \\N escape");
    Unknown("a \\N{...} escape is not looked up");
    Keep(end + 1 - pos_);
  }

  std::string_view body_;
  std::uint8_t flags_;
  Encoding encoding_;
  std::size_t pos_ = 0;
  Literal literal_;
};

}  // namespace

Literal DecodeString(const Token& string, std::string_view text, Encoding encoding) {
  if ((string.flags & (kBytesString | kTemplateString)) != 0) {
    return {LiteralState::kNotText, {}, {}};
  }
  const StringBody body = BodyOf(string, text);
  const std::string_view bytes = text.substr(body.begin, body.end - body.begin);
  if ((string.flags & kHasFields) != 0) {
    return {LiteralState::kUnknown, {}, "the fields of an f-string cannot be evaluated"};
  }
  return Decoder(bytes, string.flags, encoding).Run();
}

}  // namespace onehead
