#include "commands/app/settings_help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "commands/app/did_you_mean.h"
#include "onehead/base/text.h"
#include "onehead/core/settings/settings.h"

namespace onehead {
namespace {

// In lines of a terminal, each with that many spaces in front.
std::string Wrapped(std::string_view text, std::size_t indent) {
  constexpr std::size_t kColumns = 80;
  const std::string start(indent, ' ');
  std::string wrapped;
  std::string line;
  for (const std::string_view word : Split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > kColumns) {
      wrapped += start + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return wrapped + start + line + "\n";
}

}  // namespace

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
    out << "\n" << Wrapped(setting.meaning, 4);
  }
  out << "\nOf one environment, called NAME: onehead.NAME.scriptLocation, .versions, .recursive,\n"
         ".maxHeads, .labelledHeads and .externalRevisions.\n";
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
