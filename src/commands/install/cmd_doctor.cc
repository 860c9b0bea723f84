#include "commands/install/cmd_doctor.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/program_path.h"
#include "commands/app/settings_help.h"
#include "commands/app/workspace.h"
#include "commands/install/doctor.h"
#include "onehead/base/text.h"
#include "onehead/git/install/client_install.h"
#include "onehead/git/install/server_layout.h"
#include "onehead/git/process/run_git.h"
#include "onehead/git/process/version.h"
#include "onehead/git/repository/repository.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using HookKind = git::ExistingHook::Kind;

constexpr const char* kText =
    "Is everything in place here, and does it take effect? One line per check.\n\n"
    "In a clone: the merge strategy, the merge driver, attributes and hooks; two merges are tried "
    "in a\nscratch directory. On a server: the pre-receive hook of the repository, bare or not, or "
    "of "
    "all\nrepositories (gitolite's LOCAL_CODE or ~/.gitolite, GitLab's custom_hooks directory).";
constexpr const char* kFooter = "Exit codes: 0 all is well, 1 something is wrong, 129 wrong usage.";

// "2.39.5" -> 2039; 0 when it cannot be read.
int VersionNumber(const std::string& version) {
  int major = 0;
  int minor = 0;
  return std::sscanf(version.c_str(), "%d.%d", &major, &minor) == 2 ? major * 1000 + minor : 0;
}

// The repository's directory when it has no work tree; "" otherwise.
std::string BareRepository(const std::string& directory) {
  const Result<git::GitOutput> bare =
      git::RunGit({{"rev-parse", "--is-bare-repository", "--absolute-git-dir"}, directory});
  const std::string yes = "true\n";
  if (!bare || bare->exit_code != 0 || bare->out.compare(0, yes.size(), yes) != 0) return "";
  return bare->out.substr(yes.size(), bare->out.find('\n', yes.size()) - yes.size());
}

// Git takes push options only where it is told so.
void CheckPushOptions(const git::Repository& repository, Findings* findings) {
  const char* key = "receive.advertisePushOptions";
  const Result<std::optional<std::string>> value = repository.ConfigValue(key);
  const std::string text = value && *value ? Lower(**value) : "false";
  if (text == "true" || text == "yes" || text == "on" || text == "1" || text.empty()) return;
  findings->Warn(
      std::string("onehead.override is true, and ") + key + " is not: Git refuses git push -o",
      "git -C " + repository.GitDir() + " config " + key + " true");
}

// Where the hooks of all repositories of a server are. A directory of that layout alone proves
// nothing: a clone may have one.
bool IsCommonDirectory(const std::string& directory) {
  const Result<git::HookPlace> place = git::FindHookPlace(directory);
  return place && place->git_dir.empty();
}

// A work tree may be pushed to as well.
void CheckPushesTo(const git::Clone& clone, HookKind kind, Findings* findings) {
  if (kind == HookKind::kHook) return findings->Ok("pre-receive is not onehead's");
  if (kind != HookKind::kNothing) return CheckServer(clone.work_dir, findings);
  const Result<git::GitOutput> deny =
      git::RunGit({{"config", "--get", "receive.denyCurrentBranch"}, clone.work_dir});
  if (!deny || deny->exit_code != 0) return;
  findings->Warn(
      "no pre-receive hook, although receive.denyCurrentBranch is set: every push to this work "
      "tree passes",
      "onehead install --server " + clone.work_dir);
}

void CheckWorkTree(const git::Clone& clone, const std::string& program, Findings* findings) {
  CheckSettings(clone.work_dir, findings);
  const HookKind kind = PreReceiveAt(clone.work_dir);
  const bool is_server = kind == HookKind::kShim || kind == HookKind::kShimLink;
  if (is_server && !IsSetUp(clone)) {
    findings->Ok("merges in this work tree are Git's own (onehead install --client)");
  } else {
    CheckClone(clone, program, findings);
  }
  CheckPushesTo(clone, kind, findings);
}

}  // namespace

void Findings::Line(const char* prefix, const std::string& text) {
  out_ << prefix << Printable(text, 1000) << "\n";
}

void Findings::Warn(const std::string& text, const std::string& hint) {
  Line("warning: ", text);
  if (!hint.empty()) Line("hint: ", hint);
}

void Findings::Wrong(const std::string& text, const std::string& hint) {
  any_wrong_ = true;
  Line("error: ", text);
  for (const std::string_view line : Split(hint, '\n')) {
    if (!line.empty()) Line("hint: ", std::string(line));
  }
}

void CheckPrograms(const std::string& program, Findings* findings) {
  constexpr int kStrategySince = 2030;  // rebase and cherry-pick obey pull.twohead
  const std::optional<std::string> version = git::GitVersion();
  if (!version) {
    findings->Wrong("git is not on PATH", "install git, or put it on PATH");
  } else if (VersionNumber(*version) < kStrategySince) {
    findings->Warn("git " + *version + ": git rebase and git cherry-pick do not ask onehead",
                   "they do from Git 2.30 on; until then run onehead rebase after them");
  } else {
    findings->Ok("git " + *version);
  }
  findings->Ok("libgit2 " + git::Libgit2Version());
  const std::string on_path = git::FindOnPath("onehead");
  std::error_code ignored;
  if (on_path.empty()) {
    findings->Warn("onehead is not on PATH; this one is " + program);
  } else if (!fs::equivalent(on_path, program, ignored)) {
    findings->Warn("onehead on PATH is " + on_path + ", and this one is " + program);
  } else {
    findings->Ok("onehead is " + on_path);
  }
}

void CheckSettings(const std::string& directory, Findings* findings) {
  const auto repository = git::Repository::Open(directory, git::OpenFrom::kDirectory);
  if (!repository) return findings->Wrong(repository.error());
  const Result<Settings> settings = ReadSettings(**repository);
  if (!settings) return findings->Wrong(settings.error());
  for (const std::string& key : settings->unknown_keys) {
    const Error unknown = UnknownSetting(key);
    findings->Warn("git config: " + unknown.message, unknown.hint);
  }
  if (settings->unknown_keys.empty()) findings->Ok("git config: every key onehead.* is valid");
  if (settings->override_allowed) CheckPushOptions(**repository, findings);
  if (settings->mode == Settings::Mode::kWarn) {
    findings->Warn("onehead.mode is warn: everything is reported and nothing refused");
  }
  if (settings->mode == Settings::Mode::kOff) {
    findings->Warn("onehead.mode is off: no push is looked at");
  }
}

int RunDoctor(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead doctor", kText, kFooter);
  std::string directory = ".";
  arguments.Value("-C", &directory, "DIR", "Run as if started in this directory");
  if (const auto code = arguments.Parse(args, io)) return *code;
  Findings findings(io.out);
  const std::string program = OwnProgramPath().value_or("");
  CheckPrograms(program, &findings);
  const std::string bare = BareRepository(directory);
  if (!bare.empty()) {
    CheckSettings(bare, &findings);
    CheckServer(bare, &findings);
  } else if (IsCommonDirectory(directory) && PreReceiveAt(directory) != HookKind::kNothing) {
    CheckServer(directory, &findings);
  } else if (const Result<git::Clone> clone = git::FindClone(directory)) {
    CheckWorkTree(*clone, program, &findings);
  } else if (IsCommonDirectory(directory)) {
    CheckServer(directory, &findings);
  } else {
    findings.Wrong(clone.error().message, "run it in a clone, or in a repository on a server");
  }
  return findings.any_wrong() ? kExitFindings : kExitOk;
}

}  // namespace onehead
