// Names of commits: refs, HEAD and revision expressions, as libgit2 reads them.
#pragma once

#include <git2.h>

#include <optional>
#include <string>
#include <vector>

#include "onehead/git/repository.h"

namespace onehead::git {

// These do what the functions of Repository with the same names say.
[[nodiscard]] Result<std::optional<std::string>> ReadHeadRef(git_repository* repository);
[[nodiscard]] Result<std::vector<Ref>> ReadRefs(git_repository* repository);
[[nodiscard]] Result<std::optional<ContentId>> ReadRefTarget(git_repository* repository,
                                                             const std::string& name);

// The object that a revision expression names, not peeled.
[[nodiscard]] Result<ContentId> ResolveObject(git_repository* repository, const std::string& rev);

}  // namespace onehead::git
