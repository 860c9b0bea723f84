// Configuration files as Git itself writes them, read without libgit2, which takes longer over one
// than a push that concerns no migration takes over its trees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/git/repository.h"

namespace onehead::git {

// The settings of a file that has only sections and, below them, "key = value" (git-config(1),
// FILE FORMAT), keys as in ConfigEntry. Null: there may be more to it: quotes, escapes, comments
// behind a value, includes, keys without a value; or it is broken.
std::optional<std::vector<ConfigEntry>> ReadSimpleConfig(std::string_view text);

}  // namespace onehead::git
