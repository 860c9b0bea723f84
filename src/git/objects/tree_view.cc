// A tree object as a SourceTree.
#include <algorithm>
#include <utility>

#include "git/objects/tree_listings.h"
#include "onehead/base/text.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {
namespace {

constexpr std::size_t kLargeListing = std::size_t{256} << 10;  // bytes
constexpr std::string_view kSource = ".py";

class TreeView : public SourceTree {
 public:
  TreeView(std::shared_ptr<TreeListings> listings, const ContentId& tree)
      : listings_(std::move(listings)), top_(tree) {}

  Result<SharedListing> List(std::string_view path) const override;
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override;
  Result<std::string> ReadEntry(std::string_view directory, const TreeEntryView& entry,
                                std::size_t max_bytes) const override;
  Result<std::optional<TreeEntry>> Find(std::string_view path) const override;
  std::unique_ptr<SourceTree> CloneForThread() const override;

 private:
  std::vector<ContentId> ReadTogether(const std::string& wanted, const ContentId& content) const;

  std::shared_ptr<TreeListings> listings_;
  ContentId top_;
};

// An object that a tree names and that is missing or corrupt is trouble of the store, and not a
// file that does not exist or says nonsense: the caller must be able to tell.
Error About(std::string_view path, Error error) {
  if (IsAboutNoFile(error.kind)) return error;
  if (error.kind != ErrorKind::kLimit) error.kind = ErrorKind::kIo;
  error.path = std::string(path);
  return error;
}

Result<std::optional<TreeEntry>> TreeView::Find(std::string_view path) const {
  TreeEntryView here{"", EntryKind::kDirectory, top_};
  if (path.empty()) return here;
  SharedListing listing;  // holds the name of `here`
  for (std::size_t begin = 0; begin <= path.size();) {
    if (here.kind != EntryKind::kDirectory) return std::nullopt;
    const std::size_t end = std::min(path.find('/', begin), path.size());
    ONEHEAD_ASSIGN_OR_RETURN(
        SharedListing next,
        listings_->Of(here.content, path.substr(0, begin == 0 ? 0 : begin - 1)));
    const std::optional<TreeEntryView> entry = next->Find(path.substr(begin, end - begin));
    if (!entry) return std::nullopt;
    here = *entry;
    listing = std::move(next);
    begin = end + 1;
  }
  return here;
}

Result<SharedListing> TreeView::List(std::string_view path) const {
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntry> entry, Find(path));
  if (!entry || entry->kind != EntryKind::kDirectory) return SharedListing();
  return listings_->Of(entry->content, path);
}

Result<std::string> TreeView::Read(std::string_view path, std::size_t max_bytes) const {
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntry> entry, Find(path));
  if (!entry || path.empty()) {
    return FailAt(ErrorKind::kNotFound, std::string(path), 0, "no such file");
  }
  return ReadEntry(DirName(path), *entry, max_bytes);
}

Result<std::string> TreeView::ReadEntry(std::string_view directory, const TreeEntryView& entry,
                                        std::size_t max_bytes) const {
  const auto path = [&] { return JoinPath(directory, entry.name); };
  if (entry.kind != EntryKind::kFile && entry.kind != EntryKind::kSymlink) {
    return FailAt(ErrorKind::kNotFound, path(), 0, "not a file");
  }
  Result<Object> object = ReadOrFetch(listings_->objects(), entry.content, max_bytes,
                                      [&] { return ReadTogether(path(), entry.content); });
  if (!object) return Fail(About(path(), std::move(object.error())));
  if (object->type != ObjectType::kBlob) {
    return FailAt(ErrorKind::kIo, path(), 0, entry.content.Hex() + " is not a file");
  }
  return std::move(object->bytes);
}

// Directories that cannot be read hold nothing to be fetched.
std::vector<ContentId> TreeView::ReadTogether(const std::string& wanted,
                                              const ContentId& content) const {
  std::vector<ContentId> ids = {content};
  const bool only_beside = wanted.ends_with(kSource);
  std::vector<std::string> todo = {only_beside ? std::string(DirName(wanted)) : ""};
  while (!todo.empty()) {
    const std::string directory = std::move(todo.back());
    todo.pop_back();
    const Result<SharedListing> listing = List(directory);
    if (!listing || !*listing) continue;
    for (const TreeEntryView entry : **listing) {
      const std::string path = JoinPath(directory, entry.name);
      if (entry.kind == EntryKind::kDirectory && !only_beside) todo.push_back(path);
      if (entry.kind == EntryKind::kFile && AreReadTogether(wanted, path)) {
        ids.push_back(entry.content);
      }
    }
  }
  return ids;
}

std::unique_ptr<SourceTree> TreeView::CloneForThread() const {
  struct Own {
    std::unique_ptr<ObjectStore> objects;
    TreeListings listings{*objects};
  };
  std::unique_ptr<ObjectStore> objects = listings_->objects().CloneForThread();
  if (objects == nullptr) return nullptr;
  const auto own = std::make_shared<Own>(Own{std::move(objects)});
  return std::make_unique<TreeView>(std::shared_ptr<TreeListings>(own, &own->listings), top_);
}

}  // namespace

bool AreReadTogether(std::string_view path, std::string_view other) {
  if (!path.ends_with(kSource)) return BaseName(path) == BaseName(other);
  return other.ends_with(kSource) && DirName(path) == DirName(other);
}

Result<Object> ReadOrFetch(const ObjectStore& objects, const ContentId& id, std::size_t max_bytes,
                           const std::function<std::vector<ContentId>()>& together) {
  Result<Object> object = objects.Read(id, max_bytes);
  const bool is_missing = !object && object.error().kind == ErrorKind::kNotFound;
  if (!is_missing || !objects.IsPartial()) return object;
  if (Status fetched = objects.FetchMissing(together()); !fetched) {
    return Fail(std::move(fetched.error()));
  }
  return objects.Read(id, max_bytes);
}

Result<SharedListing> TreeListings::Of(const ContentId& tree, std::string_view path) {
  for (const Remembered* some : {&small_, &large_}) {
    const auto known = some->listings.find(tree);
    if (known != some->listings.end()) return known->second;
  }
  Result<Object> object = ReadOrFetch(objects_, tree, kMaxMetaObjectBytes,
                                      [&] { return std::vector<ContentId>{tree}; });
  if (!object) return Fail(About(path, std::move(object.error())));
  if (object->type != ObjectType::kTree) {
    return FailAt(ErrorKind::kIo, std::string(path), 0, tree.Hex() + " is not a tree");
  }
  Result<TreeListing> listing = ParseTree(std::move(object->bytes), tree.size);
  if (!listing) return Fail(About(path, std::move(listing.error())));
  constexpr std::size_t kOverhead = 200;  // bytes, of an empty directory
  const std::size_t bytes = listing->memory() + kOverhead;
  Remembered& some = bytes < kLargeListing ? small_ : large_;
  if (some.bytes + bytes > some.most) {
    some.listings.clear();
    some.bytes = 0;
  }
  some.bytes += bytes;
  auto shared = std::make_shared<const TreeListing>(std::move(*listing));
  return some.listings.emplace(tree, std::move(shared)).first->second;
}

std::unique_ptr<SourceTree> MakeTreeView(std::shared_ptr<TreeListings> listings,
                                         const ContentId& tree) {
  return std::make_unique<TreeView>(std::move(listings), tree);
}

std::unique_ptr<SourceTree> MakeTreeView(const ObjectStore& objects, const ContentId& tree) {
  return MakeTreeView(std::make_shared<TreeListings>(objects), tree);
}

}  // namespace onehead::git
