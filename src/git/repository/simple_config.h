// Configuration files as Git itself writes them, read without libgit2: every push waits for one of
// them, and many for more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/git/repository/repository.h"

namespace onehead::git {

// The settings of a file that has only sections and, below them, "key = value" (git-config(1),
// FILE FORMAT), keys as in ConfigEntry. Null: there may be more to it: quotes, escapes, comments
// behind a value, includes, keys without a value; or it is broken.
std::optional<std::vector<ConfigEntry>> ReadSimpleConfig(std::string_view text);

}  // namespace onehead::git
