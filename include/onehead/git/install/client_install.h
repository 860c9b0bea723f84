// Making Git merge migrations with onehead in a developer's clone, and taking that back.
//
// First a plan, which writes nothing; then it is carried out in an order in which Git works at
// every moment: the strategy is switched on last and off first. Not here: which directories hold
// migrations (commands), the pre-push hook (hook_install.h), what is printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/install/client_config.h"
#include "onehead/git/install/hook_install.h"

namespace onehead::git {

inline constexpr char kStrategyKey[] = "pull.twohead";
inline constexpr char kStrategyValue[] = "onehead";
inline constexpr char kDriverNameKey[] = "merge.onehead.name";
inline constexpr char kDriverKey[] = "merge.onehead.driver";
inline constexpr char kAliasKey[] = "alias.merge-onehead";
inline constexpr char kStrategyProgram[] = "merge-onehead";  // see FindGitProgram

// The command line for merge.onehead.driver. When the program is missing, empty or dies, or says
// "conflict" without leaving one, it does what Git would have done: git merge-file. Its exit code
// is 0 or 1. kInvalid: a path with a line break.
[[nodiscard]] Result<std::string> DriverCommand(const std::string& program);
// The path in a command that DriverCommand made; null: another command.
std::optional<std::string> ProgramOfDriver(const std::string& command);

// The alias that Git's sequencer (rebase, cherry-pick; not git merge) runs when there is no program
// git-merge-onehead to be found. It starts `program` by its path; when that is gone too, it picks
// the commit as Git does without a strategy. kInvalid: as above.
[[nodiscard]] Result<std::string> AliasCommand(const std::string& program);
std::optional<std::string> ProgramOfAlias(const std::string& command);

struct SettingChange {
  enum class Kind {
    kSame,     // it is already so
    kSet,      // it was not set
    kReplace,  // it was something else (`before`), which is noted for uninstalling
    kKept,     // it is something else, and stays
    kRestore,  // uninstall: becomes `value` again (null: not set)
  };
  std::string key;
  Kind kind = Kind::kSame;
  std::optional<std::string> value;
  std::optional<ConfigValue> before;
};

struct FileChange {
  std::string path;                   // absolute, links resolved
  std::optional<std::string> before;  // null: no file
  std::optional<std::string> after;
  bool changes() const { return before != after; }
};

struct ClientPlan {
  ConfigPlace place;
  std::vector<SettingChange> settings;  // in the order in which they are written
  FileChange attributes;
};

// `patterns`: the lines of the attributes file. Something else that is already set stays, unless
// kYes. The program git-merge-onehead is the caller's to look for: with pull.twohead set and that
// missing, Git refuses to merge anything.
struct ClientInstallRequest {
  ConfigPlace place;
  std::string program;          // absolute
  std::string attributes_file;  // absolute
  std::vector<std::string> patterns;
  Force force = Force::kNo;
};
[[nodiscard]] Result<ClientPlan> PlanClient(const ClientInstallRequest& wish);
[[nodiscard]] Result<ClientPlan> PlanClientRemoval(const ConfigPlace& place,
                                                   const std::string& attributes_file);

// After an error what was done so far stays, and doing it again goes on from there.
[[nodiscard]] Status ApplyClient(const ClientPlan& plan);

// Where Git runs pre-push for the work tree at `work_dir`. kInvalid: core.hooksPath is no
// directory.
[[nodiscard]] Result<HookPlace> FindPrePushPlace(const std::string& work_dir,
                                                 const std::string& common_dir);

}  // namespace onehead::git
