#include "commands/program.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "commands/dispatch.h"
#include "commands/exit_code.h"
#include "onehead/base/text.h"

namespace onehead {

int RunProgram(int argc, char** argv) {
  // A reader that goes away must not kill the hook before it has said its verdict by exit code.
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  const std::string program = argc > 0 ? std::string(BaseName(argv[0])) : "onehead";
  Streams io{std::cin, std::cout, std::cerr};
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
