// The rules: what may be wrong with one environment.
//
// Each rule is a file in src/core/policy/rules/ named by its id, and a row of AllRules(). Here:
// running them over one state. Not here: which findings are new (change.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "onehead/core/history/environment_state.h"
#include "onehead/core/history/head_count.h"
#include "onehead/core/policy/finding.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

// Files of the work tree that Alembic reads there and that nobody else gets, by path, each as a
// word for a shell in the current directory.
struct UnsharedFile {
  bool is_ignored = false;  // else: not tracked
  std::string word;
};
using UnsharedFiles = std::map<std::string, UnsharedFile>;

// Some findings weigh more where a change brings them than in what is there.
enum class RulePurpose { kState, kChange };

struct RuleInput {
  const EnvironmentState& state;
  const Settings& settings;
  const HeadAllowance& allowance;
  // What came before, where that is known: the migrations whose state is compared with.
  const EnvironmentState* before = nullptr;
  // What must not change; null: nothing is published.
  const EnvironmentState* published = nullptr;
  // What the tips of published refs have; may be null.
  const std::vector<StatePtr>* published_tips = nullptr;
  const UnsharedFiles* unshared = nullptr;  // null: it is no work tree
  RulePurpose purpose = RulePurpose::kState;
};

using RuleFunction = void (*)(const RuleInput& input, std::vector<Finding>* findings);

struct Rule {
  const char* id;
  const char* summary;  // one line, for help
  RuleFunction find;
};

const std::vector<Rule>& AllRules();

// Every finding of every rule, sorted.
std::vector<Finding> RunRules(const RuleInput& input);

}  // namespace onehead
