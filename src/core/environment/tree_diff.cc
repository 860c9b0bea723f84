// The files that differ between two trees, of those that can matter to migrations.
//
// Both trees are walked together, and a directory with the same id on both sides is left out
// whole: the cost is that of what has changed, not that of the repository. Listings are sorted, so
// two of them are merged in one pass. The same walk collects the candidates for configurations, so
// that a push does not look at the changed directories twice.
#include "onehead/core/environment/tree_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/environment/config_directory.h"
#include "onehead/base/text.h"
#include "onehead/core/migration/migration.h"
#include "onehead/core/tree/checkout_encoding.h"

namespace onehead {
namespace {

bool Matters(const TreeEntryView& entry) {
  if (entry.kind == EntryKind::kDirectory) return false;
  // What a link is called does not matter: its target's name does.
  if (entry.kind != EntryKind::kFile) return true;
  const std::string_view name = entry.name;
  const std::string_view ending = name.substr(std::min(name.rfind('.'), name.size()));
  return IsConfigurationName(name) || ending == ".py" || ending == ".pyc" || ending == ".pyo" ||
         IsBrokenMigrationName(name) || name == kAttributesFile;
}

// One directory that differs; it may be missing on one side.
struct Visit {
  std::string path;
  bool in_before = false;
  bool in_after = false;
};

class Differ {
 public:
  Differ(const SourceTree* before, const SourceTree& after) : before_(before), after_(after) {}

  enum class Until { kEnd, kFirstFile };

  Result<TreeDiff> Run(Until until, const DiffLimits& limits) {
    until_ = until;
    pending_.push_back({"", before_ != nullptr, true});
    std::size_t walked = 0;
    while (!pending_.empty() && (until == Until::kEnd || diff_.files.empty())) {
      const Visit visit = std::move(pending_.back());
      pending_.pop_back();
      if (++walked > limits.directories || entries_ > limits.entries) {
        return Fail(TooManyDirectories());
      }
      ONEHEAD_TRY(Compare(visit));
    }
    std::sort(diff_.files.begin(), diff_.files.end(),
              [](const ChangedFile& a, const ChangedFile& b) { return a.path < b.path; });
    return std::move(diff_);
  }

 private:
  // Never null.
  static Result<SharedListing> ListOf(const SourceTree* tree, const std::string& path, bool there) {
    static const SharedListing kEmpty = std::make_shared<const TreeListing>();
    if (!there || tree == nullptr) return kEmpty;
    Result<SharedListing> listing = tree->List(path);
    if (listing && *listing == nullptr) return kEmpty;
    return listing;
  }

  Status Compare(const Visit& visit) {
    ONEHEAD_ASSIGN_OR_RETURN(const SharedListing old_entries,
                             ListOf(before_, visit.path, visit.in_before));
    ONEHEAD_ASSIGN_OR_RETURN(const SharedListing new_entries,
                             ListOf(&after_, visit.path, visit.in_after));
    const TreeListing& before = *old_entries;
    const TreeListing& after = *new_entries;
    entries_ += before.size() + after.size();
    diff_.directories_before += visit.in_before ? 1 : 0;
    diff_.directories_after += visit.in_after ? 1 : 0;
    if (until_ == Until::kEnd) {
      AddCandidates(visit.path, before, &diff_.candidates_before);
      AddCandidates(visit.path, after, &diff_.candidates_after);
    }
    const auto at = [](const TreeListing& listing, std::size_t i) -> std::optional<TreeEntryView> {
      if (i == listing.size()) return std::nullopt;
      return listing[i];
    };
    CompareListings(
        before, after,
        [&](std::size_t b, std::size_t a) { Differs(visit.path, at(before, b), at(after, a)); },
        [](std::size_t, std::size_t) {});
    return {};
  }

  void Differs(const std::string& directory, const std::optional<TreeEntryView>& before,
               const std::optional<TreeEntryView>& after) {
    std::string path = JoinPath(directory, before ? before->name : after->name);
    const bool dir_before = before && before->kind == EntryKind::kDirectory;
    const bool dir_after = after && after->kind == EntryKind::kDirectory;
    ChangedFile file{path, std::nullopt, std::nullopt};
    if (before && Matters(*before)) file.before = *before;
    if (after && Matters(*after)) file.after = *after;
    if (file.before || file.after) diff_.files.push_back(std::move(file));
    if (dir_before || dir_after) pending_.push_back({std::move(path), dir_before, dir_after});
  }

  const SourceTree* before_;
  const SourceTree& after_;
  Until until_ = Until::kEnd;
  std::size_t entries_ = 0;
  std::vector<Visit> pending_;
  TreeDiff diff_;
};

}  // namespace

Error TooManyDirectories() {
  return {ErrorKind::kLimit, fmt::format("the tree has more than {} directories", kMaxDirectories),
          "name the script directories with onehead.scriptLocation"};
}

Result<bool> MigrationsMayDiffer(const SourceTree& before, const SourceTree& after) {
  ONEHEAD_ASSIGN_OR_RETURN(const TreeDiff diff,
                           Differ(&before, after).Run(Differ::Until::kFirstFile, {}));
  return !diff.files.empty();
}

Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after,
                           const DiffLimits& limits) {
  return Differ(before, after).Run(Differ::Until::kEnd, limits);
}

}  // namespace onehead
