#include "commands/rebase_published.h"

#include <algorithm>
#include <map>
#include <utility>

#include "onehead/core/scope.h"

namespace onehead {
namespace {

bool HasId(const StatePtr& state, const std::string& id) {
  return state && state->graph.Find(id) != nullptr;
}

bool HasPath(const StatePtr& state, const std::string& path) {
  return state && std::any_of(state->migrations.begin(), state->migrations.end(),
                              [&](const MigrationPtr& other) { return other->path == path; });
}

bool HasIdAtPath(const StatePtr& state, const Migration& migration) {
  return state && std::any_of(state->migrations.begin(), state->migrations.end(),
                              [&](const MigrationPtr& other) {
                                return other->path == migration.path && other->has_id() &&
                                       other->id() == migration.id();
                              });
}

}  // namespace

Result<StayingCommits> FindStayingCommits(const Workspace& workspace, const Upstream& upstream) {
  const git::Repository& repository = *workspace.repository;
  StayingCommits commits;
  commits.ours = upstream.commit;
  // A setting that names nothing is no reason to refuse an upstream that was named.
  if (const auto found = DefaultUpstream(repository, workspace.settings); found && *found) {
    commits.default_upstream = (*found)->commit;
  }
  Result<std::optional<Upstream>> own = BranchUpstream(repository);
  if (!own) return Fail(std::move(own.error()));
  commits.branch_upstream = std::move(*own);
  if (workspace.settings.published_refs.empty()) return commits;
  Result<std::vector<git::Ref>> refs = repository.Refs();
  if (!refs) return Fail(std::move(refs.error()));
  for (const git::Ref& ref : *refs) {
    if (!workspace.settings.published_refs.Matches(ref.name)) continue;
    Result<std::optional<ContentId>> commit = repository.PeelToCommit(ref.target);
    if (!commit) return Fail(std::move(commit.error()));
    if (*commit) commits.published_refs.push_back(**commit);
  }
  return commits;
}

Result<StatePtr> StateInCommit(const Workspace& workspace, const ContentId& commit,
                               const EnvironmentState& wanted, StateLoader* loader) {
  Result<std::unique_ptr<SourceTree>> tree = workspace.repository->CommitTree(commit);
  if (!tree) return Fail(std::move(tree.error()));
  // Nearly always it is where it was, and the tree need not be searched.
  for (const std::string& location : wanted.environment.version_locations) {
    Result<std::optional<TreeEntry>> entry = (*tree)->Find(location);
    if (!entry) return Fail(std::move(entry.error()));
    if (*entry) return loader->Load(**tree, wanted.environment);
  }
  Result<Discovery> discovery = DiscoverEnvironments(**tree, workspace.discovery);
  if (!discovery) return Fail(std::move(discovery.error()));
  Result<std::optional<Environment>> found =
      FindCounterpart(**tree, discovery->environments, wanted.environment, wanted, loader);
  if (!found) return Fail(std::move(found.error()));
  if (!*found) return StatePtr();
  return loader->Load(**tree, **found);
}

Result<PublishedRevisions> PublishedRevisions::Read(const Workspace& workspace,
                                                    const StayingCommits& commits,
                                                    const EnvironmentState& environment,
                                                    StateLoader* loader) {
  PublishedRevisions result;
  const auto read = [&](const ContentId& commit, StatePtr* out) -> Status {
    Result<StatePtr> state = StateInCommit(workspace, commit, environment, loader);
    if (!state) return Fail(std::move(state.error()));
    *out = std::move(*state);
    return {};
  };
  Status status = read(commits.ours, &result.ours_);
  if (status && commits.default_upstream) {
    status = read(*commits.default_upstream, &result.default_upstream_);
  }
  if (status && commits.branch_upstream) {
    result.branch_upstream_name_ = commits.branch_upstream->name;
    status = read(commits.branch_upstream->commit, &result.branch_upstream_);
  }
  for (const ContentId& commit : commits.published_refs) {
    if (status) status = read(commit, &result.published_refs_.emplace_back());
  }
  if (!status) return Fail(std::move(status.error()));
  return result;
}

bool PublishedRevisions::Stays(const Migration& migration, OwnUpstream rule) const {
  RevisionPlaces places;
  if (!migration.has_id()) {
    places.in_ours = HasPath(ours_, migration.path);
    return onehead::Stays(places, MergeOperation::kReplay);
  }
  const std::string& id = migration.id();
  places.in_theirs = true;
  places.in_ours = HasId(ours_, id);
  places.in_upstream = HasId(default_upstream_, id);
  places.in_branch_upstream = rule == OwnUpstream::kStays && HasId(branch_upstream_, id);
  places.in_published_ref = std::any_of(published_refs_.begin(), published_refs_.end(),
                                        [&](const StatePtr& state) { return HasId(state, id); });
  return onehead::Stays(places, MergeOperation::kReplay);
}

bool PublishedRevisions::HasAtPath(const Migration& migration) const {
  return HasIdAtPath(ours_, migration) || HasIdAtPath(default_upstream_, migration) ||
         HasIdAtPath(branch_upstream_, migration) ||
         std::any_of(published_refs_.begin(), published_refs_.end(),
                     [&](const StatePtr& state) { return HasIdAtPath(state, migration); });
}

std::set<std::string> PublishedRevisions::LocalPaths(const EnvironmentState& state,
                                                     OwnUpstream rule) const {
  std::set<std::string> paths;
  for (const MigrationPtr& migration : state.migrations) {
    if (!Stays(*migration, rule)) paths.insert(migration->path);
  }
  for (const DuplicateId& duplicate : state.graph.duplicates()) {
    const auto published = [&](const MigrationPtr& migration) { return HasAtPath(*migration); };
    if (std::none_of(duplicate.migrations.begin(), duplicate.migrations.end(), published)) continue;
    for (const MigrationPtr& migration : duplicate.migrations) {
      if (!published(migration)) paths.insert(migration->path);
    }
  }
  return paths;
}

}  // namespace onehead
