// The table [tool.alembic] of a pyproject.toml (Alembic 1.16 and later,
// Config.toml_alembic_config).
//
// Here: getting its values out of the text. Not here: what they mean (script_config.h). The only
// place that knows toml++.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"

namespace onehead {

struct TomlValue {
  enum class Kind { kString, kStrings, kBoolean, kOther };
  Kind kind = Kind::kOther;
  std::vector<std::string> strings;  // kString: exactly one; kStrings: an array of nothing else
  bool boolean = false;              // kBoolean
  int line = 0;                      // 1-based
  friend bool operator==(const TomlValue&, const TomlValue&) = default;
};

struct TomlAlembic {
  int line = 0;  // of the table
  std::map<std::string, TomlValue, std::less<>> values;

  const TomlValue* Find(std::string_view key) const;
};

// Null: there is no such table. A text in which no key can be named "alembic" is not parsed at
// all, so that a pyproject.toml that is no business of ours makes no error. Fails with kInvalid and
// the line (no path) when it is not TOML or "tool.alembic" is not a table, with kLimit when it
// nests deeper than anything real: the parser recurses, and so do the destructors of what it
// builds.
[[nodiscard]] Result<std::optional<TomlAlembic>> ReadTomlAlembic(std::string_view text);

}  // namespace onehead
