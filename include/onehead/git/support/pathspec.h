// Pathspecs as Git matches them.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "onehead/core/settings/settings.h"

namespace onehead::git {

// Is the file of that path matched by one of `pathspecs`, and by none that excludes it? Where all
// of them exclude, everything else is matched. Null where there are none.
[[nodiscard]] std::function<bool(std::string_view path)> PathspecMatcher(
    const std::vector<Pathspec>& pathspecs);

}  // namespace onehead::git
