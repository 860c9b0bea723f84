// Migrations as projects have them, for measuring: the same texts in every run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace onehead::bench {

struct MigrationText {
  std::string path;
  std::string text;
};

// A history of `count` migrations with one head. Their size is that of real ones: 2.1 KB in the
// mean, a few lines the smallest, 10 KB the largest.
std::vector<MigrationText> MakeHistory(std::size_t count);

}  // namespace onehead::bench
