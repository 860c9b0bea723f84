// A rebase that is under way, as its files in the Git directory show it.
#pragma once

#include <string>

#include "onehead/base/result.h"

namespace onehead {

bool IsRebasing(const std::string& git_dir);

// Is the step of the rebase that runs a merge that is made again (`git rebase -r`)? Then neither
// side is the one that is built on.
bool IsRemakingMerge(const std::string& git_dir);

// The Git directory of the work tree in whose top the program was started; "": not to be found so
// easily. For what must be done before anything else can go wrong.
std::string GitDirHere();

// The step that a rebase is just doing, kept on its list until it has worked.
//
// Git takes a step off the list first. When it cannot be done (something is in the way, the disk is
// full) stock Git puts it back; but of a strategy it takes every failure for conflicts, also that
// it was killed, and `git rebase --continue` then leaves the commit out without a word
// (sequencer.c: only a negative result is rescheduled, and a strategy can give none). So the step
// is put back before anything is done, and taken off again when it has worked.
class RebaseStep {
 public:
  RebaseStep() = default;
  RebaseStep(const RebaseStep&) = delete;
  RebaseStep& operator=(const RebaseStep&) = delete;
  ~RebaseStep();

  // `commit`: what is picked, or the side that is merged. Nothing is done when no rebase is at it.
  // kIo: the list cannot be written. It is then moved away, so that `git rebase --continue` stops
  // instead of leaving the commit out; the hint says how to go on.
  [[nodiscard]] Status Keep(const std::string& git_dir, const std::string& commit, bool is_merge);
  // It is still to be done, should this program end now.
  bool is_kept() const { return !list_.empty(); }
  void Done();
  // What the step calls the side that it merges; "": it is no such step.
  const std::string& label() const { return label_; }

 private:
  std::string label_;
  std::string list_;   // "": not kept
  std::string aside_;  // without the step
};

}  // namespace onehead
