// What a configuration says about one script directory: the ini section and the [tool.alembic]
// table beside it put together as Alembic's Config and ScriptDirectory.from_config do (1.19).
//
// Here: values and where they stand. Not here: whether the locations exist (location.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/environment/ini.h"
#include "core/environment/toml.h"
#include "onehead/base/result.h"

namespace onehead {

// What `%(here)s` becomes: no real path begins with it, and it holds no separator of a list.
inline constexpr std::string_view kHere = "/\x01";

// `text` as people wrote it, on one line, for a message.
std::string ShownLocation(std::string_view text);

// The configuration files of one directory; either may be missing.
struct ConfigSources {
  std::string directory;
  std::string ini_path;
  std::optional<IniFile> ini;
  std::string toml_path;
  std::optional<TomlAlembic> toml;
};

struct ConfiguredValue {
  std::string text;
  std::string path;     // the file that says so
  std::string section;  // of the ini; empty: not from an ini
  int line = 0;
};

struct ConfiguredList {
  std::vector<std::string> values;  // never empty
  std::string path;
  int line = 0;
};

struct ScriptConfig {
  std::optional<ConfiguredValue> script_location;
  std::optional<ConfiguredList> version_locations;  // null: <script location>/versions
  std::optional<ConfiguredList> prepend_sys_path;
  bool recursive = false;
  std::optional<ConfiguredValue> sourceless;  // null: false
  std::string file_template;                  // empty: the default, or see `notes`
  std::vector<std::string> notes;

  std::vector<std::string> PrependSysPath() const {
    return prepend_sys_path ? prepend_sys_path->values : std::vector<std::string>();
  }
};

// The ini sections that describe an environment, in the order of the file. `wanted` as Alembic's
// -n; empty: all of them. A section counts when it has a script_location; [alembic] (or the wanted
// one) counts always, and one that only inherits it from DEFAULT or TOML when it sets
// version_locations. The last one may be absent from the ini: then TOML alone speaks.
std::vector<std::string> EnvironmentSections(const ConfigSources& sources, std::string_view wanted);

// Fails where Alembic does: interpolation, an unknown path separator, a TOML value of a wrong type.
// The error has path and line.
[[nodiscard]] Result<ScriptConfig> ReadScriptConfig(const ConfigSources& sources,
                                                    std::string_view section);

}  // namespace onehead
