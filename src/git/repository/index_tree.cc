#include "git/repository/index_tree.h"

#include <utility>
#include <vector>

#include "git/objects/tree_listings.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

class IndexTree : public SourceTree {
 public:
  IndexTree(const ObjectStore& objects, IndexSnapshot index)
      : objects_(objects), index_(std::move(index)) {}

  Result<SharedListing> List(std::string_view path) const override {
    TreeListing listing = index_.List(path);
    if (listing.empty() && !path.empty()) return SharedListing();
    return std::make_shared<const TreeListing>(std::move(listing));
  }

  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override {
    const IndexFile* file = index_.Find(path);
    if (file == nullptr || file->kind == EntryKind::kSubmodule) {
      return FailAt(ErrorKind::kNotFound, std::string(path), 0, "no such file in the index");
    }
    Result<Object> object =
        ReadOrFetch(objects_, file->content, max_bytes, [&] { return ReadTogether(*file); });
    if (!object) {
      Error error = std::move(object.error());
      if (IsAboutNoFile(error.kind)) return Fail(std::move(error));
      if (error.kind == ErrorKind::kNotFound) error.kind = ErrorKind::kInvalid;
      error.path = std::string(path);
      return Fail(std::move(error));
    }
    if (object->type != ObjectType::kBlob) {
      return FailAt(ErrorKind::kInvalid, std::string(path), 0,
                    file->content.Hex() + " is not a file");
    }
    return std::move(object->bytes);
  }

 private:
  // See TreeView::ReadTogether.
  std::vector<ContentId> ReadTogether(const IndexFile& wanted) const {
    std::vector<ContentId> ids;
    for (const IndexFile& file : index_.files()) {
      if (file.kind == EntryKind::kFile && AreReadTogether(wanted.path, file.path)) {
        ids.push_back(file.content);
      }
    }
    return ids;
  }

  const ObjectStore& objects_;
  IndexSnapshot index_;
};

}  // namespace

std::unique_ptr<SourceTree> MakeIndexTree(const ObjectStore& objects, IndexSnapshot index) {
  return std::make_unique<IndexTree>(objects, std::move(index));
}

}  // namespace onehead::git
