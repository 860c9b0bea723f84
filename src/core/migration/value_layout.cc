#include "core/migration/value_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/python/source_encoding.h"

namespace onehead {
namespace {

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

enum class Piece { kLiteral, kNone, kOpen, kClose, kComma, kComment, kOther, kEnd };

// Cuts an expression into pieces. Blanks, line ends and continuations are passed over.
class Scanner {
 public:
  Scanner(std::string_view text, Span value)
      : text_(text.substr(0, value.end)), pos_(value.begin) {}

  Piece Next(Span* span) {
    pos_ = std::min(text_.find_first_not_of(" \t\f\r\n\\", pos_), text_.size());
    span->begin = span->end = pos_;
    if (pos_ == text_.size()) return Piece::kEnd;
    const Piece piece = Take();
    span->end = pos_;
    return piece;
  }

 private:
  Piece Take() {
    const char c = text_[pos_];
    if (c == '#') return Until(std::min(text_.find_first_of("\r\n", pos_), text_.size()));
    if (c == '\'' || c == '"') return String();
    if (IsWordByte(c)) return Word();
    ++pos_;
    if (c == '(' || c == '[' || c == '{') return Piece::kOpen;
    if (c == ')' || c == ']' || c == '}') return Piece::kClose;
    return c == ',' ? Piece::kComma : Piece::kOther;
  }

  Piece Until(std::size_t end) {
    pos_ = end;
    return Piece::kComment;
  }

  Piece Word() {
    const std::size_t begin = pos_;
    while (pos_ < text_.size() && IsWordByte(text_[pos_])) ++pos_;
    const std::string_view word = text_.substr(begin, pos_ - begin);
    const bool quoted = pos_ < text_.size() && (text_[pos_] == '\'' || text_[pos_] == '"');
    if (quoted && word.find_first_not_of("rRuUfFbBtT") == std::string_view::npos) return String();
    return word == "None" ? Piece::kNone : Piece::kOther;
  }

  Piece String() {
    const char quote = text_[pos_];
    const bool triple = text_.substr(pos_, 3) == std::string(3, quote);
    const std::size_t size = triple ? 3 : 1;
    pos_ += size;
    while (pos_ < text_.size()) {
      if (text_[pos_] == '\\') {
        pos_ = std::min(pos_ + 2, text_.size());
      } else if (text_.substr(pos_, size) == std::string(size, quote)) {
        pos_ += size;
        break;
      } else {
        ++pos_;
      }
    }
    return Piece::kLiteral;
  }

  std::string_view text_;
  std::size_t pos_;
};

// Puts the pieces together. Anything but literals and commas inside one pair of brackets (or none)
// makes the value kOther; parentheses around one literal change nothing.
class LayoutReader {
 public:
  LayoutReader(std::string_view text, Span value) : text_(text), scanner_(text, value) {}

  ValueLayout Read() {
    Span span;
    for (Piece piece = scanner_.Next(&span); piece != Piece::kEnd; piece = scanner_.Next(&span)) {
      Add(piece, span);
    }
    EndElement();
    layout_.shape = Shape();
    return std::move(layout_);
  }

 private:
  void Add(Piece piece, Span span) {
    switch (piece) {
      case Piece::kComment:
        layout_.comments.push_back(span);
        return;
      case Piece::kOpen:
        ++depth_;
        if (depth_ == 1 && tokens_ == 0 && layout_.elements.empty()) {
          square_ = text_[span.begin] != '(';
          return;
        }
        break;
      case Piece::kClose:
        --depth_;
        if (depth_ == 0 && !nested_) {
          EndElement();
          closed_ = true;
          return;
        }
        if (depth_ == 1) nested_ = false;
        break;
      case Piece::kComma:
        if (depth_ > 1) break;
        EndElement();
        layout_.commas.push_back(span);
        return;
      default:
        break;
    }
    if (closed_) other_ = true;  // something behind the bracket
    if (depth_ > 1) nested_ = true;
    if (tokens_++ == 0) element_.span.begin = span.begin;
    element_.span.end = span.end;
    element_.is_literal = tokens_ == 1 && piece == Piece::kLiteral;
    none_ = tokens_ == 1 && piece == Piece::kNone;
  }

  void EndElement() {
    if (tokens_ == 0) return;
    layout_.elements.push_back(element_);
    tokens_ = 0;
  }

  ValueLayout::Shape Shape() const {
    if (other_ || depth_ != 0) return ValueLayout::Shape::kOther;
    const bool collection = square_ || !layout_.commas.empty();
    if (collection) return ValueLayout::Shape::kList;
    if (layout_.elements.empty()) return ValueLayout::Shape::kList;  // ()
    if (layout_.elements.front().is_literal) return ValueLayout::Shape::kLiteral;
    return none_ ? ValueLayout::Shape::kNone : ValueLayout::Shape::kOther;
  }

  std::string_view text_;
  Scanner scanner_;
  ValueLayout layout_;
  ValueElement element_;
  int depth_ = 0;
  int tokens_ = 0;  // of the element
  bool square_ = false;
  bool closed_ = false;
  bool nested_ = false;
  bool none_ = false;
  bool other_ = false;
};

void AppendEscaped(char32_t code, std::string* out) {
  if (code < 0x100) {
    *out += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
  } else if (code < 0x10000) {
    *out += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
  } else {
    *out += fmt::format("\\U{:08x}", static_cast<unsigned>(code));
  }
}

}  // namespace

ValueLayout ReadValueLayout(std::string_view text, Span value) {
  return LayoutReader(text, value).Read();
}

LiteralStyle StyleOf(std::string_view literal) {
  LiteralStyle style;
  const std::size_t quote = std::min(literal.find_first_of("'\""), literal.size() - 1);
  for (const char c : literal.substr(0, quote)) {
    if (c == 'r' || c == 'R' || c == 'u' || c == 'U') style.prefix += c;
  }
  const std::string three(3, literal[quote]);
  // '' is an empty string, not the beginning of three quotes.
  style.quotes = literal.substr(quote, 3) == three ? three : three.substr(0, 1);
  return style;
}

std::optional<std::string> WriteLiteral(std::string_view id, const LiteralStyle& style,
                                        Escapes escapes) {
  std::string body;
  bool escaped = false;
  for (std::string_view rest = id; !rest.empty();) {
    const SourceCharacter c = DecodeCharacter(Encoding::kUtf8, rest);
    if (c.size == 0) return std::nullopt;
    const bool control =
        c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) || c.code == 0x2028 || c.code == 0x2029;
    if (c.code == U'\\' || (c.code < 0x80 && static_cast<char>(c.code) == style.quotes[0])) {
      body += '\\';
      body += static_cast<char>(c.code);
      escaped = true;
    } else if (control || (c.code >= 0x80 && escapes == Escapes::kAllButAscii)) {
      AppendEscaped(c.code, &body);
      escaped = true;
    } else {
      body.append(rest.substr(0, c.size));
    }
    rest.remove_prefix(c.size);
  }
  std::string prefix = style.prefix;
  if (escaped) {
    prefix.erase(
        std::remove_if(prefix.begin(), prefix.end(), [](char c) { return c == 'r' || c == 'R'; }),
        prefix.end());
  }
  return prefix + style.quotes + body + style.quotes;
}

}  // namespace onehead
