#include "commands/merge_places.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/environment.h"
#include "onehead/core/scope.h"

namespace onehead {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kRemotes = "refs/remotes/";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::optional<ContentId> CommitOf(const git::Repository& repository, const std::string& rev) {
  const Result<ContentId> commit = repository.ResolveCommit(rev);
  if (!commit) return std::nullopt;
  return *commit;
}

std::string ConfigText(const git::Repository& repository, const std::string& key) {
  const Result<std::optional<std::string>> value = repository.ConfigValue(key);
  return value && *value ? **value : "";
}

// "main" of "refs/heads/main"; empty while HEAD is detached, which it is in a rebase.
std::string CurrentBranch(const git::Repository& repository) {
  const Result<std::optional<std::string>> head = repository.HeadRef();
  if (!head || !*head || !StartsWith(**head, kBranches)) return "";
  return (*head)->substr(kBranches.size());
}

std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// The branches that are main by name, but for the one that is being worked on or rebased.
std::vector<ContentId> LocalMains(const git::Repository& repository) {
  const std::string rebased = FirstLine(repository.GitDir() + "/rebase-merge/head-name");
  const std::string current = std::string(kBranches) + CurrentBranch(repository);
  std::vector<ContentId> commits;
  for (const std::string& name :
       {std::string("main"), std::string("master"), ConfigText(repository, "init.defaultbranch")}) {
    const std::string ref = std::string(kBranches) + name;
    if (name.empty() || ref == rebased || ref == current) continue;
    if (const auto commit = CommitOf(repository, ref)) commits.push_back(*commit);
  }
  return commits;
}

// The remote's HEAD is there after a clone, not after `git remote add`.
std::optional<ContentId> DefaultBranchOf(const git::Repository& repository,
                                         const std::string& remote) {
  const std::string refs = std::string(kRemotes) + remote + "/";
  if (const auto head = CommitOf(repository, refs + "HEAD")) return head;
  const auto main = CommitOf(repository, refs + "main");
  const auto master = CommitOf(repository, refs + "master");
  if (main && master) {
    const std::string named = ConfigText(repository, "init.defaultbranch");
    return named.empty() ? main : CommitOf(repository, refs + named);
  }
  return main ? main : master;
}

// The name that FETCH_HEAD gives to a commit that `git pull` merges by its id.
std::string NameInFetchHead(const git::Repository& repository, const std::string& id) {
  std::ifstream in(repository.GitDir() + "/FETCH_HEAD");
  std::string line;
  while (std::getline(in, line)) {
    constexpr std::string_view kBranch = "\tbranch '";
    const std::size_t at = line.find(kBranch);
    if (!StartsWith(line, id) || at == line.npos) continue;
    const std::size_t begin = at + kBranch.size();
    return line.substr(begin, line.find('\'', begin) - begin);
  }
  return "";
}

Result<StatePtr> StateAt(const git::Repository& repository, const ContentId& commit,
                         const DiscoveryOptions& discovery, const EnvironmentState& like,
                         StateLoader* loader) {
  auto tree = repository.CommitTree(commit);
  if (!tree) return Fail(std::move(tree.error()));
  Result<StatePtr> state = loader->Load(**tree, like.environment);
  if (!state || !(*state)->migrations.empty()) return state;
  // Nothing is at these places: it may have stood elsewhere then.
  Result<Discovery> found = DiscoverEnvironments(**tree, discovery);
  if (!found) return Fail(std::move(found.error()));
  auto counterpart = FindCounterpart(**tree, found->environments, like.environment, like, loader);
  if (!counterpart) return Fail(std::move(counterpart.error()));
  if (!*counterpart) return state;
  return loader->Load(**tree, **counterpart);
}

bool Has(const StatePtr& state, std::string_view id) {
  return state != nullptr && state->graph.Find(id) != nullptr;
}

}  // namespace

