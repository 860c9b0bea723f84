#include "commands/options.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include "commands/exit_code.h"
#include "onehead/base/text.h"

namespace onehead {

void AddCommonOptions(CLI::App* app, CommonOptions* options) {
  const std::map<std::string, OutputFormat> formats = {{"text", OutputFormat::kText},
                                                       {"json", OutputFormat::kJson}};
  const std::map<std::string, ColorChoice> colors = {{"auto", ColorChoice::kAuto},
                                                     {"always", ColorChoice::kAlways},
                                                     {"never", ColorChoice::kNever}};
  app->add_option("-C", options->directory, "Run as if started in this directory")
      ->type_name("DIR");
  app->add_option("--script-location", options->script_locations,
                  "Alembic script directory; replaces discovery; may be repeated")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app->add_option("--versions", options->versions,
                  "Version location; replaces discovery; may be repeated")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app->add_flag("--recursive", options->recursive,
                "Read the sub-directories of version locations too");
  app->add_option("-n", options->section, "Only this section of alembic.ini")->type_name("SECTION");
  app->add_option("--format", options->format, "text or json")
      ->type_name("FORMAT")
      ->transform(CLI::CheckedTransformer(formats).description(""));
  app->add_option("--color", options->color, "auto, always or never")
      ->type_name("WHEN")
      ->transform(CLI::CheckedTransformer(colors).description(""));
  app->add_flag("-q,--quiet", options->quiet, "Print nothing but what is wrong");
  app->add_flag("-v,--verbose", options->verbose, "Print more");
}

void AddTreeOptions(CLI::App* app, CommonOptions* options) {
  CLI::Option* rev =
      app->add_option("REV", options->rev, "Anything that names one commit (default: HEAD)");
  CLI::Option* worktree =
      app->add_flag("--worktree", options->worktree, "Read the work tree instead of a commit");
  CLI::Option* staged =
      app->add_flag("--staged", options->staged, "Read the index instead of a commit");
  worktree->excludes(staged)->excludes(rev);
  staged->excludes(rev);
}

std::optional<int> ParseArguments(CLI::App* app, const std::vector<std::string>& args,
                                  Streams& io) {
  try {
    app->parse(std::vector<std::string>(args.rbegin(), args.rend()));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    io.out << app->help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    io.err << "error: " << Printable(error.what(), 400) << "\n"
           << "hint: see " << app->get_name() << " --help\n";
    return kExitUsage;
  }
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
