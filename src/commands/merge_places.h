// Which migrations must stay as they are in a merge or rebase: where each of them is published.
//
// Here: finding the refs that count as published and reading one environment at each of them. Not
// here: the rule itself (core/reparent.h, Stays), the plan (merge_repair.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/config.h"
#include "onehead/core/reparent.h"
#include "onehead/core/state.h"
#include "onehead/git/repository.h"

namespace onehead {

// The commits whose migrations are published. A ref that is not there is no error.
struct PublishedCommits {
  // onehead.publishedRefs; in a rebase also what it builds on (rebase-merge/onto), which a merge
  // that is made again (`git rebase -r`) may have on either side.
  std::vector<ContentId> published_refs;
  // onehead.upstream, else the remote's default branch, else the local one if it is not this
  // branch.
  std::optional<ContentId> upstream;
  std::optional<ContentId> branch_upstream;  // of the current branch; null while HEAD is detached
  std::vector<ContentId> local_mains;        // main, master, init.defaultBranch; not this branch
};

// What it reads from Git's configuration costs a few processes.
[[nodiscard]] Result<PublishedCommits> FindPublished(const git::Repository& repository,
                                                     const Settings& settings);

// Does `name` (as a merge was asked for: "main", "origin/main", "refs/heads/main") name main,
// master or init.defaultBranch?
bool NamesMain(const git::Repository& repository, const std::string& name);

// What the merge of commit `remote` into the current branch is. Merging what the upstream or main
// has already is merging main, whatever it was called ("main~1", an id).
MergeOperation OperationOfMerge(const git::Repository& repository,
                                const PublishedCommits& published, const ContentId& remote);

// One environment at all of the published commits.
class PublishedStates {
 public:
  // Borrows the loader's states; `like` is the environment as it is now.
  [[nodiscard]] static Result<PublishedStates> Load(const git::Repository& repository,
                                                    const PublishedCommits& commits,
                                                    const DiscoveryOptions& discovery,
                                                    const EnvironmentState& like,
                                                    StateLoader* loader);

  // Where the revision `id` is published; in_ours and in_theirs stay false.
  RevisionPlaces PlacesOf(std::string_view id) const;
  // Its parents at the first published commit that has it; null: nowhere, or not readable.
  std::optional<std::vector<std::string>> ParentsOf(std::string_view id) const;

 private:
  std::vector<StatePtr> published_refs_;
  StatePtr upstream_;
  StatePtr branch_upstream_;
};

}  // namespace onehead
