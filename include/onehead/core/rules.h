// The rules: what may be wrong with one environment.
//
// Each rule is a file in src/core/rules/ named by its id, and a row of AllRules(). Here: running
// them over one state. Not here: which findings are new (policy.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "onehead/core/config.h"
#include "onehead/core/finding.h"
#include "onehead/core/state.h"

namespace onehead {

// Heads counted per group. Without onehead.labelledHeads there is one group, "". With it a group is
// a set of labels, written "a, b" in sorted order; heads without a label are the group "".
using HeadCounts = std::map<std::string, int>;

// The group of a head.
std::string HeadGroup(const Node& head, const Settings& settings);
// With those that are presumed of files that cannot be read (Graph::unread_heads), and without
// those that are heads only because a file is missing, or because its id cannot be read and only
// its name says it: each such parent may stand on one of them (no merge mends that). Where `before`
// is not null, on one that was there: what is new nobody has stood on. With
// onehead.externalRevisions none is missing.
HeadCounts CountHeads(const Graph& graph, const Settings& settings, const Graph* before = nullptr);

// How many heads are allowed.
struct HeadAllowance {
  int per_group = 1;   // onehead.maxHeads
  HeadCounts at_most;  // more than that for these groups

  int For(const std::string& group) const;
  // Raises the allowance to what `counts` has.
  void Include(const HeadCounts& counts);
};

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
