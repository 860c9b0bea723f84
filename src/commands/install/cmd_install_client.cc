#include "commands/install/cmd_install_client.h"

#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/workspace.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/git/install/client_attributes.h"
#include "onehead/git/install/client_install.h"
#include "onehead/git/install/hook_install.h"
#include "onehead/git/process/run_git.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using git::SettingChange;

int Stop(const Error& error, Streams& io) {
  PrintLines(RenderError(error, Level::kError), Color::kOff, io.err);
  io.err << "error: nothing was changed\n";
  return kExitError;
}

void Warn(const std::string& text, Streams& io) { io.err << "warning: " << text << "\n"; }

// Without this program each merge of Git would fail as soon as pull.twohead names it.
Status CheckStrategy(const ClientOptions& options, Streams& io) {
  const std::string found = git::FindGitProgram(git::kStrategyProgram);
  const fs::path wanted = fs::path(options.program).parent_path() / "git-merge-onehead";
  if (found.empty()) {
    return Fail(ErrorKind::kNotFound,
                "git-merge-onehead is not on PATH, nor where Git has its own programs: with "
                "pull.twohead set, Git could not merge any more",
                "put " + wanted.parent_path().string() + " on PATH, with a link there: ln -s " +
                    options.program + " " + wanted.string());
  }
  std::error_code ignored;
  if (!fs::equivalent(found, options.program, ignored)) {
    Warn("git-merge-onehead is " + Printable(found) + ", which is not this program (" +
             Printable(options.program) + ")",
         io);
  }
  return {};
}

// Where the plan writes, and which patterns go into the attributes file.
struct Target {
  git::ConfigPlace place;
  std::optional<git::Clone> clone;  // null: global
  std::string attributes_file;
};

Result<Target> FindTarget(const ClientOptions& options) {
  Target target;
  if (options.global) {
    target.place = {git::ConfigScope::kGlobal, "/"};
    ONEHEAD_ASSIGN_OR_RETURN(std::string file, git::GlobalAttributesFile(target.place));
    if (file.empty()) {
      return Fail(ErrorKind::kNotFound, "there is no home directory for the settings",
                  "set HOME, or core.attributesFile");
    }
    target.attributes_file = std::move(file);
    return target;
  }
  ONEHEAD_ASSIGN_OR_RETURN(git::Clone clone,
                           git::FindClone(options.directory.empty() ? "." : options.directory));
  target.place = {git::ConfigScope::kRepository, clone.work_dir};
  target.attributes_file = clone.common_dir + "/info/attributes";
  target.clone = std::move(clone);
  return target;
}

// "" or what another line has made of the attribute for this file.
Result<std::string> OtherDriver(const git::Clone& clone, const std::string& path) {
  ONEHEAD_ASSIGN_OR_RETURN(
      const git::GitOutput output,
      git::RunGit({{"check-attr", "-z", "merge", "--", path}, clone.work_dir}));
  const auto fields = Split(output.out, '\0');
  if (output.exit_code != 0 || fields.size() < 3) return std::string();
  const std::string value(fields[2]);
  return value == "unspecified" || value == "onehead" ? "" : value;
}

Result<std::vector<std::string>> PatternsFor(const Target& target, const ClientOptions& options,
                                             Streams& io) {
  if (!target.clone) return std::vector<std::string>{"**/versions/*.py"};
  Result<ClientEnvironments> found = FindClientEnvironments(target.clone->work_dir);
  if (!found) {
    if (found.error().kind == ErrorKind::kNotFound) {
      found.error().hint += "\n--global sets it up for all of your clones, whatever is in them";
    }
    return Fail(std::move(found.error()));
  }
  for (const Error& error : found->errors) {
    PrintLines(RenderError(error, Level::kWarning), Color::kOff, io.err);
  }
  std::vector<std::string> patterns;
  for (const auto& [pattern, path] : found->patterns) {
    ONEHEAD_ASSIGN_OR_RETURN(std::string other, OtherDriver(*target.clone, path));
    if (!other.empty() && !options.force) {
      Warn("another line gives " + Printable(path) + " the attribute merge=" + Printable(other) +
               "; kept, --force puts ours above it",
           io);
      continue;
    }
    patterns.push_back(pattern);
  }
  return patterns;
}

