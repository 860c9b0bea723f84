// Finding and opening a repository with libgit2, as Git itself would find it.
#pragma once

#include <string>

#include "git/handle.h"
#include "onehead/git/repository.h"

namespace onehead::git {

struct Opened {
  RepositoryHandle repository;
  OdbHandle odb;           // of all object directories; the repository uses it too
  std::string git_dir;     // absolute, no final slash
  std::string common_dir;  // likewise
  std::string work_dir;    // likewise; "" when bare
};

// REQUIRES: libgit2 is initialised.
[[nodiscard]] Result<Opened> OpenRepository(const std::string& directory, OpenFrom from);

}  // namespace onehead::git
