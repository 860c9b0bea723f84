#include "commands/top/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "commands/app/exit_code.h"
#include "commands/top/dispatch.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

// A file that is opened later must not become descriptor 0, 1 or 2, and be taken for what these
// are. The wrong way round, so that reading and writing fail as they do on a closed one.
void OccupyClosedDescriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest number that is free is taken, which is `fd`.
    if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

}  // namespace

int RunProgram(int argc, char** argv) {
  OccupyClosedDescriptors();
  // A file that would be too large is an error of writing, not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  // A reader that goes away must not kill the hook before it has said its verdict by exit code.
  std::signal(SIGPIPE, SIG_IGN);
  const std::string program = argc > 0 ? std::string(BaseName(argv[0])) : "onehead";
  Streams io{std::cout, std::cerr};
  int code =
      Dispatch(program, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), io);
  std::cout.flush();
  std::cerr.flush();
  if (!std::cout && code == kExitOk) {
    std::cerr << "error: cannot write to standard output\n" << std::flush;
    code = kExitError;
  }
  return code;
}

}  // namespace onehead
