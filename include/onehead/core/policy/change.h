// What a change of one environment is to be blamed for.
//
// Pure: states in, findings out. Not here: which commits are compared (commands), exit codes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "onehead/core/history/environment_state.h"
#include "onehead/core/policy/finding.h"
#include "onehead/core/policy/rules.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

// One environment, as it will be, and all that it is compared with.
struct Comparison {
  StatePtr after;
  StatePtr before = nullptr;          // at the old tip; null: there was none
  std::vector<StatePtr> others = {};  // at further commits that were there already
  StatePtr published = nullptr;       // what must not change; null: nothing
  StatePtr target = nullptr;          // at the branch this will be merged into; only for head_repair.h
  // At the tips of published refs: what they have must not get another parent.
  std::vector<StatePtr> published_tips = {};
  // The rest is for head_repair.h only. By id, in which order the commits added what is new:
  std::map<std::string, int> added_at = {};
  std::set<std::string> empty_merges = {};  // see ReparentInput
  // Paths of migrations that a published branch once had: they are published all the same.
  std::set<std::string> restored = {};
  // What carries out the plan of head_repair.h in a clone; empty: nothing does.
  std::string repair_command = "onehead rebase --commit";
};

// The findings that the change brings: those that neither `before` nor any of `others` has, heads
// beyond the allowance, and what was published and has changed, at the level that the settings
// give it. What was there before and still is: a warning for too many heads, else nothing.
// Notes are left out. Sorted.
std::vector<Finding> JudgeChange(const Comparison& comparison, const Settings& settings);

// All findings of a state by itself. `unshared`: see RuleInput.
std::vector<Finding> JudgeState(const EnvironmentState& state, const Settings& settings,
                                const UnsharedFiles* unshared = nullptr);

// How many heads the comparison allows.
HeadAllowance AllowanceOf(const Comparison& comparison, const Settings& settings);

}  // namespace onehead
