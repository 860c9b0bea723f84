#include "commands/published/environment_at.h"

#include <algorithm>
#include <utility>

#include "onehead/core/policy/change_scope.h"

namespace onehead {
namespace {

Result<bool> AnyLocationExists(const SourceTree& tree, const Environment& environment) {
  for (const std::string& location : environment.version_locations) {
    Result<std::optional<TreeEntry>> entry = tree.Find(location);
    if (!entry) return Fail(std::move(entry.error()));
    if (*entry) return true;
  }
  return false;
}

}  // namespace

Result<const std::vector<Environment>*> EnvironmentFinder::EnvironmentsOf(const ContentId& commit) {
  const auto known = environments_.find(commit);
  if (known != environments_.end()) return &known->second;
  Result<const SourceTree*> tree = trees_.Of(commit);
  if (!tree) return Fail(std::move(tree.error()));
  Result<Discovery> discovery = DiscoverEnvironments(**tree, discovery_, surveys_);
  if (!discovery) return Fail(std::move(discovery.error()));
  return &environments_.emplace(commit, std::move(discovery->environments)).first->second;
}

Result<StatePtr> EnvironmentFinder::AsDefinedAt(const ContentId& commit,
                                                const WantedEnvironment& wanted) {
  Result<const SourceTree*> tree = trees_.Of(commit);
  if (!tree) return Fail(std::move(tree.error()));
  Result<const std::vector<Environment>*> found = EnvironmentsOf(commit);
  if (!found) return Fail(std::move(found.error()));
  std::vector<Environment> candidates = **found;
  if (wanted.commit) {
    Result<const std::vector<Environment>*> siblings = EnvironmentsOf(*wanted.commit);
    if (!siblings) return Fail(std::move(siblings.error()));
    candidates = WithoutOthers(std::move(candidates), **siblings, wanted.definition);
  }
  Result<std::optional<Environment>> counterpart =
      FindCounterpart(**tree, candidates, wanted.definition, wanted.state, &loader_);
  if (!counterpart) return Fail(std::move(counterpart.error()));
  if (!*counterpart) return StatePtr();
  return loader_.Load(**tree, **counterpart);
}

Result<StatePtr> EnvironmentFinder::At(const ContentId& commit, const WantedEnvironment& wanted) {
  Result<const SourceTree*> tree = trees_.Of(commit);
  if (!tree) return Fail(std::move(tree.error()));
  Result<bool> there = AnyLocationExists(**tree, wanted.definition);
  if (!there) return Fail(std::move(there.error()));
  if (*there) {
    Result<StatePtr> state = loader_.Load(**tree, wanted.definition);
    // A directory without migrations does not say that the environment had none: it may have been
    // elsewhere then.
    if (!state || !(*state)->migrations.empty() || !(*state)->errors.empty()) return state;
  }
  return AsDefinedAt(commit, wanted);
}

}  // namespace onehead
