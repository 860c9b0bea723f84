// Where a command reads and writes, so that tests can give it strings.
#pragma once

#include <istream>
#include <ostream>

namespace onehead {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

}  // namespace onehead
