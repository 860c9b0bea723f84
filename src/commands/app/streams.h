// Where a command writes, so that tests can give it strings.
#pragma once

#include <ostream>

namespace onehead {

struct Streams {
  std::ostream& out;
  std::ostream& err;
};

}  // namespace onehead
