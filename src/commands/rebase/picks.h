// What a rebase, or a cherry-pick of several commits, that is under way has still to do.
#pragma once

#include <optional>

#include "onehead/base/result.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

// The commit of the last pick that is left, when `picked` and all that follow it up to there are
// the branch as it was: nothing left out, reordered or merged. Null: there is none, or they are
// not.
[[nodiscard]] Result<std::optional<ContentId>> LastPick(const git::Repository& repository,
                                                        const ContentId& picked);

// The commit of the last pick that is left, whatever else is to be done. Null: there is none.
[[nodiscard]] Result<std::optional<ContentId>> LastPick(const git::Repository& repository);

// Was `onehead rebase --renumber` (or --new-ids) used while this rebase had stopped? Then it holds
// for the picks that follow, too: they name what has got another id. Gone with the rebase.
struct RebaseChoices {
  bool renumber = false;
  bool new_ids = false;
};
RebaseChoices ChoicesOf(const git::Repository& repository);
// Nothing while no rebase is under way.
[[nodiscard]] Status Remember(const git::Repository& repository, const RebaseChoices& choices);

}  // namespace onehead
