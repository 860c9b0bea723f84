// A server whose HEAD names a branch that is not there: `git init --bare` says master, the team
// uses main.
#pragma once

#include <optional>

#include "onehead/base/result.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

// What follows from it, and the command that mends it. Null: HEAD names a branch that is there, or
// no branch is there yet, or it cannot be found out.
std::optional<Error> DanglingHead(const git::Repository& repository);

}  // namespace onehead
