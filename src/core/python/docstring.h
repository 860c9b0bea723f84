// The docstring of a module.
//
// Not here: when a statement is a docstring at all (the caller gives the first statement).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/python/logical_line.h"
#include "onehead/core/python/diagnostic.h"

namespace onehead {

struct Docstring {
  std::string text = {};  // module.__doc__, UTF-8
  std::optional<DocLine> revision_id = {};
  std::optional<DocLine> revises = {};
  std::optional<ReadDefect> defect = {};  // Python refuses the literal
};

// Null: `statement` is not string literals alone (also in parentheses), or they are bytes or
// f-strings.
std::optional<Docstring> ReadDocstring(const Line& line, TokenRange statement);

// Python's str.strip(), and the first paragraph as Alembic cuts it (Script.doc).
std::string_view StripUnicode(std::string_view text);
std::string_view FirstParagraph(std::string_view text);

}  // namespace onehead
