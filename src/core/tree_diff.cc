#include "onehead/core/tree_diff.h"

#include <algorithm>

#include "core/config_directory.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxDirectories = 2'000'000;  // of trees that are walked

bool Matters(const TreeEntry& entry) {
  if (entry.kind == EntryKind::kDirectory) return false;
  // What a link is called does not matter: its target's name does.
  if (entry.kind != EntryKind::kFile) return true;
  const std::string_view name = entry.name;
  const std::string_view ending = name.substr(std::min(name.rfind('.'), name.size()));
  return IsConfigurationName(name) || ending == ".py" || ending == ".pyc" || ending == ".pyo";
}

// One directory that differs; it may be missing on one side.
struct Visit {
  std::string path;
  bool in_before = false;
  bool in_after = false;
  bool is_same = false;  // on both sides; then one of them is looked at
};

class Differ {
 public:
  Differ(const SourceTree* before, const SourceTree& after, CandidatesOf which)
      : before_(before), after_(after), which_(which) {}

  enum class Until { kEnd, kFirstFile };

  Result<TreeDiff> Run(Until until) {
    pending_.push_back({"", before_ != nullptr, true});
    std::size_t walked = 0;
    while (!pending_.empty() && (until == Until::kEnd || diff_.files.empty())) {
      const Visit visit = std::move(pending_.back());
      pending_.pop_back();
      if (++walked > kMaxDirectories) {
        return Fail(ErrorKind::kLimit,
                    "the tree has more than " + std::to_string(kMaxDirectories) + " directories",
                    "name the script directories with onehead.scriptLocation");
      }
      if (Status status = visit.is_same ? Enter(visit) : Compare(visit); !status) {
        return Fail(std::move(status.error()));
      }
    }
    std::sort(diff_.files.begin(), diff_.files.end(),
              [](const ChangedFile& a, const ChangedFile& b) { return a.path < b.path; });
    return std::move(diff_);
  }

 private:
  static Result<TreeListing> ListOf(const SourceTree* tree, const std::string& path, bool there) {
    if (!there || tree == nullptr) return TreeListing();
    Result<std::optional<TreeListing>> listing = tree->List(path);
    if (!listing) return Fail(std::move(listing.error()));
    return std::move(*listing).value_or(TreeListing());
  }

  Status Enter(const Visit& visit) {
    Result<TreeListing> listing = ListOf(&after_, visit.path, true);
    if (!listing) return Fail(std::move(listing.error()));
    AddCandidates(visit.path, *listing, &diff_.candidates_before);
    AddCandidates(visit.path, *listing, &diff_.candidates_after);
    for (const TreeEntry& entry : *listing) Same(visit.path, entry);
    return {};
  }

  void Same(const std::string& directory, const TreeEntry& entry) {
    if (which_ == CandidatesOf::kWhatDiffers || entry.kind != EntryKind::kDirectory) return;
    pending_.push_back({JoinPath(directory, entry.name), true, true, true});
  }

  Status Compare(const Visit& visit) {
    Result<TreeListing> before = ListOf(before_, visit.path, visit.in_before);
    if (!before) return Fail(std::move(before.error()));
    Result<TreeListing> after = ListOf(&after_, visit.path, visit.in_after);
    if (!after) return Fail(std::move(after.error()));
    AddCandidates(visit.path, *before, &diff_.candidates_before);
    AddCandidates(visit.path, *after, &diff_.candidates_after);

    auto b = before->begin();
    auto a = after->begin();
    while (b != before->end() || a != after->end()) {
      if (a == after->end() || (b != before->end() && b->name < a->name)) {
        Differs(visit.path, &*b++, nullptr);
      } else if (b == before->end() || a->name < b->name) {
        Differs(visit.path, nullptr, &*a++);
      } else {
        if (a->kind != b->kind || !SameContent(a->content, b->content)) {
          Differs(visit.path, &*b, &*a);
        } else {
          Same(visit.path, *a);
        }
        ++a, ++b;
      }
    }
    return {};
  }

  void Differs(const std::string& directory, const TreeEntry* before, const TreeEntry* after) {
    std::string path = JoinPath(directory, before != nullptr ? before->name : after->name);
    const bool dir_before = before != nullptr && before->kind == EntryKind::kDirectory;
    const bool dir_after = after != nullptr && after->kind == EntryKind::kDirectory;
    ChangedFile file{path, std::nullopt, std::nullopt};
    if (before != nullptr && Matters(*before)) file.before = *before;
    if (after != nullptr && Matters(*after)) file.after = *after;
    if (file.before || file.after) diff_.files.push_back(std::move(file));
    if (dir_before || dir_after) pending_.push_back({std::move(path), dir_before, dir_after});
  }

  const SourceTree* before_;
  const SourceTree& after_;
  CandidatesOf which_;
  std::vector<Visit> pending_;
  TreeDiff diff_;
};

}  // namespace

Result<bool> MigrationsMayDiffer(const SourceTree& before, const SourceTree& after) {
  Differ differ(&before, after, CandidatesOf::kWhatDiffers);
  Result<TreeDiff> diff = differ.Run(Differ::Until::kFirstFile);
  if (!diff) return Fail(std::move(diff.error()));
  return !diff->files.empty();
}

Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after, CandidatesOf which) {
  return Differ(before, after, which).Run(Differ::Until::kEnd);
}

}  // namespace onehead
