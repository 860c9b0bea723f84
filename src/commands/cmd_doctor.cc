#include "commands/cmd_doctor.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "commands/doctor.h"
#include "commands/exit_code.h"
#include "commands/options.h"
#include "commands/program_path.h"
#include "commands/settings_help.h"
#include "commands/snapshot.h"
#include "git/client_install.h"
#include "git/run_git.h"
#include "git/server_layout.h"
#include "onehead/base/text.h"
#include "onehead/git/repository.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kText =
    "Is everything in place here, and does it take effect? One line per check.\n\n"
    "In a clone: the merge strategy, the merge driver, attributes and hooks; two merges are tried "
    "in a\nscratch directory. In a bare repository: the pre-receive hook.";
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
  } else if (const Result<git::Clone> clone = git::FindClone(directory)) {
    CheckSettings(clone->work_dir, &findings);
    CheckClone(*clone, program, &findings);
  } else {
    findings.Wrong(clone.error().message, "run it in a clone, or in a repository on a server");
  }
  return findings.any_wrong() ? kExitFindings : kExitOk;
}

}  // namespace onehead
