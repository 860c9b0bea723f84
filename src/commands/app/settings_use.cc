#include "commands/app/settings_use.h"

#include <string>

#include "onehead/git/support/pathspec.h"

namespace onehead {

DiscoveryOptions DiscoveryFrom(const Settings& settings) {
  DiscoveryOptions options;
  const auto add = [&](const std::string& name, const Settings& of) {
    if (of.script_locations.empty() && of.versions.empty()) return;
    options.named.push_back({name, of.script_locations, of.versions, of.recursive});
  };
  add("", settings);
  for (const auto& [name, of_name] : settings.named) add(name, *of_name);
  options.recursive = settings.recursive;
  options.search = settings.discovery;
  options.is_ignored = git::PathspecMatcher(settings.ignore);
  return options;
}

LoadLimits LimitsFrom(const Settings& settings) {
  return {settings.max_file_bytes, settings.max_files};
}

}  // namespace onehead
