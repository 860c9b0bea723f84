// Reading objects by id: the narrow interface behind which the readers stand (libgit2, and the git
// program where libgit2 cannot read a repository), and the formats of trees, commits and tags,
// which are the same for both.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

enum class ObjectType { kCommit, kTree, kBlob, kTag };
const char* TypeName(ObjectType type);  // "commit", as Git calls it
std::optional<ObjectType> TypeFromName(std::string_view name);

struct Object {
  ObjectType type = ObjectType::kBlob;
  std::string bytes;
};

struct ObjectHeader {
  ObjectType type = ObjectType::kBlob;
  std::size_t size = 0;  // bytes
};

class ObjectStore {
 public:
  ObjectStore() = default;
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;
  virtual ~ObjectStore() = default;

  // kNotFound: there is no such object; kInvalid: it is corrupt; kTimeout: the time is up.
  [[nodiscard]] virtual Result<ObjectHeader> Header(const ContentId& id) const = 0;
  // kLimit: larger than `max_bytes`.
  [[nodiscard]] virtual Result<Object> Read(const ContentId& id, std::size_t max_bytes) const = 0;

  // True if missing objects can be fetched (a partial clone).
  virtual bool IsPartial() const { return false; }
  // Where it is one: afterwards all of these are here, fetched in one go if they were missing.
  // kUnreachable: they could not be had.
  [[nodiscard]] virtual Status FetchMissing(const std::vector<ContentId>& /*ids*/) const {
    return {};
  }

  // The same objects for one more thread, which may ask for it itself. Null: there is only this
  // one.
  virtual std::unique_ptr<ObjectStore> CloneForThread() const { return nullptr; }
};

// Reads a tree or a file. Where it is missing and can be fetched, with it comes all that `together`
// names, which will be read next.
[[nodiscard]] Result<Object> ReadOrFetch(const ObjectStore& objects, const ContentId& id,
                                         std::size_t max_bytes,
                                         const std::function<std::vector<ContentId>()>& together);

// No tree, commit or tag larger than this is read.
inline constexpr std::size_t kMaxMetaObjectBytes = std::size_t{32} << 20;

struct ParsedCommit {
  ContentId tree;
  std::vector<ContentId> parents;
  std::string_view author;  // "Name <mail> 1700000000 +0100", "" when there is none
  std::string_view committer;
  std::string_view message;  // the three point into the bytes that were parsed
};

// Strict: anything that Git's own fsck would call broken is kInvalid, so that no two readers can
// see different trees: unsorted or duplicate entries, names with "/" or empty or "." or "..", an
// unknown mode. `id_size` is 20 or 32. The result is sorted bytewise by name.
[[nodiscard]] Result<TreeListing> ParseTree(std::string bytes, std::size_t id_size);
[[nodiscard]] Result<ParsedCommit> ParseCommit(std::string_view bytes);
// The object that a tag names.
[[nodiscard]] Result<ContentId> ParseTagTarget(std::string_view bytes);

// The tree object `tree` as files. Borrows `objects`.
std::unique_ptr<SourceTree> MakeTreeView(const ObjectStore& objects, const ContentId& tree);

}  // namespace onehead::git
