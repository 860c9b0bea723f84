// Repairing the migrations of a merge that Git has made: what to write where.
//
// Here: which environments a merge may have forked, the input of the plan, the new texts. Nothing
// is written. Not here: making the merge (cmd_merge_strategy.h), the plan itself (core/reparent.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/edits/migration_edit.h"
#include "commands/report/report_text.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/settings/settings.h"
#include "onehead/core/tree/source_tree.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

struct MergeContext {
  const git::Repository& repository;
  const Settings& settings;
  const DiscoveryOptions& discovery;
  ContentId ours;  // commits
  ContentId theirs;
  bool is_replay = false;  // a rebase or cherry-pick
  // What the picked commit builds on; null where there is no pick, or no parent.
  std::optional<ContentId> base = {};
};

struct MergeRepair {
  std::vector<MigrationEdit> edits;  // by path
  Lines rewritten;                   // one for each edit: what, from, to
  Lines databases;                   // what it means for databases that ran what moved
  Lines lines;                       // why something could not be repaired
  // Two files declare one id and nothing may renumber them: a commit of it needs the user.
  bool needs_user = false;
};

// `merged`: what Git made of `ours` and `theirs` (the trees of the two commits). Reads next to
// nothing when not both sides changed an environment. A refusal is part of the answer; fails only
// when something cannot be read.
[[nodiscard]] Result<MergeRepair> PlanMergeRepair(const MergeContext& context,
                                                  const SourceTree& ours, const SourceTree& theirs,
                                                  const SourceTree& merged);

}  // namespace onehead
