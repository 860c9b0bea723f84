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
#include <utility>
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

struct TreeEntry;

// An entry of a listing, whose name lives as long as that.
struct TreeEntryView {
  std::string_view name;  // one path component, any bytes but "/" and NUL
  EntryKind kind = EntryKind::kFile;
  ContentId content;
  operator TreeEntry() const;
};

// The same with a name of its own.
struct TreeEntry {
  std::string name;
  EntryKind kind = EntryKind::kFile;
  ContentId content;
  friend bool operator==(const TreeEntry&, const TreeEntry&) = default;
  operator TreeEntryView() const { return {name, kind, content}; }
};

inline TreeEntryView::operator TreeEntry() const { return {std::string(name), kind, content}; }

// What a directory holds: sorted by name, bytewise, no name twice. In two pieces of memory, since a
// directory can hold 100,000 migrations, and most of what is asked is what differs from another.
class TreeListing {
 public:
  // Where an entry stands in the text of a listing: the name, a NUL, and the id if it is known.
  struct Slot {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;  // of the name
    EntryKind kind = EntryKind::kFile;
    bool has_id = false;
  };

  TreeListing() = default;
  // In any order. Of two with one name the first counts.
  explicit TreeListing(std::vector<TreeEntry> entries);
  // The entries of `text`, a tree object, whose ids have `id_size` bytes. REQUIRES: in order, and
  // no name twice. `as_in_text`: they stand in the text in this order too.
  TreeListing(std::string text, std::vector<Slot> slots, std::size_t id_size, bool as_in_text)
      : text_(std::move(text)),
        slots_(std::move(slots)),
        id_size_(id_size),
        as_in_text_(as_in_text) {}

  std::size_t size() const { return slots_.size(); }
  bool empty() const { return slots_.empty(); }
  std::size_t memory() const { return text_.capacity() + slots_.capacity() * sizeof(Slot); }

  std::string_view NameOf(std::size_t i) const {
    return std::string_view(text_).substr(slots_[i].begin, slots_[i].size);
  }
  EntryKind KindOf(std::size_t i) const { return slots_[i].kind; }
  TreeEntryView operator[](std::size_t i) const;
  // Null: there is none of that name.
  std::optional<TreeEntryView> Find(std::string_view name) const;
  // How many entries from `i` on have the same name, kind and content as those of `other` from `j`
  // on? Not more than that many: there may be some behind them.
  std::size_t SameFrom(std::size_t i, const TreeListing& other, std::size_t j) const;

  class Iterator {
   public:
    Iterator(const TreeListing* listing, std::size_t at) : listing_(listing), at_(at) {}
    TreeEntryView operator*() const { return (*listing_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const TreeListing* listing_;
    std::size_t at_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, slots_.size()}; }

 private:
  bool IsSame(std::size_t i, const TreeListing& other, std::size_t j) const;

  std::string text_;
  std::vector<Slot> slots_;
  std::size_t id_size_ = 0;
  bool as_in_text_ = false;
};
using SharedListing = std::shared_ptr<const TreeListing>;

// Calls `differs` with two indices for each name that stands in one listing only or is not the same
// in both (of one that it is not in, the size of the listing), and `same` with two indices for each
// other name. In the order of the names.
template <typename Differs, typename Same>
void CompareListings(const TreeListing& before, const TreeListing& after, Differs differs,
                     Same same) {
  const std::size_t b_end = before.size();
  const std::size_t a_end = after.size();
  for (std::size_t b = 0, a = 0; b != b_end || a != a_end;) {
    if (b != b_end && a != a_end) {
      const std::size_t count = before.SameFrom(b, after, a);
      for (std::size_t i = 0; i < count; ++i) same(b++, a++);
      if (count != 0) continue;
    }
    const int order = b == b_end ? 1 : a == a_end ? -1 : before.NameOf(b).compare(after.NameOf(a));
    differs(order <= 0 ? b : b_end, order >= 0 ? a : a_end);
    if (order <= 0) ++b;
    if (order >= 0) ++a;
  }
}

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
  [[nodiscard]] virtual Result<SharedListing> List(std::string_view path) const = 0;

  // The bytes of the file `path`; of a symbolic link, its target. kNotFound: there is none.
  // kLimit: larger than `max_bytes`, which is found out before it is loaded.
  [[nodiscard]] virtual Result<std::string> Read(std::string_view path,
                                                 std::size_t max_bytes) const = 0;

  // The same for an entry that List(`directory`) gave; stores that know contents by id use that.
  [[nodiscard]] virtual Result<std::string> ReadEntry(std::string_view directory,
                                                      const TreeEntryView& entry,
                                                      std::size_t max_bytes) const;

  // The same tree for one more thread, which may ask for it itself. Null: there is only this one.
  virtual std::unique_ptr<SourceTree> CloneForThread() const { return nullptr; }

  // What stands at `path`; null: nothing. The default asks List for the directory above.
  [[nodiscard]] virtual Result<std::optional<TreeEntry>> Find(std::string_view path) const;
};

// True for what a tree says about one file, which does not keep the rest from being read; false for
// trouble of the tree itself, such as that the time is up. By convention of SourceTree, a kLimit
// about the size of a file names its path.
bool IsAboutOneFile(const Error& error);

}  // namespace onehead
