// Environments that count: revision ids, or file names, that begin with consecutive numbers.
//
// Here: what such a number is, and whether an environment counts. Not here: which migration gets
// which number (names.cc).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/history/load.h"

namespace onehead::reparent {

struct Number {
  unsigned long value = 0;
  std::size_t width = 0;  // digits as written
};

// The number that `text` begins with: at most six digits, before "_", "-" or the end. Longer ones
// are days, times or random.
std::optional<Number> LeadingNumber(std::string_view text);

// `text` with that number replaced, with as many digits or more. REQUIRES: it begins with one.
std::string WithNumber(std::string_view text, unsigned long value);

// "0044_audit" of "versions/0044_audit.py".
std::string_view StemOf(std::string_view path);

class Numbering {
 public:
  enum class Of { kNothing, kIds, kFileNames };

  // What the published migrations count with, which no re-parenting changes: at least half of
  // those that stand on a numbered one have the number after it, and the numbers are mostly no
  // years, months or days. Where none stands on another, numbers that begin with a zero.
  static Numbering Find(const std::vector<MigrationPtr>& published);

  Of of() const { return of_; }
  // The number of a text of the kind that counts, if it is one of this count.
  std::optional<Number> In(std::string_view text) const;

 private:
  Of of_ = Of::kNothing;
  std::size_t min_width_ = 0;
  std::size_t max_width_ = 0;
};

}  // namespace onehead::reparent
