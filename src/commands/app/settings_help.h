// What there is to say about the settings themselves.
#pragma once

#include <ostream>
#include <string_view>

#include "onehead/base/result.h"

namespace onehead {

// Every key with its default and its meaning: `onehead help config`.
void PrintSettings(std::ostream& out);

// That `key`, which stands below "onehead.", is none, and which one may have been meant.
Error UnknownSetting(std::string_view key);

}  // namespace onehead
