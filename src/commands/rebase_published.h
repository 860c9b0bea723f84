// Which migrations of an environment must stay as they are when a branch is put onto an upstream,
// and which are local.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "commands/rebase_upstream.h"
#include "commands/snapshot.h"
#include "onehead/base/result.h"
#include "onehead/core/reparent.h"
#include "onehead/core/state.h"

namespace onehead {

// The commits that hold what is published (contract, "What is rewritten, and what never is").
struct StayingCommits {
  ContentId ours;  // UPSTREAM: what is built on
  std::optional<ContentId> default_upstream;
  std::optional<Upstream> branch_upstream;
  std::vector<ContentId> published_refs;  // onehead.publishedRefs
};

[[nodiscard]] Result<StayingCommits> FindStayingCommits(const Workspace& workspace,
                                                        const Upstream& upstream);

// Whether what only the current branch's own upstream has may be rewritten.
enum class OwnUpstream { kStays, kMayChange };

// One environment in all of these commits.
class PublishedRevisions {
 public:
  [[nodiscard]] static Result<PublishedRevisions> Read(const Workspace& workspace,
                                                       const StayingCommits& commits,
                                                       const EnvironmentState& environment,
                                                       StateLoader* loader);

  // The paths of `state` that are local. Of several files that declare one published id, the one
  // at the published path stays; where none is there, all stay.
  std::set<std::string> LocalPaths(const EnvironmentState& state, OwnUpstream rule) const;

  // The environment in UPSTREAM; null: it is not there.
  const StatePtr& ours() const { return ours_; }
  // The name of the branch's upstream; empty: there is none.
  const std::string& branch_upstream_name() const { return branch_upstream_name_; }

 private:
  bool Stays(const Migration& migration, OwnUpstream rule) const;
  bool HasAtPath(const Migration& migration) const;

  StatePtr ours_;
  StatePtr default_upstream_;
  StatePtr branch_upstream_;
  std::vector<StatePtr> published_refs_;
  std::string branch_upstream_name_;
};

// The environment `wanted` in the tree of `commit`, also when it has moved; null: it is not there.
[[nodiscard]] Result<StatePtr> StateInCommit(const Workspace& workspace, const ContentId& commit,
                                             const EnvironmentState& wanted, StateLoader* loader);

}  // namespace onehead
