// A tree object as a SourceTree.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/object_store.h"

namespace onehead::git {
namespace {

// A directory of migrations holds thousands of entries, most others a few.
constexpr std::size_t kMaxRememberedEntries = 200'000;

const TreeEntry* FindIn(const TreeListing& listing, std::string_view name) {
  const auto found =
      std::lower_bound(listing.begin(), listing.end(), name,
                       [](const TreeEntry& entry, std::string_view n) { return entry.name < n; });
  return found != listing.end() && found->name == name ? &*found : nullptr;
}

class TreeView : public SourceTree {
 public:
  TreeView(const ObjectStore& objects, const ContentId& tree) : objects_(objects), top_(tree) {}

  Result<std::optional<TreeListing>> List(std::string_view path) const override;
  Result<SharedListing> Listing(std::string_view path) const override;
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override;
  Result<std::string> ReadEntry(std::string_view directory, const TreeEntry& entry,
                                std::size_t max_bytes) const override;
  Result<std::optional<TreeEntry>> Find(std::string_view path) const override;

 private:
  Result<SharedListing> Load(const ContentId& tree, std::string_view path) const;

  const ObjectStore& objects_;
  ContentId top_;
  mutable std::unordered_map<ContentId, SharedListing, ContentIdHash> remembered_;
  mutable std::size_t remembered_entries_ = 0;
};

// An object that a tree names and that is missing or corrupt is trouble of the store, and not a
// file that does not exist or says nonsense: the caller must be able to tell.
Error About(std::string_view path, Error error) {
  if (error.kind == ErrorKind::kTimeout) return error;
  if (error.kind != ErrorKind::kLimit) error.kind = ErrorKind::kIo;
  error.path = std::string(path);
  return error;
}

Result<SharedListing> TreeView::Load(const ContentId& tree, std::string_view path) const {
  const auto known = remembered_.find(tree);
  if (known != remembered_.end()) return known->second;
  Result<Object> object = objects_.Read(tree, kMaxMetaObjectBytes);
  if (!object) return Fail(About(path, std::move(object.error())));
  if (object->type != ObjectType::kTree) {
    return FailAt(ErrorKind::kIo, std::string(path), 0, tree.Hex() + " is not a tree");
  }
  Result<TreeListing> listing = ParseTree(object->bytes, tree.size);
  if (!listing) return Fail(About(path, std::move(listing.error())));
  if (remembered_entries_ + listing->size() > kMaxRememberedEntries) {
    remembered_.clear();
    remembered_entries_ = 0;
  }
  remembered_entries_ += listing->size();
  SharedListing shared = std::make_shared<const TreeListing>(std::move(*listing));
  remembered_.emplace(tree, shared);
  return shared;
}

Result<std::optional<TreeEntry>> TreeView::Find(std::string_view path) const {
  TreeEntry here{"", EntryKind::kDirectory, top_};
  if (path.empty()) return here;
  for (std::size_t begin = 0; begin <= path.size();) {
    if (here.kind != EntryKind::kDirectory) return std::nullopt;
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const Result<SharedListing> listing =
        Load(here.content, path.substr(0, begin == 0 ? 0 : begin - 1));
    if (!listing) return Fail(listing.error());
    const TreeEntry* entry = FindIn(**listing, path.substr(begin, end - begin));
    if (entry == nullptr) return std::nullopt;
    here = *entry;
    begin = end + 1;
  }
  return here;
}

Result<SharedListing> TreeView::Listing(std::string_view path) const {
  const Result<std::optional<TreeEntry>> entry = Find(path);
  if (!entry) return Fail(entry.error());
  if (!*entry || (*entry)->kind != EntryKind::kDirectory) return SharedListing();
  return Load((*entry)->content, path);
}

Result<std::optional<TreeListing>> TreeView::List(std::string_view path) const {
  const Result<SharedListing> listing = Listing(path);
  if (!listing) return Fail(listing.error());
  if (!*listing) return std::nullopt;
  return **listing;
}

Result<std::string> TreeView::Read(std::string_view path, std::size_t max_bytes) const {
  const Result<std::optional<TreeEntry>> entry = Find(path);
  if (!entry) return Fail(entry.error());
  if (!*entry || path.empty()) {
    return FailAt(ErrorKind::kNotFound, std::string(path), 0, "no such file");
  }
  return ReadEntry(DirName(path), **entry, max_bytes);
}

Result<std::string> TreeView::ReadEntry(std::string_view directory, const TreeEntry& entry,
                                        std::size_t max_bytes) const {
  std::string path = JoinPath(directory, entry.name);
  if (entry.kind != EntryKind::kFile && entry.kind != EntryKind::kSymlink) {
    return FailAt(ErrorKind::kNotFound, std::move(path), 0, "not a file");
  }
  Result<Object> object = objects_.Read(entry.content, max_bytes);
  if (!object) return Fail(About(path, std::move(object.error())));
  if (object->type != ObjectType::kBlob) {
    return FailAt(ErrorKind::kIo, std::move(path), 0, entry.content.Hex() + " is not a file");
  }
  return std::move(object->bytes);
}

}  // namespace

std::unique_ptr<SourceTree> MakeTreeView(const ObjectStore& objects, const ContentId& tree) {
  return std::make_unique<TreeView>(objects, tree);
}

}  // namespace onehead::git
