// Whether a file that lies in no environment is a migration.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "onehead/base/result.h"
#include "onehead/core/history/load.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// Is it one? `migration` is null also of one that is too large to be read.
struct LooksLikeMigration {
  bool yes = false;
  MigrationPtr migration = nullptr;
};

// Would Alembic see a down_revision in this version of the file? A file that is not text for the
// reader counts too, and so does one that is too large to be read: nobody may hide a migration
// behind a syntax error or behind its size.
Result<LooksLikeMigration> BindsDownRevision(const SourceTree& tree, const std::string& path,
                                             const std::optional<TreeEntry>& entry,
                                             std::size_t max_bytes);

}  // namespace onehead
