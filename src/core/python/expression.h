// The value of an expression, where it is known without running Python.
//
// Known: string literals and their concatenation, None, tuples, lists and sets of strings, `+`,
// names that are bound to known values; literals of other types are known to be illegal. All else
// is unknown, with the reason.
// Not here: one string literal (literal.h), what binds the value (module_reader.h).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/python/logical_line.h"
#include "core/python/name_table.h"

namespace onehead {

// `(name := expression)` inside an expression that is known.
struct Walrus {
  std::size_t name = 0;  // token
  TokenRange expression = {};
  Value value = {};
};

struct Evaluated {
  Value value = {};
  std::vector<Walrus> walruses = {};  // in order of evaluation; none when the value is unknown
};

// What all the expressions of one file may copy out of names together: `b = a + a` doubles.
struct CopyBudget {
  std::size_t bytes = std::size_t{1} << 20;
};

// Linear in the tokens of `range` (plus what names hold, up to the budget), no recursion.
// Objects that a name is bound to and that now are part of another value are given away.
Evaluated Evaluate(const Line& line, TokenRange range, NameTable* names, CopyBudget* budget);

}  // namespace onehead
