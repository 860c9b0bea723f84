// All migrations of one environment, read from a tree.
//
// Follows Alembic's ScriptDirectory._load_revisions: which files count, in which order, links.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/migration/migration.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

struct LoadLimits {
  std::size_t max_file_bytes = 64u << 20;  // onehead.maxFileSize
  std::size_t max_files = 200000;          // onehead.maxFiles, per version location
};

using MigrationPtr = std::shared_ptr<const Migration>;

// Migrations already read, by content id and path, so that a blob is read once in a process however
// many trees hold it.
class MigrationCache {
 public:
  bool Has(const ContentId& content) const { return by_content_.count(content) != 0; }
  // Null: not known. What was read under another path is copied when its path does not matter.
  MigrationPtr Find(const ContentId& content, std::string_view path) const;
  // Without a known content id it is not kept.
  void Add(MigrationPtr migration);

 private:
  struct Known {
    MigrationPtr first;
    // The others, by the paths inside of them.
    std::unordered_map<std::string_view, MigrationPtr> by_path = {};
  };
  std::unordered_map<ContentId, Known, ContentIdHash> by_content_;
};

struct LoadedEnvironment {
  Environment environment;
  std::vector<MigrationPtr> migrations;  // in the order in which Alembic reads them
  // Files that could not be read, or that a checkout may change, each with its path. What may
  // declare a revision nevertheless is among the migrations too, as Migration::unread: it must not
  // be judged as if it were not there.
  std::vector<Error> errors;
  bool has_links = false;  // a migration is a link: its text may change though no location does
};

// Threads that may help.
class Workers {
 public:
  virtual ~Workers() = default;
  // Calls `work` in this thread with 0, and in others at the same time with 1, 2, ... Returns when
  // all have returned. What one throws is lost, and with it what it did not do.
  virtual void RunOnAll(const std::function<void(int)>& work) = 0;
};

// The file `entry` of `directory` as a migration.
[[nodiscard]] Result<MigrationPtr> LoadMigration(const SourceTree& tree, std::string_view directory,
                                                 const TreeEntryView& entry,
                                                 const LoadLimits& limits, MigrationCache* cache);

// Reads the migrations of `environment`. A version location that does not exist holds none.
// A link to a file in the tree is read as Alembic reads it (by its resolved name, once); one that
// leads to nothing, or leaves the tree, is an error of that file if its target is named like a
// migration. A directory named like one is not a file (Alembic 1.10 and later). Of a location with
// too many files none is read. Fails when the tree itself cannot be read, which includes a kTimeout
// and a kLimit that names no path. `workers` may be null.
[[nodiscard]] Result<LoadedEnvironment> LoadEnvironment(const SourceTree& tree,
                                                        const Environment& environment,
                                                        const LoadLimits& limits,
                                                        MigrationCache* cache,
                                                        Workers* workers = nullptr);

// Does a version location hold a link? Then the migrations may change though no location does.
[[nodiscard]] Result<bool> HasLinks(const SourceTree& tree, const Environment& environment,
                                    const LoadLimits& limits);

}  // namespace onehead
