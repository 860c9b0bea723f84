// The working copy of a re-parenting: what each migration will declare.
//
// Here: the values while the plan is made, and the pieces of the plan, each in a file of its own.
// Not here: the interface (reparent.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/reparent/numbers.h"
#include "onehead/base/result.h"
#include "onehead/core/history/graph.h"
#include "onehead/core/reparent/reparent.h"

namespace onehead::reparent {

struct Item {
  MigrationPtr original;
  bool local = false;
  bool moved = false;  // other revisions are beneath it than before
  // Another file declares its id too. Until GiveNames, `id` is then a stand-in that names the file.
  bool clashes = false;
  std::string why_removed = {};  // not empty: the file goes (MigrationChange)
  std::string id = {};
  std::vector<std::string> parents = {};
  std::vector<std::string> depends_on = {};
  std::string new_path = {};  // empty: keeps its path

  bool removed() const { return !why_removed.empty(); }
};

// Every migration that has an id, in reading order.
using Items = std::vector<Item>;

struct Work {
  Items items;
  std::map<std::string, std::size_t> local;  // id -> item; without those that are removed
  std::set<std::string> published;           // ids of items that are not local
  Numbering numbering;
};

// The local migrations among themselves, by item.
struct LocalLinks {
  explicit LocalLinks(const Work& work);
  // Those that descend from one, itself included.
  std::vector<std::size_t> Above(std::size_t from) const;

  std::vector<std::vector<std::size_t>> children;
  // Parents before children, else by id. What is on a cycle, or above one, is missing.
  std::vector<std::size_t> order;
};

// The migrations that the items stand for. `published_only` leaves the local ones out.
enum class Which { kAll, kPublished };
std::vector<MigrationPtr> Declare(const Work& work, Which which);

// "a, b"
std::string JoinIds(const std::vector<std::string>& ids);

// ids.cc: the working copy, in which every local id is unique and every parent that could
// be traced is one that is there. Refuses local migrations that cannot be read, and ids that two
// files declare where none of them may get another.
[[nodiscard]] Result<Work> MakeWork(const ReparentInput& input, const ReparentOptions& options);

// place.cc: gives the local roots that stand on older revisions their new parents.
[[nodiscard]] Status PlaceRoots(const ReparentInput& input, const ReparentOptions& options,
                                Work* work);

// reduce.cc: takes the parents out of local merge revisions that are joined without them,
// and what then joins nothing out of the history.
void ReduceMerges(const ReparentInput& input, const ReparentOptions& options, Work* work);

// names.cc: the next number, a known or a fresh id for whatever needs one, and for what
// names it.
[[nodiscard]] Status GiveNames(const ReparentInput& input, const ReparentOptions& options,
                               Work* work);

// verify.cc: the promises of the contract, on the finished graph.
[[nodiscard]] Status Verify(const ReparentInput& input, const ReparentOptions& options,
                            const Work& work);

}  // namespace onehead::reparent
