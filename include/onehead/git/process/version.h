// Versions of what this program runs with.
#pragma once

#include <optional>
#include <string>

namespace onehead::git {

// "2.39.5" of the git program on PATH (null: there is none), and of the libgit2 in use.
std::optional<std::string> GitVersion();
std::string Libgit2Version();

}  // namespace onehead::git
