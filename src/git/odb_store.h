// ObjectStore over libgit2's object database.
#pragma once

#include <memory>

#include "git/deadline.h"
#include "git/handle.h"
#include "onehead/git/object_store.h"

namespace onehead::git {

// Objects exactly as they are stored: no replace refs, no grafts. Borrows both.
std::unique_ptr<ObjectStore> MakeOdbStore(git_odb* odb, const Deadline* deadline);

}  // namespace onehead::git
