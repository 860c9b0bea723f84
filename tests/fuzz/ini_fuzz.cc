// Any bytes give an ini file whose parts agree with each other, or an error in one of its lines.
#include <algorithm>

#include "core/environment/ini.h"
#include "fuzz/config_check.h"
#include "onehead/base/text.h"

namespace onehead::fuzz {
namespace {

void CheckOptions(const IniFile& ini, std::string_view section, const IniOptions& options,
                  int lines) {
  for (const auto& [name, value] : options) {
    Require(!name.empty(), "an option has a name");
    Require(value.line > 0 && value.line <= lines, "an option stands in the file");
    Require(ini.Find(section, name) != nullptr, "what is listed is found");
    const Result<std::optional<IniValue>> got = ini.Get(section, name, kHere);
    if (!got) {
      CheckError(got.error(), lines);
    } else {
      Require(got->has_value(), "what is found can be got");
    }
  }
}

}  // namespace

void CheckInput(std::string_view text) {
  const int lines = LinesOf(text);
  Result<IniFile> ini = IniFile::Parse(text);
  if (!ini) return CheckError(ini.error(), lines);
  for (const IniSection& section : ini->sections()) {
    Require(ini->FindSection(section.name) == &section, "a section is found by its name");
    CheckOptions(*ini, section.name, section.options, lines);
    CheckOptions(*ini, section.name, ini->defaults(), lines);
  }
  ConfigSources sources{"backend", "backend/alembic.ini", std::move(*ini), "", {}};
  CheckConfig(sources, lines);
}

}  // namespace onehead::fuzz
