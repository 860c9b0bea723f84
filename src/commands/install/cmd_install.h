// `onehead install` and `onehead uninstall`: the hook on a server.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

// `args`: what follows the command's name. The exit code: 0 done, or nothing to do; 128 an error
// (nothing was written, unless the message says so); 129 wrong usage.
int RunInstall(const std::vector<std::string>& args, Streams& io);
int RunUninstall(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
