// `onehead rebase [UPSTREAM]`: one head again, for everything that the merge strategy does not see.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunRebase(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
