#include "core/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// It asserts what hostile text can make untrue ("[{"), and then reports it as an error.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxBrackets = 32;  // arrays and inline tables in each other
constexpr std::size_t kMaxKeyParts = 32;  // of one dotted key

// True when somewhere "alembic" may be a key: after it, and a quote if it has one, comes one of the
// three characters that can follow a key (and not "==", as in a requirement).
bool MayHaveKey(std::string_view text) {
  constexpr std::string_view kName = "alembic";
  for (std::size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at + 1)) {
    std::size_t next = at + kName.size();
    if (next < text.size() && (text[next] == '"' || text[next] == '\'')) ++next;
    next = std::min(text.find_first_not_of(" \t", next), text.size());
    const std::string_view follows = text.substr(next, 2);
    if (follows.empty() || follows == "==") continue;
    if (follows[0] == ']' || follows[0] == '.' || follows[0] == '=') return true;
  }
  return false;
}

// Where the string that begins at `at` ends: the place after it. A string that does not end is
// where the parser will stop as well.
std::size_t SkipString(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool literal = quote == '\'';
  const std::string triple(3, quote);
  if (text.substr(at, 3) != triple) {
    for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
      if (text[i] == quote) return i + 1;
      if (text[i] == '\\' && !literal) ++i;
    }
    return text.size();
  }
  for (std::size_t i = at + 3; i < text.size(); ++i) {
    if (text[i] == '\\' && !literal) {
      ++i;
    } else if (text.substr(i, 3) == triple) {
      i += 3;  // up to two more quotes belong to the text
      while (i < text.size() && text[i] == quote) ++i;
      return i;
    }
  }
  return text.size();
}

// The line in which the text nests too deeply; 0: nowhere. Follows the parser as far as it gets:
// where the two could disagree the parser has met an error.
int TooDeepLine(std::string_view text) {
  std::size_t brackets = 0;
  std::size_t dots = 0;
  int line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      const std::size_t end = SkipString(text, i);
      line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(i),
                                          text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      i = end;
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '[' || c == '{') ++brackets;
    if ((c == ']' || c == '}') && brackets > 0) --brackets;
    if (c == '.') ++dots;
    if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') dots = 0;
    if (brackets > kMaxBrackets || dots >= kMaxKeyParts) return line;
    if (c == '\n') ++line;
    ++i;
  }
  return 0;
}

int LineOf(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

TomlValue ValueOf(const toml::node& node) {
  TomlValue value;
  value.line = LineOf(node);
  if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::kString;
    value.strings.push_back(text->get());
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::kBoolean;
    value.boolean = boolean->get();
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::kStrings;
    for (const toml::node& element : *array) {
      if (const auto* string = element.as_string()) {
        value.strings.push_back(string->get());
      } else {
        value.kind = TomlValue::Kind::kOther;
      }
    }
  }
  return value;
}

}  // namespace

const TomlValue* TomlAlembic::Find(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

Result<std::optional<TomlAlembic>> ReadTomlAlembic(std::string_view text) {
  if (!MayHaveKey(text)) return std::nullopt;
  if (const int line = TooDeepLine(text); line != 0) {
    return FailAt(ErrorKind::kLimit, "", line, "it nests too deeply");
  }
  // toml++ would pass it over; Python's tomllib refuses it, and Alembic with it.
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return FailAt(ErrorKind::kInvalid, "", 1, "not TOML: it begins with a byte-order mark");
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return FailAt(ErrorKind::kInvalid, "", static_cast<int>(error.source().begin.line),
                  "not TOML: " + Printable(error.description(), 200));
  }
  const toml::node* tool = parsed.table().get("tool");
  const toml::table* tools = tool == nullptr ? nullptr : tool->as_table();
  const toml::node* node = tools == nullptr ? nullptr : tools->get("alembic");
  if (node == nullptr) return std::nullopt;
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    return FailAt(ErrorKind::kInvalid, "", LineOf(*node), "tool.alembic is not a table");
  }
  TomlAlembic result;
  result.line = LineOf(*node);
  for (const auto& [key, value] : *table) {
    result.values.emplace(std::string(key.str()), ValueOf(value));
  }
  return result;
}

}  // namespace onehead
