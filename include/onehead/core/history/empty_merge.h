// Does a migration do anything? A merge revision that does nothing can go when there is nothing
// left for it to join; one that does something is the user's work.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/history/load.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// True when the module holds nothing but a docstring, imports, the four names and functions whose
// bodies are `pass`, `...`, `return` or strings. False in doubt.
bool IsEmptyMigration(std::string_view text);

// The paths of those merge revisions among `migrations` that do nothing. Reads the merge revisions
// alone; one that cannot be read does something.
std::set<std::string> EmptyMerges(const SourceTree& tree,
                                  const std::vector<MigrationPtr>& migrations,
                                  const std::set<std::string>& among, std::size_t max_file_bytes);

}  // namespace onehead