Result<PublishedCommits> FindPublished(const git::Repository& repository,
                                       const Settings& settings) {
  PublishedCommits commits;
  if (!settings.published_refs.empty()) {
    Result<std::vector<git::Ref>> refs = repository.Refs();
    if (!refs) return Fail(std::move(refs.error()));
    for (const git::Ref& ref : *refs) {
      if (!settings.published_refs.Matches(ref.name)) continue;
      const Result<std::optional<ContentId>> commit = repository.PeelToCommit(ref.target);
      if (commit && *commit) commits.published_refs.push_back(**commit);
    }
  }
  const std::string onto = FirstLine(repository.GitDir() + "/rebase-merge/onto");
  if (const auto id = ContentId::FromHex(onto)) commits.published_refs.push_back(*id);
  const std::string branch = CurrentBranch(repository);
  std::string remote = branch.empty() ? "" : ConfigText(repository, "branch." + branch + ".remote");
  if (!branch.empty()) commits.branch_upstream = CommitOf(repository, branch + "@{upstream}");
  if (!settings.upstream.empty()) {
    commits.upstream = CommitOf(repository, settings.upstream);
  } else {
    if (remote.empty() || remote == ".") remote = "origin";
    commits.upstream = DefaultBranchOf(repository, remote);
  }
  commits.local_mains = LocalMains(repository);
  if (!commits.upstream && !commits.local_mains.empty()) {
    commits.upstream = commits.local_mains.front();
  }
  return commits;
}

bool NamesMain(const git::Repository& repository, const std::string& name) {
  std::string_view rest = name;
  if (StartsWith(rest, kBranches)) {
    rest.remove_prefix(kBranches.size());
  } else {
    const bool full = StartsWith(rest, kRemotes);
    if (full) rest.remove_prefix(kRemotes.size());
    const std::string remote_ref = std::string(kRemotes) + std::string(rest);
    const Result<std::optional<ContentId>> target = repository.RefTarget(remote_ref);
    if (full || (target && *target)) rest.remove_prefix(rest.find('/') + 1);
  }
  if (rest == "main" || rest == "master") return true;
  return !rest.empty() && rest == ConfigText(repository, "init.defaultbranch");
}

MergeOperation OperationOfMerge(const git::Repository& repository,
                                const PublishedCommits& published, const ContentId& remote) {
  std::vector<ContentId> known = published.published_refs;
  known.insert(known.end(), published.local_mains.begin(), published.local_mains.end());
  if (published.upstream) known.push_back(*published.upstream);
  if (published.branch_upstream) known.push_back(*published.branch_upstream);
  for (const ContentId& commit : known) {
    const Result<bool> inside = repository.IsAncestor(remote, commit);
    if (inside && *inside) return MergeOperation::kMergeOfMain;
  }
  const std::string id = remote.Hex();
  const char* given = std::getenv(("GITHEAD_" + id).c_str());
  std::string name = given != nullptr ? given : "";
  if (name == id) name = NameInFetchHead(repository, id);
  return NamesMain(repository, name) ? MergeOperation::kMergeOfMain : MergeOperation::kMerge;
}

Result<PublishedStates> PublishedStates::Load(const git::Repository& repository,
                                              const PublishedCommits& commits,
                                              const DiscoveryOptions& discovery,
                                              const EnvironmentState& like, StateLoader* loader) {
  PublishedStates states;
  const auto load = [&](const ContentId& commit) {
    return StateAt(repository, commit, discovery, like, loader);
  };
  for (const ContentId& commit : commits.published_refs) {
    Result<StatePtr> state = load(commit);
    if (!state) return Fail(std::move(state.error()));
    states.published_refs_.push_back(std::move(*state));
  }
  if (commits.upstream) {
    Result<StatePtr> state = load(*commits.upstream);
    if (!state) return Fail(std::move(state.error()));
    states.upstream_ = std::move(*state);
  }
  if (commits.branch_upstream) {
    Result<StatePtr> state = load(*commits.branch_upstream);
    if (!state) return Fail(std::move(state.error()));
    states.branch_upstream_ = std::move(*state);
  }
  return states;
}

RevisionPlaces PublishedStates::PlacesOf(std::string_view id) const {
  RevisionPlaces places;
  for (const StatePtr& state : published_refs_) {
    places.in_published_ref = places.in_published_ref || Has(state, id);
  }
  places.in_upstream = Has(upstream_, id);
  places.in_branch_upstream = Has(branch_upstream_, id);
  return places;
}

std::optional<std::vector<std::string>> PublishedStates::ParentsOf(std::string_view id) const {
  std::vector<StatePtr> all = published_refs_;
  all.push_back(upstream_);
  all.push_back(branch_upstream_);
  for (const StatePtr& state : all) {
    if (!Has(state, id)) continue;
    const Binding& down = state->graph.Find(id)->migration->down_revision;
    if (down.known()) return down.ids;
  }
  return std::nullopt;
}

}  // namespace onehead