// "installed", "would be installed" ...
std::string Did(const ClientOptions& options, const std::string& what) {
  return (options.dry_run ? "would be " : "") + what + ": ";
}

std::string Shown(const Target& target, const std::string& path) {
  if (!target.clone) return Printable(path);
  std::error_code error;
  const fs::path inside = fs::proximate(path, target.clone->common_dir, error);
  return Printable(error || *inside.begin() == ".." ? path : inside.string());
}

void ReportSetting(const SettingChange& change, const ClientOptions& options, Streams& io) {
  const std::string before =
      change.before ? "'" + Printable(change.before->value, 100) + "'" : std::string();
  switch (change.kind) {
    case SettingChange::Kind::kSame:
      if (change.value) io.out << "already installed: " << change.key << "\n";
      return;
    case SettingChange::Kind::kSet:
      io.out << Did(options, "installed") << change.key << "\n";
      return;
    case SettingChange::Kind::kReplace:
      io.out << Did(options, "installed") << change.key << " (it was " << before << ")\n";
      return;
    case SettingChange::Kind::kKept:
      Warn(change.key + " is " + before + " and is kept" +
               (change.before->origin.empty()
                    ? ""
                    : " (" + Printable(change.before->origin) + "); --force replaces it"),
           io);
      return;
    case SettingChange::Kind::kRestore:
      io.out << Did(options, "uninstalled") << change.key
             << (change.value ? ", back to '" + Printable(*change.value, 100) + "'" : "") << "\n";
      return;
  }
}

void ReportPlan(const git::ClientPlan& plan, const Target& target, const ClientOptions& options,
                Streams& io) {
  for (const SettingChange& change : plan.settings) ReportSetting(change, options, io);
  const std::string file = Shown(target, plan.attributes.path);
  const auto patterns = git::BlockPatterns(plan.attributes.after.value_or(""));
  if (patterns && *patterns) {
    for (const std::string& pattern : **patterns) {
      io.out << (plan.attributes.changes() ? Did(options, "installed") : "already installed: ")
             << file << ": " << Printable(pattern) << " merge=onehead\n";
    }
  } else if (plan.attributes.changes()) {
    io.out << Did(options, "uninstalled") << file << "\n";
  }
}

void ReportHook(const git::Plan& plan, const Target& target, const ClientOptions& options,
                Streams& io) {
  for (const std::string& warning : plan.warnings) Warn(warning, io);
  const std::string hook = Shown(target, plan.place.hook);
  const bool outside = hook.front() == '/';
  switch (plan.change) {
    case git::Plan::Change::kNone:
      if (options.hooks) io.out << "already installed: " << hook << "\n";
      return;
    case git::Plan::Change::kInstall:
      io.out << Did(options, "installed") << hook;
      break;
    case git::Plan::Change::kUpdate:
      io.out << Did(options, "updated") << hook;
      break;
    case git::Plan::Change::kUninstall:
      io.out << Did(options, "uninstalled") << hook;
      break;
  }
  if (!plan.chained.empty()) io.out << "; runs first: " << Shown(target, plan.chained);
  if (!plan.restore.empty()) io.out << "; back from " << Shown(target, plan.restore);
  io.out << "\n";
  if (outside && !plan.place.hooks_path.empty()) {
    io.out << "note: core.hooksPath (" << Printable(plan.place.hooks_path_file)
           << ") puts it there: it runs for every repository that shares it\n";
  }
}

bool Changes(const git::ClientPlan& plan, const std::optional<git::Plan>& hook) {
  for (const SettingChange& change : plan.settings) {
    if (change.kind != SettingChange::Kind::kSame) return true;
  }
  return plan.attributes.changes() || (hook && hook->change != git::Plan::Change::kNone);
}

// Carries out both plans and says so.
int Finish(const git::ClientPlan& plan, const std::optional<git::Plan>& hook, const Target& target,
           const ClientOptions& options, Streams& io) {
  Status status;
  if (!options.dry_run) status = git::ApplyClient(plan);
  if (!status)
    return PrintLines(RenderError(status.error(), Level::kError), Color::kOff, io.err), kExitError;
  ReportPlan(plan, target, options, io);
  if (options.uninstall && !Changes(plan, hook)) io.out << "not installed\n";
  if (!hook) return kExitOk;
  if (!options.dry_run) status = git::Apply(*hook);
  if (!status)
    return PrintLines(RenderError(status.error(), Level::kError), Color::kOff, io.err), kExitError;
  ReportHook(*hook, target, options, io);
  return kExitOk;
}

