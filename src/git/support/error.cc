#include "git/support/error.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "git/support/handle.h"
#include "onehead/base/text.h"
#include "onehead/git/support/timeout.h"

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

// A file that cannot be mapped for want of memory is a system error like others for libgit2.
bool IsOutOfMemory(const git_error& error) {
  if (error.klass == GIT_ERROR_NOMEMORY) return true;
  return error.klass == GIT_ERROR_OS &&
         std::string_view(error.message).find(std::strerror(ENOMEM)) != std::string_view::npos;
}

}  // namespace

// Out of memory is about no single object, whatever was being read.
Error FromLibgit2(int code, std::string_view what) {
  const git_error* last = git_error_last();
  const bool told = last != nullptr && last->message != nullptr;
  if (told && IsOutOfMemory(*last)) throw std::bad_alloc();
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

Error TimeIsUp(std::chrono::milliseconds timeout) {
  return Error{
      ErrorKind::kTimeout,
      "not finished after " + std::to_string(timeout.count()) + " milliseconds (onehead.timeout)",
      "a larger onehead.timeout in the repository's configuration gives it more time"};
}

}  // namespace onehead::git
