// Git's configuration files, read one by one, so that it is plain where a setting comes from.
#pragma once

#include <git2.h>

#include <functional>
#include <string>
#include <vector>

#include "git/process/git_program.h"
#include "onehead/git/repository/repository.h"

namespace onehead::git {

// See Repository::OneheadConfig. `git_dir` and `common_dir` are absolute; `open` opens the
// repository, which only conditional includes need.
[[nodiscard]] Result<std::vector<ConfigEntry>> ReadOneheadConfig(
    const std::string& git_dir, const std::string& common_dir,
    const std::function<Result<git_repository*>()>& open);

// The same through the git program, for a repository that libgit2 cannot read.
[[nodiscard]] Result<std::vector<ConfigEntry>> ReadOneheadConfig(const GitProgram& git,
                                                                 const std::string& git_dir);

// True if extensions.worktreeConfig is on, so that `git_dir`/config.worktree counts.
bool HasWorktreeConfig(const std::string& common_dir);

// One value of the file at `path` ("" for a key without "="); null: not there, or not readable.
std::optional<std::string> FileValue(const std::string& path, const std::string& key);

// True if this file describes a bare repository that libgit2 can read, whatever its version.
bool IsPlainBareConfig(const std::string& path);

// What keeps libgit2 from reading the repository, as "extensions.objectformat=sha256"; "" when
// nothing is known to.
std::string UnreadableExtension(const std::string& common_dir);

}  // namespace onehead::git
