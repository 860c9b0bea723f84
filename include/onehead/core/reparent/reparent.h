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
#include "onehead/core/history/graph.h"
#include "onehead/core/history/load.h"

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
  // Revisions that are gone for a known reason: a rebase has dropped them, or the side that stays
  // has removed them (squashed, replaced, renumbered). With the parents that each had; empty: not
  // known. A local migration with such a parent follows what is left of those beneath it, else
  // the published head (rule 4). What a file here declares is not gone. Any other parent that no
  // file declares is a refusal.
  std::map<std::string, std::vector<std::string>> stale;
  // The paths of local merge revisions whose upgrade() and downgrade() do nothing. They are removed
  // when nothing is left for them to join; others become plain migrations then.
  std::set<std::string> empty_merges;
  // Published elsewhere with another parent: never given a second one (contract; kInvalid naming
  // --new-ids unless these get new ids too). By id, the parents they have there.
  std::map<std::string, std::vector<std::string>> published_parents;
  // What later commits of the same rebase will bring: no new id, number or path is one of these.
  std::set<std::string> taken_ids;
  std::set<std::string> taken_paths;
  // What local migrations got as new ids and paths in another commit of the same branch, by their
  // old ones. Used instead of a fresh one wherever one is given here (an id that is mapped to
  // itself is kept), and for what local migrations name where no local file has the old id: a
  // published one may have it by now, and is not meant.
  std::map<std::string, std::string> known_ids;
  std::map<std::string, std::string> known_paths;
};

struct ReparentOptions {
  bool labelled_heads = false;  // heads are counted per set of labels (rule 7 holds regardless)
  std::size_t max_heads = 1;    // more are allowed where the staying side has no more than this
  std::optional<std::string> onto = {};  // the id to follow, instead of the published head
  // Of several parents those that `onto` does not descend from stay.
  bool only_below_onto = false;
  // New ids for all migrations that move (rule 3, --new-ids), and for local ones whose id another
  // file declares too. Gives a fresh id at each call.
  std::function<std::string()> new_id = {};
  // Where the environment counts (its published ids or file names begin with consecutive numbers):
  // the next number for each local migration whose id is taken, whose number is not above that of
  // what it stands on, or that moves to where its number is in use (--renumber). What follows the
  // number stays; the file's name follows the id, or is all that changes where only it is numbered.
  // Together with new_id: a number for what has one, a fresh id for the rest.
  bool renumber = false;
  // Whether two files that declare one id hold the same bytes. Asked where the content id of one is
  // not known (files on disk); empty: they do not.
  std::function<bool(const Migration&, const Migration&)> same_text = {};
};

// What changes in one file.
struct MigrationChange {
  MigrationPtr migration;               // as it is
  std::vector<std::string> parents;     // down_revision as it will be, in order; empty: a base
  std::string new_id;                   // empty: keeps its id
  std::vector<std::string> depends_on;  // as it will be
  std::string new_path;                 // empty: keeps its path
  bool parents_changed = false;
  // The file goes: a merge revision that joins nothing any more, or a second copy of a published
  // file. Nothing else of the change counts then.
  bool removed = false;
  std::string why_removed = {};  // one line, about the file: "is the same migration as a.py"
};

struct ReparentPlan {
  std::vector<MigrationChange> changes;  // by path; empty: nothing has to change (rule 5)
};

// The smallest set of changes after which the result has no more heads than the staying side
// (rule 1), no local merge revision joins what is joined without it, and no id is declared twice,
// computed on the whole graph and verified on it before it is returned. A refusal is an error:
// kInvalid, with a message that says why and a hint that says what to do instead.
// Linear in the number of revisions, apart from sorting and ancestor sets per moved root and per
// local merge revision.
[[nodiscard]] Result<ReparentPlan> PlanReparent(const ReparentInput& input,
                                                const ReparentOptions& options);

}  // namespace onehead
