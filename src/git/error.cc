#include "git/error.h"

#include <git2.h>

#include <cerrno>
#include <system_error>

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::size_t kMaxMessageBytes = 300;

ErrorKind KindOfCode(int code, int error_class) {
  switch (code) {
    case GIT_ENOTFOUND:
    case GIT_EUNBORNBRANCH:
      return ErrorKind::kNotFound;
    case GIT_EINVALIDSPEC:
    case GIT_EAMBIGUOUS:
      return ErrorKind::kInvalid;
    case GIT_EBAREREPO:
      return ErrorKind::kUsage;
    default:
      break;
  }
  const bool system = error_class == GIT_ERROR_OS || error_class == GIT_ERROR_FILESYSTEM;
  return system ? ErrorKind::kIo : ErrorKind::kInvalid;
}

std::string Joined(std::string_view what, std::string_view why) {
  std::string message(what);
  if (!why.empty()) message += ": " + Printable(why, kMaxMessageBytes);
  return message;
}

}  // namespace

Error FromLibgit2(int code, std::string_view what) {
  const git_error* last = git_error_last();
  const bool told = last != nullptr && last->message != nullptr;
  Error error;
  error.kind = KindOfCode(code, told ? last->klass : GIT_ERROR_NONE);
  error.message = Joined(what, told ? last->message : "");
  git_error_clear();
  return error;
}

Error FromErrno(int error_number, std::string_view what) {
  const ErrorKind kind =
      error_number == ENOENT || error_number == ENOTDIR ? ErrorKind::kNotFound : ErrorKind::kIo;
  return Error{kind, Joined(what, std::generic_category().message(error_number))};
}

}  // namespace onehead::git
