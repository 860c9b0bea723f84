#include "commands/app/did_you_mean.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>

#include "onehead/base/text.h"

namespace onehead {
namespace {

// Levenshtein's, a row at a time: letters to insert, remove or replace.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view DidYouMean(std::string_view given, const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongest = 60;
  constexpr std::size_t kFarthest = 2;
  if (given.size() > kLongest) return "";
  const std::string wanted = Lower(given);
  std::string_view nearest;
  std::size_t least = kFarthest + 1;
  for (const std::string_view name : names) {
    const std::size_t distance = EditDistance(wanted, Lower(name));
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace onehead
