#include <cstdio>
#include <exception>
#include <new>

#include "commands/program.h"

int main(int argc, char** argv) {
  try {
    return onehead::RunProgram(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("error: not enough memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
  } catch (...) {
    std::fputs("error: unknown failure\n", stderr);
  }
  return 128;
}
