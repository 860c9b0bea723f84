// The few things that are asked of the file system outside a work tree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "onehead/base/result.h"

namespace onehead::git {

// Absolute, without links, "." and ".."; "" when there is no such thing.
std::string RealPath(const std::string& path);

// `path` seen from `directory` when it is relative.
std::string PathFrom(const std::string& directory, const std::string& path);

// A whole regular file. kNotFound: none there; kLimit: larger than `max_bytes`; kIo.
[[nodiscard]] Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes);

// False: errno says why not all was written.
bool WriteAll(int fd, std::string_view bytes);

// Reads the regular file open as `fd` to its end, with the same errors. `fd` stays open.
[[nodiscard]] Result<std::string> ReadOpenFile(int fd, std::size_t max_bytes);
// The same of whatever is open as `fd`, of which so many bytes are expected.
[[nodiscard]] Result<std::string> ReadToEnd(int fd, std::size_t max_bytes,
                                            std::size_t expected = 0);

// Closes a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release();  // the caller closes it

 private:
  int fd_;
};

}  // namespace onehead::git
