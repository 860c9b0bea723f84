// Giving local migrations other parents, so that one head is left: the plan, as a pure function.
//
// The rules are the contract's section "What is rewritten, and what never is"; their numbers stand
// beside what keeps them. Not here: changing the text of a file (rewrite.h), finding out what is
// published (git/, commands/).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/graph.h"
#include "onehead/core/load.h"

namespace onehead {

struct ReparentInput {
  // All migrations that the result has, in Alembic's reading order: those that stay with the
  // content that stays.
  std::vector<MigrationPtr> migrations;
  // The paths of those that may be rewritten; all others are published. (Paths, not ids: two files
  // may declare one id.)
  std::set<std::string> local_paths;
  // Position of the commit that added a local migration, older first; equal where not known. Roots
  // are put one after the other in this order, then by path (rule 4).
  std::map<std::string, int> added_at;  // by path
  // Ids of local migrations that a rebase has dropped: as parents they count as stale (rule 4).
  // Any other parent that no file declares is a refusal.
  std::set<std::string> dropped;
  std::set<std::string> empty_merges;
  // Published elsewhere with another parent: never given a second one (contract; kInvalid naming
  // --new-ids unless these get new ids too). By id, the parents they have there.
  std::map<std::string, std::vector<std::string>> published_parents;
};

struct ReparentOptions {
  bool labelled_heads = false;  // heads are counted per set of labels (rule 7 holds regardless)
  std::size_t max_heads = 1;    // more are allowed where the staying side has no more than this
  std::optional<std::string> onto = {};  // the id to follow, instead of the published head
  // New ids for all migrations that move (rule 3, --new-ids). Gives a fresh id at each call.
  std::function<std::string()> new_id = {};
  // A local migration whose id is declared by a published file too gets the next number
  // (--renumber); without it that is a refusal.
  bool renumber = false;
};

// What changes in one file.
struct MigrationChange {
  MigrationPtr migration;               // as it is
  std::vector<std::string> parents;     // down_revision as it will be, in order; empty: a base
  std::string new_id;                   // empty: keeps its id
  std::vector<std::string> depends_on;  // as it will be: differs only where ids are new
  std::string new_path;                 // empty: keeps its path; set when the name holds the old id
  bool parents_changed = false;
  bool removed = false;
};

struct ReparentPlan {
  std::vector<MigrationChange> changes;  // by path; empty: nothing has to change (rule 5)
};

// The smallest set of changes after which the result has no more heads than the staying side
// (rule 1), computed on the whole graph and verified on it before it is returned. A refusal is an
// error: kInvalid, with a message that says why and a hint that says what to do instead.
// Linear in the number of revisions, apart from sorting and ancestor sets per moved root.
[[nodiscard]] Result<ReparentPlan> PlanReparent(const ReparentInput& input,
                                                const ReparentOptions& options);

}  // namespace onehead
