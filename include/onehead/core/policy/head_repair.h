// How to get from too many heads back to one: who brought which head, where they diverge, and which
// line of which file to change. For messages; the plan is that of core/reparent.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/core/policy/change.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

struct HeadOrigin {
  MigrationPtr migration;
  bool is_new = false;  // brought by this change; else it was there
};

// "In this file, set down_revision to these."
struct ParentEdit {
  MigrationPtr migration;
  std::vector<std::string> parents;  // one or more
};

// "down_revision = 'x'", as it can be put into a file whatever the ids are: one printable line.
std::string DownRevisionLine(const ParentEdit& edit);

struct HeadRepair {
  std::vector<HeadOrigin> heads;       // of the group, those that were there first
  std::optional<std::string> diverge;  // id of the last common ancestor of all; null: there is none
  bool diverge_known = true;           // false: with so many heads it was not looked for
  std::string diverge_title;
  // The plan of core/reparent.h, which `command` carries out: these lines, and these files removed,
  // leave one head. Both empty: only a merge revision helps.
  std::vector<ParentEdit> edits;
  std::vector<MigrationPtr> deletions = {};  // merge revisions that join nothing any more
  // "onehead rebase --commit"; empty: none would do that.
  std::string command = {};
  // Histories that have nothing in common, or other branch labels: to join them is hardly meant.
  bool independent = false;
  // False: another defect is in the way, and is to be mended first.
  bool merge_helps = true;
  // The branch lacks what it is to be put onto: `command` brings it in, and nothing else can be
  // done before that.
  bool is_behind = false;
};

// For the heads of `group` (rules.h, HeadGroup) in comparison.after.
HeadRepair PlanHeadRepair(const Comparison& comparison, const Settings& settings,
                          const std::string& group);

}  // namespace onehead
