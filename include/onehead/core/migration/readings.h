// How files are read, as a number, for what is kept of readings: a program that reads them in
// another way must not believe what an older one has kept.
#pragma once

namespace onehead {

// To be raised with every change after which some migration, configuration or tree is read as
// something else (tests/core/migration/readings_test.cc fails until it is).
inline constexpr int kReadings = 4;

}  // namespace onehead
