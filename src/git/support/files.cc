#include "onehead/git/support/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "git/support/error.h"

namespace onehead::git {
namespace {

tl::unexpected<Error> TooLarge(std::size_t max_bytes) {
  return Fail(ErrorKind::kLimit, "larger than " + std::to_string(max_bytes) + " bytes");
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) close(fd_);
  fd_ = other.Release();
  return *this;
}

int Descriptor::Release() { return std::exchange(fd_, -1); }

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? real.get() : "";
}

std::string PathFrom(const std::string& directory, const std::string& path) {
  if (!path.empty() && path.front() == '/') return path;
  return path.empty() ? directory : directory + "/" + path;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

Result<std::string> ReadOpenFile(int fd, std::size_t max_bytes) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) return Fail(FromErrno(errno, "cannot be read"));
  if (!S_ISREG(info.st_mode)) return Fail(ErrorKind::kNotFound, "not a file");
  if (static_cast<std::size_t>(info.st_size) > max_bytes) return TooLarge(max_bytes);
  return ReadToEnd(fd, max_bytes, static_cast<std::size_t>(info.st_size));
}

Result<std::string> ReadToEnd(int fd, std::size_t max_bytes, std::size_t expected) {
  std::string text;
  text.reserve(expected);
  char buffer[16384];
  while (true) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(FromErrno(errno, "cannot be read"));
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > max_bytes) return TooLarge(max_bytes);  // it grew meanwhile
  }
}

Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes) {
  // Without O_NONBLOCK a named pipe would wait for a writer.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return Fail(FromErrno(errno, "cannot open"));
  return ReadOpenFile(file.get(), max_bytes);
}

}  // namespace onehead::git
