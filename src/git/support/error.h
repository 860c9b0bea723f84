// Foreign errors in our words: codes of libgit2 and of the operating system.
#pragma once

#include <string>
#include <string_view>

#include "onehead/base/result.h"

namespace onehead::git {

// The error that a libgit2 function has just returned as `code` (< 0):
// "<what>: <libgit2's own words>". `what` says what was attempted, without a final colon.
Error FromLibgit2(int code, std::string_view what);

// The same for a system call that has just failed with `error_number` (errno).
Error FromErrno(int error_number, std::string_view what);

}  // namespace onehead::git
