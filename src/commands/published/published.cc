#include "commands/published/published.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "commands/app/work_git.h"
#include "commands/published/upstream.h"
#include "onehead/base/text.h"
#include "onehead/core/history/empty_merge.h"

namespace onehead {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kRemotes = "refs/remotes/";
constexpr std::string_view kHead = "/HEAD";

// The line of FETCH_HEAD about a commit: "<id>\t\tbranch 'main' of ../server". Empty: there is
// none.
std::string LineInFetchHead(const git::Repository& repository, const std::string& id) {
  std::ifstream in(repository.GitDir() + "/FETCH_HEAD");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with(id)) return line;
  }
  return "";
}

// "main" of "<id>\t\tbranch 'main' of ../server".
std::string BranchInFetchHead(const git::Repository& repository, const ContentId& id) {
  constexpr std::string_view kBranch = "branch '";
  const std::string line = LineInFetchHead(repository, id.Hex());
  const std::size_t at = line.find(kBranch);
  if (at == line.npos) return "";
  const std::size_t begin = at + kBranch.size();
  return line.substr(begin, line.find('\'', begin) - begin);
}

Result<BranchFacts> FactsOf(const git::Repository& repository, const std::vector<git::Ref>& refs) {
  BranchFacts facts;
  for (const git::Ref& ref : refs) {
    if (!ref.name.starts_with(kRemotes) || !ref.name.ends_with(kHead)) continue;
    const std::size_t length = ref.name.size() - kRemotes.size() - kHead.size();
    BranchFacts::Remote remote{ref.name.substr(kRemotes.size(), length), ""};
    ONEHEAD_ASSIGN_OR_RETURN(std::string target, repository.WrittenRef(ref.name));
    const std::string branches = std::string(kRemotes) + remote.name + "/";
    if (target.starts_with(branches)) remote.default_branch = target.substr(branches.size());
    if (remote.default_branch != "HEAD") facts.remotes.push_back(std::move(remote));
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> named,
                           repository.ConfigValue("init.defaultbranch"));
  facts.init_default_branch = named.value_or("");
  ONEHEAD_ASSIGN_OR_RETURN(facts.current, CurrentBranch(repository));
  return facts;
}

bool HasIdAt(const EnvironmentState& state, const Migration& migration) {
  return std::any_of(
      state.migrations.begin(), state.migrations.end(), [&](const MigrationPtr& other) {
        return other->path == migration.path && other->has_id() && other->id() == migration.id();
      });
}

bool HasPathIn(const EnvironmentState& state, std::string_view path) {
  return std::any_of(state.migrations.begin(), state.migrations.end(),
                     [&](const MigrationPtr& other) { return other->path == path; });
}

// Where one migration of a merge is.
class PlaceFinder {
 public:
  PlaceFinder(const MergeSides& sides, const PublishedRevisions& published)
      : sides_(sides), published_(published) {
    for (const DuplicateId& duplicate : sides.result->graph.duplicates()) {
      duplicates_.insert(duplicate.id);
    }
  }

  RevisionPlaces Of(const Migration& migration) const {
    if (!migration.has_id()) {
      return {InByPath(sides_.ours, migration), InByPath(sides_.theirs, migration),
              published_.HasPath(migration.path)};
    }
    if (duplicates_.count(migration.id()) == 0) {
      return {In(sides_.ours, migration), In(sides_.theirs, migration),
              published_.Has(migration.id())};
    }
    return {InAt(sides_.ours, migration), InAt(sides_.theirs, migration),
            published_.HasAt(migration)};
  }

 private:
  static bool In(const StatePtr& state, const Migration& migration) {
    return state && state->graph.Find(migration.id()) != nullptr;
  }
  static bool InAt(const StatePtr& state, const Migration& migration) {
    return state && HasIdAt(*state, migration);
  }
  static bool InByPath(const StatePtr& state, const Migration& migration) {
    return state && HasPathIn(*state, migration.path);
  }

  const MergeSides& sides_;
  const PublishedRevisions& published_;
  std::set<std::string> duplicates_;
};

}  // namespace

void PublishedRefs::Add(std::string name, const ContentId& commit) {
  const bool known = std::any_of(refs_.begin(), refs_.end(),
                                 [&](const PublishedRef& ref) { return ref.commit == commit; });
  if (!known) refs_.push_back({std::move(name), commit});
}

