// Finding and opening a repository as Git itself would find it: with libgit2, and where libgit2
// cannot read it, with the git program.
#pragma once

#include <string>
#include <vector>

#include "git/support/handle.h"
#include "onehead/git/repository/repository.h"

namespace onehead::git {

struct Opened {
  enum class RefsBy { kLibgit2, kProgram };
  RefsBy refs_by = RefsBy::kLibgit2;  // and configuration, index, ignore rules
  OdbHandle odb;                      // of all object directories; null: libgit2 cannot read them
  std::vector<std::string> object_dirs;  // these; Git's own first
  RepositoryHandle repository;           // null: not opened yet, or not libgit2's
  std::string git_dir;                   // absolute, no final slash
  std::string common_dir;                // likewise
  std::string work_dir;                  // likewise; "" when bare
};

// REQUIRES: libgit2 is initialised.
[[nodiscard]] Result<Opened> OpenRepository(const std::string& directory, OpenFrom from);

// Opening it costs a third of the time of a push that concerns nobody, so a bare repository is
// opened for its objects alone, and the rest when it is needed. REQUIRES: refs_by is kLibgit2.
[[nodiscard]] Result<git_repository*> OpenedByLibgit2(Opened* opened);

}  // namespace onehead::git
