// Where the running program is.
#pragma once

#include <string>

#include "onehead/base/result.h"

namespace onehead {

// The absolute path to record where this program is to be found later: the one on PATH when that
// is this very file (it stays when a new version replaces what a link leads to), else the file
// itself. kIo: the system does not say, or the file is gone.
[[nodiscard]] Result<std::string> OwnProgramPath();

}  // namespace onehead
