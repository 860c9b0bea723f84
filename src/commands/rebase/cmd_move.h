// `onehead move`: gives one chosen chain of migrations another parent, published or not.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunMove(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
