// What a repository on a server needs: our hook where this kind of server looks for it.
#include "commands/doctor.h"
#include "git/process.h"
#include "git/server_layout.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

// That the program starts at all as the user who asks.
void CheckRuns(const std::string& program, Findings* findings) {
  const Result<git::ProcessResult> run = git::RunProcess({program, "--version"});
  if (run && run->status == 0) {
    return findings->Ok("it runs " + program + " (" + run->out.substr(0, run->out.find('\n')) +
                        ")");
  }
  findings->Wrong("it runs " + program + ", which does not start: every push is refused",
                  "onehead install --server, with a program that works");
}

}  // namespace

void CheckServer(const std::string& git_dir, Findings* findings) {
  const Result<git::HookPlace> place = git::FindHookPlace(git_dir);
  if (!place) return findings->Wrong(place.error());
  const std::string product = git::ServerName(place->kind);
  std::string where = place->hook;
  if (!product.empty()) where += " (" + product + ")";
  if (!place->hooks_path.empty()) where += " (core.hooksPath, " + place->hooks_path_file + ")";
  const std::string install = "onehead install --server " + git_dir;
  const HookState hook = LookAtHook(place->hook);
  if (!hook.there) {
    return findings->Wrong("no hook at " + where + ": every push passes", install);
  }
  if (!hook.ours) {
    return findings->Wrong(where + " is not onehead's hook; whether it runs onehead is not known",
                           install + " keeps it and lets it run first");
  }
  if (!hook.executable) {
    return findings->Wrong(where + " is not executable: Git passes it over, and every push passes",
                           install);
  }
  if (!hook.program_there) {
    return findings->Wrong(where + " runs '" + hook.program +
                               "', which is missing or not executable: every push is refused",
                           install + ", or put the program back");
  }
  findings->Ok("pre-receive: " + where);
  CheckRuns(hook.program, findings);
}

}  // namespace onehead
