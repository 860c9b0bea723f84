// Git's configuration files, read one by one, so that it is plain where a setting comes from.
#pragma once

#include <git2.h>

#include <string>
#include <vector>

#include "git/git_program.h"
#include "onehead/git/repository.h"

namespace onehead::git {

// See Repository::OneheadConfig. `git_dir` and `common_dir` are absolute; `repository` resolves
// conditional includes.
[[nodiscard]] Result<std::vector<ConfigEntry>> ReadOneheadConfig(git_repository* repository,
                                                                 const std::string& git_dir,
                                                                 const std::string& common_dir);

// The same through the git program, for a repository that libgit2 cannot read.
[[nodiscard]] Result<std::vector<ConfigEntry>> ReadOneheadConfig(const GitProgram& git,
                                                                 const std::string& git_dir);

// Is extensions.worktreeConfig on, so that `git_dir`/config.worktree counts?
bool HasWorktreeConfig(const std::string& common_dir);

// One value of the file at `path` ("" for a key without "="); null: not there, or not readable.
std::optional<std::string> FileValue(const std::string& path, const std::string& key);

// What keeps libgit2 from reading the repository, as "extensions.objectformat=sha256"; "" when
// nothing is known to.
std::string UnreadableExtension(const std::string& common_dir);

}  // namespace onehead::git
