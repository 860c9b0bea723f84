// What the fuzz targets of both kinds of configuration check.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/environment/script_config.h"
#include "fuzz/fuzz_target.h"
#include "onehead/base/text.h"

namespace onehead::fuzz {

// No fewer than any way of counting gives.
inline int LinesOf(std::string_view text) {
  return 1 + static_cast<int>(std::count_if(text.begin(), text.end(),
                                            [](char c) { return c == '\n' || c == '\r'; }));
}

inline void CheckError(const Error& error, int lines) {
  Require(error.kind == ErrorKind::kInvalid || error.kind == ErrorKind::kLimit,
          "a configuration is invalid or too large");
  Require(error.line >= 0 && error.line <= lines, "the error stands in the file");
  Require(!error.message.empty() && Printable(error.message) == error.message,
          "the message is printable");
}

inline void CheckConfig(const ConfigSources& sources, int lines) {
  for (const std::string& section : EnvironmentSections(sources, "")) {
    const Result<ScriptConfig> config = ReadScriptConfig(sources, section);
    if (!config) {
      CheckError(config.error(), lines);
      Require(!config.error().path.empty(), "the error has a path");
      continue;
    }
    for (const std::string& note : config->notes) {
      Require(Printable(note) == note, "a note is printable");
    }
    if (config->script_location) {
      const std::string shown = ShownLocation(config->script_location->text);
      Require(Printable(shown) == shown, "a location is shown safely");
    }
    Require(!config->version_locations || !config->version_locations->values.empty(),
            "a list is never empty");
  }
}

}  // namespace onehead::fuzz
