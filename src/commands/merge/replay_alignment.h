// A pick of a rebase, merged as if the commits before it had always been written for the new base.
//
// An earlier pick of the same branch may have been rewritten: its migration has another parent (id,
// path) in "ours" than in the base and in "theirs" of this pick. For Git that is a change of one
// side, and whatever this pick does to the file (edits, deletes, recreates it under a new id) is a
// change of the other: a conflict that stock Git would not have. Here: base and theirs with the
// same rewrite, so that both sides agree. Not here: the merge (cmd_merge_strategy.h), and what this
// pick itself brings (merge_repair.h).
#pragma once

#include <optional>

#include "commands/merge/merge_repair.h"
#include "onehead/base/result.h"
#include "onehead/git/merge/object_writer.h"

namespace onehead {

// Trees. "ours" is that of the commit.
struct ReplayTrees {
  ContentId base;
  ContentId ours;
  ContentId theirs;
};

// Base and theirs as they would be; null: they are right as they are. `base`: the commit that the
// picked one builds on. Reads next to nothing when the pick touches no migration. The new trees are
// written with `writer`.
[[nodiscard]] Result<std::optional<ReplayTrees>> AlignReplay(const MergeContext& context,
                                                             const ContentId& base,
                                                             const ReplayTrees& trees,
                                                             git::ObjectWriter* writer);

}  // namespace onehead
