#include "core/environment/script_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

// A hostile configuration could make every location cost a search up the tree.
constexpr std::size_t kMaxLocations = 1000;

// Python's `text % {"here": ...}`: all that Alembic does with TOML strings.
Result<std::string> FormatToml(std::string_view text) {
  constexpr std::string_view kReference = "%(here)s";
  std::string out;
  for (;;) {
    const std::size_t percent = text.find('%');
    out += text.substr(0, percent);
    if (percent == std::string_view::npos) return out;
    text.remove_prefix(percent);
    if (text.starts_with("%%")) {
      out += '%';
      text.remove_prefix(2);
    } else if (text.substr(0, kReference.size()) == kReference) {
      out += kHere;
      text.remove_prefix(kReference.size());
    } else {
      return Fail(ErrorKind::kInvalid,
                  fmt::format("'{}': a percent sign must be written %%, or be part of %(here)s",
                              Printable(text, 80)));
    }
  }
}

// re.split(", *|(?: +)"), with ":" too for the list that had it.
enum class LegacySplit { kSpaceComma, kSpaceCommaColon };

std::vector<std::string> SplitLegacy(std::string_view text, LegacySplit how) {
  const std::string_view separators = how == LegacySplit::kSpaceComma ? ", " : ", :";
  std::vector<std::string> pieces;
  for (;;) {
    const std::size_t at = text.find_first_of(separators);
    pieces.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    const bool colon = text[at] == ':';
    text.remove_prefix(at + 1);
    if (!colon) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
}

// [x.strip() for x in text.split(separator) if x]
std::vector<std::string> SplitAt(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (std::string_view piece : Split(text, separator)) {
    if (!piece.empty()) pieces.emplace_back(Trim(piece));
  }
  return pieces;
}

// Reads one section, with TOML behind it.
class Reader {
 public:
  Reader(const ConfigSources& sources, std::string_view section)
      : sources_(sources), section_(section) {}

  Result<ScriptConfig> Read();

 private:
  Result<std::optional<ConfiguredValue>> Ini(std::string_view key) const;
  Result<std::optional<ConfiguredValue>> Text(std::string_view key) const;
  Result<std::optional<ConfiguredValue>> True(std::string_view key) const;
  Result<std::optional<ConfiguredList>> TomlList(std::string_view key) const;
  Result<std::optional<ConfiguredList>> VersionLocations() const;
  Result<std::optional<ConfiguredList>> PrependSysPath() const;
  // '\0': none is configured.
  Result<char> Separator(const std::vector<std::string_view>& keys, std::string_view list) const;
  tl::unexpected<Error> TomlError(const TomlValue& value, std::string message) const {
    return FailAt(ErrorKind::kInvalid, sources_.toml_path, value.line, std::move(message));
  }
  const TomlValue* Toml(std::string_view key) const {
    return sources_.toml ? sources_.toml->Find(key) : nullptr;
  }

  const ConfigSources& sources_;
  std::string_view section_;
};

Result<std::optional<ConfiguredValue>> Reader::Ini(std::string_view key) const {
  if (!sources_.ini) return std::nullopt;
  Result<std::optional<IniValue>> value = sources_.ini->Get(section_, key, kHere);
  if (!value) {
    Error error = std::move(value.error());
    error.path = sources_.ini_path;
    return Fail(std::move(error));
  }
  if (!*value) return std::nullopt;
  return ConfiguredValue{std::move((*value)->text), sources_.ini_path, std::string(section_),
                         (*value)->line};
}

// Config.get_alembic_option
Result<std::optional<ConfiguredValue>> Reader::Text(std::string_view key) const {
  Result<std::optional<ConfiguredValue>> ini = Ini(key);
  if (!ini || *ini) return ini;
  const TomlValue* value = Toml(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != TomlValue::Kind::kString) {
    return TomlError(*value, fmt::format("{}: not a string", key));
  }
  Result<std::string> text = FormatToml(value->strings[0]);
  if (!text) return TomlError(*value, fmt::format("{}: {}", key, text.error().message));
  return ConfiguredValue{std::move(*text), sources_.toml_path, "", value->line};
}

// Config.get_alembic_boolean_option; where it stands, if it is true.
Result<std::optional<ConfiguredValue>> Reader::True(std::string_view key) const {
  Result<std::optional<ConfiguredValue>> ini = Ini(key);
  if (!ini) return ini;
  if (*ini) return (*ini)->text == "true" ? ini : std::nullopt;
  const TomlValue* value = Toml(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != TomlValue::Kind::kBoolean) {
    return TomlError(*value, fmt::format("{}: not a boolean", key));
  }
  if (!value->boolean) return std::nullopt;
  return ConfiguredValue{"true", sources_.toml_path, "", value->line};
}

// Alembic takes a string apart into its letters. Of version locations nobody can mean that; where
// packages are looked for it does no harm.
Result<std::optional<ConfiguredList>> Reader::TomlList(std::string_view key) const {
  const TomlValue* value = Toml(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != TomlValue::Kind::kString && value->kind != TomlValue::Kind::kStrings) {
    return TomlError(*value, fmt::format("{}: neither a string nor an array of strings", key));
  }
  const bool is_string = value->kind == TomlValue::Kind::kString;
  if (is_string && key == "version_locations" && value->strings.front().size() > 1) {
    return TomlError(*value,
                     fmt::format("{}: a string, which Alembic takes apart into its letters; "
                                 "write an array: [\"{}\"]",
                                 key, Printable(value->strings.front(), 100)));
  }
  ConfiguredList list{{}, sources_.toml_path, value->line};
  for (const std::string& element : value->strings) {
    Result<std::string> text = FormatToml(element);
    if (!text) return TomlError(*value, fmt::format("{}: {}", key, text.error().message));
    if (is_string) {
      for (const char letter : *text) list.values.emplace_back(1, letter);
    } else {
      list.values.push_back(std::move(*text));
    }
  }
  if (list.values.empty()) return std::nullopt;
  return list;
}

// Config._get_file_separator_char
Result<char> Reader::Separator(const std::vector<std::string_view>& keys,
                               std::string_view list) const {
  for (const std::string_view key : keys) {
    Result<std::optional<ConfiguredValue>> value = Ini(key);
    if (!value) return Fail(std::move(value.error()));
    if (!*value) continue;
    const std::string& name = (*value)->text;
    if (name == "space") return ' ';
    if (name == "newline") return '\n';
    // os.pathsep of the machine that runs Alembic. On Windows it is ";", which names no directory
    // of any real project.
    if (name == "os") return list.find(';') == std::string_view::npos ? ':' : ';';
    if (name == ":" || name == ";") return name[0];
    return FailAt(ErrorKind::kInvalid, (*value)->path, (*value)->line,
                  fmt::format("{}: '{}' is none of space, newline, os, : and ; (a comment cannot "
                              "follow a value on its line)",
                              key, Printable(name, 80)));
  }
  return '\0';
}

// Config.get_version_locations_list
Result<std::optional<ConfiguredList>> Reader::VersionLocations() const {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ConfiguredValue> value, Ini("version_locations"));
  if (!value || value->text.empty()) return TomlList("version_locations");
  const std::string& text = value->text;
  ONEHEAD_ASSIGN_OR_RETURN(const char separator,
                           Separator({"path_separator", "version_path_separator"}, text));
  ConfiguredList list{{}, value->path, value->line};
  list.values =
      separator == '\0' ? SplitLegacy(text, LegacySplit::kSpaceComma) : SplitAt(text, separator);
  if (list.values.empty()) return std::nullopt;  // ScriptDirectory: `if self.version_locations`
  return list;
}

