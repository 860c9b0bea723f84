// What the reader of Python says about a text: defects, and the lines of a docstring that people
// read.
#pragma once

#include <string>

#include "onehead/base/text.h"

namespace onehead {

// Why a value, or the whole file, cannot be read; or why a value is doubtful.
struct ReadDefect {
  int line = 0;            // 1-based
  std::string reason;      // "a call cannot be evaluated without running Python"
  std::string expression;  // the source text it is about, one line, as written; may be empty
  bool optional = false;   // only branch_labels or depends_on cannot be read, which change no heads
  friend bool operator==(const ReadDefect&, const ReadDefect&) = default;
};

// A "Revision ID: x" or "Revises: x" line inside the docstring. For people only; Alembic never
// reads it.
struct DocLine {
  int line = 0;     // 1-based
  Span value = {};  // the bytes after the colon and blanks, without trailing blanks; may be empty
  std::string text = {};
  friend bool operator==(const DocLine&, const DocLine&) = default;
};

}  // namespace onehead
