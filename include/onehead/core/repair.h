// How to get from too many heads back to one: who brought which head, where they part, and which
// line of which file to change. For messages; nothing is rewritten here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/core/config.h"
#include "onehead/core/policy.h"

namespace onehead {

struct HeadOrigin {
  MigrationPtr migration;
  bool is_new = false;  // brought by this change; else it was there
};

// "In this file, set down_revision to that."
struct ParentEdit {
  MigrationPtr migration;
  std::string parent;  // the id to follow
};

// "down_revision = 'x'", as it can be put into a file whatever the id is: one printable line.
std::string DownRevisionLine(const ParentEdit& edit);

struct HeadRepair {
  std::vector<HeadOrigin> heads;       // of the group, those that were there first
  std::optional<std::string> diverge;  // id of the last common ancestor of all; null: there is none
  bool diverge_known = true;           // false: with so many heads it was not looked for
  std::string diverge_title;
  // When all of them are made there is one head less for each: those are left that stay where they
  // are. Empty: only a merge revision helps.
  std::vector<ParentEdit> edits;
  // Merge revisions that join only what the first of `heads` joins already: one head is left
  // without them. Then there are no edits.
  std::vector<MigrationPtr> deletions = {};
};

// For the heads of `group` (rules.h, HeadGroup) in comparison.after.
HeadRepair PlanHeadRepair(const Comparison& comparison, const Settings& settings,
                          const std::string& group);

}  // namespace onehead
