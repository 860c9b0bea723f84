// Where a command writes, so that tests can give it strings.
#pragma once

#include <ostream>

namespace onehead {

// A stream that may have to be made before it is written to.
class Stream {
 public:
  Stream(std::ostream& stream, void (*make)() = nullptr)  // NOLINT: any stream is one
      : stream_(stream), make_(make) {}

  operator std::ostream&() const {
    if (make_ != nullptr) make_();
    return stream_;
  }
  template <typename T>
  std::ostream& operator<<(const T& value) const {
    return static_cast<std::ostream&>(*this) << value;
  }
  void flush() const { static_cast<std::ostream&>(*this).flush(); }

 private:
  std::ostream& stream_;
  void (*make_)();
};

struct Streams {
  Stream out;
  Stream err;
};

}  // namespace onehead
