// onehead check [REV] [--against BASE]
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunCheck(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
