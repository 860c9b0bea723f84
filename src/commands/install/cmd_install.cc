#include "commands/install/cmd_install.h"

#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "commands/app/dangling_head.h"
#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/program_path.h"
#include "commands/install/cmd_install_client.h"
#include "onehead/base/text.h"
#include "onehead/git/files/disposable_cache.h"
#include "onehead/git/install/hook_install.h"
#include "onehead/git/install/server_layout.h"

namespace onehead {
namespace {

using git::Force;
using git::HookPlace;
using git::Plan;
using git::ServerKind;

enum class Verb { kInstall, kUninstall };

struct Options {
  Verb verb = Verb::kInstall;
  bool server = false;
  ClientOptions client;
  bool dry_run = false;
  bool force = false;
  std::vector<std::string> directories;
};

constexpr char kInstallText[] =
    "Put the pre-receive hook of onehead into repositories on a server (--server GIT_DIR...), or "
    "let\nGit merge migrations with onehead in the clone that you work in (--client).\n\n"
    "Every repository is looked at before anything is written. A hook that is there already is "
    "kept\nand runs first, on the same standard input; the first refusal stops. Doing it again "
    "changes\nnothing. Where the hook goes depends on the server, and is found out:\n\n"
    "  Git itself       hooks/pre-receive, or in core.hooksPath\n"
    "  Gitea, Forgejo   hooks/pre-receive.d/onehead\n"
    "  GitLab           custom_hooks/pre-receive.d/onehead of a repository, or\n"
    "                   pre-receive.d/onehead of the custom_hooks directory for all\n"
    "  gitolite         hooks/common/pre-receive of LOCAL_CODE or ~/.gitolite, for all\n\n"
    "--client sets pull.twohead (the merge strategy), merge.onehead.driver, and one line for each\n"
    "directory of migrations in info/attributes. What is set to something else already is\n"
    "reported, and kept unless --force. After that, `git rebase main` leaves one head.\n";
constexpr char kInstallFooter[] =
    "Try it out first: `git -C GIT_DIR config onehead.mode warn` reports and refuses nothing.\n\n"
    "Exit codes: 0 done or nothing to do, 128 an error (nothing is written), 129 wrong usage.";
constexpr char kUninstallText[] =
    "Take the pre-receive hook of onehead out of repositories on a server, or the settings out of\n"
    "a clone.\n\n"
    "A hook or setting that was there before comes back as it was.\n";
constexpr char kUninstallFooter[] =
    "Exit codes: 0 done or nothing to do, 128 an error (nothing is written), 129 wrong usage.";

void PrintError(const std::string& subject, const Error& error, Streams& io) {
  io.err << "error: " << (subject.empty() ? "" : Printable(subject) + ": ") << error.message
         << "\n";
  if (!error.hint.empty()) io.err << "hint: " << error.hint << "\n";
}

void AddOptions(bool install, Arguments* arguments, Options* options) {
  arguments->Flag("--server", &options->server, "The directories are a server's");
  arguments->Flag("--client", &options->client.client,
                  "The clone here, for the one who works in it");
  arguments->Values("GIT_DIR", &options->directories, "",
                    "Repositories, or directories of hooks for many");
  arguments->Flag("--dry-run", &options->dry_run, "Say what would be done, and write nothing");
  arguments->Flag("--global", &options->client.global, "With --client: for all of your clones");
  arguments->Value("-C", &options->client.directory, "DIR",
                   "With --client: the clone in this directory");
  if (!install) return;
  arguments->Flag("--hooks", &options->client.hooks,
                  "With --client: also a pre-push hook, which judges before the network");
  arguments->Flag("--force", &options->force,
                  "Replace what is in the way; uninstall brings it back");
}

// "" when the options make sense together.
std::string Contradiction(const Options& options) {
  const ClientOptions& client = options.client;
  if (options.server == client.client) return "name one of --server and --client";
  if (options.server && options.directories.empty()) return "--server needs GIT_DIR...";
  if (client.client && !options.directories.empty()) {
    return "--client takes no GIT_DIR; -C DIR names another directory";
  }
  if (options.server && (client.global || client.hooks || !client.directory.empty())) {
    return "--global, --hooks and -C are for --client";
  }
  return "";
}

// Null: the exit code is in `*exit_code`, and what there is to say has been said.
std::optional<Options> Parse(Verb verb, const std::vector<std::string>& args, Streams& io,
                             int* exit_code) {
  Options options;
  options.verb = verb;
  const bool install = verb == Verb::kInstall;
  const std::string name = install ? "onehead install" : "onehead uninstall";
  Arguments arguments(name, install ? kInstallText : kUninstallText,
                      install ? kInstallFooter : kUninstallFooter);
  AddOptions(install, &arguments, &options);
  if (const std::optional<int> code = arguments.Parse(args, io)) {
    *exit_code = *code;
    return std::nullopt;
  }
  if (const std::string wrong = Contradiction(options); !wrong.empty()) {
    *exit_code = WrongUsage(name, wrong, io);
    return std::nullopt;
  }
  return options;
}

// Seen from the repository, where it is in it.
std::string Shown(const HookPlace& place, const std::string& path) {
  const std::string& top = place.git_dir;
  const bool inside = !top.empty() && path.size() > top.size() && IsUnder(path, top);
  return Printable(inside ? path.substr(top.size() + 1) : path);
}

// All repositories that are named, each with its plan; several can have one hook in common.
struct Work {
  std::vector<Plan> plans;
  std::vector<int> first_with_hook;  // index of the first plan with the same hook
  bool failed = false;
};

Result<Plan> MakePlan(const std::string& directory, const std::string& program,
                      const Options& options) {
  ONEHEAD_ASSIGN_OR_RETURN(const HookPlace place, git::FindHookPlace(directory));
  if (options.verb == Verb::kUninstall) return git::PlanUninstall(place);
  return git::PlanInstall(place, program, options.force ? Force::kYes : Force::kNo);
}

Work PlanAll(const std::string& program, const Options& options, Streams& io) {
  Work work;
  std::map<std::string, int> by_hook;
  for (const std::string& directory : options.directories) {
    Result<Plan> plan = MakePlan(directory, program, options);
    if (!plan) {
      PrintError(directory, plan.error(), io);
      work.failed = true;
      continue;
    }
    const int index = static_cast<int>(work.plans.size());
    work.first_with_hook.push_back(by_hook.emplace(plan->place.hook, index).first->second);
    work.plans.push_back(std::move(*plan));
  }
  return work;
}

// A hook that more repositories run than the one named: said before anything is written.
void NameSharing(const Work& work, Streams& io) {
  std::map<std::string, std::set<std::string>> users;  // hook -> real repositories
  std::map<std::string, const HookPlace*> places;
  for (const Plan& plan : work.plans) {
    if (plan.place.git_dir.empty() || IsUnder(plan.place.hook, plan.place.git_dir)) continue;
    if (places.emplace(plan.place.hook, &plan.place).second) {
      for (const std::string& name : git::NeighboursWithSameHook(plan.place)) {
        users[plan.place.hook].insert(name);
      }
    }
    users[plan.place.hook].insert(plan.place.git_dir);
  }
  for (const auto& [hook, place] : places) {
    const bool configured = !place->hooks_path.empty();
    io.out << "note: " << Printable(hook) << " is outside of the repository ("
           << (configured ? "core.hooksPath in " + Printable(place->hooks_path_file)
                          : std::string("its hooks directory is a link"))
           << "): it runs for every repository that shares it:\n";
    for (const std::string& name : users[hook]) io.out << "note:   " << Printable(name) << "\n";
  }
}

std::string Done(const Plan& plan, const Options& options) {
  const std::string hook = Shown(plan.place, plan.place.hook);
  const std::string would = options.dry_run ? "would be " : "";
  const std::string product = git::ServerName(plan.place.kind);
  std::string text;
  switch (plan.change) {
    case Plan::Change::kNone:
      text = (options.verb == Verb::kInstall ? "already installed: " : "not installed: ") + hook;
      break;
    case Plan::Change::kInstall:
      text = would + "installed: " + hook;
      break;
    case Plan::Change::kUpdate:
      text = would + "updated: " + hook;
      break;
    case Plan::Change::kUninstall:
      text = would + "uninstalled: " + hook;
      break;
  }
  if (!product.empty()) text += " (" + product + ")";
  if (!plan.chained.empty()) text += "; runs first: " + Shown(plan.place, plan.chained);
  if (!plan.restore.empty()) text += "; " + would + "back from " + Shown(plan.place, plan.restore);
  return text;
}

// What the hook has kept there for the next push goes with it. "" when there was nothing.
Result<std::string> ClearCache(const HookPlace& place, const Options& options) {
  const git::DisposableCache cache(place.git_dir);
  if (options.verb != Verb::kUninstall || place.git_dir.empty() || !cache.HoldsAnything()) {
    return std::string();
  }
  if (options.dry_run) return std::string("; would be removed: onehead/");
  ONEHEAD_TRY(cache.Clear());
  return std::string("; removed: onehead/");
}

void WarnOfDanglingHead(const HookPlace& place, Streams& io) {
  if (place.git_dir.empty()) return;
  const auto repository = git::Repository::Open(place.git_dir, git::OpenFrom::kDirectory);
  if (!repository) return;
  const std::optional<Error> dangling = DanglingHead(**repository);
  if (!dangling) return;
  io.err << "warning: " << Printable(place.given) << ": " << dangling->message << "\n";
  io.err << "hint: " << dangling->hint << "\n";
}

void Report(const Plan& plan, const std::string& cleared, const Options& options, Streams& io) {
  const std::string name = Printable(plan.place.given);
  for (const std::string& warning : plan.warnings) {
    io.err << "warning: " << name << ": " << warning << "\n";
  }
  io.out << name << ": " << Done(plan, options) << cleared << "\n";
  if (plan.place.git_dir.empty() && plan.change == Plan::Change::kUninstall) {
    io.err << "hint: the hook may have left a directory onehead/ in each repository, which can be "
              "removed\n";
  }
  if (options.verb == Verb::kInstall) WarnOfDanglingHead(plan.place, io);
  if (plan.place.kind != ServerKind::kGitolite || plan.change == Plan::Change::kNone) return;
  io.err
      << "hint: run `gitolite setup --hooks-only` as gitolite's user: it puts the hooks into the "
         "repositories\n";
  if (plan.change == Plan::Change::kUninstall && plan.restore.empty()) {
    io.err << "hint: links named hooks/pre-receive that lead to nothing are left in the "
              "repositories; Git passes over them\n";
  }
}

int CarryOut(const Work& work, const Options& options, Streams& io) {
  int exit_code = kExitOk;
  for (std::size_t i = 0; i < work.plans.size(); ++i) {
    const Plan& plan = work.plans[i];
    const std::size_t first = static_cast<std::size_t>(work.first_with_hook[i]);
    const Status status = options.dry_run || first != i ? Status() : git::Apply(plan);
    const Result<std::string> cleared =
        status ? ClearCache(plan.place, options) : Fail(status.error());
    if (!cleared) {
      PrintError(plan.place.given, cleared.error(), io);
      exit_code = kExitError;
    } else if (first != i) {
      io.out << Printable(plan.place.given) << ": same hook as "
             << Printable(work.plans[first].place.given) << *cleared << "\n";
    } else {
      Report(plan, *cleared, options, io);
    }
  }
  return exit_code;
}

int Run(Verb verb, const std::vector<std::string>& args, Streams& io) {
  int exit_code = kExitOk;
  const std::optional<Options> options = Parse(verb, args, io, &exit_code);
  if (!options) return exit_code;
  Result<std::string> program = verb == Verb::kInstall ? OwnProgramPath() : Result<std::string>("");
  if (!program) {
    PrintError("", program.error(), io);
    return kExitError;
  }
  if (options->client.client) {
    ClientOptions client = options->client;
    client.program = std::move(*program);
    client.uninstall = verb == Verb::kUninstall;
    client.dry_run = options->dry_run;
    client.force = options->force;
    return client.uninstall ? UninstallClient(client, io) : InstallClient(client, io);
  }
  const Work work = PlanAll(*program, *options, io);
  NameSharing(work, io);
  if (work.failed) {
    io.err << "error: nothing was changed\n";
    return kExitError;
  }
  return CarryOut(work, *options, io);
}

}  // namespace

int RunInstall(const std::vector<std::string>& args, Streams& io) {
  return Run(Verb::kInstall, args, io);
}

int RunUninstall(const std::vector<std::string>& args, Streams& io) {
  return Run(Verb::kUninstall, args, io);
}

}  // namespace onehead
