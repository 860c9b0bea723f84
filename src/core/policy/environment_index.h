// Many environments, asked about one path or one other environment at a time.
//
// A repository can have 10,000 environments that all change in one push; none of these questions
// walks all of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// Which environments a path belongs to. Borrows the environments.
class EnvironmentIndex {
 public:
  explicit EnvironmentIndex(const std::vector<Environment>& environments);
  // True if it lies in the version locations of any (IsInVersions).
  bool IsInAny(std::string_view path) const;
  // True if it is a version location of any, or below a recursive one.
  bool IsCovered(std::string_view location) const;

 private:
  template <typename Predicate>
  bool AnyAbove(std::string_view directory, Predicate predicate) const;

  std::unordered_map<std::string_view, std::vector<const Environment*>> by_location_;
};

// The environments of an old tree, each of which becomes the predecessor of one of the new tree at
// most. Of several that fit the first is taken.
class UnmatchedEnvironments {
 public:
  // Borrows tree (null: there are no environments) and loader.
  UnmatchedEnvironments(const SourceTree* tree, std::vector<Environment> environments,
                        StateLoader* loader);

  std::optional<Environment> TakeSameIdentity(const Environment& wanted);
  std::optional<Environment> TakeSameScriptLocation(const Environment& wanted);
  // See MostShared (change_scope.h).
  [[nodiscard]] Result<std::optional<Environment>> TakeMostShared(const EnvironmentState& state);

  bool empty() const { return left_ == 0; }
  std::vector<Environment> Rest() const;

 private:
  using Places = std::unordered_map<std::string, std::vector<std::size_t>>;

  std::optional<Environment> TakeFirst(const Places& places, const std::string& key);
  Environment Take(std::size_t i);
  [[nodiscard]] Status IndexRevisions();

  const SourceTree* tree_;
  StateLoader* loader_;
  std::vector<Environment> environments_;
  std::vector<char> taken_;
  std::size_t left_;
  Places by_identity_;
  Places by_script_location_;
  bool indexed_ = false;
  Places by_revision_;
  std::vector<int> revisions_;  // how many each has
  std::vector<int> shared_;     // with what is looked for; all zero in between
};

}  // namespace onehead
