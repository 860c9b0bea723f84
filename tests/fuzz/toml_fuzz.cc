// Any bytes give a [tool.alembic] table that says something, none, or an error in one of its lines.
#include "core/environment/toml.h"
#include "fuzz/config_check.h"

namespace onehead::fuzz {
namespace {

void CheckValue(const TomlValue& value, int lines) {
  Require(value.line > 0 && value.line <= lines, "a value stands in the file");
  Require(value.kind != TomlValue::Kind::kString || value.strings.size() == 1,
          "a string is one string");
}

}  // namespace

void CheckInput(std::string_view text) {
  const int lines = LinesOf(text);
  Result<std::optional<TomlAlembic>> toml = ReadTomlAlembic(text);
  if (!toml) return CheckError(toml.error(), lines);
  if (!*toml) return;
  for (const auto& [name, value] : (*toml)->values) CheckValue(value, lines);
  ConfigSources sources{"", "", {}, "pyproject.toml", std::move(*toml)};
  CheckConfig(sources, lines);
}

}  // namespace onehead::fuzz
