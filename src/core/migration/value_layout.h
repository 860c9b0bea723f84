// The source of a value (one string, or strings in brackets) in pieces that can be edited.
//
// Here: where the elements, commas and comments of an expression are, and how a string literal is
// written. Not here: what a literal means (the reader says it), which edit to make (rewrite.cc).
// The text is known to be an expression that Python accepts: the reader has read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/text.h"

namespace onehead {

// The prefix and quotes of a string literal.
struct LiteralStyle {
  std::string prefix = {};   // "r", "u", ...; without letters that cannot be kept
  std::string quotes = "'";  // ' or " or three of them
};

struct ValueElement {
  Span span = {};           // from its first to its last token
  bool is_literal = false;  // exactly one string literal
};

struct ValueLayout {
  enum class Shape {
    kLiteral,  // one string literal, perhaps in parentheses
    kNone,     // None, perhaps in parentheses
    kList,     // strings in brackets, separated by commas; or a bare tuple
    kOther,    // a name, a call, a concatenation, ...
  };
  Shape shape = Shape::kOther;
  std::vector<ValueElement> elements = {};  // kList, kLiteral
  std::vector<Span> commas = {};    // kList: the comma after each element; maybe not the last
  std::vector<Span> comments = {};  // anywhere in the value, with their "#"
};

// The pieces of `value`, a part of `text`. Linear in its size.
ValueLayout ReadValueLayout(std::string_view text, Span value);

// The style of the literal that `literal` is. REQUIRES: it is one.
LiteralStyle StyleOf(std::string_view literal);

enum class Escapes { kAsNeeded, kAllButAscii };

// `id` as a literal in that style. A raw prefix is dropped where an escape is needed. None when
// `id` is not UTF-8.
std::optional<std::string> WriteLiteral(std::string_view id, const LiteralStyle& style,
                                        Escapes escapes);

}  // namespace onehead
