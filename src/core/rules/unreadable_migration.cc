#include "core/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

// A file without both names is no migration at all: `no-revision-id` says so.
bool IsNoMigration(const Migration& migration) {
  return migration.revision.state == Binding::State::kAbsent &&
         migration.down_revision.state == Binding::State::kAbsent && migration.defects.size() == 1;
}

std::string Describe(const Migration& migration) {
  const ReadDefect& first = migration.defects.front();
  std::string message = first.reason;
  if (!first.expression.empty()) message += ": " + Printable(first.expression, 120);
  if (migration.defects.size() > 1) {
    message += " (and " + std::to_string(migration.defects.size() - 1) + " more)";
  }
  return message;
}

const Migration* WithUnknownParent(const EnvironmentState& state) {
  for (const MigrationPtr& migration : state.graph.unreadable()) {
    if (!migration->down_revision.known()) return migration.get();
  }
  return nullptr;
}

// The file whose parent is unknown may follow the same head that a new migration follows.
void WarnAboutUncertainParents(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.before == nullptr) return;
  const Migration* unknown = WithUnknownParent(*input.before);
  if (unknown == nullptr) return;
  for (const Node& node : input.state.graph.nodes()) {
    if (input.before->graph.Find(node.id()) != nullptr) continue;
    for (const NodeIndex parent : node.parents) {
      const std::string& id = input.state.graph.nodes()[static_cast<std::size_t>(parent)].id();
      const Node* was = input.before->graph.Find(id);
      if (was == nullptr || !was->is_head || was->migration.get() == unknown) continue;
      Finding finding =
          About("unreadable-migration", *node.migration, node.migration->down_revision.line,
                Quoted(node.id()) + " follows " + Quoted(id) + ", which is a head " +
                    "only because " + Quoted(unknown->path) + " cannot be read");
      finding.level = Level::kWarning;
      finding.names = unknown->path;
      findings->push_back(std::move(finding));
    }
  }
}

}  // namespace

void UnreadableMigration(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    if (migration->defects.empty() || IsNoMigration(*migration)) continue;
    Finding finding = About("unreadable-migration", *migration, migration->defects.front().line,
                            Describe(*migration));
    finding.fix = "write revision and down_revision as plain strings, a tuple or None";
    findings->push_back(std::move(finding));
  }
  WarnAboutUncertainParents(input, findings);
}

}  // namespace onehead::rules
