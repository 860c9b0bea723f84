// One migration that both sides of a merge have changed: what to do about its parents.
//
// Here: whose parents count, and making the three texts agree on them, so that a line-by-line merge
// of the rest meets only real conflicts. Not here: that merge itself, and who is published where.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/reparent/publication.h"

namespace onehead {

enum class MergeSide { kOurs, kTheirs };

struct MigrationTexts {
  std::string base;  // empty: added on both sides
  std::string ours;
  std::string theirs;
};

// How the two sides relate.
enum class ParentConflict {
  kNone,          // the same parents; or no two readable migrations: nothing can be said
  kParents,       // one id, different parents
  kDifferentIds,  // two migrations that only share a path
};
ParentConflict FindParentConflict(std::string_view path, const MigrationTexts& texts);

// Whose parents the result has: those of the side that is as published (`published`: the parents
// there, null when it is nowhere); else those of the only side that has changed them; else ours,
// or theirs in a merge of what is published.
MergeSide StayingSide(std::string_view path, const MigrationTexts& texts,
                      const std::optional<std::vector<std::string>>& published,
                      MergeOperation operation);

// The three texts with the down_revision and `Revises:` of the side that stays, and nothing else
// changed. Null: a text cannot be read or rewritten.
// REQUIRES: FindParentConflict(path, texts) is kParents.
std::optional<MigrationTexts> AlignParents(std::string_view path, const MigrationTexts& texts,
                                           MergeSide staying);

}  // namespace onehead
