// The lines of a Git attributes file that name the merge driver, as text.
//
// Here: writing a pattern as Git reads it, and a marked block that can be put into a file and taken
// out again so that every other byte stays. Not here: which file, and reading or writing it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

// The pattern (gitattributes) for the Python files directly in `directory`, a path from the top of
// the work tree ("" is the top); with kRecursive also those below it.
enum class Depth { kDirectory, kRecursive };
std::string AttributePattern(std::string_view directory, Depth depth);

// `text` (null: there is no file) with a block of one line "PATTERN merge=onehead" for each
// pattern, instead of the block that is there. kInvalid: a block of ours that does not end.
[[nodiscard]] Result<std::string> WithBlock(const std::optional<std::string>& text,
                                            const std::vector<std::string>& patterns);

// `text` without the block, as it was before. Null: the file was made for the block and holds
// nothing else. kInvalid as above.
[[nodiscard]] Result<std::optional<std::string>> WithoutBlock(const std::string& text);

// The patterns of the block in `text`; null: there is none.
[[nodiscard]] Result<std::optional<std::vector<std::string>>> BlockPatterns(
    const std::string& text);

}  // namespace onehead::git
