// What `onehead rebase` would change in a tree: the work tree, or that of a commit.
//
// Here: reading what the plan needs (core/reparent.h), and the new texts. Not here: writing them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "commands/app/workspace.h"
#include "commands/edits/migration_edit.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "commands/published/published_past.h"
#include "commands/published/upstream.h"
#include "onehead/base/result.h"
#include "onehead/core/reparent/reparent.h"

namespace onehead {

struct RebaseOptions {
  std::string upstream;             // empty: the default
  std::optional<std::string> onto;  // the id to follow
  bool new_ids = false;             // also by onehead.newIds
  bool renumber = false;            // also by onehead.renumber
};

// Why nothing may be rewritten. kRefused: the migrations do not allow it. kError: it could not be
// found out, or the arguments do not fit.
struct RebaseFailure {
  enum class Kind { kRefused, kError, kUsage };
  Kind kind = Kind::kError;
  Error error;
};

template <typename T>
using Planned = tl::expected<T, RebaseFailure>;

class RebasePlanner {
 public:
  // Borrows all of them.
  RebasePlanner(const Workspace& workspace, const RebaseOptions& options, StateLoader* loader)
      : workspace_(workspace),
        options_(options),
        loader_(loader),
        trees_(*workspace.repository),
        finder_(&trees_, workspace.discovery, loader) {}

  // Finds the upstream and the environments: of the work tree, or of HEAD.
  [[nodiscard]] Planned<void> Start(TreeChoice choice);

  // What changes in `tree`, by path; empty: nothing. A file in two environments changes only if
  // both agree (contract, rule 8).
  [[nodiscard]] Planned<std::vector<MigrationEdit>> Plan(const SourceTree& tree);

  // From now on every migration that gets a new id gets the one it has in `edits`, a plan for the
  // snapshot; a local one that keeps its id there keeps it.
  void KeepIds(const std::vector<MigrationEdit>& edits);

  const Upstream& upstream() const { return upstream_; }
  const Snapshot& snapshot() const { return snapshot_; }
  const ContentId& head() const { return head_; }
  const PublishedRefs& published() const { return *published_; }
  // The commits of the branch that the upstream does not have, parents first.
  const std::vector<ContentId>& commits() const { return commits_; }
  // Warnings about heads that are there and that no local migration made.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Scope {
    StatePtr state;     // in the snapshot
    StatePtr upstream;  // null: it is not there
    PublishedRevisions published;
    PublishedPast past;
    std::map<std::string, int> added_at;  // by id: place in commits_

    std::set<std::string> LocalPaths(const StatePtr& result) const;
  };

  [[nodiscard]] Status FindCommits();
  [[nodiscard]] Status AddScope(const StatePtr& state);
  [[nodiscard]] Status FindAdded(Scope* scope);
  [[nodiscard]] Planned<std::vector<MigrationChange>> PlanIn(const Scope& scope,
                                                             const SourceTree& tree,
                                                             const StatePtr& state);
  [[nodiscard]] Result<bool> AddPicks(const Scope& scope, const EnvironmentState& state,
                                      ReparentInput* input);
  [[nodiscard]] Result<const Migration*> PickedFrom(const Scope& scope,
                                                    const EnvironmentState& state,
                                                    const std::string& id);
  [[nodiscard]] Status TakeWhatComes(const EnvironmentState& state, ReparentInput* input);
  [[nodiscard]] Planned<void> CheckHeads(const Scope& scope, const EnvironmentState& state,
                                         const std::set<std::string>& local);
  [[nodiscard]] Result<std::map<std::string, std::vector<std::string>>> Stale(
      const Scope& scope, const EnvironmentState& state, const std::set<std::string>& local);
  ReparentOptions OptionsFor(const EnvironmentState& state) const;

  const Workspace& workspace_;
  const RebaseOptions& options_;
  StateLoader* loader_;
  CommitTrees trees_;
  EnvironmentFinder finder_;
  Upstream upstream_;
  ContentId head_;
  Snapshot snapshot_;
  std::optional<PublishedRefs> published_;
  std::vector<ContentId> commits_;
  std::vector<Scope> scopes_;
  std::map<std::string, std::string> known_ids_;  // ReparentInput
  std::map<std::string, std::string> known_paths_;
  std::vector<std::string> warnings_;
};

// 12 hex digits, as Alembic makes them.
std::string RandomRevisionId();

}  // namespace onehead
