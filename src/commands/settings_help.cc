#include "commands/settings_help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "commands/did_you_mean.h"
#include "onehead/base/text.h"
#include "onehead/core/config.h"

namespace onehead {

void PrintSettings(std::ostream& out) {
  const std::vector<SettingHelp> settings = KnownSettings();
  std::size_t widest = 0;
  for (const SettingHelp& setting : settings) widest = std::max(widest, setting.key.size());
  out << "The settings of onehead, with their defaults, for git config.\n\n";
  for (const SettingHelp& setting : settings) {
    out << setting.key;
    if (!setting.initial.empty()) {
      out << std::string(widest + 2 - setting.key.size(), ' ') << setting.initial;
    }
    out << "\n    " << setting.meaning << "\n";
  }
  out << "\nThose of the system and of the repository count, and the user's own where the "
         "repository is theirs.\n";
}

Error UnknownSetting(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const SettingHelp& setting : KnownSettings()) keys.push_back(setting.key);
  const std::string_view meant = DidYouMean(key, keys);
  return {ErrorKind::kUsage, Printable(key, 100) + " is not a onehead setting",
          (meant.empty() ? "" : "did you mean " + std::string(meant) + "? ") +
              "onehead help config lists the settings"};
}

}  // namespace onehead
