// What a change of files would look like, as Git shows it. Nothing in the repository is touched.
#pragma once

#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/files/work_file_writer.h"

namespace onehead::git {

enum class DiffColor { kOff, kOn };

// The unified diff of all changes, by `git diff --no-index` on copies in a temporary directory.
[[nodiscard]] Result<std::string> DiffOf(const std::vector<WorkFileChange>& changes,
                                         DiffColor color);

}  // namespace onehead::git
