// One migration file as it is and as it is to be written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/reparent/reparent.h"
#include "onehead/core/tree/source_tree.h"
#include "onehead/git/files/work_file_writer.h"

namespace onehead {

struct MigrationEdit {
  MigrationChange change;
  std::string before;
  std::optional<std::string> after;  // null: the file goes

  const std::string& path() const { return change.migration->path; }
  const std::string& target() const { return change.new_path.empty() ? path() : change.new_path; }
};

// The text that `change` makes of the file in `tree`. kUnsupported: it is a link. kInvalid: the
// text cannot say what is asked (core/rewrite.h).
[[nodiscard]] Result<MigrationEdit> EditMigration(const SourceTree& tree, MigrationChange change,
                                                  std::size_t max_bytes);

std::vector<git::WorkFileChange> FilesOf(const std::vector<MigrationEdit>& edits);

}  // namespace onehead
