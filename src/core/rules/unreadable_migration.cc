#include <algorithm>

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

// Where a file could not be had, what names an id that is in its name, or the only id that is
// missing, is taken to follow it.
bool IsParent(const Migration& unread, const DanglingReference& reference, bool only_one) {
  if (!unread.unread || reference.id.empty()) return false;
  return only_one || BaseName(unread.path).find(reference.id) != std::string_view::npos;
}

// Per node: does it descend from this unread file?
std::vector<char> DescendantsOf(const Migration& unread, const Graph& graph) {
  std::vector<char> seen(graph.nodes().size(), 0);
  std::vector<NodeIndex> todo;
  const auto& references = graph.uncertain_references();
  const bool only_one =
      graph.unreadable().size() == 1 &&
      std::all_of(references.begin(), references.end(),
                  [&](const DanglingReference& r) { return r.id == references.front().id; });
  const auto visit = [&](NodeIndex index) {
    char& mark = seen[static_cast<std::size_t>(index)];
    if (mark == 0) todo.push_back(index);
    mark = 1;
  };
  for (const DanglingReference& reference : references) {
    if (!reference.migration->has_id() || !IsParent(unread, reference, only_one)) continue;
    if (const auto index = graph.IndexOf(reference.migration->id())) visit(*index);
  }
  while (!todo.empty()) {
    const NodeIndex index = todo.back();
    todo.pop_back();
    for (const NodeIndex child : graph.nodes()[static_cast<std::size_t>(index)].children) {
      visit(child);
    }
  }
  return seen;
}

// New migrations on what was a head, which `unknown`, whose parent is not known, may follow too.
void WarnAboutParentsOf(const Migration& unknown, const RuleInput& input,
                        std::vector<Finding>* findings) {
  const Graph& before = input.before->graph;
  const std::vector<char> above = DescendantsOf(unknown, before);
  for (const Node& node : input.state.graph.nodes()) {
    if (before.Find(node.id()) != nullptr) continue;
    for (const NodeIndex parent : node.parents) {
      const std::string& id = input.state.graph.nodes()[static_cast<std::size_t>(parent)].id();
      const auto index = before.IndexOf(id);
      if (!index || above[static_cast<std::size_t>(*index)] != 0) continue;
      const Node& was = before.nodes()[static_cast<std::size_t>(*index)];
      if (!was.is_head || was.migration.get() == &unknown) continue;
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

// One file is enough to name.
void WarnAboutUncertainParents(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.before == nullptr) return;
  constexpr std::size_t kMostFiles = 20;
  const std::size_t size = findings->size();
  std::size_t tried = 0;
  for (const MigrationPtr& migration : input.before->graph.unreadable()) {
    if (migration->down_revision.known()) continue;
    if (findings->size() > size || ++tried > kMostFiles) return;
    WarnAboutParentsOf(*migration, input, findings);
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
