// Changing files of a work tree so that nothing can be lost or left half written.
//
// Every text goes into a temporary file in the same directory, which takes the place of the old
// one at the end. Not here: what is written, the index.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

struct WorkFileChange {
  std::string path;                   // relative to the top of the work tree
  std::optional<std::string> before;  // what stands there; null: nothing, the file is new
  std::optional<std::string> after;   // null: the file goes
  std::string new_path = {};          // empty: stays at `path`; else nothing stands there yet
};

// Makes all of the changes or, on any error, none: what has been changed already is put back.
// First all temporary files are written and synced, then every file is compared with `before`
// (kInvalid: it has changed meanwhile), then they are put in place, a new name before the old one
// goes. Mode bits stay. Only regular files that no link leads to are written: anything else is
// kUnsupported. A killed program leaves whole files, old or new, and perhaps a temporary one
// (".onehead-*.tmp", which Alembic does not read). Errors name the path.
// REQUIRES: not both texts of a change are null.
[[nodiscard]] Status WriteFiles(const std::string& top, const std::vector<WorkFileChange>& changes);

}  // namespace onehead::git
