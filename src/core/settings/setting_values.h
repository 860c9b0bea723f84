// What the values of one setting mean: Git's numbers and booleans, names, lists, paths.
//
// A setting may be given more than once, as in Git: of single values the last one counts, lists are
// added up, and an empty value empties a list. Each function fails with kInvalid, naming the key,
// the value and a command that sets a right one, and else sets `*out`; without values it leaves it
// alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/base/text.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

using Values = std::vector<std::optional<std::string>>;  // null: the key alone, without "="

tl::unexpected<Error> Bad(std::string_view key, const std::optional<std::string>& value,
                          std::string_view wanted, std::string_view example);

// Git's integers (git_parse_signed): C's notation of numbers, then k, m or g. Null: not one, or
// out of range.
std::optional<std::int64_t> GitInteger(std::string_view text);

Status ToBool(std::string_view key, const Values& values, bool* out);
Status ToResponse(std::string_view key, const Values& values, Settings::Response* out);
Status ToText(std::string_view key, const Values& values, std::string_view example,
              std::string* out);
Result<std::vector<std::string>> ToList(std::string_view key, const Values& values,
                                        std::string_view wanted, std::string_view example);
Status ToPatterns(std::string_view key, const Values& values, RefPatterns* out);
Status ToPaths(std::string_view key, const Values& values, std::vector<std::string>* out);
Status ToPathspecs(std::string_view key, const Values& values, std::vector<Pathspec>* out);

// Values over `most` are clamped to it.
template <typename Integer>
Status ToCount(std::string_view key, const Values& values, std::int64_t most, Integer* out) {
  const std::string example = std::to_string(*out);
  for (const std::optional<std::string>& value : values) {
    const std::optional<std::int64_t> parsed = value ? GitInteger(*value) : std::nullopt;
    if (!parsed || *parsed < 1) {
      return Bad(key, value, "a number from 1 on (k, m and g may follow it)", example);
    }
    *out = static_cast<Integer>(std::min(*parsed, most));
  }
  return {};
}

template <typename Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

template <typename Enum>
Status ToChoice(std::string_view key, const Values& values,
                const std::vector<Choice<Enum>>& choices, Enum* out) {
  for (const std::optional<std::string>& value : values) {
    const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const Choice<Enum>& c) {
      return value && Lower(*value) == c.name;
    });
    if (chosen == choices.end()) {
      std::string names;
      for (const Choice<Enum>& choice : choices) {
        names += names.empty() ? "one of " : ", ";
        names += choice.name;
      }
      return Bad(key, value, names, choices.front().name);
    }
    *out = chosen->value;
  }
  return {};
}

}  // namespace onehead
