// A rebase that is under way, as its files in the Git directory show it.
#pragma once

#include <string>

namespace onehead {

bool IsRebasing(const std::string& git_dir);

// Is the step of the rebase that runs a merge that is made again (`git rebase -r`)? Then neither
// side is the one that is built on.
bool IsRemakingMerge(const std::string& git_dir);

// Puts the commit `id` that a rebase has just tried to pick back at the front of its list. Stock
// Git does that itself when something in the work tree is in the way; with a strategy it takes
// every failure for conflicts, and a `git rebase --continue` would then leave the commit out
// without a word (Git's sequencer.c: only a negative result is rescheduled, and a strategy can
// give none). False: no rebase is picking this commit, or the list could not be written.
bool Reschedule(const std::string& git_dir, const std::string& id);

}  // namespace onehead
