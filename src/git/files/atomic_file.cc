#include "onehead/git/files/atomic_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

namespace onehead {
namespace {

tl::unexpected<Error> CannotWrite(const std::string& path, int error_number) {
  return Fail(ErrorKind::kIo,
              "cannot write " + Printable(path, 200) + ": " + std::strerror(error_number));
}

}  // namespace

Status ReplaceFile(const std::string& path, std::string_view text) {
  struct stat before = {};
  const bool existed = stat(path.c_str(), &before) == 0;
  std::string scratch = path + ".XXXXXX";
  const int fd = mkstemp(scratch.data());
  if (fd < 0) return CannotWrite(path, errno);
  bool ok = git::WriteAll(fd, text) && (!existed || fchmod(fd, before.st_mode & 07777) == 0);
  int error_number = errno;
  ok = close(fd) == 0 && ok;
  if (ok && std::rename(scratch.c_str(), path.c_str()) == 0) return {};
  if (ok) error_number = errno;
  unlink(scratch.c_str());
  return CannotWrite(path, error_number);
}

}  // namespace onehead
