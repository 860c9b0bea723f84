// onehead heads, branches and history: what Alembic prints for the same files.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunHeads(const std::vector<std::string>& args, Streams& io);
int RunBranches(const std::vector<std::string>& args, Streams& io);
int RunHistory(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
