#include "core/policy/looks_like_migration.h"

#include <memory>
#include <utility>

#include "core/tree/links.h"
#include "onehead/base/text.h"

namespace onehead {

Result<LooksLikeMigration> BindsDownRevision(const SourceTree& tree, const std::string& path,
                                             const std::optional<TreeEntry>& entry,
                                             std::size_t max_bytes) {
  const LooksLikeMigration no;
  if (!entry || (entry->kind != EntryKind::kFile && entry->kind != EntryKind::kSymlink)) {
    return no;
  }
  LinkTarget file{LinkTarget::State::kFile, path, *entry};
  if (entry->kind == EntryKind::kSymlink) {
    constexpr std::size_t kMaxLinkSteps = 10000;
    std::size_t steps = kMaxLinkSteps;
    ListingCache listings(tree);
    Result<LinkTarget> target = ResolveLinks(&listings, path, &steps);
    if (!target && IsAboutOneFile(target.error())) return no;  // no path is that long
    if (!target) return Fail(std::move(target.error()));
    if (target->state != LinkTarget::State::kFile) return no;
    file = std::move(*target);
  }
  Result<std::string> text = tree.ReadEntry(DirName(file.path), file.entry, max_bytes);
  if (!text) {
    const Error& error = text.error();
    if (error.kind == ErrorKind::kLimit && error.path == file.path) return LooksLikeMigration{true};
    return Fail(std::move(text.error()));
  }
  if (text->find("down_revision") == std::string::npos) return no;
  auto migration = std::make_shared<const Migration>(ReadMigration(path, *text));
  const bool binds = migration->down_revision.state != Binding::State::kAbsent;
  return LooksLikeMigration{binds, std::move(migration)};
}

}  // namespace onehead
