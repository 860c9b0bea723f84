// Environments at locations that somebody names: the settings, by a name, or a command line.
#pragma once

#include <vector>

#include "core/environment/config_directory.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// Names what `*out` has found of these locations already, and adds what it has not. What is missing
// is a note. Fails when the tree cannot be read, and with kLimit when a `*` means too much.
[[nodiscard]] Status AddNamed(const SourceTree& tree, const std::vector<NamedLocations>& named,
                              ConfigBudget* budget, Discovery* out);

// The same for one, of which nothing may be missing (kNotFound).
[[nodiscard]] Status AddGiven(const SourceTree& tree, const NamedLocations& given,
                              ConfigBudget* budget, Discovery* out);

}  // namespace onehead
