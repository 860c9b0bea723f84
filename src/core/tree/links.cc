// Follows symbolic links through the trees of a commit, as a checkout would.
//
// The path is walked part by part with a stack of parts that are still to come; a link pushes the
// parts of its target onto it. So ".." is taken where the links have led, not where the text
// stands. Costs one look-up in a listing for each part. Links may multiply (each of n links names
// the next twice), hence the two limits: 40 hops for one path, as in Linux, and a number of steps
// that all paths of one environment share. Resolving the targets first and joining texts
// afterwards would be shorter and wrong for "link/../x".
#include "core/tree/links.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr int kMaxHops = 40;                   // as Linux
constexpr std::size_t kMaxTargetBytes = 4096;  // PATH_MAX

// The parts of a path that are still to be walked, the next one last.
class Parts {
 public:
  void Push(std::string_view path) {
    const std::vector<std::string_view> parts = Split(path, '/');
    parts_.insert(parts_.end(), parts.rbegin(), parts.rend());
  }
  bool empty() const { return parts_.empty(); }
  std::string Pop() {
    std::string part = std::move(parts_.back());
    parts_.pop_back();
    return part;
  }
  // The name with which the whole path ends.
  std::string Last(const std::string& current) const {
    return parts_.empty() ? current : parts_.front();
  }

 private:
  std::vector<std::string> parts_;
};

}  // namespace

Result<const TreeListing*> ListingCache::List(std::string_view path) {
  const auto [at, added] = listings_.try_emplace(std::string(path));
  if (added) {
    Result<SharedListing> listing = tree_.List(path);
    if (!listing) {
      listings_.erase(at);
      return Fail(std::move(listing.error()));
    }
    at->second = std::move(*listing);
  }
  return at->second.get();
}

Result<std::optional<TreeEntryView>> ListingCache::Find(std::string_view path) {
  ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* listing, List(DirName(path)));
  if (listing == nullptr) return std::nullopt;
  return listing->Find(BaseName(path));
}

// Like realpath, which takes paths apart as text: ".." after a part that is missing, or after a
// file, takes that part back.
Result<LinkTarget> ResolveLinks(ListingCache* cache, std::string_view path, std::size_t* steps) {
  using State = LinkTarget::State;
  Parts todo;
  todo.Push(path);
  LinkTarget at{State::kDirectory, "", {}};
  std::size_t missing = 0;  // how many of the last parts of `at` are not there
  int hops = 0;
  while (!todo.empty()) {
    if (*steps == 0) return Fail(ErrorKind::kLimit, "too many symbolic links");
    --*steps;
    const std::string part = todo.Pop();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (at.path.empty()) return LinkTarget{State::kOutside, todo.Last(part), {}};
      at.path = std::string(DirName(at.path));
      if (missing == 0) at.state = State::kDirectory;
      if (missing > 0) --missing;
      continue;
    }
    std::string next = JoinPath(at.path, part);
    std::optional<TreeEntryView> entry;
    if (missing == 0 && at.state == State::kDirectory) {
      ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> found, cache->Find(next));
      entry = found;
    }
    if (!entry) {
      ++missing;
      at.path = std::move(next);
      continue;
    }
    if (entry->kind != EntryKind::kSymlink) {
      const bool file = entry->kind == EntryKind::kFile;
      at = {file ? State::kFile : State::kDirectory, std::move(next), *entry};
      continue;
    }
    if (++hops > kMaxHops) return LinkTarget{State::kLoop, todo.Last(part), {}};
    ONEHEAD_ASSIGN_OR_RETURN(const std::string target,
                             cache->tree().ReadEntry(at.path, *entry, kMaxTargetBytes));
    todo.Push(target);
    if (target.starts_with("/")) return LinkTarget{State::kOutside, todo.Last(part), {}};
  }
  if (missing > 0) at.state = State::kMissing;
  return at;
}

}  // namespace onehead
