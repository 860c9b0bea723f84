// Which environment of one tree an environment of another one was, and what a change has left as it
// was.
#include <algorithm>
#include <utility>

#include "onehead/core/policy/change_scope.h"

namespace onehead {

Result<std::optional<Environment>> MostShared(const SourceTree& tree,
                                              const std::vector<Environment>& candidates,
                                              const EnvironmentState& state, StateLoader* loader) {
  std::optional<Environment> best;
  int most = 0;
  for (const Environment& candidate : candidates) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr other, loader->Load(tree, candidate));
    const int shared = SharedRevisions(*other, state);
    const std::size_t revisions = other->graph.nodes().size();
    if (shared > most && 2 * static_cast<std::size_t>(shared) >= revisions) {
      most = shared, best = candidate;
    }
  }
  return best;
}

Result<std::optional<Environment>> FindCounterpart(const SourceTree& tree,
                                                   const std::vector<Environment>& candidates,
                                                   const Environment& wanted,
                                                   const EnvironmentState& state,
                                                   StateLoader* loader) {
  std::vector<Environment> same_script;
  for (const Environment& candidate : candidates) {
    if (candidate.SameIdentity(wanted)) return candidate;
    if (candidate.script_location == wanted.script_location) same_script.push_back(candidate);
  }
  if (same_script.size() == 1) return same_script.front();
  return MostShared(tree, same_script.empty() ? candidates : same_script, state, loader);
}

std::vector<Environment> WithoutOthers(std::vector<Environment> candidates,
                                       const std::vector<Environment>& judged,
                                       const Environment& wanted) {
  std::erase_if(candidates, [&](const Environment& candidate) {
    return std::any_of(judged.begin(), judged.end(), [&](const Environment& other) {
      if (other.SameIdentity(wanted)) return false;
      return other.SameIdentity(candidate) || (other.script_location == candidate.script_location &&
                                               other.script_location != wanted.script_location);
    });
  });
  return candidates;
}

Result<bool> IsUnchanged(const SourceTree* before, const SourceTree& after, std::string_view path) {
  if (before == nullptr || path.empty()) return false;
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> old, before->Find(path));
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> now, after.Find(path));
  return old && now && old->kind == now->kind && SameContent(old->content, now->content);
}

}  // namespace onehead
