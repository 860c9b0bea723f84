#include "git/client_install.h"
#include "git/shim.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::string_view kBefore = "p=";
constexpr std::string_view kAfter = "; c=127; ";

// Git puts a marked conflict or a clean result into %A and expects the exit code 1 or 0; after any
// other end of the driver %A would be left as plain "ours", and `git add` would drop the other
// side. An empty file as program "succeeds" in sh, so that is asked too.
constexpr std::string_view kRest =
    "if test -s \"$p\"; then \"$p\" merge-driver %O %A %B %L %P; c=$?; fi; "
    "case $c in 0) exit 0;; 1) grep -q '^<<<' %A && exit 1;; esac; "
    "echo \"warning: onehead: $p failed (exit code $c): merged as git merge-file does\" >&2; "
    "git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B && test $c != 1";

// Git replaces %O and its like in the whole command, and %% by %.
std::string WithoutPercent(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

}  // namespace

// `|| exit 1`: git merge-file counts conflicts, and Git aborts the merge for codes over 128.
Result<std::string> DriverCommand(const std::string& program) {
  if (program.find_first_of("\n\r") != std::string::npos) {
    return Fail(ErrorKind::kInvalid,
                "the path of the program has a line break in it: " + Printable(program));
  }
  return std::string(kBefore) + WithoutPercent(ShellQuote(program)) + std::string(kAfter) +
         std::string(kRest) + " || exit 1";
}

std::optional<std::string> ProgramOfDriver(const std::string& command) {
  const std::size_t end = command.find(kAfter);
  if (command.compare(0, kBefore.size(), kBefore) != 0 || end == std::string::npos ||
      command.find(" merge-driver %O %A %B %L %P") == std::string::npos) {
    return std::nullopt;
  }
  const std::string word = command.substr(kBefore.size(), end - kBefore.size());
  std::string program;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word.compare(i, 4, "'\\''") == 0 && i != 0) {
      program += '\'';
      i += 3;
    } else if (word[i] != '\'') {
      if (word.compare(i, 2, "%%") == 0) ++i;
      program += word[i];
    }
  }
  return program;
}

}  // namespace onehead::git
