// The error of a push that could not be judged in time.
#pragma once

#include <chrono>

#include "onehead/base/result.h"

namespace onehead::git {

// kTimeout: `timeout` was not enough.
Error TimeIsUp(std::chrono::milliseconds timeout);

}  // namespace onehead::git
