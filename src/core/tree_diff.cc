#include "onehead/core/tree_diff.h"

#include <algorithm>

#include "onehead/base/text.h"

namespace onehead {
namespace {

bool Matters(const TreeEntry& entry) {
  if (entry.kind == EntryKind::kDirectory) return false;
  // What a link is called does not matter: its target's name does.
  if (entry.kind != EntryKind::kFile) return true;
  const std::string_view name = entry.name;
  const std::string_view ending = name.substr(std::min(name.rfind('.'), name.size()));
  return name == "alembic.ini" || name == "pyproject.toml" || ending == ".py" || ending == ".pyc" ||
         ending == ".pyo";
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

  Result<TreeDiff> Run() {
    pending_.push_back({"", before_ != nullptr, true});
    while (!pending_.empty()) {
      const Visit visit = std::move(pending_.back());
      pending_.pop_back();
      if (Status status = Compare(visit); !status) return Fail(std::move(status.error()));
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
  std::vector<Visit> pending_;
  TreeDiff diff_;
};

}  // namespace

Result<TreeDiff> DiffTrees(const SourceTree* before, const SourceTree& after) {
  return Differ(before, after).Run();
}

}  // namespace onehead
