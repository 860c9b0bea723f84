#include "commands/edits/migration_edit.h"

#include <optional>
#include <utility>

#include "onehead/core/migration/rewrite.h"

namespace onehead {

Result<MigrationEdit> EditMigration(const SourceTree& tree, MigrationChange change,
                                    std::size_t max_bytes) {
  const Migration& migration = *change.migration;
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree.Find(migration.path));
  if (!entry || entry->kind != EntryKind::kFile) {
    return Fail(Error{ErrorKind::kUnsupported, "is a link, and nothing is written through one",
                      "change it where it stands", migration.path});
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::string text, tree.Read(migration.path, max_bytes));
  if (change.removed) return MigrationEdit{std::move(change), std::move(text), std::nullopt};
  RewriteRequest request;
  if (change.parents_changed) request.parents = change.parents;
  if (!change.new_id.empty()) request.id = change.new_id;
  if (change.depends_on != migration.depends_on.ids) request.depends_on = change.depends_on;
  ONEHEAD_ASSIGN_OR_RETURN(std::string after, RewriteMigration(migration, text, request));
  return MigrationEdit{std::move(change), std::move(text), std::move(after)};
}

std::vector<git::WorkFileChange> FilesOf(const std::vector<MigrationEdit>& edits) {
  std::vector<git::WorkFileChange> files;
  for (const MigrationEdit& edit : edits) {
    files.push_back({edit.path(), edit.before, edit.after, edit.change.new_path});
  }
  return files;
}

}  // namespace onehead
