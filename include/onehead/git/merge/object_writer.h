// Writing what a repaired merge needs: blobs, trees and throw-away commits, as loose objects.
//
// Written with libgit2 and without a process, where the ids are SHA-1. Not here: refs, index and
// work tree (merge_commands.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

class ObjectWriter {
 public:
  ObjectWriter() = default;
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;
  virtual ~ObjectWriter() = default;

  // Into GIT_OBJECT_DIRECTORY, else <common_dir>/objects. `id_size` is that of the repository's
  // ids: 20, or 32 (then through `git hash-object`: libgit2 writes SHA-1 only).
  [[nodiscard]] static Result<std::unique_ptr<ObjectWriter>> Open(const std::string& common_dir,
                                                                  std::size_t id_size);
  // An object that is there already is not written again.
  [[nodiscard]] virtual Result<ContentId> Write(ObjectType type, std::string_view bytes) = 0;
};

// One file of a tree: its new content, and its new path when it moves ("" : it stays). Without a
// content (size 0) the file goes.
struct TreeEdit {
  std::string path;
  ContentId blob;
  std::string new_path = {};
};

// The tree `tree` with these files changed and everything else, file modes included, as it was.
// kNotFound: there is no such file; kInvalid: something stands at a new path already.
[[nodiscard]] Result<ContentId> EditTree(const ObjectStore& objects, ObjectWriter* writer,
                                         const ContentId& tree, const std::vector<TreeEdit>& edits);

// A commit of `tree` on `parents` that nothing will ever name: the two ends of a merge whose base
// is given. Always the same bytes for the same arguments.
[[nodiscard]] Result<ContentId> WriteScratchCommit(ObjectWriter* writer, const ContentId& tree,
                                                   const std::vector<ContentId>& parents);

}  // namespace onehead::git
