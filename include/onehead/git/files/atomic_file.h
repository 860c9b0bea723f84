// Writing a file so that whoever is killed or runs out of disk leaves the old one or the new one.
#pragma once

#include <string>
#include <string_view>

#include "onehead/base/result.h"

namespace onehead {

// Through a temporary file in the same directory and a rename; the mode stays. kIo; the file is
// then as it was.
[[nodiscard]] Status ReplaceFile(const std::string& path, std::string_view text);

}  // namespace onehead
