// Putting the shim at the place where a server wants its hook, and taking it out again.
//
// First a plan for each place, which writes nothing and finds everything that is in the way; then
// the plans are carried out, each so that Git sees at every moment either what was there before or
// what is there after. Not here: which file a server wants (server_layout.h), what is printed.
#pragma once

#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/install/server_layout.h"

namespace onehead::git {

// Where a hook is kept that was there first, both in HookPlace::keep_dir.
std::string ChainedName(const HookPlace& place);  // "pre-receive.onehead-chained": our shim runs it
std::string SavedName(const HookPlace& place);    // "pre-receive.onehead-saved": it is not run

enum class Force {
  kNo,   // what is not understood stays, and is an error
  kYes,  // it is moved out of the way and kept
};

struct Plan {
  enum class Change {
    kNone,       // it is already so
    kInstall,    // the shim is new there
    kUpdate,     // another shim of ours is there
    kUninstall,  // the shim goes, and what was there before comes back
  };
  HookPlace place;
  Change change = Change::kNone;
  std::string text = {};     // kInstall, kUpdate: the shim
  std::string keep_as = {};  // kInstall: the file at place.hook gets this name; empty: none there
  std::string restore = {};  // kUninstall: the file that comes back; empty: none
  std::string chained = {};  // kInstall, kUpdate, kNone: the hook that runs first; empty: none
  int directories = 0;       // kUninstall: levels above the shim to remove if they are empty
  std::vector<std::string> warnings = {};  // one line each
};

// kInvalid: something is in the way (the message says what, the hint what to do); kIo: it cannot
// be written there. `program` is the absolute path of onehead.
[[nodiscard]] Result<Plan> PlanInstall(const HookPlace& place, const std::string& program,
                                       Force force);
[[nodiscard]] Result<Plan> PlanUninstall(const HookPlace& place);

// Carries one plan out. After an error nothing of it is left behind.
[[nodiscard]] Status Apply(const Plan& plan);

}  // namespace onehead::git
