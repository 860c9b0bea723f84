// Running another program, without a shell.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

struct ProcessOptions {
  std::string directory = {};  // "": the current one
  std::string input = {};      // its standard input
  // "NAME=value" sets a variable, "NAME" removes it; all others are inherited.
  std::vector<std::string> environment = {};
  std::size_t max_output_bytes = std::size_t{64} << 20;  // of out and err together
};

struct ProcessResult {
  int status = 0;  // exit code, or 128 + the number of the signal that ended it
  std::string out;
  std::string err;
};

// Runs `argv` (argv[0] is searched on PATH) until it ends. kNotFound: there is no such program;
// kLimit: it wrote too much and was ended; kIo. That it failed is no error: see `status`.
// REQUIRES: argv is not empty.
[[nodiscard]] Result<ProcessResult> RunProcess(const std::vector<std::string>& argv,
                                               const ProcessOptions& options = {});

// The pieces of it, for programs that are talked to while they run (coprocess.h).
struct ChildEnds {
  int in = -1;
  int out = -1;
  int err = -1;
};
// 0, or the errno of the first step that failed. Of `options` the directory and the environment
// count. The child has SIGPIPE as it is by default.
[[nodiscard]] int Spawn(std::vector<std::string> argv, const ProcessOptions& options,
                        const ChildEnds& ends, pid_t* child);
// What is said when Spawn has failed with `error`: the directory may be what is missing.
Error CannotRun(int error, const std::string& program, const ProcessOptions& options);
// As ProcessResult::status.
int WaitFor(pid_t child);

}  // namespace onehead::git
