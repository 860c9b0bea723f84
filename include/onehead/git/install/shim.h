// The text of the hooks that the installer writes: hooks/pre-receive and hooks/pre-push, filled in.
//
// Here: making the text and recognising it, by any version. Not here: where it goes
// (server_layout.h) and how it gets there (hook_install.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "onehead/base/result.h"

namespace onehead::git {

enum class GitHook {
  kPreReceive,  // on a server; refuses everything when the program is missing
  kPrePush,     // in a clone; lets everything pass then, with a warning
};

// "pre-receive", "pre-push".
std::string HookName(GitHook hook);

// What an installer fills in.
struct Shim {
  std::string program;       // absolute path; empty: `onehead` on PATH
  std::string chained = {};  // name of a hook beside the shim that runs first; empty: none
  int directories_made = 0;  // how many levels above the shim the installer made
  friend bool operator==(const Shim&, const Shim&) = default;
};

// hooks/<name> as it is in the source tree.
std::string_view ShimTemplate(GitHook hook = GitHook::kPreReceive);

// kInvalid: the path of the program has a line break in it, which no line of the shim could hold.
[[nodiscard]] Result<std::string> ShimText(const Shim& shim, GitHook hook = GitHook::kPreReceive);

// Null: not a shim of ours, of either kind. A field that the text does not have, or not as ShimText
// writes it, is left at its default.
std::optional<Shim> ParseShim(std::string_view text);

}  // namespace onehead::git
