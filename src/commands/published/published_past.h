// What published branches once had and have no more: a migration that was reverted, and is still
// what some database has run; old migrations that were squashed or renumbered, and are still the
// parents of what a branch has added.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/published/published.h"
#include "onehead/base/result.h"
#include "onehead/core/migration/migration.h"

namespace onehead {

class PublishedPast {
 public:
  // Reads the first-parent history of all published refs, as far as it is about the version
  // locations of `environment`: one `git log`.
  [[nodiscard]] static Result<PublishedPast> Read(const git::Repository& repository,
                                                  const PublishedRefs& refs,
                                                  const Environment& environment);

  // The parents of a migration that was there. Null: there was none of this id.
  std::optional<std::vector<std::string>> ParentsOf(const std::string& id) const;
  // Was it this very migration, by its content or its path? Projects that count use one number for
  // different migrations.
  bool Had(const Migration& migration) const;

 private:
  [[nodiscard]] Status AddEntries(const git::Repository& repository, std::string_view log);

  std::multimap<std::string, Migration> removed_;  // by id
};

}  // namespace onehead