Result<PublishedRefs> PublishedRefs::Find(const git::Repository& repository,
                                          const Settings& settings) {
  Result<std::vector<git::Ref>> refs = repository.Refs();
  if (!refs) return Fail(std::move(refs.error()));
  ONEHEAD_ASSIGN_OR_RETURN(BranchFacts facts, FactsOf(repository, *refs));
  PublishedRefs published{PublishedNames(settings, std::move(facts))};
  if (!settings.upstream.empty()) {
    ONEHEAD_ASSIGN_OR_RETURN(Upstream named, NamedUpstream(repository, settings));
    // Never the branch that is worked on.
    std::string_view name = named.name;
    for (const std::string_view prefix : {std::string_view("refs/"), std::string_view("heads/")}) {
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    }
    if (name != published.names_.facts().current) {
      published.Add(named.name, named.commit);
      published.named_upstream_ = named.commit;
    }
  }
  std::vector<PublishedRef> here;  // after those of remotes, which more people have
  for (const git::Ref& ref : *refs) {
    const BranchRef branch = published.names_.Parse(ref.name);
    if (branch.name.empty() || branch.name == "HEAD") continue;
    const bool is_published = published.names_.IsPublished(ref.name);
    if (branch.remote.empty() && !is_published) continue;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> commit, repository.PeelToCommit(ref.target));
    if (!commit) continue;
    if (branch.remote.empty()) {
      here.push_back({branch.name, *commit});
      continue;
    }
    published.remote_branches_.push_back({branch, *commit});
    if (is_published) published.Add(branch.remote + "/" + branch.name, *commit);
  }
  for (const PublishedRef& ref : here) published.Add(ref.name, ref.commit);
  if (const auto onto = RebaseOnto(repository)) published.Add(onto->name, onto->commit);
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<Upstream> own, BranchUpstream(repository));
  if (own) published.own_upstream_ = own->name;
  return published;
}

const PublishedRefs::RemoteBranch* PublishedRefs::RemoteNamed(std::string_view name) const {
  if (name.starts_with("refs/")) name.remove_prefix(std::string_view("refs/").size());
  if (name.starts_with("remotes/")) name.remove_prefix(std::string_view("remotes/").size());
  for (const RemoteBranch& known : remote_branches_) {
    if (name == known.branch.remote + "/" + known.branch.name) return &known;
    // "origin" alone is what its HEAD leads to.
    if (name != known.branch.remote) continue;
    for (const BranchFacts::Remote& remote : names_.facts().remotes) {
      if (remote.name == name && remote.default_branch == known.branch.name) return &known;
    }
  }
  return nullptr;
}

// What the current branch was pushed as, or follows.
bool PublishedRefs::IsOwnCopy(const BranchRef& branch) const {
  if (branch.remote.empty() || names_.facts().current.empty()) return false;
  return branch.name == names_.facts().current ||
         branch.remote + "/" + branch.name == own_upstream_;
}

Result<MergeOperation> PublishedRefs::OperationOf(const git::Repository& repository,
                                                  const ContentId& theirs,
                                                  const std::string& merged) const {
  const auto of = [&](const BranchRef& branch) {
    // Its own copy is what others have of a branch, published or not.
    const bool counts = names_.CurrentIsPublished()
                            ? IsOwnCopy(branch)
                            : !branch.remote.empty() || names_.IsPublishedBranch(branch.name);
    return counts ? MergeOperation::kMergeOfPublished : MergeOperation::kMerge;
  };
  if (merged == kFetched) return of({"FETCH_HEAD", BranchInFetchHead(repository, theirs)});
  if (const RemoteBranch* named = RemoteNamed(merged)) return of(named->branch);
  if (named_upstream_ && !names_.CurrentIsPublished()) {
    ONEHEAD_ASSIGN_OR_RETURN(bool inside, repository.IsAncestor(theirs, *named_upstream_));
    if (inside) return MergeOperation::kMergeOfPublished;
  }
  // A branch by its name, an expression or an id: whatever holds it.
  ONEHEAD_ASSIGN_OR_RETURN(
      std::string holders,
      WorkGit(repository)
          .Run({"for-each-ref", "--format=%(refname)", "--contains=" + theirs.Hex(),
                std::string(kBranches), std::string(kRemotes)}));
  std::string_view name = merged;
  if (name.starts_with(kBranches)) name.remove_prefix(kBranches.size());
  if (name.starts_with("heads/")) name.remove_prefix(std::string_view("heads/").size());
  bool is_local_branch = false;
  for (const std::string_view ref : Split(holders, '\n')) {
    const BranchRef branch = names_.Parse(ref);
    is_local_branch = is_local_branch || (branch.remote.empty() && branch.name == name);
    const bool is_current = branch.remote.empty() && branch.name == names_.facts().current;
    if (branch.name.empty() || branch.name == "HEAD" || is_current) continue;
    if (!names_.IsPublished(ref) && !IsOwnCopy(branch)) continue;
    if (of(branch) == MergeOperation::kMergeOfPublished) return MergeOperation::kMergeOfPublished;
  }
  if (is_local_branch || names_.CurrentIsPublished()) return MergeOperation::kMerge;
  const bool is_remote = holders.find(kRemotes) != std::string::npos;
  return is_remote ? MergeOperation::kMergeOfPublished : MergeOperation::kMerge;
}

