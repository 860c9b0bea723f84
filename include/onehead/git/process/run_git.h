// Running the git program and reading what it prints.
//
// For what only Git itself can answer with certainty (which configuration is in force where).
// Objects and refs are read through onehead/git/repository.h, without a process.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

struct GitOutput {
  int exit_code = 0;  // 128 + the number of a signal
  std::string out;
  std::string err;
};

struct GitInvocation {
  std::vector<std::string> args;  // after "git"
  std::string directory;          // where it starts
  // Replaces variables of our environment; all that name a repository (GIT_DIR, GIT_WORK_TREE,
  // GIT_OBJECT_DIRECTORY ...) or add configuration are taken out first.
  std::vector<std::pair<std::string, std::string>> environment = {};
};

// Standard input is empty. kNotFound, kIo: git could not be started, or not in that directory.
[[nodiscard]] Result<GitOutput> RunGit(const GitInvocation& invocation);

}  // namespace onehead::git
