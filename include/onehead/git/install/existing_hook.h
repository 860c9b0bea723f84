// What stands at the path of a hook, for whoever installs ours there or looks whether it works.
#pragma once

#include <string>

#include "onehead/base/result.h"

namespace onehead::git {

struct ExistingHook {
  enum class Kind {
    kNothing,
    kShim,         // ours, of any version
    kShimLink,     // a link to a shim of ours elsewhere
    kProgramLink,  // a link to the program: what never is to stand there
    kHook,         // a file that Git runs, or a link to one
    kIgnored,      // a file that is not executable, so that Git passes it over
    kDeadLink,     // a link to nothing, or to what Git does not run: it is passed over silently
    kOther,        // a directory, a pipe ...
  };
  Kind kind = Kind::kNothing;
  std::string text;    // the beginning of the file, through a link too
  std::string target;  // links: the real path they lead to
  bool executable = false;

  bool IsOurs() const { return kind == Kind::kShim || kind == Kind::kShimLink; }
};

// `program` is the path of onehead; "": whatever has its name.
ExistingHook LookAtHook(const std::string& path, const std::string& program);

}  // namespace onehead::git