std::string NameOfMerged(const git::Repository& repository, const ContentId& theirs) {
  const std::string id = theirs.Hex();
  const char* given = std::getenv(("GITHEAD_" + id).c_str());
  const std::string name = given != nullptr ? given : "";
  // `git pull` merges by the id; `git merge FETCH_HEAD` says what was fetched in a sentence.
  const bool by_name = name != id && name != kFetched && name.find(' ') == name.npos;
  if (name.empty() || by_name) return name;
  return LineInFetchHead(repository, id).empty() ? name : std::string(kFetched);
}

Result<PublishedRevisions> PublishedRevisions::Read(const PublishedRefs& refs,
                                                    const WantedEnvironment& wanted,
                                                    EnvironmentFinder* finder) {
  PublishedRevisions published;
  for (const PublishedRef& ref : refs.refs()) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, finder->At(ref.commit, wanted));
    if (state) published.states_.push_back({ref, std::move(state)});
  }
  return published;
}

const Migration* PublishedRevisions::Find(std::string_view id) const {
  for (const AtRef& at : states_) {
    if (const Node* node = at.state->graph.Find(id)) return node->migration.get();
  }
  return nullptr;
}

bool PublishedRevisions::HasAt(const Migration& migration) const {
  return std::any_of(states_.begin(), states_.end(),
                     [&](const AtRef& at) { return HasIdAt(*at.state, migration); });
}

bool PublishedRevisions::HasPath(std::string_view path) const {
  return std::any_of(states_.begin(), states_.end(),
                     [&](const AtRef& at) { return HasPathIn(*at.state, path); });
}

std::set<std::string> DroppableMerges(const SourceTree& tree, const EnvironmentState& state,
                                      const std::set<std::string>& local_paths,
                                      const PublishedRevisions& published,
                                      std::size_t max_file_bytes) {
  std::set<std::string> among;
  for (const MigrationPtr& migration : state.migrations) {
    const std::vector<std::string>& parents = migration->down_revision.ids;
    const bool over_published = std::all_of(parents.begin(), parents.end(),
                                            [&](const auto& id) { return published.Has(id); });
    if (over_published && local_paths.count(migration->path) != 0) among.insert(migration->path);
  }
  return EmptyMerges(tree, state.migrations, among, max_file_bytes);
}

std::set<std::string> LocalPaths(const MergeSides& sides, const PublishedRevisions& published) {
  const PlaceFinder places(sides, published);
  const auto stays = [&](const Migration& migration) {
    return IsPinned(places.Of(migration), sides.operation);
  };
  std::set<std::string> paths;
  for (const MigrationPtr& migration : sides.result->migrations) {
    if (!stays(*migration)) paths.insert(migration->path);
  }
  for (const DuplicateId& duplicate : sides.result->graph.duplicates()) {
    const bool all_local = std::none_of(duplicate.migrations.begin(), duplicate.migrations.end(),
                                        [&](const MigrationPtr& m) { return stays(*m); });
    if (!all_local || !published.Has(duplicate.id)) continue;
    for (const MigrationPtr& migration : duplicate.migrations) paths.erase(migration->path);
  }
  return paths;
}

}  // namespace onehead
