// The listings of tree objects, each read once: most trees of a push share most of their
// directories.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "onehead/core/tree/source_tree.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

class TreeListings {
 public:
  // Borrows it.
  explicit TreeListings(const ObjectStore& objects) : objects_(objects) {}

  const ObjectStore& objects() const { return objects_; }
  // Of the tree object `tree`, which an error calls `path`. Bounded: what it remembers is dropped
  // when it grows too large; the large ones, which take longest to read, by themselves.
  [[nodiscard]] Result<SharedListing> Of(const ContentId& tree, std::string_view path);

 private:
  struct Remembered {
    std::size_t most;  // bytes
    std::size_t bytes = 0;
    std::unordered_map<ContentId, SharedListing, ContentIdHash> listings = {};
  };

  const ObjectStore& objects_;
  // Memory that is used again costs less than reading a small directory again.
  Remembered small_{std::size_t{2} << 20};
  Remembered large_{std::size_t{46} << 20};
};

// In a partial clone: are two files worth fetching together? Migrations lie beside each other, and
// configurations have the same name wherever they are.
bool AreReadTogether(std::string_view path, std::string_view other);

// The tree object `tree` as files.
std::unique_ptr<SourceTree> MakeTreeView(std::shared_ptr<TreeListings> listings,
                                         const ContentId& tree);

}  // namespace onehead::git
