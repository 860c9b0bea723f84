// Symbolic links inside a tree, resolved as os.path.realpath would in a checkout of it.
//
// SourceTree never follows links; where Alembic does, this does, and never leaves the tree.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// The listings of one tree, each asked for once. Borrows the tree; for one run of work, because
// every directory that was looked at stays in memory.
class ListingCache {
 public:
  explicit ListingCache(const SourceTree& tree) : tree_(tree) {}

  const SourceTree& tree() const { return tree_; }
  // Null: there is no such directory. The listing lives as long as the cache.
  [[nodiscard]] Result<const TreeListing*> List(std::string_view path);
  // The entry called `path`; null: nothing is there. Its name lives as long as the cache.
  [[nodiscard]] Result<std::optional<TreeEntryView>> Find(std::string_view path);

 private:
  const SourceTree& tree_;
  std::unordered_map<std::string, SharedListing> listings_;
};

struct LinkTarget {
  enum class State {
    kFile,       // `path` is a file, and `entry` its entry
    kDirectory,  // `path` is a directory or a submodule
    kMissing,    // nothing is there
    kOutside,    // it leaves the tree
    kLoop,       // links that never end
  };
  State state = State::kMissing;
  std::string path;      // kOutside, kLoop: only the name with which it ends
  TreeEntry entry = {};  // of a file
};

// Where the file, directory or link `path` really is. `*steps` counts down by one for each part of
// a path looked at; at zero it fails with kLimit. Fails when the tree cannot be read.
[[nodiscard]] Result<LinkTarget> ResolveLinks(ListingCache* cache, std::string_view path,
                                              std::size_t* steps);

}  // namespace onehead
