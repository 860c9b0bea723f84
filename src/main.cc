#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "commands/top/program.h"

namespace {

// Whatever else happens at an end is giving memory back, which the system does better; but for a
// sanitizer, which looks then for what was lost.
int End(int exit_code) {
#ifndef __SANITIZE_ADDRESS__
  std::_Exit(exit_code);
#endif
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return End(onehead::RunProgram(argc, argv));
  } catch (const std::bad_alloc&) {
    std::fputs("error: not enough memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
  } catch (...) {
    std::fputs("error: unknown failure\n", stderr);
  }
  return 128;
}
