#include "onehead/core/merge_preview.h"

#include <map>
#include <string>
#include <utility>

namespace onehead {
namespace {

using ByKey = std::map<std::string, MigrationPtr>;

ByKey IndexOf(const std::vector<MigrationPtr>& migrations) {
  ByKey index;
  for (const MigrationPtr& migration : migrations) {
    // A path cannot begin with "/", so the two kinds of key never meet.
    index[migration->has_id() ? "/" + migration->id() : migration->path] = migration;
  }
  return index;
}

bool SameIds(const Binding& a, const Binding& b) { return a.state == b.state && a.ids == b.ids; }

bool Same(const MigrationPtr& a, const MigrationPtr& b) {
  if (!a || !b) return !a && !b;
  return SameIds(a->down_revision, b->down_revision) &&
         SameIds(a->branch_labels, b->branch_labels) && SameIds(a->depends_on, b->depends_on);
}

MigrationPtr At(const ByKey& index, const std::string& key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

MigrationPtr Merged(const MigrationPtr& base, const MigrationPtr& ours,
                    const MigrationPtr& theirs) {
  if (Same(theirs, base)) return ours;
  if (Same(ours, base)) return theirs;
  return theirs ? theirs : ours;
}

}  // namespace

std::vector<MigrationPtr> PreviewMerge(const std::vector<MigrationPtr>& base,
                                       const std::vector<MigrationPtr>& ours,
                                       const std::vector<MigrationPtr>& theirs) {
  const ByKey in_base = IndexOf(base);
  const ByKey in_ours = IndexOf(ours);
  const ByKey in_theirs = IndexOf(theirs);
  std::vector<MigrationPtr> merged;
  for (const auto& [key, migration] : in_ours) {
    MigrationPtr result = Merged(At(in_base, key), migration, At(in_theirs, key));
    if (result) merged.push_back(std::move(result));
  }
  for (const auto& [key, migration] : in_theirs) {
    if (in_ours.count(key) != 0) continue;
    MigrationPtr result = Merged(At(in_base, key), nullptr, migration);
    if (result) merged.push_back(std::move(result));
  }
  return merged;
}

}  // namespace onehead
