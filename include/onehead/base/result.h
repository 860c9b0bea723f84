// What a function that can fail returns, and what an error is.
//
// Here: Error, its few kinds, Result<T>. Not here: how an error is printed or which exit code it
// makes (commands), and findings (core/finding.h): a finding is a rule that is broken, an error is
// something that could not be found out. The two are never mixed.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace onehead {

enum class ErrorKind {
  kNotFound,  // the thing named does not exist (a revision, a path, a repository, an object)
  kInvalid,   // it exists and is not what it should be (malformed, corrupt, of the wrong type)
  kUsage,     // the caller asked for something that makes no sense
  kLimit,     // a budget ran out: size, count or depth
  // The time is up (onehead.timeout). About no single file, whatever was being read: nothing may
  // swallow it, reword it or go on without what was not read.
  kTimeout,
  // Objects are at a remote that cannot be reached (a partial clone). As a kTimeout, about no
  // single file.
  kUnreachable,
  kUnsupported,  // it may be right, but this program cannot read it
  kIo,           // the operating system said no
};

// REQUIRES: `message` is one line without a final full stop or newline.
struct Error {
  ErrorKind kind = ErrorKind::kInvalid;
  std::string message;
  std::string hint = {};  // what to do about it, one or more lines; empty: nothing known
  std::string path = {};  // repository-relative file it is about; empty: about no single file
  int line = 0;           // 1-based; 0: the whole file

  friend bool operator==(const Error&, const Error&) = default;
};

// True if an error of this kind is about no single file, whatever was being read.
constexpr bool IsAboutNoFile(ErrorKind kind) {
  return kind == ErrorKind::kTimeout || kind == ErrorKind::kUnreachable;
}

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return tl::make_unexpected(Error{kind, std::move(message), std::move(hint)});
}
inline tl::unexpected<Error> Fail(Error error) { return tl::make_unexpected(std::move(error)); }

// An error about one file: `path` is relative to the repository, `line` 1-based (0: all of it).
inline tl::unexpected<Error> FailAt(ErrorKind kind, std::string path, int line,
                                    std::string message) {
  return tl::make_unexpected(Error{kind, std::move(message), {}, std::move(path), line});
}

}  // namespace onehead

#define ONEHEAD_CONCAT_AGAIN(a, b) a##b
#define ONEHEAD_CONCAT(a, b) ONEHEAD_CONCAT_AGAIN(a, b)

// Returns the error of a Status or Result from the function, if it is one.
#define ONEHEAD_TRY(...)                                         \
  do {                                                           \
    if (auto onehead_status = (__VA_ARGS__); !onehead_status) {  \
      return ::onehead::Fail(std::move(onehead_status.error())); \
    }                                                            \
  } while (false)

// Declares or assigns `target` from a Result, or returns its error from the function. A `target`
// with a comma needs a name of its own for the type.
#define ONEHEAD_ASSIGN_OR_RETURN(target, ...) \
  ONEHEAD_ASSIGN_OR_RETURN_AS(ONEHEAD_CONCAT(onehead_result_, __LINE__), target, __VA_ARGS__)
#define ONEHEAD_ASSIGN_OR_RETURN_AS(result, target, ...)          \
  auto result = (__VA_ARGS__);                                    \
  if (!result) return ::onehead::Fail(std::move(result.error())); \
  target = std::move(*result)
