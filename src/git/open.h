// Finding and opening a repository as Git itself would find it: with libgit2, and where libgit2
// cannot read it, with the git program.
#pragma once

#include <string>

#include "git/handle.h"
#include "onehead/git/repository.h"

namespace onehead::git {

struct Opened {
  RepositoryHandle repository;  // null: libgit2 cannot read its refs and its configuration
  OdbHandle odb;                // of all object directories; null: nor its objects
  std::string git_dir;          // absolute, no final slash
  std::string common_dir;       // likewise
  std::string work_dir;         // likewise; "" when bare
};

// REQUIRES: libgit2 is initialised.
[[nodiscard]] Result<Opened> OpenRepository(const std::string& directory, OpenFrom from);

}  // namespace onehead::git
