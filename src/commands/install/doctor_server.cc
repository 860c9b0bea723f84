// What a repository on a server needs: our hook where this kind of server looks for it.
#include <unistd.h>

#include "commands/app/dangling_head.h"
#include "commands/app/settings_use.h"
#include "commands/app/workspace.h"
#include "commands/install/doctor.h"
#include "onehead/base/text.h"
#include "onehead/git/process/process.h"
#include "onehead/git/process/run_git.h"

namespace onehead {
namespace {

using git::ServerKind;
using Kind = git::ExistingHook::Kind;

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

HookWords WordsFor(const git::HookPlace& place) {
  HookWords words;
  words.where = place.hook;
  const std::string product = git::ServerName(place.kind);
  if (!product.empty()) words.where += " (" + product + ")";
  if (!place.hooks_path.empty()) {
    words.where += " (core.hooksPath, " + place.hooks_path_file + ")";
  }
  words.passed_over = "every push passes";
  words.without_program = "every push is refused";
  words.without_chained = "every push is refused";
  words.install = "onehead install --server " + place.given;
  return words;
}

// Gitea's own hook starts those in pre-receive.d.
bool CheckStarter(const git::HookPlace& place, Findings* findings) {
  const std::string starter = place.keep_dir + "/pre-receive";
  if (place.kind != ServerKind::kGitea || access(starter.c_str(), X_OK) == 0) return true;
  findings->Wrong(starter + " is not executable: Git passes it over, and every push passes",
                  "make it executable");
  return false;
}

// What the hook sees on the default branch.
void CheckHistory(const std::string& git_dir, Findings* findings) {
  CommonOptions options;
  options.directory = git_dir;
  const Result<Workspace> workspace = OpenWorkspace(options);
  if (!workspace) return;  // CheckSettings has said why
  if (const auto dangling = DanglingHead(*workspace->repository)) {
    findings->Warn(dangling->message, dangling->hint);
  }
  StateLoader loader(LimitsFrom(workspace->settings));
  const Result<Snapshot> snapshot = ReadSnapshotIfAny(*workspace, options, &loader);
  if (!snapshot && snapshot.error().kind == ErrorKind::kNotFound) return;  // nothing pushed yet
  if (!snapshot) return findings->Warn("HEAD cannot be read: " + snapshot.error().message);
  for (const StatePtr& state : snapshot->states) {
    const std::string& name = state->environment.script_location;
    const std::size_t heads = state->graph.heads().size();
    const std::string text = "environment " + (name.empty() ? std::string(".") : name) + ": " +
                             std::to_string(heads) + (heads == 1 ? " head" : " heads") + " in HEAD";
    if (heads <= workspace->settings.For(state->environment).max_heads) {
      findings->Ok(text);
    } else {
      findings->Warn(text + ": a push that adds no other one passes",
                     "onehead -C " + git_dir + " check");
    }
  }
  if (snapshot->states.empty())
    findings->Ok("no Alembic environment in HEAD: nothing to guard yet");
}

}  // namespace

Kind PreReceiveAt(const std::string& directory) {
  const Result<git::HookPlace> place = git::FindHookPlace(directory);
  return place ? git::LookAtHook(place->hook, "").kind : Kind::kNothing;
}

void CheckServer(const std::string& directory, Findings* findings) {
  const Result<git::HookPlace> place = git::FindHookPlace(directory);
  if (!place) return findings->Wrong(place.error());
  const HookWords words = WordsFor(*place);
  const git::ExistingHook hook = git::LookAtHook(place->hook, "");
  const std::string directory_of_hook(DirName(place->hook));
  CheckLinks(directory_of_hook, place->hook, findings);
  if (place->keep_dir != directory_of_hook) CheckLinks(place->keep_dir, "", findings);
  if (hook.kind == Kind::kNothing) {
    findings->Wrong("no hook at " + words.where + ": every push passes", words.install);
  } else if (hook.kind == Kind::kHook) {
    findings->Wrong(words.where + " is not onehead's hook; whether it runs onehead is not known",
                    words.install + " keeps it and lets it run first");
  } else {
    const std::string program = CheckHook(*place, hook, words, findings);
    if (program.empty() || !CheckStarter(*place, findings)) return;
    findings->Ok("pre-receive: " + words.where);
    CheckRuns(program, findings);
  }
  if (!place->git_dir.empty()) CheckHistory(place->git_dir, findings);
}

}  // namespace onehead
