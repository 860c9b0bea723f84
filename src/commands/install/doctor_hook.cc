// A hook of ours as Git will find it, on a server and in a clone.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "commands/install/doctor.h"
#include "onehead/base/text.h"
#include "onehead/git/install/client_install.h"
#include "onehead/git/install/hook_install.h"
#include "onehead/git/install/shim.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using Kind = git::ExistingHook::Kind;

bool CheckChained(const git::HookPlace& place, const git::Shim& shim, const HookWords& words,
                  Findings* findings) {
  if (shim.chained.empty()) return true;
  const std::string chained = std::string(DirName(place.hook)) + "/" + shim.chained;
  if (IsProgram(chained)) return true;
  findings->Wrong(words.where + " runs " + chained +
                      " first, which is missing or not executable: " + words.without_chained,
                  words.install);
  return false;
}

// The program that a shim starts; "" when something is wrong.
std::string CheckShim(const git::HookPlace& place, const git::ExistingHook& hook,
                      const HookWords& words, Findings* findings) {
  const git::Shim shim = git::ParseShim(hook.text).value_or(git::Shim());
  if (!hook.executable) {
    findings->Wrong(
        words.where + " is not executable: Git passes it over, and " + words.passed_over,
        words.install);
    return "";
  }
  const std::string program = shim.program.empty() ? git::FindOnPath("onehead") : shim.program;
  if (!IsProgram(program)) {
    findings->Wrong(words.where + " runs '" + program +
                        "', which is missing or not executable: " + words.without_program,
                    words.install);
    return "";
  }
  if (!CheckChained(place, shim, words, findings)) return "";
  const Result<git::Plan> plan = git::PlanInstall(place, program, git::Force::kNo);
  if (plan && plan->change == git::Plan::Change::kUpdate) {
    findings->Warn(words.where + " is of another version", words.install);
  }
  if (plan && hook.kind == Kind::kShim) {
    for (const std::string& warning : plan->warnings) findings->Warn(warning);
  }
  return program;
}

}  // namespace

bool IsProgram(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && fs::file_size(path, ignored) > 0 &&
         access(path.c_str(), X_OK) == 0;
}

std::string CheckHook(const git::HookPlace& place, const git::ExistingHook& hook,
                      const HookWords& words, Findings* findings) {
  switch (hook.kind) {
    case Kind::kShim:
    case Kind::kShimLink:
      return CheckShim(place, hook, words, findings);
    case Kind::kDeadLink:
      findings->Wrong(words.where + " is a link to " + hook.target +
                          ", which is missing or not executable: Git skips such a link silently, "
                          "and " +
                          words.passed_over,
                      words.install + " --force");
      return "";
    case Kind::kProgramLink:
      findings->Warn(words.where + " is a link to " + hook.target +
                         ": if that were missing, Git would skip the link silently",
                     words.install);
      return hook.target;
    case Kind::kIgnored:
      findings->Wrong(
          words.where + " is not executable: Git passes it over, and " + words.passed_over,
          words.install);
      return "";
    case Kind::kOther:
      findings->Wrong(words.where + " is not a file: " + words.passed_over, "move it away");
      return "";
    case Kind::kNothing:
    case Kind::kHook:
      break;
  }
  return "";
}

void CheckLinks(const std::string& directory, const std::string& known, Findings* findings) {
  std::error_code error;
  std::vector<std::string> dead;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    const bool is_kept = path.ends_with(".onehead-saved");  // no hook is called so
    if (path == known || is_kept || !entry->is_symlink(error)) continue;
    if (access(path.c_str(), F_OK) != 0) dead.push_back(path);
  }
  std::sort(dead.begin(), dead.end());
  for (const std::string& link : dead) {
    std::error_code ignored;
    findings->Warn(
        link + " is a link to " + fs::read_symlink(link, ignored).string() +
            ", which is missing: Git skips such a link silently, as if there were no hook",
        "remove the link, or put back what it leads to");
  }
}

}  // namespace onehead