Result<std::optional<git::Plan>> PlanHook(const ClientOptions& options, const Target& target) {
  if (!target.clone) {
    if (!options.hooks) return std::nullopt;
    return Fail(ErrorKind::kUsage, "--hooks is for one clone, not for --global",
                "run onehead install --client --hooks in each clone");
  }
  ONEHEAD_ASSIGN_OR_RETURN(git::HookPlace place,
                           git::FindPrePushPlace(target.clone->work_dir, target.clone->common_dir));
  ONEHEAD_ASSIGN_OR_RETURN(
      git::Plan plan,
      git::PlanInstall(place, options.program, options.force ? git::Force::kYes : git::Force::kNo));
  return plan;
}

void AddPatterns(const Environment& environment, std::map<std::string, std::string>* patterns) {
  const git::Depth depth = environment.recursive ? git::Depth::kRecursive : git::Depth::kDirectory;
  for (const std::string& location : environment.version_locations) {
    patterns->emplace(git::AttributePattern(location, depth), JoinPath(location, "onehead.py"));
  }
}

}  // namespace

Result<ClientEnvironments> FindClientEnvironments(const std::string& directory) {
  CommonOptions common;
  common.directory = directory;
  ONEHEAD_ASSIGN_OR_RETURN(Workspace workspace, OpenWorkspace(common));
  StateLoader loader({});
  ClientEnvironments found;
  std::map<std::string, std::string> patterns;
  std::optional<Error> missing;
  for (const TreeChoice choice : {TreeChoice::kWorkTree, TreeChoice::kCommit}) {
    Result<Snapshot> snapshot = ReadSnapshotOf(workspace, choice, "HEAD", &loader);
    if (!snapshot) {
      // An unborn HEAD holds nothing; and one of the two trees is enough.
      if (snapshot.error().kind != ErrorKind::kNotFound) return Fail(std::move(snapshot.error()));
      if (!missing) missing = std::move(snapshot.error());
      continue;
    }
    for (const Environment& environment : snapshot->environments) {
      AddPatterns(environment, &patterns);
      if (choice == TreeChoice::kWorkTree) found.environments.push_back(environment);
    }
    if (choice == TreeChoice::kWorkTree) found.errors = std::move(snapshot->errors);
  }
  if (patterns.empty() && missing) return Fail(std::move(*missing));
  found.patterns.assign(patterns.begin(), patterns.end());
  return found;
}

int InstallClient(const ClientOptions& options, Streams& io) {
  if (Status status = CheckStrategy(options, io); !status) return Stop(status.error(), io);
  Result<Target> target = FindTarget(options);
  if (!target) return Stop(target.error(), io);
  Result<std::vector<std::string>> patterns = PatternsFor(*target, options, io);
  if (!patterns) return Stop(patterns.error(), io);
  git::ClientInstallRequest wish{target->place, options.program, target->attributes_file,
                                 std::move(*patterns),
                                 options.force ? git::Force::kYes : git::Force::kNo};
  Result<git::ClientPlan> plan = git::PlanClient(wish);
  if (!plan) return Stop(plan.error(), io);
  std::optional<git::Plan> hook;
  if (options.hooks) {
    Result<std::optional<git::Plan>> planned = PlanHook(options, *target);
    if (!planned) return Stop(planned.error(), io);
    hook = std::move(*planned);
  }
  return Finish(*plan, hook, *target, options, io);
}

int UninstallClient(const ClientOptions& options, Streams& io) {
  Result<Target> target = FindTarget(options);
  if (!target) return Stop(target.error(), io);
  Result<git::ClientPlan> plan = git::PlanClientRemoval(target->place, target->attributes_file);
  if (!plan) return Stop(plan.error(), io);
  std::optional<git::Plan> hook;
  if (target->clone) {
    // Where no hooks run, none is to be taken out.
    auto place = git::FindPrePushPlace(target->clone->work_dir, target->clone->common_dir);
    if (place) {
      Result<git::Plan> planned = git::PlanUninstall(*place);
      if (!planned) return Stop(planned.error(), io);
      hook = std::move(*planned);
    }
  }
  return Finish(*plan, hook, *target, options, io);
}

}  // namespace onehead
