#include "commands/published/restored.h"

#include <memory>
#include <optional>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxCommits = 500;
constexpr std::size_t kMaxMigrations = 20;

bool Had(const SourceTree& tree, const Migration& migration, std::size_t max_file_bytes) {
  const Result<std::optional<TreeEntry>> entry = tree.Find(migration.path);
  if (!entry || !*entry || (*entry)->kind != EntryKind::kFile) return false;
  if (SameContent((*entry)->content, migration.content)) return true;
  const Result<std::string> text = tree.ReadEntry(DirName(migration.path), **entry, max_file_bytes);
  if (!text) return false;
  // Projects that count use one number for different migrations, but hardly one path.
  const Migration old = ReadMigration(migration.path, *text);
  return old.has_id() && migration.has_id() && old.id() == migration.id();
}

}  // namespace

std::set<std::string> RestoredPaths(const git::Repository& repository, const ContentId& tip,
                                    std::vector<MigrationPtr> added, std::size_t max_file_bytes) {
  std::set<std::string> restored;
  std::optional<ContentId> next = tip;
  if (added.size() > kMaxMigrations) return restored;
  for (std::size_t i = 0; i < kMaxCommits && next && !added.empty(); ++i) {
    const Result<git::CommitInfo> commit = repository.Commit(*next);
    const Result<std::unique_ptr<SourceTree>> tree = repository.CommitTree(*next);
    if (!commit || !tree) break;
    std::erase_if(added, [&](const MigrationPtr& migration) {
      if (!Had(**tree, *migration, max_file_bytes)) return false;
      restored.insert(migration->path);
      return true;
    });
    next.reset();
    if (!commit->parents.empty()) next = commit->parents.front();
  }
  return restored;
}

}  // namespace onehead
