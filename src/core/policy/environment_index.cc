#include "core/policy/environment_index.h"

#include <algorithm>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

std::string IdentityOf(const Environment& environment) {
  std::string key = environment.script_location;
  for (const std::string& location : environment.version_locations) key += '\n' + location;
  return key;
}

}  // namespace

EnvironmentIndex::EnvironmentIndex(const std::vector<Environment>& environments) {
  for (const Environment& environment : environments) {
    const auto add = [&](const std::vector<std::string>& locations) {
      for (const std::string& location : locations) by_location_[location].push_back(&environment);
    };
    add(environment.version_locations);
    std::for_each(environment.also_locations.begin(), environment.also_locations.end(), add);
  }
}

template <typename Predicate>
bool EnvironmentIndex::AnyAbove(std::string_view directory, Predicate predicate) const {
  for (;; directory = DirName(directory)) {
    const auto found = by_location_.find(directory);
    if (found != by_location_.end() &&
        std::any_of(found->second.begin(), found->second.end(),
                    [&](const Environment* e) { return predicate(*e, directory); })) {
      return true;
    }
    if (directory.empty()) return false;
  }
}

bool EnvironmentIndex::IsInAny(std::string_view path) const {
  return AnyAbove(DirName(path),
                  [&](const Environment& environment, std::string_view /*location*/) {
                    return IsInVersions(environment, path);
                  });
}

bool EnvironmentIndex::IsCovered(std::string_view location) const {
  return AnyAbove(location, [&](const Environment& environment, std::string_view own) {
    return own == location || environment.recursive;
  });
}

UnmatchedEnvironments::UnmatchedEnvironments(const SourceTree* tree,
                                             std::vector<Environment> environments,
                                             StateLoader* loader)
    : tree_(tree),
      loader_(loader),
      environments_(std::move(environments)),
      taken_(environments_.size()),
      left_(environments_.size()) {
  for (std::size_t i = 0; i < environments_.size(); ++i) {
    by_identity_[IdentityOf(environments_[i])].push_back(i);
    by_script_location_[environments_[i].script_location].push_back(i);
  }
}

Environment UnmatchedEnvironments::Take(std::size_t i) {
  taken_[i] = 1;
  --left_;
  return environments_[i];
}

std::optional<Environment> UnmatchedEnvironments::TakeFirst(const Places& places,
                                                            const std::string& key) {
  const auto found = places.find(key);
  if (found == places.end()) return std::nullopt;
  for (const std::size_t i : found->second) {
    if (taken_[i] == 0) return Take(i);
  }
  return std::nullopt;
}

std::optional<Environment> UnmatchedEnvironments::TakeSameIdentity(const Environment& wanted) {
  return TakeFirst(by_identity_, IdentityOf(wanted));
}

std::optional<Environment> UnmatchedEnvironments::TakeSameScriptLocation(
    const Environment& wanted) {
  return TakeFirst(by_script_location_, wanted.script_location);
}

Status UnmatchedEnvironments::IndexRevisions() {
  if (indexed_) return {};
  indexed_ = true;
  revisions_.resize(environments_.size());
  shared_.resize(environments_.size());
  for (std::size_t i = 0; i < environments_.size(); ++i) {
    if (taken_[i] != 0) continue;
    ONEHEAD_ASSIGN_OR_RETURN(const StatePtr state, loader_->Load(*tree_, environments_[i]));
    const std::vector<Node>& nodes = state->graph.nodes();
    revisions_[i] = static_cast<int>(nodes.size());
    for (const Node& node : nodes) by_revision_[node.id()].push_back(i);
  }
  return {};
}

Result<std::optional<Environment>> UnmatchedEnvironments::TakeMostShared(
    const EnvironmentState& state) {
  ONEHEAD_TRY(IndexRevisions());
  std::vector<std::size_t> candidates;
  for (const Node& node : state.graph.nodes()) {
    const auto found = by_revision_.find(node.id());
    if (found == by_revision_.end()) continue;
    std::erase_if(found->second, [&](std::size_t i) { return taken_[i] != 0; });
    for (const std::size_t i : found->second) {
      if (shared_[i]++ == 0) candidates.push_back(i);
    }
  }
  std::sort(candidates.begin(), candidates.end());
  std::optional<std::size_t> best;
  int most = 0;
  for (const std::size_t i : candidates) {
    if (shared_[i] > most && 2 * shared_[i] >= revisions_[i]) most = shared_[i], best = i;
    shared_[i] = 0;
  }
  if (!best) return std::optional<Environment>();
  return std::optional<Environment>(Take(*best));
}

std::vector<Environment> UnmatchedEnvironments::Rest() const {
  std::vector<Environment> rest;
  for (std::size_t i = 0; i < environments_.size(); ++i) {
    if (taken_[i] == 0) rest.push_back(environments_[i]);
  }
  return rest;
}

}  // namespace onehead
