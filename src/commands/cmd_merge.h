// `onehead merge [ID...]`: the merge revision that `alembic merge` would write.
#pragma once

#include <string>
#include <vector>

#include "commands/streams.h"

namespace onehead {

int RunMerge(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
