// Reports as lines for people.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/policy/report.h"

namespace onehead {

// One line, printable, without a newline. Lines that matter begin with "error: ", "warning: " or
// "hint: ": Git colours these in what a server says.
using Lines = std::vector<std::string>;

// All that a report says. At most `max_lines` (0: no limit): then details and hints go first, the
// first line of a finding last, report.warnings never; what is left out is counted in the last
// line.
Lines RenderReport(const CheckReport& report, std::size_t max_lines);

// "error: path:line: message" and the hints below it.
Lines RenderError(const Error& error, Level level);

// The same lines where nothing is refused (onehead.mode): every error is a warning.
Lines AsWarnings(Lines lines);

// Without colour, or with the prefix coloured.
enum class Color { kOff, kOn };
std::string TextOfLines(const Lines& lines, Color color);
void PrintLines(const Lines& lines, Color color, std::ostream& out);

}  // namespace onehead
