// `onehead doctor`: reports whether everything is in place here and takes effect.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunDoctor(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
