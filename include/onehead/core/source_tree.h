// The seam between what reads migrations and where they are stored.
//
// A SourceTree is one state of all files of a repository: a commit, the index, the work tree, or
// memory. Everything in core reads through it. Not here: how any of these is read (git/), and
// writing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"

namespace onehead {

// Names a content: equal ids mean equal bytes (of a file, or of everything below a directory).
// In Git it is the object id: 20 bytes with SHA-1, 32 with SHA-256. Size 0: not known, and an
// unknown id equals nothing, not even itself; use SameContent.
struct ContentId {
  std::array<std::uint8_t, 32> bytes = {};
  std::uint8_t size = 0;

  bool known() const { return size != 0; }
  std::string Hex() const;
  // Null: `hex` is not 40 or 64 hexadecimal digits.
  static std::optional<ContentId> FromHex(std::string_view hex);
  // All zeros, as Git writes "no object"; an unknown id is not zero.
  bool IsZero() const;

  friend bool operator==(const ContentId&, const ContentId&) = default;
  friend auto operator<=>(const ContentId&, const ContentId&) = default;
};

inline bool SameContent(const ContentId& a, const ContentId& b) { return a.known() && a == b; }

struct ContentIdHash {
  std::size_t operator()(const ContentId& id) const;
};

enum class EntryKind { kFile, kDirectory, kSymlink, kSubmodule };

struct TreeEntry {
  std::string name;  // one path component, any bytes but "/" and NUL
  EntryKind kind = EntryKind::kFile;
  ContentId content;
  friend bool operator==(const TreeEntry&, const TreeEntry&) = default;
};

// Sorted by name, bytewise, no name twice.
using TreeListing = std::vector<TreeEntry>;
using SharedListing = std::shared_ptr<const TreeListing>;

class SourceTree {
 public:
  SourceTree() = default;
  SourceTree(const SourceTree&) = delete;
  SourceTree& operator=(const SourceTree&) = delete;
  virtual ~SourceTree() = default;

  // The entries of directory `path` ("" is the top). Null: there is no such directory (also when
  // it is a file, or lies behind a symbolic link: links are never followed here).
  // Fails when the store cannot be read or a budget ran out. Any function here may fail with
  // kTimeout, which is about the whole tree and names no path.
  [[nodiscard]] virtual Result<std::optional<TreeListing>> List(std::string_view path) const = 0;

  // The same without a copy, where the tree keeps its listings. Null: there is no such directory.
  [[nodiscard]] virtual Result<SharedListing> Listing(std::string_view path) const;

  // The bytes of the file `path`; of a symbolic link, its target. kNotFound: there is none.
  // kLimit: larger than `max_bytes`, which is found out before it is loaded.
  [[nodiscard]] virtual Result<std::string> Read(std::string_view path,
                                                 std::size_t max_bytes) const = 0;

  // The same for an entry that List(`directory`) gave; stores that know contents by id use that.
  [[nodiscard]] virtual Result<std::string> ReadEntry(std::string_view directory,
                                                      const TreeEntry& entry,
                                                      std::size_t max_bytes) const;

  // What stands at `path`; null: nothing. The default asks List for the directory above.
  [[nodiscard]] virtual Result<std::optional<TreeEntry>> Find(std::string_view path) const;
};

}  // namespace onehead
