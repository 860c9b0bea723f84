// What Git asks of a merge strategy, and what it is answered with.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

inline constexpr int kClean = 0;
inline constexpr int kConflicts = 1;
inline constexpr int kCannotHandle = 2;

// Where one of these is tracked, this program has something to do.
inline constexpr std::array<const char*, 2> kMigrationFiles = {"*alembic*.ini", "*/versions/*.py"};

// What Git asks for.
struct StrategyRequest {
  std::vector<std::string> args;     // all of it
  std::vector<std::string> options;  // "--theirs"
  std::vector<std::string> bases;
  std::string head;  // an id, or "HEAD" in `git merge`
  std::string remote;
};

// What Git names as the base of a commit that has no parent.
bool IsEmptyTree(const std::string& id);

// Null: not two sides.
std::optional<StrategyRequest> ParseRequest(const std::vector<std::string>& args);

// Three or more sides: Git's own merge of them, without a repair. Returns the exit code.
int MergeOctopus(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
