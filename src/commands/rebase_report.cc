#include "commands/rebase_report.h"

#include <algorithm>

#include "onehead/base/text.h"

namespace onehead {
namespace {

std::string Parents(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + Printable(id, 80);
  return text.empty() ? "None" : text;
}

std::string LineOf(const MigrationEdit& edit) {
  const Migration& migration = *edit.change.migration;
  std::string line = Printable(edit.path(), 200);
  if (edit.change.removed) return line + ": removed: it " + edit.change.why_removed;
  if (edit.target() != edit.path()) line += " -> " + Printable(edit.target(), 200);
  std::string what;
  if (!edit.change.new_id.empty()) {
    what +=
        ", revision " + Printable(migration.id(), 80) + " -> " + Printable(edit.change.new_id, 80);
  }
  if (edit.change.parents_changed) {
    what += ", down_revision " + Parents(migration.down_revision.ids) + " -> " +
            Parents(edit.change.parents);
  }
  if (edit.change.depends_on != migration.depends_on.ids) {
    what += ", depends_on " + Parents(migration.depends_on.ids) + " -> " +
            Parents(edit.change.depends_on);
  }
  return line + ":" + what.substr(std::min<std::size_t>(1, what.size()));
}

}  // namespace

Lines RewriteLines(const std::vector<MigrationEdit>& edits) {
  Lines lines;
  for (const MigrationEdit& edit : edits) lines.push_back(LineOf(edit));
  return lines;
}

Lines DatabaseWarning(const std::vector<MigrationEdit>& edits) {
  if (edits.empty()) return {};
  const bool all_new = std::all_of(edits.begin(), edits.end(), [](const MigrationEdit& edit) {
    return edit.change.removed || !edit.change.new_id.empty();
  });
  if (all_new) {
    return {
        "warning: a database that already ran one of these knows its old id only, and Alembic "
        "will not find it there: downgrade such a database first"};
  }
  return {
      "warning: a database that already ran one of these will believe that everything beneath "
      "it ran too; --new-ids makes such a database fail loudly instead"};
}

std::string NothingToDo(const RebasePlanner& planner) {
  std::string heads;
  for (const StatePtr& state : planner.snapshot().states) {
    for (const NodeIndex head : state->graph.heads()) {
      heads += (heads.empty() ? "" : ", ") +
               Printable(state->graph.nodes()[static_cast<std::size_t>(head)].id(), 80);
    }
  }
  return "nothing to do: no local migration has to move to follow " +
         Printable(planner.upstream().name, 200) + (heads.empty() ? "" : " (head: " + heads + ")");
}

}  // namespace onehead
