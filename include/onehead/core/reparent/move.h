// Giving one chosen chain of migrations another parent, published or not: the explicit repair of a
// fork that is on main already (`onehead move`).
//
// Here: what may be moved where. The plan itself is that of reparent.h, to which the chain is local
// and everything else is published. Not here: whether the chain is published (commands).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/history/load.h"
#include "onehead/core/reparent/reparent.h"

namespace onehead {

struct MoveRequest {
  std::string id;    // what moves, with all that stands on it
  std::string onto;  // what it shall follow
  bool labelled_heads = false;
  // As in ReparentOptions.
  std::function<std::string()> new_id = {};
  bool renumber = false;
  // What a command that a hint names needs behind it: " -n SECTION".
  std::string options = {};
};

// "onehead move ID --onto ID", with its options.
std::string MoveCommandLine(const MoveRequest& request);

// The paths of `id` and of all that stands on it.
std::set<std::string> ChainPaths(const Graph& graph, const std::string& id);

// Of the parents of `id` those that `onto` stands on, and those that are gone, become `onto`; the
// others stay. Empty: it follows `onto` already. kInvalid, with a hint what to do instead: it would
// be a cycle, there would be more heads than before, labels would mix, no parent is one that `onto`
// stands on, two files declare one id, or a file cannot be read. kNotFound: there is no such
// revision.
[[nodiscard]] Result<ReparentPlan> PlanMove(const std::vector<MigrationPtr>& migrations,
                                            const MoveRequest& request);

}  // namespace onehead
