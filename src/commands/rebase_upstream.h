// Which commit the local migrations are put onto.
#pragma once

#include <optional>
#include <string>

#include "onehead/base/result.h"
#include "onehead/core/config.h"
#include "onehead/git/repository.h"

namespace onehead {

struct Upstream {
  std::string name;  // as a command line takes it: "origin/main"
  ContentId commit;
};

// onehead.upstream, else the remote's default branch (its HEAD, else main, else master). The remote
// is that of the current branch, else origin. Null: there is none.
[[nodiscard]] Result<std::optional<Upstream>> DefaultUpstream(const git::Repository& repository,
                                                              const Settings& settings);

// `given`, else the default. kNotFound: there is none, or it names nothing.
[[nodiscard]] Result<Upstream> FindUpstream(const git::Repository& repository,
                                            const Settings& settings, const std::string& given);

// The upstream of the current branch. Null: it has none, or HEAD is detached.
[[nodiscard]] Result<std::optional<Upstream>> BranchUpstream(const git::Repository& repository);

}  // namespace onehead
