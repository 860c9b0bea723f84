// Which environments a change of trees touches, and which of them were which before.
//
// The work follows the size of the change: configurations are looked for in the directories that
// differ (all directories above a changed file are among them). The whole tree is searched when
// Python files, links or configurations have changed: a configuration anywhere may speak about
// them, and a link lead to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/config_index.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

struct ScopedEnvironment {
  // As the new tree says; for an environment that is gone, as the old one said. For reports.
  Environment shown;
  // What is read in the new tree: `shown` and the old version locations that are still there and
  // that no environment reads any more, so that nothing is hidden by moving a configuration.
  Environment after;
  // What is read in the old tree; null: it was not there.
  std::optional<Environment> before;
};

struct ScopedError {
  Error error;
  bool is_old = false;  // about one file that the change leaves as it was
  // About a configuration that is none, with no environment beside or below it: a template, a
  // fixture, an example in the documentation.
  bool is_far = false;
};

// A changed file that looks like a migration and lies in no environment.
struct Stray {
  std::string path;
  MigrationPtr migration = nullptr;  // as it is now; null: it is gone, or too large to be read
  bool is_old = false;               // such a file declared the same before
};

struct Scope {
  std::vector<ScopedEnvironment> environments;  // only those that the change touches
  std::vector<ScopedError> errors;              // configurations that cannot be read
  std::vector<Stray> strays;                    // by path
  bool attributes_changed = false;              // a .gitattributes anywhere (checkout_encoding.h)
  // Known where there are strays: an environment that was there has other locations than before, or
  // one more configuration, or a link differs.
  bool locations_changed = false;
};

struct ScopeOptions {
  DiscoveryOptions discovery;
  std::size_t max_file_bytes = 64u << 20;
  TreeSurveys* surveys = nullptr;  // who may know what whole trees have
  // Is it likely that no file differs that may matter? Then that is found out first, and nobody
  // looks for configurations in every directory that differs.
  bool check_for_change_first = false;
};

// `before` may be null: nothing was there. Fails when a tree cannot be read.
[[nodiscard]] Result<Scope> FindScope(const SourceTree* before, const SourceTree& after,
                                      const ScopeOptions& options, StateLoader* loader);

// The environment of `tree`, among `candidates`, that `wanted` (with `state`) was there: the same
// identity; else the same script location; else the one with the most revisions in common, if these
// are at least half of what it has (sequential ids are the same in unrelated environments). Null:
// none of them.
[[nodiscard]] Result<std::optional<Environment>> FindCounterpart(
    const SourceTree& tree, const std::vector<Environment>& candidates, const Environment& wanted,
    const EnvironmentState& state, StateLoader* loader);

// The last of these alone.
[[nodiscard]] Result<std::optional<Environment>> MostShared(
    const SourceTree& tree, const std::vector<Environment>& candidates,
    const EnvironmentState& state, StateLoader* loader);

// `candidates` without those that are another environment of `judged`, the tree of `wanted`.
std::vector<Environment> WithoutOthers(std::vector<Environment> candidates,
                                       const std::vector<Environment>& judged,
                                       const Environment& wanted);

// True if the change left the file or link at `path` as it was.
[[nodiscard]] Result<bool> IsUnchanged(const SourceTree* before, const SourceTree& after,
                                       std::string_view path);

}  // namespace onehead
