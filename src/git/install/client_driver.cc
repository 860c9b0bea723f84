#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/install/client_install.h"
#include "onehead/git/install/shim.h"

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

constexpr std::string_view kAliasBefore = "!f() { p=";
constexpr std::string_view kAliasCall =
    "if test -s \"$p\"; then \"$p\" merge-strategy \"$@\"; c=$?; fi; ";

// The program is gone, or died: the commit ("$r") is picked by a git cherry-pick inside of the one
// that asks, whose message is put back; a merge commit by git merge-recursive. A step of a rebase
// that could not be done goes back to its list, as with the program (rebase_todo.h); Git would
// leave it out.
constexpr std::string_view kAliasRest =
    "case $c in 0|1|2) exit $c;; esac; "
    "echo \"warning: onehead: $p failed (exit code $c): merged as git does without it\" >&2; "
    "for r; do :; done; m=$(git rev-parse --git-path MERGE_MSG); "
    "l=$(git rev-parse --git-path rebase-merge/git-rebase-todo); "
    "cp \"$m\" \"$m.onehead\"; "
    "s=ort; case $(git version) in *' 2.'[0-9].*|*' 2.'[12][0-9].*|*' 2.3'[0-3].*) s=recursive;; "
    "esac; "
    "if git rev-parse -q --verify \"$r^2\" >/dev/null; then git merge-recursive \"$@\"; c=$?; else "
    "exec 3>&1; e=$(git -c rerere.enabled=false cherry-pick -n --strategy=$s \"$r\" 2>&1 >&3); "
    "c=$?; "
    "case $c in 0|1) ;; *) echo \"$e\" >&2;; esac; fi; "
    "case $c in "
    "0|1) test $c = 1 || cp \"$m.onehead\" \"$m\"; rm -f \"$m.onehead\"; "
    "test ! -e \"$l.onehead\" || mv \"$l.onehead\" \"$l\"; exit $c;; esac; "
    "rm -f \"$m.onehead\" \"$m\"; "
    "if test -e \"$l.onehead\"; then rm \"$l.onehead\"; elif test -e \"$l\"; then "
    "{ tail -n 1 \"${l%/*}/done\"; cat \"$l\"; } >\"$l.new\" && mv \"$l.new\" \"$l\" || "
    "mv \"$l\" \"$l.onehead\"; fi; exit 2; }; f";

// The inverse of ShellQuote.
std::string Unquoted(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i != 0 && word.substr(i, 4) == "'\\''") {
      text += '\'';
      i += 3;
    } else if (word[i] != '\'') {
      text += word[i];
    }
  }
  return text;
}

Status CheckPath(const std::string& program) {
  if (program.find_first_of("\n\r") == std::string::npos) return {};
  return Fail(ErrorKind::kInvalid,
              "the path of the program has a line break in it: " + Printable(program));
}

// Git replaces %O and its like in the whole command, and %% by %.
std::string WithoutPercent(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

}  // namespace

// `|| exit 1`: git merge-file counts conflicts, and Git aborts the merge for codes over 128.
Result<std::string> DriverCommand(const std::string& program) {
  ONEHEAD_TRY(CheckPath(program));
  return std::string(kBefore) + WithoutPercent(ShellQuote(program)) + std::string(kAfter) +
         std::string(kRest) + " || exit 1";
}

std::optional<std::string> ProgramOfDriver(const std::string& command) {
  const std::size_t end = command.find(kAfter);
  if (command.compare(0, kBefore.size(), kBefore) != 0 || end == std::string::npos ||
      command.find(" merge-driver %O %A %B %L %P") == std::string::npos) {
    return std::nullopt;
  }
  std::string program = Unquoted(command.substr(kBefore.size(), end - kBefore.size()));
  for (std::size_t at = 0; (at = program.find("%%", at)) != std::string::npos; ++at) {
    program.erase(at, 1);
  }
  return program;
}

Result<std::string> AliasCommand(const std::string& program) {
  ONEHEAD_TRY(CheckPath(program));
  return std::string(kAliasBefore) + ShellQuote(program) + std::string(kAfter) +
         std::string(kAliasCall) + std::string(kAliasRest);
}

std::optional<std::string> ProgramOfAlias(const std::string& command) {
  const std::size_t end = command.find(kAfter);
  if (command.compare(0, kAliasBefore.size(), kAliasBefore) != 0 || end == std::string::npos ||
      command.find(" merge-strategy \"$@\"") == std::string::npos) {
    return std::nullopt;
  }
  return Unquoted(command.substr(kAliasBefore.size(), end - kAliasBefore.size()));
}

}  // namespace onehead::git
