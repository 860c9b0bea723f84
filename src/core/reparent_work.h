// The working copy of a re-parenting: what each migration will declare.
//
// Here: the values while the plan is made, and the pieces of the plan, each in a file of its own.
// Not here: the interface (reparent.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/graph.h"
#include "onehead/core/reparent.h"

namespace onehead::reparent {

struct Item {
  MigrationPtr original;
  bool local = false;
  bool moved = false;  // it, or something local beneath it, got another parent
  std::string id;
  std::vector<std::string> parents;
  std::vector<std::string> depends_on;
};

// Every migration that has an id, in reading order.
using Items = std::vector<Item>;

struct Work {
  Items items;
  std::map<std::string, std::size_t> local;  // id -> item; unique once the ids are
  std::set<std::string> published;           // ids of items that are not local
};

// The migrations that the items stand for. `published_only` leaves the local ones out.
enum class Which { kAll, kPublished };
std::vector<MigrationPtr> Declare(const Work& work, Which which);

// reparent_ids.cc: the working copy, with the numbers of duplicate ids changed where that is asked
// for. Refuses local migrations that cannot be read, and duplicate ids.
[[nodiscard]] Result<Work> MakeWork(const ReparentInput& input, const ReparentOptions& options);
// Fresh ids for all that moved, and for what names it.
[[nodiscard]] Status GiveNewIds(const ReparentOptions& options, Work* work);
// The path with the new id in its name; empty when the name does not hold the old one.
std::string PathWithId(const Migration& migration, const std::string& new_id);

// reparent_place.cc: gives the local roots that stand on older revisions their new parents.
[[nodiscard]] Status PlaceRoots(const ReparentInput& input, const ReparentOptions& options,
                                Work* work);

// reparent_verify.cc: the promises of the contract, on the finished graph.
[[nodiscard]] Status Verify(const ReparentInput& input, const ReparentOptions& options,
                            const Work& work);

}  // namespace onehead::reparent
