// The index as a SourceTree.
#pragma once

#include <memory>

#include "git/repository/index_snapshot.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

// Borrows `objects`.
std::unique_ptr<SourceTree> MakeIndexTree(const ObjectStore& objects, IndexSnapshot index);

}  // namespace onehead::git
