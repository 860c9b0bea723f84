#include "core/python/namespace_use.h"

#include <algorithm>

#include "core/python/name_table.h"

namespace onehead {
namespace {

bool EndsStatement(const Token& token, char first) {
  return token.kind == TokenKind::kNewline || token.kind == TokenKind::kIndent ||
         token.kind == TokenKind::kDedent || token.kind == TokenKind::kEnd || first == ';';
}

// True if the word at `begin` follows the operator `in` on its line.
bool FollowsIn(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  if (end == begin || !text.substr(0, end).ends_with("in")) return false;
  return end == 2 || !IsWordCharacter(text[end - 3]);
}

}  // namespace

bool NamespaceUse::IsNamespace(std::string_view word) {
  return word == "globals" || word == "vars" || word == "locals";
}

NamespaceUse::NamespaceUse(std::string_view text, const Token& word)
    : text_(text), looked_up_(FollowsIn(text, word.begin)) {}

NamespaceUse::Verdict NamespaceUse::Take(const Token& token) {
  // Of tokens that are no text, none of those that are asked for.
  const bool is_text = token.kind == TokenKind::kOperator || token.kind == TokenKind::kName;
  const char first = is_text ? text_[token.begin] : '\0';
  const std::string_view word = text_.substr(token.begin, token.end - token.begin);
  switch (state_) {
    case State::kName:
      return first == '(' ? Go(State::kCall) : Verdict::kMayBind;
    case State::kCall:
      return first == ')' ? Go(State::kWhole) : Verdict::kMayBind;
    case State::kWhole:
      if (first == '[') return Go(State::kInside);
      if (is_text && word == ".") return Go(State::kMethod);
      return looked_up_ && (EndsStatement(token, first) || (is_text && word == ":"))
                 ? Verdict::kReads
                 : Verdict::kMayBind;
    case State::kMethod:
      return is_text && word == "get" ? Go(State::kGet) : Verdict::kMayBind;
    case State::kGet:
      by_get_ = true;
      return first == '(' ? Go(State::kInside) : Verdict::kMayBind;
    case State::kInside:
      return TakeInside(token, first);
    case State::kItem:
      if (first == '(') return Verdict::kReads;
      if (!key_is_known_) return Verdict::kMayBind;
      return by_get_ || (is_text && word == ".") ? Verdict::kReads : Verdict::kMayBind;
  }
  return Verdict::kMayBind;
}

NamespaceUse::Verdict NamespaceUse::TakeInside(const Token& token, char first) {
  const CharClass kind = first == '\0' ? kWordStart : ClassOf(first);
  if (kind == kClosing && depth_-- == 0) return Go(State::kItem);
  if (kind == kOpening) ++depth_;
  ++tokens_;
  if (tokens_ == 1) key_is_known_ = IsWrittenOut(token);
  // The default of get() is no part of the key.
  if (tokens_ == 2 && !(by_get_ && first == ',')) key_is_known_ = false;
  if (tokens_ > 2) tokens_ = 3;
  return Verdict::kOpen;
}

// One of the names that matter, and what Python itself puts there (the built-ins), are not meant.
bool NamespaceUse::IsWrittenOut(const Token& key) const {
  constexpr std::uint8_t kOdd = kBytesString | kFormatString | kTemplateString;
  if (key.kind != TokenKind::kString || (key.flags & kOdd) != 0) return false;
  const StringBody body = BodyOf(key, text_);
  const std::string_view name = text_.substr(body.begin, body.end - body.begin);
  return std::all_of(name.begin(), name.end(), [](char c) { return ClassOf(c) <= kDigit; }) &&
         !name.starts_with("__") && !IsMigrationName(name);
}

}  // namespace onehead
