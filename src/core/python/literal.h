// What a string literal of Python means.
//
// Here: one literal, from its token to its characters. Not here: concatenation, tuples, names
// (expression.h), and where a literal ends (tokenizer.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/python/source_encoding.h"
#include "core/python/tokenizer.h"

namespace onehead {

enum class LiteralState : std::uint8_t {
  kText,       // known
  kNotText,    // b"..." or t"...": known not to be a str
  kUnknown,    // a str that only Python could tell: fields, \N{...}, bytes of a foreign encoding
  kMalformed,  // Python refuses it: \x4
};

struct Literal {
  LiteralState state = LiteralState::kText;
  // UTF-8. kUnknown: the best there is for people, what is not known as written. Else empty.
  std::string text = {};
  std::string_view problem = {};  // kUnknown, kMalformed: why
};

// REQUIRES: `string` is a kString token of `text`.
Literal DecodeString(const Token& string, std::string_view text, Encoding encoding);

}  // namespace onehead
