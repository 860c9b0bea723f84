// What a rebase that is under way has still to do.
#pragma once

#include <optional>

#include "onehead/base/result.h"
#include "onehead/git/repository.h"

namespace onehead {

// The commit of the last pick that is left, when `picked` and all that follow it up to there are
// the branch as it was: nothing left out, reordered or merged. Null: there is none, or they are
// not.
[[nodiscard]] Result<std::optional<ContentId>> LastPick(const git::Repository& repository,
                                                        const ContentId& picked);

// The commit of the last pick that is left, whatever else is to be done. Null: there is none.
[[nodiscard]] Result<std::optional<ContentId>> LastPick(const git::Repository& repository);

}  // namespace onehead
