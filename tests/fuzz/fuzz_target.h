// What every fuzz target needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace onehead::fuzz {

// Ends the program: the fuzzer keeps the input, and so a test fails.
inline void Require(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "not so: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

// The target: each *_fuzz.cc defines its own. Returns when everything is so for these bytes.
void CheckInput(std::string_view input);

}  // namespace onehead::fuzz
