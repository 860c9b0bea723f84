// What a rewrite of migrations means for databases that have run some of them.
//
// Alembic keeps the ids of the last migrations that ran (`alembic_version`) and takes everything
// beneath them for done. Here: which migrations such a database would never run, and which Alembic
// commands put it right. Not here: the words (commands/change_text.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/core/reparent/reparent.h"

namespace onehead {

// The migrations as they are after a plan, in the same order.
std::vector<MigrationPtr> MigrationsAfter(const std::vector<MigrationPtr>& migrations,
                                          const std::vector<MigrationChange>& changes);

struct DatabaseEffect {
  // Those that stand on other revisions now, or above one that does, in the order in which they
  // run; then those that are gone. By the ids that a database knows them by.
  std::vector<std::string> ran;
  // What is beneath one of them now and was not, in the order in which it runs.
  std::vector<std::string> skipped;
  // How far a parent that is gone had come nobody can tell: then `skipped` is not known.
  bool is_certain = true;

  enum class Ids {
    kKept,    // Alembic finds the ids that a database has
    kGone,    // it finds none of them, and stops
    kReused,  // one of them is now that of another migration
  };
  Ids ids = Ids::kKept;

  // Where all that moved is one chain on one revision, and the history has one head.
  struct Chain {
    std::string old_parent;  // "base" where there was none
    std::string parent;
    std::string last;  // as it is called now
  };
  std::optional<Chain> chain;
};

// Linear in the number of revisions, for each chain that moved.
DatabaseEffect EffectOnDatabases(const std::vector<MigrationPtr>& migrations,
                                 const std::vector<MigrationChange>& changes);

}  // namespace onehead
