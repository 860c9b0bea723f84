// One environment in other commits: where it was there, and what it held.
//
// The one answer to that question, for the hook and for everything that runs in a clone. Not here:
// which environments a change touches (change_scope.h).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "commands/published/commit_trees.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/config_index.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"

namespace onehead {

// What is looked for elsewhere.
struct WantedEnvironment {
  const Environment& definition;
  const EnvironmentState& state;  // as it is here: its ids tell where it was
  // The commit that it is of: what is another environment in it is another one elsewhere too,
  // whatever ids they share. Null: not known.
  std::optional<ContentId> commit = {};
};

class EnvironmentFinder {
 public:
  // Borrows all of them.
  EnvironmentFinder(CommitTrees* trees, const DiscoveryOptions& discovery, StateLoader* loader)
      : trees_(*trees), discovery_(discovery), loader_(*loader) {}

  // For a caller that knows what whole trees have. Borrows it.
  void UseSurveys(TreeSurveys* surveys) { surveys_ = surveys; }

  // As that commit's own configurations define it. Searches the whole tree. Null: it is not there.
  [[nodiscard]] Result<StatePtr> AsDefinedAt(const ContentId& commit,
                                             const WantedEnvironment& wanted);
  // As it is defined here, if that leads to migrations there: no tree is searched, but whoever
  // writes the definition has a say in what is found. Else as AsDefinedAt.
  [[nodiscard]] Result<StatePtr> At(const ContentId& commit, const WantedEnvironment& wanted);

  // All environments of a commit, found once.
  [[nodiscard]] Result<const std::vector<Environment>*> EnvironmentsOf(const ContentId& commit);

 private:
  CommitTrees& trees_;
  const DiscoveryOptions& discovery_;
  StateLoader& loader_;
  TreeSurveys* surveys_ = nullptr;
  std::map<ContentId, std::vector<Environment>> environments_;
};

}  // namespace onehead
