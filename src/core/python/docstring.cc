#include "core/python/docstring.h"

#include <utility>

#include "core/python/char_class.h"
#include "core/python/literal.h"

namespace onehead {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// str.isspace() for the characters that str.strip() removes.
bool IsPythonSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// The start of the last character of `text`, which is not empty.
std::size_t LastCharacter(std::string_view text) {
  std::size_t i = text.size() - 1;
  while (i > 0 && text.size() - i < 4 && (text[i] & 0xC0) == 0x80) --i;
  return i;
}

// Looks for "Revises:" and "Revision ID:" in the lines of one literal.
class DocLineFinder {
 public:
  DocLineFinder(const Line& line, Docstring* out) : line_(line), out_(out) {}

  void Read(const Token& token, bool first) {
    const std::string_view source = line_.source();
    const StringBody body = BodyOf(token, source);
    raw_ = (token.flags & kRawString) != 0;
    int number = token.line;
    bool at_start = first;  // a literal behind another one goes on in the middle of a line
    for (std::size_t begin = body.begin; begin <= body.end;) {
      const std::size_t end = FindFirst(source.substr(0, body.end), begin, '\n', '\r');
      if (at_start) ReadLine(begin, end, number);
      at_start = raw_ || end == begin || source[end - 1] != '\\';
      ++number;
      const bool crlf = end + 1 < body.end && source[end] == '\r' && source[end + 1] == '\n';
      begin = end + (crlf ? 2 : 1);
    }
  }

 private:
  void ReadLine(std::size_t begin, std::size_t end, int number) {
    while (begin < end && IsBlank(line_.source()[begin])) ++begin;
    Match("Revision ID:", begin, end, number, &out_->revision_id);
    Match("Revises:", begin, end, number, &out_->revises);
  }

  // The value must stand there as it is: an escape could mean anything.
  void Match(std::string_view label, std::size_t begin, std::size_t end, int number,
             std::optional<DocLine>* found) {
    const std::string_view source = line_.source();
    if (found->has_value() || source.substr(begin, end - begin).substr(0, label.size()) != label) {
      return;
    }
    begin += label.size();
    while (begin < end && IsBlank(source[begin])) ++begin;
    while (end > begin && IsBlank(source[end - 1])) --end;
    const std::string_view value = source.substr(begin, end - begin);
    if (!raw_ && value.find('\\') != std::string_view::npos) return;
    DocLine doc_line{number, {begin, end}, {}};
    AppendDecoded(line_.encoding(), value, &doc_line.text);
    *found = std::move(doc_line);
  }

  const Line& line_;
  Docstring* out_;
  bool raw_ = false;
};

}  // namespace

std::optional<Docstring> ReadDocstring(const Line& line, TokenRange statement) {
  const TokenRange range = line.StripParentheses(statement);
  if (range.empty()) return std::nullopt;
  constexpr int kOtherStrings = kBytesString | kTemplateString | kFormatString;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Token& token = line[i];
    if (token.kind != TokenKind::kString || (token.flags & kOtherStrings) != 0) {
      return std::nullopt;
    }
  }
  Docstring doc;
  DocLineFinder finder(line, &doc);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    Literal literal = DecodeString(line[i], line.source(), line.encoding());
    if (literal.state == LiteralState::kMalformed && !doc.defect) {
      doc.defect = {line[i].line, std::string(literal.problem), ""};
    }
    if (i == range.begin) {
      doc.text = std::move(literal.text);
    } else {
      doc.text += literal.text;
    }
    finder.Read(line[i], i == range.begin);
  }
  return doc;
}

std::string_view StripUnicode(std::string_view text) {
  while (!text.empty()) {
    const SourceCharacter c = DecodeCharacter(Encoding::kUtf8, text);
    if (c.size == 0 || !IsPythonSpace(c.code)) break;
    text.remove_prefix(c.size);
  }
  while (!text.empty()) {
    const std::size_t last = LastCharacter(text);
    const SourceCharacter c = DecodeCharacter(Encoding::kUtf8, text.substr(last));
    if (c.size == 0 || !IsPythonSpace(c.code)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

std::string_view FirstParagraph(std::string_view text) { return text.substr(0, text.find("\n\n")); }

}  // namespace onehead
