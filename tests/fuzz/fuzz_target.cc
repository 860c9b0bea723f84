#include "fuzz/fuzz_target.h"

// What libFuzzer, or replay_main.cc, calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  onehead::fuzz::CheckInput({reinterpret_cast<const char*>(data), size});
  return 0;
}
