#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/policy/rules/rule.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"
#include "onehead/core/policy/stray.h"

namespace onehead {
namespace {

// The first of them that the environment has; empty: none.
std::string FirstKnown(const Graph& graph, const std::vector<std::string>& ids) {
  const auto known = [&](const std::string& id) { return graph.Find(id) != nullptr; };
  const auto found = std::find_if(ids.begin(), ids.end(), known);
  return found == ids.end() ? "" : *found;
}

// A pattern of onehead.ignore that means this file alone.
std::string PatternOf(const std::string& path) {
  const bool is_pattern = path.starts_with(':') || path.find_first_of("*?[\\") != std::string::npos;
  return is_pattern ? ":(literal)" + path : path;
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
  if (!locations.empty())
    finding.fix = "move it into " + Printable(locations.front(), 200) + ", or ";
  finding.fix +=
      "leave it out of the push; if it is to stay where it is, an administrator of the server can "
      "allow that: " +
      Printable("git config --add onehead.ignore " + ShellWord(PatternOf(stray.path)), 500);
  return finding;
}

StrayIndex::StrayIndex(const std::vector<Environment>& environments,
                       const std::vector<StatePtr>& states)
    : environments_(environments), states_(states), first_unseen_(environments.size()) {
  for (std::size_t i = environments.size(); i-- > 0;) {
    if (environments[i].has_unseen) first_unseen_ = i;
    for (const Node& node : states[i]->graph.nodes()) first_with_[node.id()] = i;
  }
}

std::optional<StrayIndex::Blame> StrayIndex::Judge(const Stray& stray,
                                                   bool locations_changed) const {
  if (stray.migration == nullptr) return std::nullopt;
  std::set<std::size_t> candidates = {first_unseen_};
  if (locations_changed) candidates.insert(0);
  for (const Binding* binding : {&stray.migration->revision, &stray.migration->down_revision}) {
    for (const std::string& id : binding->ids) {
      const auto with = first_with_.find(id);
      if (with != first_with_.end()) candidates.insert(with->second);
    }
  }
  for (const std::size_t i : candidates) {
    if (i >= environments_.size()) break;
    std::optional<Finding> finding =
        StrayMigration(stray, locations_changed, environments_[i], *states_[i]);
    if (finding) return Blame{std::move(*finding), states_[i]};
  }
  return std::nullopt;
}

Result<std::set<std::string>> ReadThroughLinks(const SourceTree& tree,
                                               const std::vector<StatePtr>& states,
                                               const std::vector<Stray>& strays) {
  constexpr std::size_t kMaxLinkSteps = 10000;
  std::set<std::vector<std::string>> wanted;
  for (const Stray& stray : strays) {
    if (stray.migration != nullptr) wanted.insert(stray.migration->revision.ids);
  }
  std::set<std::string> read;
  ListingCache listings(tree);
  for (const StatePtr& state : states) {
    if (!state->has_links) continue;
    for (const MigrationPtr& migration : state->migrations) {
      if (!wanted.contains(migration->revision.ids)) continue;
      std::size_t steps = kMaxLinkSteps;
      ONEHEAD_ASSIGN_OR_RETURN(LinkTarget target, ResolveLinks(&listings, migration->path, &steps));
      read.insert(std::move(target.path));
    }
  }
  return read;
}

std::string StrayHint(std::string_view path, const std::vector<Environment>& environments,
                      bool versions_are_set) {
  const std::string_view directory = DirName(path);
  const auto set = [](std::string_view where, const char* key, std::string_view value) {
    const std::string name(where.empty() ? "top" : where);
    return "git config " + ShellWord("onehead." + name + "." + key) + " " + ShellWord(value);
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
