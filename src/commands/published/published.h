// Which migrations are published and must stay as they are: the one answer for everything that
// rewrites or checks in a clone.
//
// Here: the refs that count (contract, "What is rewritten, and what never is"), one environment at
// all of them, and which migrations of a merge are local. Not here: the rule itself, as a function
// on values (core/publication.h), and the plan for what is local (core/reparent.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/published/environment_at.h"
#include "onehead/base/result.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/reparent/publication.h"
#include "onehead/core/settings/settings.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

struct PublishedRef {
  std::string name;  // as people write it: "origin/main"
  ContentId commit;
};

// The refs of a repository whose migrations are published.
class PublishedRefs {
 public:
  // kNotFound, naming the setting, when onehead.upstream leads nowhere. Borrows the settings.
  [[nodiscard]] static Result<PublishedRefs> Find(const git::Repository& repository,
                                                  const Settings& settings);

  // Each commit once, onehead.upstream first; in a rebase also what it builds on.
  const std::vector<PublishedRef>& refs() const { return refs_; }
  const PublishedNames& names() const { return names_; }

  // What the merge of `theirs` into the current branch is. `merged`: see NameOfMerged.
  [[nodiscard]] Result<MergeOperation> OperationOf(const git::Repository& repository,
                                                   const ContentId& theirs,
                                                   const std::string& merged) const;

  struct RemoteBranch {
    BranchRef branch;
    ContentId commit;
  };
  // Every branch of every remote, by name.
  const std::vector<RemoteBranch>& remote_branches() const { return remote_branches_; }
  // By a name such as "origin/x"; null: it names no remote's branch.
  const RemoteBranch* RemoteNamed(std::string_view name) const;

 private:
  explicit PublishedRefs(PublishedNames names) : names_(std::move(names)) {}
  void Add(std::string name, const ContentId& commit);
  bool IsOwnCopy(const BranchRef& branch) const;

  PublishedNames names_;
  std::vector<PublishedRef> refs_;
  std::vector<RemoteBranch> remote_branches_;
  std::optional<ContentId> named_upstream_;  // onehead.upstream
  std::string own_upstream_;  // that of the current branch: "origin/x"; empty: it has none
};

// What a merge was asked for, as Git's environment (GITHEAD_<id>) says it: "main", "origin/main",
// "main~1"; kFetched for what `git pull` has fetched. Empty: no merge says so (a rebase).
inline constexpr std::string_view kFetched = "FETCH_HEAD";
std::string NameOfMerged(const git::Repository& repository, const ContentId& theirs);

// One environment at all published refs.
class PublishedRevisions {
 public:
  [[nodiscard]] static Result<PublishedRevisions> Read(const PublishedRefs& refs,
                                                       const WantedEnvironment& wanted,
                                                       EnvironmentFinder* finder);

  bool Has(std::string_view id) const { return Find(id) != nullptr; }
  bool HasAt(const Migration& migration) const;  // the id at the path
  bool HasPath(std::string_view path) const;
  // The migration at the first ref that has it; null: nowhere.
  const Migration* Find(std::string_view id) const;

  struct AtRef {
    PublishedRef ref;
    StatePtr state;  // never null
  };
  const std::vector<AtRef>& states() const { return states_; }

 private:
  std::vector<AtRef> states_;
};

// Of the local migrations the merge revisions over published ones that do nothing: they may go when
// main has joined these itself. One over local ones stays, as a plain migration (contract, rule 4).
std::set<std::string> DroppableMerges(const SourceTree& tree, const EnvironmentState& state,
                                      const std::set<std::string>& local_paths,
                                      const PublishedRevisions& published,
                                      std::size_t max_file_bytes);

// Two sides and what came of them. `ours` may be null (the environment is not there).
struct MergeSides {
  StatePtr ours;
  StatePtr theirs;
  StatePtr result;
  MergeOperation operation = MergeOperation::kReplay;
};

// The paths in `sides.result` of what may be rewritten. Of several files that declare one id each
// counts by itself, by its path; where that does not tell which of them is published, all stay.
std::set<std::string> LocalPaths(const MergeSides& sides, const PublishedRevisions& published);

}  // namespace onehead
