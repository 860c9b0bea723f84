// What is published and must not change: the rule, as functions on values.
//
// Here: which refs hold published migrations, and which migrations of a merge must stay as they are
// (contract, "What is rewritten, and what never is"). Not here: finding the refs and reading the
// migrations at them (commands/published.h), the new parents of those that may move (reparent.h).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/settings/settings.h"

namespace onehead {

// What a repository says about its branches.
struct BranchFacts {
  // Names of the remotes whose default branch is known, and that branch ("refs/remotes/R/HEAD").
  struct Remote {
    std::string name;
    std::string default_branch;
  };
  std::vector<Remote> remotes = {};
  std::string init_default_branch = {};  // init.defaultBranch; empty: not set
  // The branch that is checked out, or that is being rebased; empty: HEAD is detached.
  std::string current = {};
};

// "refs/remotes/origin/main" as its parts. A branch of this repository has no remote; what is no
// branch at all has no name.
struct BranchRef {
  std::string remote;
  std::string name;
};

class PublishedNames {
 public:
  // Borrows the settings.
  PublishedNames(const Settings& settings, BranchFacts facts);

  // Does the ref (full name) hold what is published? Not the branch that is worked on.
  bool IsPublished(std::string_view ref) const;

  // Is a branch of this name published where it is not the one that is worked on? True of main,
  // master, init.defaultBranch, what onehead.publishedRefs matches, and every remote's default.
  bool IsPublishedBranch(std::string_view branch) const;
  // That of the branch which is worked on.
  bool CurrentIsPublished() const { return IsPublishedBranch(facts_.current); }

  // A remote's name may have slashes in it: then it is known by its HEAD.
  BranchRef Parse(std::string_view ref) const;

  const BranchFacts& facts() const { return facts_; }

 private:
  const Settings& settings_;
  BranchFacts facts_;
};

enum class MergeOperation {
  kReplay,           // rebase, cherry-pick: "ours" is the branch that is built on
  kMerge,            // "ours" stays
  kMergeOfPublished  // a published or a remote's branch into one that is not: "theirs" stays
};

// Where one migration is.
struct RevisionPlaces {
  bool in_ours = false;
  bool in_theirs = false;
  bool is_published = false;  // in a published ref
};

// Must this migration stay as it is? The first rule of the contract's list that applies.
bool IsPinned(const RevisionPlaces& places, MergeOperation operation);

}  // namespace onehead
