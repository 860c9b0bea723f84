// What a three-way merge would make of two sets of migrations, file by file.
//
// The rule of every three-way merge: what one side left as it was in the base is taken from the
// other side. Files are followed by their path and, when that is gone, by their id, as Git follows
// renames. Only the four values are compared: this tells heads, not texts. Conflicts are resolved
// for their side, since a preview only has to say which migrations there may be. n log n in the
// number of files.
#include "onehead/core/history/merge_preview.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace onehead {
namespace {

// The keys lie in the migrations.
using ByKey = std::map<std::string_view, MigrationPtr>;

ByKey ByPath(const std::vector<MigrationPtr>& migrations) {
  ByKey index;
  for (const MigrationPtr& migration : migrations) index[migration->path] = migration;
  return index;
}

bool SameValue(const Binding& a, const Binding& b) {
  return a.state == b.state && a.ids == b.ids && (a.known() || a.text == b.text);
}

bool Same(const MigrationPtr& a, const MigrationPtr& b) {
  if (!a || !b) return !a && !b;
  return SameValue(a->revision, b->revision) && SameValue(a->down_revision, b->down_revision) &&
         SameValue(a->branch_labels, b->branch_labels) && SameValue(a->depends_on, b->depends_on);
}

bool SameId(const Migration& a, const Migration& b) { return SameValue(a.revision, b.revision); }

MigrationPtr At(const ByKey& index, std::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

MigrationPtr Merged(const MigrationPtr& base, const MigrationPtr& ours,
                    const MigrationPtr& theirs) {
  if (Same(theirs, base)) return ours;
  if (Same(ours, base)) return theirs;
  return theirs ? theirs : ours;
}

// One side of the merge, and which of its files were in the base already.
class Side {
 public:
  Side(const std::vector<MigrationPtr>& migrations, const ByKey& base)
      : by_path_(ByPath(migrations)) {
    for (const auto& [path, migration] : by_path_) {
      if (migration->has_id() && base.count(path) == 0)
        renamed_.emplace(migration->id(), migration);
    }
  }

  // What has become of a file of the base: the file at its path, else the one at a new path that
  // declares its id. Null: it is gone.
  MigrationPtr Follow(const Migration& was) {
    MigrationPtr now = At(by_path_, was.path);
    if (was.has_id() && (!now || !SameId(*now, was))) {
      if (MigrationPtr renamed = At(renamed_, was.id())) now = std::move(renamed);
    }
    if (now) followed_.insert(now->path);
    return now;
  }

  // The files that are no base file's successor, by path. After the last Follow.
  ByKey Added() const {
    ByKey added;
    for (const auto& [path, migration] : by_path_) {
      if (followed_.count(path) == 0) added.emplace(path, migration);
    }
    return added;
  }

 private:
  ByKey by_path_;
  ByKey renamed_;  // by id: files at paths that the base does not have
  std::set<std::string_view> followed_;
};

}  // namespace

std::vector<MigrationPtr> PreviewMerge(const std::vector<MigrationPtr>& base,
                                       const std::vector<MigrationPtr>& ours,
                                       const std::vector<MigrationPtr>& theirs) {
  const ByKey in_base = ByPath(base);
  Side our_side(ours, in_base);
  Side their_side(theirs, in_base);
  std::vector<MigrationPtr> merged;
  const auto keep = [&](MigrationPtr migration) {
    if (migration) merged.push_back(std::move(migration));
  };
  for (const auto& [path, migration] : in_base) {
    keep(Merged(migration, our_side.Follow(*migration), their_side.Follow(*migration)));
  }
  const ByKey ours_added = our_side.Added();
  const ByKey theirs_added = their_side.Added();
  for (const auto& [path, migration] : ours_added) {
    keep(Merged(nullptr, migration, At(theirs_added, path)));
  }
  for (const auto& [path, migration] : theirs_added) {
    if (ours_added.count(path) == 0) keep(migration);
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const MigrationPtr& a, const MigrationPtr& b) { return a->path < b->path; });
  return merged;
}

}  // namespace onehead
