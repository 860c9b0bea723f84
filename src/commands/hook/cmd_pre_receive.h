// onehead pre-receive: the hook.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunPreReceive(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
