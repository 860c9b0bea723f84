#include "commands/published/environment_at.h"

#include <algorithm>
#include <utility>

#include "onehead/core/policy/change_scope.h"

namespace onehead {
namespace {

Result<bool> AnyLocationExists(const SourceTree& tree, const Environment& environment) {
  for (const std::string& location : environment.version_locations) {
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree.Find(location));
    if (entry) return true;
  }
  return false;
}

}  // namespace

Result<const std::vector<Environment>*> EnvironmentFinder::EnvironmentsOf(const ContentId& commit) {
  const auto known = environments_.find(commit);
  if (known != environments_.end()) return &known->second;
  ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
  ONEHEAD_ASSIGN_OR_RETURN(Discovery discovery, DiscoverEnvironments(*tree, discovery_, surveys_));
  return &environments_.emplace(commit, std::move(discovery.environments)).first->second;
}

Result<StatePtr> EnvironmentFinder::AsDefinedAt(const ContentId& commit,
                                                const WantedEnvironment& wanted) {
  ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<Environment>* found, EnvironmentsOf(commit));
  std::vector<Environment> candidates = *found;
  if (wanted.commit) {
    ONEHEAD_ASSIGN_OR_RETURN(const std::vector<Environment>* siblings,
                             EnvironmentsOf(*wanted.commit));
    candidates = WithoutOthers(std::move(candidates), *siblings, wanted.definition);
  }
  ONEHEAD_ASSIGN_OR_RETURN(
      std::optional<Environment> counterpart,
      FindCounterpart(*tree, candidates, wanted.definition, wanted.state, &loader_));
  if (!counterpart) return StatePtr();
  return loader_.Load(*tree, *counterpart);
}

Result<StatePtr> EnvironmentFinder::At(const ContentId& commit, const WantedEnvironment& wanted) {
  ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
  ONEHEAD_ASSIGN_OR_RETURN(bool there, AnyLocationExists(*tree, wanted.definition));
  if (there) {
    Result<StatePtr> state = loader_.Load(*tree, wanted.definition);
    // A directory without migrations does not say that the environment had none: it may have been
    // elsewhere then.
    if (!state || !(*state)->migrations.empty() || !(*state)->errors.empty()) return state;
  }
  return AsDefinedAt(commit, wanted);
}

}  // namespace onehead
