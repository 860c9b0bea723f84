// `onehead doctor`: is everything in place here, and does it take effect?
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunDoctor(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
