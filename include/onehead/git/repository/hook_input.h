// What Git gives a pre-receive hook besides the repository: the lines on standard input, and the
// options of `git push -o`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

struct RefUpdate {
  ContentId old_id;  // zero: the ref is created
  ContentId new_id;  // zero: the ref is deleted
  std::string ref;   // full name

  friend bool operator==(const RefUpdate&, const RefUpdate&) = default;
};

// All of standard input. kLimit: more than 64 MiB; kIo: it cannot be read.
[[nodiscard]] Result<std::string> ReadHookInput();

// Lines "<old> <new> <ref>\n". Strict: ids of one length (40 or 64 digits), a ref that begins with
// "refs/" and has no control character or blank. kInvalid: the message names the line's number.
[[nodiscard]] Result<std::vector<RefUpdate>> ParseHookInput(std::string_view input);

// The options of this push, from GIT_PUSH_OPTION_COUNT and GIT_PUSH_OPTION_<n>.
std::vector<std::string> PushOptions();

}  // namespace onehead::git
