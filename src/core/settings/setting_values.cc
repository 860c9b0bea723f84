#include "core/settings/setting_values.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace onehead {
namespace {

// Git's booleans (git_parse_maybe_bool).
std::optional<bool> GitBoolean(const std::optional<std::string>& value) {
  if (!value) return true;
  const std::string text = Lower(*value);
  if (text == "true" || text == "yes" || text == "on") return true;
  if (text.empty() || text == "false" || text == "no" || text == "off") return false;
  if (const std::optional<std::int64_t> number = GitInteger(text)) return *number != 0;
  return std::nullopt;
}

// The magic in front of a pathspec, taken off. False: there is some that is not known.
bool TakeMagic(std::string_view* text, Pathspec* out) {
  if (!text->starts_with(":")) return true;
  text->remove_prefix(1);
  if (!text->starts_with("(")) {  // ":!/path"
    for (; !text->empty(); text->remove_prefix(1)) {
      const char c = text->front();
      if (c != '!' && c != '^' && c != '/') break;
      out->exclude |= c != '/';
    }
    if (text->starts_with(":")) text->remove_prefix(1);
    return true;
  }
  const std::size_t end = text->find(')');
  if (end == std::string_view::npos) return false;
  for (const std::string_view word : Split(text->substr(1, end - 1), ',')) {
    out->exclude |= word == "exclude";
    out->icase |= word == "icase";
    out->literal |= word == "literal";
    const bool known = word == "exclude" || word == "icase" || word == "literal" || word == "top";
    if (!known && !word.empty()) return false;
  }
  text->remove_prefix(end + 1);
  return true;
}

}  // namespace

tl::unexpected<Error> Bad(std::string_view key, const std::optional<std::string>& value,
                          std::string_view wanted, std::string_view example) {
  const std::string what = value ? "'" + Printable(*value, 100) + "'" : "no value";
  return Fail(ErrorKind::kInvalid, fmt::format("{}: {} is not {}", key, what, wanted),
              fmt::format("git config {} {}", key, example));
}

std::optional<std::int64_t> GitInteger(std::string_view text) {
  text = text.substr(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  const bool negative = text.starts_with("-");
  if (negative || text.starts_with("+")) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::int64_t number = 0;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const std::size_t digit = kDigits.find(Lower(text.substr(used, 1)));
    if (digit >= static_cast<std::size_t>(base)) break;
    if (number > (kMax - static_cast<std::int64_t>(digit)) / base) return std::nullopt;
    number = number * base + static_cast<std::int64_t>(digit);
  }
  if (used == 0) return std::nullopt;
  const std::string unit = Lower(text.substr(used));
  std::int64_t factor = 1;
  if (unit == "k") factor = std::int64_t{1} << 10;
  if (unit == "m") factor = std::int64_t{1} << 20;
  if (unit == "g") factor = std::int64_t{1} << 30;
  if ((factor == 1 && !unit.empty()) || number > kMax / factor) return std::nullopt;
  return negative ? -number * factor : number * factor;
}

Status ToBool(std::string_view key, const Values& values, bool* out) {
  for (const std::optional<std::string>& value : values) {
    const std::optional<bool> parsed = GitBoolean(value);
    if (!parsed) return Bad(key, value, "true or false", "true");
    *out = *parsed;
  }
  return {};
}

Status ToResponse(std::string_view key, const Values& values, Settings::Response* out) {
  using Response = Settings::Response;
  return ToChoice<Response>(
      key, values,
      {{"reject", Response::kReject}, {"warn", Response::kWarn}, {"ignore", Response::kIgnore}},
      out);
}

Status ToText(std::string_view key, const Values& values, std::string_view example,
              std::string* out) {
  for (const std::optional<std::string>& value : values) {
    if (!value) return Bad(key, value, "a name", example);
    *out = *value;
  }
  return {};
}

Result<std::vector<std::string>> ToList(std::string_view key, const Values& values,
                                        std::string_view wanted, std::string_view example) {
  std::vector<std::string> list;
  for (const std::optional<std::string>& value : values) {
    if (!value) return Bad(key, value, wanted, example);
    if (value->empty()) {
      list.clear();
    } else {
      list.push_back(*value);
    }
  }
  return list;
}

Status ToPaths(std::string_view key, const Values& values, std::vector<std::string>* out) {
  constexpr std::string_view kWanted = "a directory of the repository, relative to its top";
  constexpr std::string_view kExample = "path/to/directory";
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, kWanted, kExample));
  for (const std::string& given : list) {
    std::string path;
    if (!NormalizePath("", given, &path)) return Bad(key, given, kWanted, kExample);
    if (std::find(out->begin(), out->end(), path) == out->end()) out->push_back(std::move(path));
  }
  return {};
}

Status ToPathspecs(std::string_view key, const Values& values, std::vector<Pathspec>* out) {
  constexpr std::string_view kWanted =
      "a pathspec relative to the top of the repository (of Git's magic, it may have exclude, "
      "icase, literal and top)";
  constexpr std::string_view kExample = "tests/fixtures";
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, kWanted, kExample));
  for (const std::string& given : list) {
    Pathspec pathspec;
    std::string_view text = given;
    if (!TakeMagic(&text, &pathspec)) return Bad(key, given, kWanted, kExample);
    while (text.ends_with("/")) text.remove_suffix(1);
    if (!NormalizePath("", text, &pathspec.pattern)) return Bad(key, given, kWanted, kExample);
    if (pathspec.pattern.empty()) pathspec.pattern = "*", pathspec.literal = false;
    out->push_back(std::move(pathspec));
  }
  return {};
}

Status ToPatterns(std::string_view key, const Values& values, RefPatterns* out) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, "an RE2 pattern", "'refs/heads/.*'"));
  if (list.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(*out, RefPatterns::Compile(key, list));
  return {};
}

}  // namespace onehead
