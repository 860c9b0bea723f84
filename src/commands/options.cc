#include "commands/options.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "onehead/base/text.h"

namespace onehead {

void AddCommonOptions(Arguments* arguments, CommonOptions* options) {
  arguments->Value("-C", &options->directory, "DIR", "Run as if started in this directory");
  arguments->Values("--script-location", &options->script_locations, "DIR",
                    "Alembic script directory; replaces discovery; may be repeated");
  arguments->Values("--versions", &options->versions, "DIR",
                    "Version location; replaces discovery; may be repeated");
  arguments->Flag("--recursive", &options->recursive,
                  "Read the sub-directories of version locations too");
  arguments->Value("-n", &options->section, "SECTION", "Only this section of alembic.ini");
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

Color ColorFor(ColorChoice choice, int file_descriptor) {
  if (choice == ColorChoice::kAlways) return Color::kOn;
  if (choice == ColorChoice::kNever) return Color::kOff;
  const char* no_color = std::getenv("NO_COLOR");  // no-color.org
  if (no_color != nullptr && *no_color != '\0') return Color::kOff;
  return isatty(file_descriptor) == 1 ? Color::kOn : Color::kOff;
}

}  // namespace onehead
