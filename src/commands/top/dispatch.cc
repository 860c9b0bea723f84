#include "commands/top/dispatch.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "commands/app/did_you_mean.h"
#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_help.h"
#include "commands/hook/cmd_pre_push.h"
#include "commands/hook/cmd_pre_receive.h"
#include "commands/inspect/cmd_check.h"
#include "commands/inspect/cmd_listing.h"
#include "commands/install/cmd_doctor.h"
#include "commands/install/cmd_install.h"
#include "commands/merge/cmd_merge.h"
#include "commands/merge/cmd_merge_driver.h"
#include "commands/merge/cmd_merge_strategy.h"
#include "commands/rebase/cmd_move.h"
#include "commands/rebase/cmd_rebase.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/git/process/version.h"
#include "onehead/git/repository/repository.h"

namespace onehead {
namespace {

int RunHelp(const std::vector<std::string>& args, Streams& io);

const Command* FindCommand(std::string_view name) {
  for (const Command& command : AllCommands()) {
    if (name == command.name) return &command;
  }
  return nullptr;
}

int UnknownCommand(const std::string& name, Streams& io) {
  io.err << "error: '" << Printable(name, 100) << "' is not a command of onehead\n";
  std::vector<std::string_view> names;
  for (const Command& command : AllCommands()) names.emplace_back(command.name);
  const std::string_view meant = DidYouMean(name, names);
  if (meant.empty()) {
    io.err << "hint: see onehead help\n";
  } else {
    io.err << "hint: did you mean " << meant << "?\n";
  }
  return kExitUsage;
}

void PrintOverview(std::ostream& out) {
  out << "onehead keeps an Alembic migration history down to one head.\n\n"
         "usage: onehead [-C DIR] COMMAND [OPTION...]\n\n";
  for (const Command& command : AllCommands()) {
    const std::string name = command.name;
    out << "  " << name << std::string(14 - std::min<std::size_t>(name.size(), 12), ' ')
        << command.summary << '\n';
  }
  out << "\nonehead help COMMAND explains one of them, and onehead help config lists the "
         "settings.\n";
}

int PrintVersion(Streams& io) {
  io.out << "onehead " << ONEHEAD_VERSION << "\n"
         << "git " << git::GitVersion().value_or("not found on PATH") << "\n"
         << "libgit2 " << git::Libgit2Version() << " (" << ONEHEAD_LINKED << ")\n";
  return kExitOk;
}

int RunHelp(const std::vector<std::string>& args, Streams& io) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h") {
    PrintOverview(io.out);
    return kExitOk;
  }
  if (args[0] == "config") {
    PrintSettings(io.out);
    return kExitOk;
  }
  const Command* command = FindCommand(args[0]);
  if (command == nullptr) return UnknownCommand(args[0], io);
  if (command->run == RunHelp) return RunHelp({}, io);
  return command->run({"--help"}, io);
}

}  // namespace

const std::vector<Command>& AllCommands() {
  static const auto* all = new std::vector<Command>{
      {"check", "All findings in a commit, the index or the work tree", RunCheck},
      {"heads", "The heads, as alembic heads prints them", RunHeads},
      {"branches", "The branch points, as alembic branches prints them", RunBranches},
      {"history", "All revisions, as alembic history prints them", RunHistory},
      {"rebase", "Put the local migrations onto the head of the upstream", RunRebase},
      {"move", "Let one chain of migrations follow another revision", RunMove},
      {"merge", "Write a merge revision over the heads", RunMerge},
      {"pre-receive", "The hook: judges the push on standard input", RunPreReceive},
      {"pre-push", "The hook in a clone: the same, before the network", RunPrePush},
      {"merge-driver", "The merge driver: both sides changed one migration", RunMergeDriver},
      {"install", "Put the hook into repositories, or set up a clone", RunInstall},
      {"uninstall", "Take it out again, and restore what was there", RunUninstall},
      {"doctor", "Is everything in place here, and does it take effect?", RunDoctor},
      {"help", "This overview, the help of one command, or config: the settings", RunHelp},
  };
  return *all;
}

int Dispatch(const std::string& program, std::vector<std::string> args, Streams& io) {
  if (program == "git-merge-onehead") return RunMergeStrategy(args, io);
  if (program == "pre-receive") return RunPreReceive(args, io);
  while (args.size() >= 2 && args[0] == "-C") {  // as in `git -C DIR COMMAND`
    if (Status status = ChangeDirectory(args[1]); !status) {
      PrintLines(RenderError(status.error(), Level::kError), Color::kOff, io.err);
      return kExitError;
    }
    args.erase(args.begin(), args.begin() + 2);
  }
  if (args.empty()) {
    PrintOverview(io.err);
    return kExitUsage;
  }
  const std::string name = args.front();
  args.erase(args.begin());
  if (name == "--version" || name == "version") return PrintVersion(io);
  // For where git-merge-onehead is not on PATH (git/client_install.h): no command for users.
  if (name == "merge-strategy") return RunMergeStrategy(args, io);
  if (name == "--help" || name == "-h") return RunHelp({}, io);
  const Command* command = FindCommand(name);
  return command != nullptr ? command->run(args, io) : UnknownCommand(name, io);
}

}  // namespace onehead
