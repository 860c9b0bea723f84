// One logical line of source as tokens, with its brackets paired.
//
// Not here: what the line means (module_reader.h).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/python/source_encoding.h"
#include "core/python/tokenizer.h"
#include "onehead/base/text.h"

namespace onehead {

// Tokens [begin, end) of a line.
struct TokenRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const { return begin >= end; }
  std::size_t size() const { return end - begin; }
  friend bool operator==(const TokenRange&, const TokenRange&) = default;
};

class Line {
 public:
  // REQUIRES: `text` outlives the line.
  Line(std::string_view text, Encoding encoding) : text_(text), encoding_(encoding) {
    tokens_.reserve(64);
  }

  void Clear();
  // Pairs brackets. REQUIRES: the tokenizer gave the tokens, in order (its brackets match).
  void Add(const Token& token) {
    tokens_.push_back(token);
    if (token.kind == TokenKind::kOperator) PairBracket(ClassOf(text_[token.begin]));
  }

  std::size_t size() const { return tokens_.size(); }
  TokenRange All() const { return {0, tokens_.size()}; }
  const Token& operator[](std::size_t i) const { return tokens_[i]; }
  std::string_view source() const { return text_; }
  Encoding encoding() const { return encoding_; }

  std::string_view Text(std::size_t i) const {
    return text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
  }
  // True also for keywords, which are names to the tokenizer.
  bool IsName(std::size_t i) const { return i < size() && tokens_[i].kind == TokenKind::kName; }
  // `token` is an operator or a word. False beyond the end. Never true inside a string: what is
  // compared is all of a token, quotes and all.
  bool Is(std::size_t i, std::string_view token) const {
    if (i >= size() || tokens_[i].end - tokens_[i].begin != token.size()) return false;
    return text_[tokens_[i].begin] == token[0] && (token.size() == 1 || Text(i) == token);
  }
  bool IsOpening(std::size_t i) const {
    return i < size() && tokens_[i].partner != kNoPartner && tokens_[i].partner > i;
  }
  bool IsKeyword(std::size_t i) const;  // a word that cannot be a variable
  // The token behind token `i`, or behind the bracket that closes it.
  std::size_t After(std::size_t i) const {
    return IsOpening(i) ? std::size_t{tokens_[i].partner} + 1 : i + 1;
  }
  // The first token that is `token`, outside of brackets; range.end: none.
  std::size_t Find(TokenRange range, std::string_view token) const;
  // Calls `take` with the ranges between the tokens `separator` outside of brackets; an empty last
  // one is left out.
  template <typename Take>
  void ForEachPiece(TokenRange range, std::string_view separator, Take take) const {
    while (!range.empty()) {
      const std::size_t at = Find(range, separator);
      take(TokenRange{range.begin, at});
      range.begin = at + 1;
    }
  }
  std::vector<TokenRange> Split(TokenRange range, std::string_view separator) const;
  // Without pairs of parentheses around all of it.
  TokenRange StripParentheses(TokenRange range) const;
  // The bytes from the first to the last token; {} for an empty range.
  Span SpanOf(TokenRange range) const;
  std::string_view TextOf(TokenRange range) const;

 private:
  void PairBracket(CharClass last) {
    if (last != kOpening && last != kClosing) return;
    const auto index = static_cast<std::uint32_t>(tokens_.size() - 1);
    if (last == kOpening) return open_.push_back(index);
    if (open_.empty()) return;
    tokens_[open_.back()].partner = index;
    tokens_[index].partner = open_.back();
    open_.pop_back();
  }

  std::string_view text_;
  Encoding encoding_;
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> open_;
};

}  // namespace onehead
