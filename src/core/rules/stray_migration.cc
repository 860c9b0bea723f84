#include <algorithm>
#include <cctype>
#include <functional>
#include <string>
#include <vector>

#include "core/rules/rule.h"
#include "core/tree_links.h"
#include "onehead/base/text.h"
#include "onehead/core/stray.h"

namespace onehead {
namespace {

// The first of them that the environment has; empty: none.
std::string FirstKnown(const Graph& graph, const std::vector<std::string>& ids) {
  const auto known = [&](const std::string& id) { return graph.Find(id) != nullptr; };
  const auto found = std::find_if(ids.begin(), ids.end(), known);
  return found == ids.end() ? "" : *found;
}

std::string NameOf(const Environment& environment) {
  return environment.script_location.empty() ? "." : Printable(environment.script_location, 200);
}

// What an environment in that directory may be called in a setting.
std::string SettingName(std::string_view directory) {
  std::string name(directory.empty() ? "top" : directory);
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) != 0; };
  std::replace_if(name.begin(), name.end(), std::not_fn(is_plain), '-');
  return name;
}

}  // namespace

std::optional<Finding> StrayMigration(const Stray& stray, bool locations_changed,
                                      const Environment& environment,
                                      const EnvironmentState& state) {
  if (stray.is_old || stray.migration == nullptr) return std::nullopt;
  const Migration& migration = *stray.migration;
  const std::string where = NameOf(environment);
  std::string names = FirstKnown(state.graph, migration.revision.ids);
  std::string why;
  if (!names.empty()) {
    why = "has the revision " + rules::Quoted(names) + ", as a migration of " + where;
  } else if (names = FirstKnown(state.graph, migration.down_revision.ids); !names.empty()) {
    why = "stands on " + rules::Quoted(names) + " of " + where;
  } else if (locations_changed) {
    why = "comes with a change of where migrations are";
  } else if (environment.has_unseen) {
    why = "a version location of " + where + " is absolute";
  } else {
    return std::nullopt;
  }
  Finding finding = rules::About(
      "stray-migration", migration, migration.down_revision.line,
      "lies in no environment and " + why + ": nobody can tell whether Alembic reads it");
  finding.names = std::move(names);
  const std::vector<std::string>& locations = environment.version_locations;
  finding.fix = locations.empty() ? "" : "move it into " + Printable(locations.front(), 200);
  finding.fix += finding.fix.empty() ? "remove it" : ", or remove it";
  return finding;
}

Result<bool> IsReadThroughLink(const SourceTree& tree, const EnvironmentState& state,
                               const Stray& stray) {
  if (!state.has_links || stray.migration == nullptr) return false;
  constexpr std::size_t kMaxLinkSteps = 10000;
  ListingCache listings(tree);
  for (const MigrationPtr& migration : state.migrations) {
    if (migration->revision.ids != stray.migration->revision.ids) continue;
    std::size_t steps = kMaxLinkSteps;
    const Result<LinkTarget> target = ResolveLinks(&listings, migration->path, &steps);
    if (!target) return Fail(target.error());
    if (target->path == stray.path) return true;
  }
  return false;
}

std::string StrayHint(std::string_view path, const std::vector<Environment>& environments,
                      bool versions_are_set) {
  const std::string_view directory = DirName(path);
  const auto set = [](std::string_view where, const char* key, std::string_view value) {
    return "git config onehead." + SettingName(where) + "." + key + " " + ShellWord(value);
  };
  const auto is_around = [&](const Environment& environment) {
    const std::vector<std::string>& locations = environment.version_locations;
    return locations.size() == 1 && !environment.recursive && IsUnder(directory, locations[0]);
  };
  const auto around = std::find_if(environments.begin(), environments.end(), is_around);
  std::string aside;  // in front of the command, so that the line can be copied to its end
  std::string command;
  if (around != environments.end()) {
    const std::string& location = around->version_locations[0];
    aside = " (onehead.scriptLocation alone does not read what lies further down)";
    command = set(location, "versions", location) + " && " + set(location, "recursive", "true");
  } else if (BaseName(directory) == "versions" && !versions_are_set) {
    const std::string_view script = directory == "versions" ? "." : DirName(directory);
    command = "git config --add onehead.scriptLocation " + ShellWord(script);
  } else {
    aside = " (onehead.scriptLocation is for one that has versions/)";
    command = set(directory, "versions", directory.empty() ? "." : directory);
  }
  return Printable(path, 200) +
         " looks like a migration and lies in no Alembic environment; if it is one, let the server "
         "guard it" +
         aside + ": " + Printable(command, 500);
}

}  // namespace onehead
