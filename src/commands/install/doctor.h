// The checks of `onehead doctor`, by what they look at. Each prints one line, and the hint below it
// when something is wrong; none of them changes anything outside of a scratch directory.
#pragma once

#include <ostream>
#include <string>

#include "onehead/base/result.h"
#include "onehead/git/install/client_config.h"
#include "onehead/git/install/existing_hook.h"
#include "onehead/git/install/server_layout.h"

namespace onehead {

class Findings {
 public:
  explicit Findings(std::ostream& out) : out_(out) {}
  void Ok(const std::string& text) { Line("ok: ", text); }
  // Something to know about; everything still works.
  void Warn(const std::string& text, const std::string& hint = "");
  void Wrong(const std::string& text, const std::string& hint = "");
  void Wrong(const Error& error) { Wrong(error.message, error.hint); }
  bool any_wrong() const { return any_wrong_; }

 private:
  void Line(const char* prefix, const std::string& text);
  std::ostream& out_;
  bool any_wrong_ = false;
};

// Git, libgit2, and this program on PATH.
void CheckPrograms(const std::string& program, Findings* findings);
// The keys "onehead.*" of the repository at `directory`.
void CheckSettings(const std::string& directory, Findings* findings);
// Strategy, driver, attributes, pre-push.
void CheckClone(const git::Clone& clone, const std::string& program, Findings* findings);
// True if anything of it is set there.
bool IsSetUp(const git::Clone& clone);
// The pre-receive hook of the repository `directory`, or of all repositories of a server whose
// common hooks (gitolite, GitLab) are there.
void CheckServer(const std::string& directory, Findings* findings);
// What is where CheckServer looks for the hook.
git::ExistingHook::Kind PreReceiveAt(const std::string& directory);
// Merges in a throw-away repository with these settings ("": not tried): that the strategy, and the
// alias that stands in for it, leave one head, and that the driver decides a conflict over
// down_revision.
struct MergeSettings {
  std::string strategy;
  std::string alias;
  std::string driver;
};
void TryMerges(const MergeSettings& settings, Findings* findings);

// How CheckHook tells what it finds.
struct HookWords {
  std::string where;            // the hook
  std::string passed_over;      // what follows when Git does not run it
  std::string without_program;  // when the program is missing
  std::string without_chained;  // when the hook is missing that runs first
  std::string install;          // the command that mends it
};
// Says what keeps a hook of ours from working. The program that it starts; "" when it does not, or
// when nothing of ours is there, which is for the caller to tell.
std::string CheckHook(const git::HookPlace& place, const git::ExistingHook& hook,
                      const HookWords& words, Findings* findings);
// Links in a directory of hooks that lead to nothing, other than `known`.
void CheckLinks(const std::string& directory, const std::string& known, Findings* findings);

// True for a file that can be executed.
bool IsProgram(const std::string& path);

}  // namespace onehead
