#include <algorithm>

#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

// A file without both names is no migration at all: `no-revision-id` says so.
bool IsNoMigration(const Migration& migration) {
  return migration.revision.state == Binding::State::kAbsent &&
         migration.down_revision.state == Binding::State::kAbsent && migration.defects.size() == 1;
}

// New migrations on what was a head, which `unknown`, whose parent is not known, may follow too.
void WarnAboutParentsOf(const Migration& unknown, const RuleInput& input,
                        std::vector<Finding>* findings) {
  const Graph& before = input.before->graph;
  const std::vector<char> above = before.Descendants(unknown);
  for (const Node& node : input.state.graph.nodes()) {
    if (before.Find(node.id()) != nullptr) continue;
    for (const NodeIndex parent : node.parents) {
      const std::string& id = input.state.graph.nodes()[static_cast<std::size_t>(parent)].id();
      const auto index = before.IndexOf(id);
      if (!index || above[static_cast<std::size_t>(*index)] != 0) continue;
      const Node& was = before.nodes()[static_cast<std::size_t>(*index)];
      if (!was.is_head) continue;
      Finding finding =
          About("unreadable-migration", *node.migration, node.migration->down_revision.line,
                Quoted(node.id()) + " follows " + Quoted(id) + ", which is a head " +
                    "only because " + Quoted(unknown.path) + " cannot be read");
      finding.level = Level::kWarning;
      finding.names = unknown.path;
      findings->push_back(std::move(finding));
    }
  }
}

// Report only the first such file.
void WarnAboutUncertainParents(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.before == nullptr) return;
  constexpr std::size_t kMaxFiles = 20;
  const std::size_t size = findings->size();
  std::size_t tried = 0;
  for (const MigrationPtr& migration : input.before->graph.unreadable()) {
    if (migration->down_revision.known()) continue;
    if (findings->size() > size || ++tried > kMaxFiles) return;
    WarnAboutParentsOf(*migration, input, findings);
  }
}

// Neither labels nor dependencies change the heads, unless heads are counted by labels.
Level LevelOf(const Migration& migration, const Settings& settings) {
  const bool labels_unknown = migration.branch_labels.state == Binding::State::kUnknown;
  if (migration.defective() || (labels_unknown && settings.labelled_heads)) return Level::kError;
  return migration.depends_on.state == Binding::State::kUnknown ? Level::kWarning : Level::kNote;
}

}  // namespace

void UnreadableMigration(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    if (migration->defects.empty() || IsNoMigration(*migration)) continue;
    Finding finding = About("unreadable-migration", *migration, migration->defects.front().line,
                            Described(migration->defects));
    finding.level = LevelOf(*migration, input.settings);
    finding.fix = migration->defective()
                      ? "write revision and down_revision as plain strings, a tuple or None"
                      : "write branch_labels and depends_on as plain strings, a tuple or None";
    findings->push_back(std::move(finding));
  }
  WarnAboutUncertainParents(input, findings);
}

}  // namespace onehead::rules
