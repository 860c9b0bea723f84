// All migrations of one environment, read from a tree.
//
// Follows Alembic's ScriptDirectory._load_revisions: which files count, in which order, links.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment.h"
#include "onehead/core/migration.h"
#include "onehead/core/source_tree.h"

namespace onehead {

struct LoadLimits {
  std::size_t max_file_bytes = 4u << 20;  // onehead.maxFileSize
  std::size_t max_files = 200000;         // onehead.maxFiles, per version location
};

using MigrationPtr = std::shared_ptr<const Migration>;

// Migrations already read, by content id and path, so that a blob is read once in a process however
// many trees hold it.
class MigrationCache {
 public:
  MigrationPtr Find(const ContentId& content, std::string_view path) const;
  void Add(MigrationPtr migration);

 private:
  std::unordered_map<ContentId, std::vector<MigrationPtr>, ContentIdHash> by_content_;
};

struct LoadedEnvironment {
  Environment environment;
  std::vector<MigrationPtr> migrations;  // in the order in which Alembic reads them
  std::vector<Error> errors;             // files that could not be read, each with its path
  bool has_links = false;  // a migration is a link: its text may change though no location does
};

// Reads the migrations of `environment`. A version location that does not exist holds none.
// A link to a file in the tree is read as Alembic reads it (by its resolved name, once); a link
// that leaves the tree is an error of that file. Fails when the tree itself cannot be read.
[[nodiscard]] Result<LoadedEnvironment> LoadEnvironment(const SourceTree& tree,
                                                        const Environment& environment,
                                                        const LoadLimits& limits,
                                                        MigrationCache* cache);

}  // namespace onehead
