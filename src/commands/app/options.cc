#include "commands/app/options.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "onehead/base/text.h"
#include "onehead/git/process/process.h"

namespace onehead {
namespace {

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

// Without Git's settings, as Git decides where it has none.
Color ColorOfTerminal(bool is_terminal) {
  const char* term = std::getenv("TERM");
  const bool is_dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  return is_terminal && !is_dumb ? Color::kOn : Color::kOff;
}

}  // namespace

void AddCommonOptions(Arguments* arguments, CommonOptions* options) {
  arguments->Value("-C", &options->directory, "DIR", "Run as if started in this directory");
  arguments->Values("--script-location", &options->script_locations, "DIR",
                    "Alembic script directory; replaces discovery; may be repeated");
  arguments->Values("--versions", &options->versions, "DIR",
                    "Version location; replaces discovery; may be repeated");
  arguments->Flag("--recursive", &options->recursive,
                  "Read the sub-directories of version locations too");
  arguments->Value(
      "-n", &options->section, "SECTION",
      "Only this section of alembic.ini or another *.ini, or what the settings call so");
  AddFormatOption(arguments, &options->format, "text or json");
  arguments->Choice<ColorChoice>("--color",
                                 {{"auto", ColorChoice::kAuto},
                                  {"always", ColorChoice::kAlways},
                                  {"never", ColorChoice::kNever}},
                                 &options->color, "WHEN", "auto, always or never");
  arguments->Flag("-q,--quiet", &options->quiet, "Print nothing but what is wrong");
  arguments->Flag("-v,--verbose", &options->verbose, "Print more");
}

void AddFormatOption(Arguments* arguments, OutputFormat* format, const std::string& description) {
  arguments->Choice<OutputFormat>("--format",
                                  {{"text", OutputFormat::kText}, {"json", OutputFormat::kJson}},
                                  format, "FORMAT", description);
}

void AddTreeOptions(Arguments* arguments, CommonOptions* options) {
  arguments->Value("REV", &options->rev, "TEXT", "Anything that names one commit (default: HEAD)");
  arguments->Flag("--worktree", &options->worktree, "Read the work tree instead of a commit");
  arguments->Flag("--staged", &options->staged, "Read the index instead of a commit");
  arguments->Excludes("--worktree", {"--staged", "REV"});
  arguments->Excludes("--staged", {"REV"});
}

Status ChangeDirectory(const std::string& directory) {
  if (chdir(directory.c_str()) == 0) return {};
  return Fail(ErrorKind::kIo,
              "cannot change to '" + Printable(directory, 200) + "': " + std::strerror(errno));
}

// Git knows its own rules best: color.ui wherever it is set, TERM, and the pager that it has
// started. Of NO_COLOR (no-color.org), which a configured "always" overrides, it knows nothing.
Color ColorFor(ColorChoice choice, int file_descriptor) {
  if (choice == ColorChoice::kAlways) return Color::kOn;
  if (choice == ColorChoice::kNever) return Color::kOff;
  const bool is_terminal = isatty(file_descriptor) == 1 && !IsSet("NO_COLOR");
  git::ProcessOptions options;
  if (IsSet("NO_COLOR")) options.environment = {"GIT_PAGER_IN_USE"};
  const Result<git::ProcessResult> asked = git::RunProcess(
      {"git", "config", "--get-colorbool", "color.ui", is_terminal ? "true" : "false"}, options);
  if (!asked || asked->status > 1) return ColorOfTerminal(is_terminal);
  return asked->out == "true\n" ? Color::kOn : Color::kOff;
}

void PrintColored(const Lines& lines, ColorChoice choice, int file_descriptor, std::ostream& out) {
  if (!lines.empty()) PrintLines(lines, ColorFor(choice, file_descriptor), out);
}

}  // namespace onehead
