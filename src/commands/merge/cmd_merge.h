// `onehead merge [ID...]`: the merge revision that `alembic merge` would write.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunMerge(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
