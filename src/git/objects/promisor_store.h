// Objects of a partial clone (`git clone --filter`): what is not here is at a remote that has
// promised it.
//
// Here: getting it, as Git does when it meets a missing tree or file. Not here: which objects are
// needed together (tree_view, index_tree), and commits, which are always here but for the boundary
// of a shallow clone.
#pragma once

#include <memory>

#include "git/process/git_program.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

// `here`, and FetchMissing. Borrows `git`.
std::unique_ptr<ObjectStore> MakePromisorStore(std::unique_ptr<ObjectStore> here,
                                               const GitProgram* git);

}  // namespace onehead::git
