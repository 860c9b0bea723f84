#include "core/python/logical_line.h"

#include <algorithm>
#include <iterator>

namespace onehead {
namespace {

constexpr std::string_view kKeywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
constexpr WordFilter kMaybeKeyword = WordFilter().With(kKeywords);

}  // namespace

void Line::Clear() {
  tokens_.clear();
  open_.clear();
}

bool Line::IsKeyword(std::size_t i) const {
  return IsName(i) && kMaybeKeyword.MayHold(Text(i)) &&
         std::find(std::begin(kKeywords), std::end(kKeywords), Text(i)) != std::end(kKeywords);
}

std::size_t Line::Find(TokenRange range, std::string_view token) const {
  for (std::size_t i = range.begin; i < range.end;) {
    const Token& at = tokens_[i];
    if (text_[at.begin] == token[0] && Text(i) == token) return i;
    i = at.partner != kNoPartner && at.partner > i ? std::size_t{at.partner} + 1 : i + 1;
  }
  return range.end;
}

std::vector<TokenRange> Line::Split(TokenRange range, std::string_view separator) const {
  std::vector<TokenRange> pieces;
  ForEachPiece(range, separator, [&pieces](TokenRange piece) { pieces.push_back(piece); });
  return pieces;
}

TokenRange Line::StripParentheses(TokenRange range) const {
  while (!range.empty() && Is(range.begin, "(") && After(range.begin) == range.end) {
    range = {range.begin + 1, range.end - 1};
  }
  return range;
}

Span Line::SpanOf(TokenRange range) const {
  if (range.empty()) return {};
  return {tokens_[range.begin].begin, tokens_[range.end - 1].end};
}

std::string_view Line::TextOf(TokenRange range) const {
  const Span span = SpanOf(range);
  return text_.substr(span.begin, span.size());
}

}  // namespace onehead
