#include "git/repository/simple_config.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-';
  });
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// "core." of "[core]", "remote.origin." of "[remote "origin"]". Null: another form.
std::optional<std::string> SectionOf(std::string_view line) {
  if (line.size() < 2 || line.back() != ']') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string name = Lower(line.substr(0, end));
  if (!IsWord(name) || name == "include" || name == "includeif") return std::nullopt;
  if (end == line.size()) return name + ".";
  std::string_view quoted = line.substr(end + 1);
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return std::nullopt;
  quoted = quoted.substr(1, quoted.size() - 2);
  if (quoted.find('"') != std::string_view::npos) return std::nullopt;
  return name + "." + std::string(quoted) + ".";
}

// True if the value is written as it is meant: single spaces inside, nothing that ends it early.
bool IsPlainValue(std::string_view value) {
  if (value.empty() || value.front() == ' ' || value.back() == ' ') return false;
  return value.find_first_of("\"#;\t") == std::string_view::npos &&
         value.find("  ") == std::string_view::npos;
}

}  // namespace

std::optional<std::vector<ConfigEntry>> ReadSimpleConfig(std::string_view text) {
  const auto is_strange = [](unsigned char c) {
    return c == '\\' || c == 0x7F || (c < ' ' && c != '\n' && c != '\t');
  };
  if (std::any_of(text.begin(), text.end(), is_strange)) return std::nullopt;
  std::vector<ConfigEntry> entries;
  std::string section;
  while (!text.empty()) {
    std::string_view line = TakeUntil(&text, '\n');
    while (!line.empty() && IsBlank(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      std::optional<std::string> name = SectionOf(line);
      if (!name) return std::nullopt;
      section = std::move(*name);
      continue;
    }
    const std::size_t equals = line.find(" = ");
    if (section.empty() || equals == std::string_view::npos) return std::nullopt;
    const std::string key = Lower(line.substr(0, equals));
    const std::string_view value = line.substr(equals + 3);
    if (!IsWord(key) || std::isalpha(static_cast<unsigned char>(key[0])) == 0 ||
        !IsPlainValue(value)) {
      return std::nullopt;
    }
    entries.push_back({section + key, std::string(value)});
  }
  return entries;
}

}  // namespace onehead::git
