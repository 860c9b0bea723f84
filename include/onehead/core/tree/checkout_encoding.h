// working-tree-encoding in .gitattributes: with it, Git checks a file out in another encoding than
// it is stored in, and Python reads another text than the repository holds.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"

namespace onehead {

class ListingCache;  // of the tree that is read

inline constexpr std::string_view kAttributesFile = ".gitattributes";

// The .gitattributes that speak about the files of `directory`, from the top of the tree down.
std::vector<std::string> AttributeFilesOf(std::string_view directory);

// The lines of these files by which Git may encode files "*.py" of one of the directories anew:
// each an error, once, with its path. Fails when the tree cannot be read.
[[nodiscard]] Result<std::vector<Error>> EncodingErrors(ListingCache* listings,
                                                        const std::set<std::string>& directories,
                                                        std::size_t max_bytes);

}  // namespace onehead
