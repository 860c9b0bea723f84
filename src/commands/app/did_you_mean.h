// What somebody who has mistyped a name probably meant.
#pragma once

#include <string_view>
#include <vector>

namespace onehead {

// The one of `names` that is at most two letters away, whatever their case, the first of the
// nearest; "" if there is none.
std::string_view DidYouMean(std::string_view given, const std::vector<std::string_view>& names);

}  // namespace onehead
