// Where a Git server looks for its pre-receive hook.
//
// Here: telling the kinds of servers apart and naming the file. Nothing is written. Not here: what
// stands at that place and what is done about it (hook_install.h).
#pragma once

#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/install/shim.h"

namespace onehead::git {

enum class ServerKind {
  kPlain,     // Git itself: hooks/pre-receive, or in core.hooksPath
  kGitea,     // Gitea, Forgejo: hooks/pre-receive.d/onehead beside the generated hook
  kGitLab,    // GitLab (Gitaly): custom_hooks/pre-receive.d/onehead
  kGitolite,  // hooks/common/pre-receive of LOCAL_CODE or ~/.gitolite, for all repositories
};

// "" for kPlain, else the product's name.
std::string ServerName(ServerKind kind);

struct HookPlace {
  std::string given;  // the directory as it was named by the user
  ServerKind kind = ServerKind::kPlain;
  std::string git_dir;  // absolute, real; empty: no repository, but a directory of hooks for many
  std::string hook;     // absolute path of the file that is to be the shim
  // Where a hook that stands in the way is kept: absolute, no server runs what lies there.
  std::string keep_dir;
  // core.hooksPath, when it is set and decides: its value and the file that sets it.
  std::string hooks_path = {};
  std::string hooks_path_file = {};
  GitHook git_hook = GitHook::kPreReceive;

  // The server runs one file, so that another hook must be run by ours.
  bool RunsOneHook() const { return kind == ServerKind::kPlain || kind == ServerKind::kGitolite; }
};

// `directory`: a bare repository, a work tree or its .git, gitolite's LOCAL_CODE or ~/.gitolite,
// or the custom_hooks directory of a GitLab server. kNotFound: none of these; kInvalid: hooks are
// switched off there (core.hooksPath is no directory); kIo: Git could not be asked.
[[nodiscard]] Result<HookPlace> FindHookPlace(const std::string& directory);

// The repositories in the same directory as `place.git_dir` for which Git runs the same hook file,
// by name, without `place` itself. Empty unless the hook lies outside of the repository. At most
// kMaxNeighbours entries are looked at.
inline constexpr int kMaxNeighbours = 500;
std::vector<std::string> NeighboursWithSameHook(const HookPlace& place);

}  // namespace onehead::git
