// The checks of `onehead doctor`, by what they look at. Each prints one line, and the hint below it
// when something is wrong; none of them changes anything outside of a scratch directory.
#pragma once

#include <ostream>
#include <string>

#include "git/client_config.h"
#include "onehead/base/result.h"

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
// The pre-receive hook of the repository at `git_dir`.
void CheckServer(const std::string& git_dir, Findings* findings);
// Merges in a throw-away repository with these settings ("": not tried): that the strategy, and the
// alias that stands in for it, leave one head, and that the driver decides a conflict over
// down_revision.
struct MergeSettings {
  std::string strategy;
  std::string alias;
  std::string driver;
};
void TryMerges(const MergeSettings& settings, Findings* findings);

// A hook file of Git in which our shim should be.
struct HookState {
  bool there = false;
  bool ours = false;
  bool executable = false;
  std::string program;  // of our shim
  bool program_there = false;
};
HookState LookAtHook(const std::string& path);

}  // namespace onehead
