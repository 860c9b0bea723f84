#include <cstdio>
#include <exception>

#include "commands/program.h"

int main(int argc, char** argv) {
  try {
    return onehead::RunProgram(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
  } catch (...) {
    std::fputs("error: unknown failure\n", stderr);
  }
  return 128;
}
