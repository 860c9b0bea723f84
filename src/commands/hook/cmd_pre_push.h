// `onehead pre-push [REMOTE [URL]]`: the rule of the server, before the network.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunPrePush(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
