// Changed files that look like migrations and lie in no environment (the rule stray-migration).
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/policy/change_scope.h"
#include "onehead/core/policy/finding.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// What `stray` has to do with an environment of the same tree: it stands on or repeats a revision
// of it, or `locations_changed` along with it (Scope), or a location of it cannot be seen. Null:
// nothing, or that is not new.
std::optional<Finding> StrayMigration(const Stray& stray, bool locations_changed,
                                      const Environment& environment,
                                      const EnvironmentState& state);

// The environments of one tree, asked about its strays.
class StrayIndex {
 public:
  struct Blame {
    Finding finding;
    StatePtr of;  // the environment that the stray has to do with
  };

  // Borrows both: the environments of a tree, and of each its state.
  StrayIndex(const std::vector<Environment>& environments, const std::vector<StatePtr>& states);

  // Of the first environment that it has to do with (StrayMigration); null: with none.
  std::optional<Blame> Judge(const Stray& stray, bool locations_changed) const;

 private:
  const std::vector<Environment>& environments_;
  const std::vector<StatePtr>& states_;
  std::unordered_map<std::string_view, std::size_t> first_with_;  // the ids of all graphs
  std::size_t first_unseen_;
};

// The paths of those that are read after all, through a link in a version location.
[[nodiscard]] Result<std::set<std::string>> ReadThroughLinks(const SourceTree& tree,
                                                             const std::vector<StatePtr>& states,
                                                             const std::vector<Stray>& strays);

// Which setting covers a file that lies in none of `environments`, and takes nothing away from
// these: one printable line. `versions_are_set`: onehead.versions is, which goes for all that is
// named.
std::string StrayHint(std::string_view path, const std::vector<Environment>& environments,
                      bool versions_are_set);

}  // namespace onehead