// Config.get_prepend_sys_paths_list
Result<std::optional<ConfiguredList>> Reader::PrependSysPath() const {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ConfiguredValue> value, Ini("prepend_sys_path"));
  if (!value || value->text.empty()) return TomlList("prepend_sys_path");
  const std::string& text = value->text;
  ONEHEAD_ASSIGN_OR_RETURN(const char separator, Separator({"path_separator"}, text));
  ConfiguredList list{{}, value->path, value->line};
  list.values = separator == '\0' ? SplitLegacy(text, LegacySplit::kSpaceCommaColon)
                                  : SplitAt(text, separator);
  if (list.values.empty()) return std::nullopt;
  return list;
}

Status CheckCount(const std::optional<ConfiguredList>& list, std::string_view key) {
  if (!list || list->values.size() <= kMaxLocations) return {};
  return FailAt(ErrorKind::kLimit, list->path, list->line,
                fmt::format("{}: more than {} locations", key, kMaxLocations));
}

Result<ScriptConfig> Reader::Read() {
  ScriptConfig config;
  ONEHEAD_ASSIGN_OR_RETURN(config.script_location, Text("script_location"));

  ONEHEAD_ASSIGN_OR_RETURN(config.version_locations, VersionLocations());

  ONEHEAD_ASSIGN_OR_RETURN(config.prepend_sys_path, PrependSysPath());

  Status count = CheckCount(config.version_locations, "version_locations");
  if (count) count = CheckCount(config.prepend_sys_path, "prepend_sys_path");
  if (!count) return Fail(std::move(count.error()));

  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ConfiguredValue> recursive,
                           True("recursive_version_locations"));
  config.recursive = recursive.has_value();

  ONEHEAD_ASSIGN_OR_RETURN(config.sourceless, True("sourceless"));

  // It only names new files: trouble with it does not hide the graph.
  Result<std::optional<ConfiguredValue>> name = Text("file_template");
  if (!name) {
    const Error& error = name.error();
    config.notes.push_back(fmt::format("{}:{}: {}; new files get Alembic's default name",
                                       Printable(error.path), error.line, error.message));
  } else if (*name) {
    config.file_template = std::move((*name)->text);
  }
  return config;
}

}  // namespace

std::string ShownLocation(std::string_view text) {
  std::string shown;
  for (std::string_view rest = text; !rest.empty() && shown.size() <= 200;) {
    const std::size_t at = std::min(rest.find(kHere), rest.size());
    shown += rest.substr(0, at);
    rest.remove_prefix(at);
    if (rest.empty()) break;
    shown += "%(here)s";
    rest.remove_prefix(kHere.size());
  }
  return "'" + Printable(shown, 200) + "'";
}

std::vector<std::string> EnvironmentSections(const ConfigSources& sources,
                                             std::string_view wanted) {
  const std::string_view main = wanted.empty() ? "alembic" : wanted;
  const bool in_toml = sources.toml && sources.toml->Find("script_location") != nullptr;
  std::vector<std::string> names;
  if (sources.ini) {
    for (const IniSection& section : sources.ini->sections()) {
      const bool locates = in_toml || sources.ini->Find(section.name, "script_location") != nullptr;
      const bool own = section.options.count("script_location") != 0 ||
                       section.options.count("version_locations") != 0;
      const bool counts = section.name == main || (wanted.empty() && locates && own);
      if (counts) names.push_back(section.name);
    }
  }
  const bool has_main = std::find(names.begin(), names.end(), main) != names.end();
  if (in_toml && !has_main && main == "alembic") names.emplace_back(main);
  return names;
}

Result<ScriptConfig> ReadScriptConfig(const ConfigSources& sources, std::string_view section) {
  return Reader(sources, section).Read();
}

}  // namespace onehead
