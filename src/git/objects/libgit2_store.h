// ObjectStore over libgit2's object database.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "git/support/handle.h"
#include "onehead/git/objects/object_store.h"
#include "onehead/git/support/deadline.h"

namespace onehead::git {

// When a reader learns that an object is too large for it. Asking libgit2 first means to unpack the
// first bytes of most objects twice, and half as much time again.
enum class SizeCheck {
  kBeforeLoading,
  kAfterLoading,  // where a limit of memory stands behind it; once one was too large,
                  // kBeforeLoading
};

// Of the packs and loose objects in these directories.
[[nodiscard]] Result<OdbHandle> OpenOdb(const std::vector<std::string>& object_dirs);

// Objects exactly as they are stored: no replace refs, no grafts. Borrows the odb, which is that of
// `object_dirs`, and the deadline.
std::unique_ptr<ObjectStore> MakeOdbStore(git_odb* odb, std::vector<std::string> object_dirs,
                                          const Deadline* deadline, SizeCheck check);

}  // namespace onehead::git
