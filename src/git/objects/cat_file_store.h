#pragma once

#include <memory>

#include "git/process/git_program.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

// Objects through `git cat-file`, exactly as they are stored. Borrows `git`.
std::unique_ptr<ObjectStore> MakeCatFileStore(const GitProgram* git);

}  // namespace onehead::git
