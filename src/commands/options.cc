#include "commands/options.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "commands/exit_code.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

template <class T>
using Choices = std::vector<std::pair<const char*, T>>;

// One of some names, and nothing else: CLI::CheckedTransformer also takes the values behind them.
template <class T>
CLI::Option* AddChoice(CLI::App* app, const std::string& option, Choices<T> choices, T* value,
                       const std::string& description) {
  const auto choose = [option, choices = std::move(choices), value](const std::string& given) {
    std::string names;
    for (const auto& [name, meaning] : choices) {
      if (given == name) {
        *value = meaning;
        return;
      }
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    throw CLI::ValidationError(option, "'" + given + "' is not one of " + names);
  };
  return app->add_option_function<std::string>(option, choose, description);
}

}  // namespace

void AddCommonOptions(CLI::App* app, CommonOptions* options) {
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
  AddFormatOption(app, &options->format, "text or json");
  AddChoice<ColorChoice>(app, "--color",
                         {{"auto", ColorChoice::kAuto},
                          {"always", ColorChoice::kAlways},
                          {"never", ColorChoice::kNever}},
                         &options->color, "auto, always or never")
      ->type_name("WHEN");
  app->add_flag("-q,--quiet", options->quiet, "Print nothing but what is wrong");
  app->add_flag("-v,--verbose", options->verbose, "Print more");
}

void AddFormatOption(CLI::App* app, OutputFormat* format, const std::string& description) {
  AddChoice<OutputFormat>(app, "--format",
                          {{"text", OutputFormat::kText}, {"json", OutputFormat::kJson}}, format,
                          description)
      ->type_name("FORMAT");
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
