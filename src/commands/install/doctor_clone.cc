// What a developer's clone needs: each setting as Git itself sees it, and whether it takes effect.
#include <filesystem>
#include <optional>
#include <system_error>

#include "commands/install/cmd_install_client.h"
#include "commands/install/doctor.h"
#include "onehead/base/text.h"
#include "onehead/git/install/client_install.h"
#include "onehead/git/process/run_git.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInstall = "onehead install --client";

// True when Git will find and use it.
bool CheckStrategy(const git::ConfigPlace& place, const std::string& program, Findings* findings) {
  const auto value = git::EffectiveValue(place, git::kStrategyKey);
  if (!value) return findings->Wrong(value.error()), false;
  const std::string found = git::FindGitProgram(git::kStrategyProgram);
  const bool set = *value && (*value)->value == git::kStrategyValue;
  const std::string from = *value ? " (" + (*value)->origin + ")" : "";
  std::error_code ignored;
  if (found.empty() && set) {
    findings->Wrong("pull.twohead is onehead" + from +
                        ", and git-merge-onehead is not found: git merge and git pull fail",
                    "link git-merge-onehead to the program in a directory of PATH, or run "
                    "onehead uninstall --client");
  } else if (found.empty()) {
    findings->Wrong("git-merge-onehead is neither on PATH nor where Git has its own programs",
                    "make a link of that name to the program, in a directory of PATH");
  } else if (!fs::equivalent(found, program, ignored)) {
    findings->Warn("git-merge-onehead is " + found + ", which is not this program");
  } else {
    findings->Ok("git-merge-onehead is " + found);
  }
  if (!*value) {
    findings->Wrong("pull.twohead is not set: git rebase and git merge do not ask onehead",
                    kInstall);
  } else if (!set) {
    findings->Wrong("pull.twohead is '" + (*value)->value + "'" + from +
                        ": git rebase and git merge do not ask onehead",
                    std::string(kInstall) + " --force replaces it");
  } else if (!found.empty()) {
    findings->Ok("pull.twohead is onehead" + from);
  }
  return set && !found.empty();
}

// A setting with a command that starts this program.
struct CommandSetting {
  const char* key;
  std::optional<std::string> (*program_of)(const std::string& command);
  const char* unset;    // what it means that it is not there
  const char* missing;  // or that its program is not
};

// The command, when it is set and its program is there; "" otherwise.
std::string CheckCommand(const git::ConfigPlace& place, const CommandSetting& setting,
                         Findings* findings) {
  const std::string key = setting.key;
  const auto value = git::EffectiveValue(place, key);
  if (!value) return findings->Wrong(value.error()), "";
  if (!*value) return findings->Wrong(key + " is not set: " + setting.unset, kInstall), "";
  const std::string from = " (" + (*value)->origin + ")";
  const std::optional<std::string> program = setting.program_of((*value)->value);
  if (!program) {
    findings->Warn(key + " is not the command of this version" + from,
                   std::string(kInstall) + " --force replaces it");
    return (*value)->value;
  }
  if (!IsProgram(*program)) {
    findings->Wrong(key + from + " runs " + *program +
                        ", which is missing or not executable: " + setting.missing,
                    std::string(kInstall) + " with the program that is to run");
    return "";
  }
  findings->Ok(key + " runs " + *program + from);
  return (*value)->value;
}

constexpr CommandSetting kDriver = {git::kDriverKey, git::ProgramOfDriver,
                                    "Git merges each migration as any text",
                                    "Git merges as any text"};
constexpr CommandSetting kAlias = {
    git::kAliasKey, git::ProgramOfAlias,
    "where git-merge-onehead is not on PATH, git rebase --continue leaves commits out",
    "where git-merge-onehead is not on PATH, Git merges without onehead"};

// A migration that is in the directory of `example`, else `example` itself.
std::string RealName(const git::Clone& clone, const std::string& example) {
  std::error_code error;
  const std::string directory(DirName(example));
  std::string best;
  for (fs::directory_iterator entry(fs::path(clone.work_dir) / directory, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (entry->path().extension() == ".py" && (best.empty() || name < best)) best = name;
  }
  return best.empty() ? example : JoinPath(directory, best);
}

void CheckAttribute(const git::Clone& clone, const std::string& path, Findings* findings) {
  const Result<git::GitOutput> output =
      git::RunGit({{"check-attr", "-z", "merge", "--", path}, clone.work_dir});
  if (!output) return findings->Wrong(output.error());
  const auto fields = Split(output->out, '\0');
  const std::string value = fields.size() < 3 ? "unspecified" : std::string(fields[2]);
  if (value == "onehead") return findings->Ok("git check-attr: " + path + ": merge=onehead");
  findings->Wrong(
      "git check-attr: " + path + ": merge is " + value + ", so Git does not ask onehead about it",
      value == "unspecified" ? kInstall : std::string(kInstall) + " --force");
}

void CheckEnvironments(const git::Clone& clone, Findings* findings) {
  const Result<ClientEnvironments> found = FindClientEnvironments(clone.work_dir);
  if (!found) {
    findings->Warn(found.error().message,
                   found.error().hint.substr(0, found.error().hint.find('\n')));
    return;
  }
  for (const Error& error : found->errors) findings->Warn(error.path + ": " + error.message);
  for (const Environment& environment : found->environments) {
    const std::string& name = environment.script_location;
    findings->Ok("environment " + (name.empty() ? std::string(".") : name));
  }
  for (const auto& [pattern, example] : found->patterns) {
    CheckAttribute(clone, RealName(clone, example), findings);
  }
}

void CheckPrePush(const git::Clone& clone, Findings* findings) {
  const Result<git::HookPlace> place = git::FindPrePushPlace(clone.work_dir, clone.common_dir);
  if (!place) return findings->Warn(place.error().message, place.error().hint);
  HookWords words;
  words.where = place->hook;
  if (!place->hooks_path.empty())
    words.where += " (core.hooksPath, " + place->hooks_path_file + ")";
  words.passed_over = "it checks nothing";
  words.without_program = "it checks nothing";
  words.without_chained = "it is not run";
  words.install = std::string(kInstall) + " --hooks";
  const git::ExistingHook hook = git::LookAtHook(place->hook, "");
  if (hook.kind == git::ExistingHook::Kind::kNothing) {
    return findings->Ok("no pre-push hook (onehead install --client --hooks)");
  }
  if (hook.kind == git::ExistingHook::Kind::kHook) {
    return findings->Ok("pre-push is not onehead's: " + words.where);
  }
  const std::string program = CheckHook(*place, hook, words, findings);
  if (!program.empty()) findings->Ok("pre-push: " + words.where + " runs " + program);
}

}  // namespace

bool IsSetUp(const git::Clone& clone) {
  const git::ConfigPlace place{git::ConfigScope::kRepository, clone.work_dir};
  for (const char* key : {git::kStrategyKey, git::kDriverKey}) {
    const auto value = git::EffectiveValue(place, key);
    if (!value || *value) return true;
  }
  return false;
}

void CheckClone(const git::Clone& clone, const std::string& program, Findings* findings) {
  const git::ConfigPlace place{git::ConfigScope::kRepository, clone.work_dir};
  const bool strategy = CheckStrategy(place, program, findings);
  const std::string alias = CheckCommand(place, kAlias, findings);
  const std::string driver = CheckCommand(place, kDriver, findings);
  CheckEnvironments(clone, findings);
  CheckPrePush(clone, findings);
  TryMerges({strategy ? git::kStrategyValue : "", alias, driver}, findings);
}

}  // namespace onehead
