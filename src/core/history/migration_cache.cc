#include <memory>
#include <utility>

#include "onehead/core/history/load.h"

namespace onehead {

MigrationPtr MigrationCache::Find(const ContentId& content, std::string_view path) const {
  if (!content.known()) return nullptr;
  const auto same = by_content_.find(content);
  if (same == by_content_.end()) return nullptr;
  const auto& [first, others] = same->second;
  if (first->path == path) return first;
  if (const auto found = others.find(path); found != others.end()) return found->second;
  // With another path only what does not depend on it is the same: an id that the file binds.
  if (first->revision.line == 0) return nullptr;
  Migration copy = *first;
  copy.path = path;
  return std::make_shared<const Migration>(std::move(copy));
}

void MigrationCache::Add(MigrationPtr migration) {
  if (!migration->content.known()) return;
  auto& [first, others] = by_content_[migration->content];
  if (!first) {
    first = std::move(migration);
  } else if (first->path != migration->path) {
    const std::string_view path = migration->path;
    others.emplace(path, std::move(migration));
  }
}

}  // namespace onehead
