// The branches around the current one: which it is, what it follows, and onto which the local
// migrations are put.
#pragma once

#include <optional>
#include <string>

#include "onehead/base/result.h"
#include "onehead/core/settings/settings.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

class PublishedRefs;

struct Upstream {
  std::string name;  // as a command line takes it: "origin/main"
  ContentId commit;
};

// "main": the branch that is checked out or, during a rebase, the one that is being rebased. Empty:
// HEAD is detached.
[[nodiscard]] Result<std::string> CurrentBranch(const git::Repository& repository);

// What a rebase that is under way builds on. Null: there is none.
std::optional<Upstream> RebaseOnto(const git::Repository& repository);

// The commit that another branch is being merged from, while a merge waits to be committed.
std::optional<ContentId> MergeHead(const git::Repository& repository);

// onehead.upstream. REQUIRES: it is set. Where it leads nowhere the hint names the setting.
[[nodiscard]] Result<Upstream> NamedUpstream(const git::Repository& repository,
                                             const Settings& settings);

// The upstream of the current branch. Null: it has none.
[[nodiscard]] Result<std::optional<Upstream>> BranchUpstream(const git::Repository& repository);

// What to follow when nothing is named: in a rebase what it builds on; else onehead.upstream; else
// the default branch of the remote (that of the current branch, else origin, else the only one);
// else main, master or init.defaultBranch here. Null: there is none.
[[nodiscard]] Result<std::optional<Upstream>> DefaultUpstream(const git::Repository& repository,
                                                              const Settings& settings,
                                                              const PublishedRefs& published);

// `given`, else the default. kNotFound: there is none, or it names nothing.
[[nodiscard]] Result<Upstream> FindUpstream(const git::Repository& repository,
                                            const Settings& settings,
                                            const PublishedRefs& published,
                                            const std::string& given);

}  // namespace onehead
