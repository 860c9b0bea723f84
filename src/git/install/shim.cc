#include "onehead/git/install/shim.h"

#include <charconv>

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::string_view kMarker = "# onehead shim ";
constexpr std::string_view kMade = "# directories made: ";
constexpr std::string_view kProgram = "program=";
constexpr std::string_view kChained = "chained=";

// The marker stands in the first lines; further down it would be somebody's text about us.
constexpr std::size_t kMarkerWithin = 3;  // lines

// The line with what stands between `key` and its comment replaced; other lines as they are.
std::string Filled(std::string_view line, const Shim& shim) {
  if (line.starts_with(kMade)) return std::string(kMade) + std::to_string(shim.directories_made);
  for (const auto& [key, value] : {std::pair(kProgram, &shim.program), {kChained, &shim.chained}}) {
    if (!line.starts_with(key)) continue;
    const std::size_t comment = line.find(" #");
    const std::string rest(comment == line.npos ? "" : line.substr(comment));
    return std::string(key) + ShellQuote(*value) + rest;
  }
  return std::string(line);
}

// The reverse of ShellQuote at the start of `text`; what follows the word is not looked at.
std::string Unquote(std::string_view text) {
  std::string value;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') {
      inside = !inside;
    } else if (inside) {
      value += text[i];
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      value += text[++i];
    } else {
      break;
    }
  }
  return value;
}

void ReadLine(std::string_view line, Shim* shim) {
  if (line.starts_with(kProgram)) shim->program = Unquote(line.substr(kProgram.size()));
  if (line.starts_with(kChained)) shim->chained = Unquote(line.substr(kChained.size()));
  if (line.starts_with(kMade)) {
    const std::string_view number = line.substr(kMade.size());
    std::from_chars(number.data(), number.data() + number.size(), shim->directories_made);
  }
}

}  // namespace

std::string HookName(GitHook hook) {
  return hook == GitHook::kPrePush ? "pre-push" : "pre-receive";
}

Result<std::string> ShimText(const Shim& shim, GitHook hook) {
  if ((shim.program + shim.chained).find_first_of("\n\r") != std::string::npos) {
    return Fail(ErrorKind::kInvalid,
                "the path of the program has a line break in it: " + Printable(shim.program));
  }
  std::string text;
  bool header = true;  // only the lines before the first blank one are to be filled in
  for (const std::string_view line : Split(ShimTemplate(hook), '\n')) {
    header = header && !line.empty();
    text += (header ? Filled(line, shim) : std::string(line)) + "\n";
  }
  text.pop_back();  // the template ends in a line feed, so its last piece is empty
  return text;
}

std::optional<Shim> ParseShim(std::string_view text) {
  Shim shim;
  bool ours = false;
  std::size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    if (++number <= kMarkerWithin && line.starts_with(kMarker)) ours = true;
    if (line.empty() || (number > kMarkerWithin && !ours)) break;
    ReadLine(line, &shim);
  }
  if (!ours) return std::nullopt;
  return shim;
}

}  // namespace onehead::git
