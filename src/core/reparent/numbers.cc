#include "core/reparent/numbers.h"

#include <algorithm>
#include <map>

#include "onehead/base/text.h"

namespace onehead::reparent {
namespace {

constexpr std::size_t kMaxDigits = 6;

// As a year, year and month, or year, month and day. No count begins that high.
bool LooksLikeDate(const Number& number) {
  const unsigned long n = number.value;
  const auto year = [](unsigned long y) { return y >= 1990 && y < 2100; };
  const auto month = [](unsigned long m) { return m >= 1 && m <= 12; };
  const auto day = [](unsigned long d) { return d >= 1 && d <= 31; };
  if (number.width == 4) return year(n) || (n >= 1000 && month(n % 100));
  if (number.width != 6) return false;
  return (year(n / 100) && month(n % 100)) || (n >= 100000 && month(n / 100 % 100) && day(n % 100));
}

struct Evidence {
  std::size_t numbers = 0;
  std::size_t dates = 0;
  std::size_t zeros = 0;  // numbers that begin with a zero
  std::size_t steps = 0;  // from a numbered revision to a numbered one on top of it
  std::size_t consecutive = 0;
  std::size_t min_width = 0;
  std::size_t max_width = 0;

  bool Counts() const {
    if (numbers == 0 || 2 * dates > numbers) return false;
    if (steps > 0) return 2 * consecutive >= steps;
    return zeros == numbers && min_width > 1;
  }
};

using NameOf = std::string_view (*)(const Migration&);

std::string_view IdOf(const Migration& m) { return m.id(); }
std::string_view FileOf(const Migration& m) { return StemOf(m.path); }

Evidence Look(const std::vector<MigrationPtr>& published, NameOf name) {
  Evidence found;
  std::map<std::string_view, Number> numbers;  // by id
  for (const MigrationPtr& m : published) {
    if (!m->has_id()) continue;
    const std::optional<Number> number = LeadingNumber(name(*m));
    if (!number) continue;
    numbers.emplace(m->id(), *number);
    found.min_width = found.numbers == 0 ? number->width : std::min(found.min_width, number->width);
    found.max_width = std::max(found.max_width, number->width);
    ++found.numbers;
    if (LooksLikeDate(*number)) ++found.dates;
    if (name(*m).front() == '0') ++found.zeros;
  }
  for (const MigrationPtr& m : published) {
    const auto number = m->has_id() ? numbers.find(m->id()) : numbers.end();
    if (number == numbers.end()) continue;
    for (const std::string& parent : m->down_revision.ids) {
      const auto below = numbers.find(parent);
      if (below == numbers.end()) continue;
      ++found.steps;
      if (number->second.value == below->second.value + 1) ++found.consecutive;
    }
  }
  return found;
}

}  // namespace

std::optional<Number> LeadingNumber(std::string_view text) {
  const std::size_t width = std::min(text.find_first_not_of("0123456789"), text.size());
  if (width == 0 || width > kMaxDigits) return std::nullopt;
  if (width < text.size() && text[width] != '_' && text[width] != '-') return std::nullopt;
  return Number{std::stoul(std::string(text.substr(0, width))), width};
}

std::string WithNumber(std::string_view text, unsigned long value) {
  const std::size_t width = LeadingNumber(text)->width;
  std::string number = std::to_string(value);
  if (number.size() < width) number.insert(0, width - number.size(), '0');
  return number + std::string(text.substr(width));
}

std::string_view StemOf(std::string_view path) {
  const std::string_view name = BaseName(path);
  return name.substr(0, name.rfind('.'));
}

Numbering Numbering::Find(const std::vector<MigrationPtr>& published) {
  Numbering numbering;
  for (const auto& [of, name] : {std::pair(Of::kIds, &IdOf), std::pair(Of::kFileNames, &FileOf)}) {
    const Evidence found = Look(published, name);
    if (!found.Counts()) continue;
    numbering.of_ = of;
    numbering.min_width_ = found.min_width;
    numbering.max_width_ = found.max_width;
    break;
  }
  return numbering;
}

std::optional<Number> Numbering::In(std::string_view text) const {
  const std::optional<Number> number = LeadingNumber(text);
  if (of_ == Of::kNothing || !number) return std::nullopt;
  // "9" may be followed by "10"; six digits beside "0042" are something else.
  if (number->width < min_width_ || number->width > max_width_ + 1) return std::nullopt;
  return number;
}

}  // namespace onehead::reparent
