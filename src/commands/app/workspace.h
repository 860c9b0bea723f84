// What a command by hand reads: one tree of one repository and the environments in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/app/options.h"
#include "commands/app/streams.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/settings/settings.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

// The settings of a repository, from its configuration.
[[nodiscard]] Result<Settings> ReadSettings(const git::Repository& repository);

struct Workspace {
  std::unique_ptr<git::Repository> repository;
  Settings settings;
  DiscoveryOptions discovery;
};

// Opens the repository that the options name.
[[nodiscard]] Result<Workspace> OpenWorkspace(const CommonOptions& options);

struct Snapshot {
  std::unique_ptr<SourceTree> tree;
  const git::WorkTreeFiles* work_tree = nullptr;  // `tree`, if it is the work tree
  std::optional<std::string> rev;                 // null: the work tree or the index
  std::optional<ContentId> commit;
  std::vector<Environment> environments;
  std::vector<std::string> notes;
  std::vector<Error> errors;     // configurations that cannot be read
  std::vector<StatePtr> states;  // one per environment
};

// Reads every environment of the tree that the options name. kNotFound where there is none: the
// message says where it looked.
[[nodiscard]] Result<Snapshot> ReadSnapshot(const Workspace& workspace,
                                            const CommonOptions& options, StateLoader* loader);
// The same, also where there is no environment.
[[nodiscard]] Result<Snapshot> ReadSnapshotIfAny(const Workspace& workspace,
                                                 const CommonOptions& options, StateLoader* loader);
[[nodiscard]] Result<Snapshot> ReadSnapshotOf(const Workspace& workspace, TreeChoice choice,
                                              const std::string& rev, StateLoader* loader);

// Fails as ReadSnapshot does where there is none.
[[nodiscard]] Status RequireEnvironment(const Snapshot& snapshot, TreeChoice choice,
                                        const std::string& rev);

// For a command that changes one environment of the work tree. kUsage: there are several, or the
// repository has no work tree.
[[nodiscard]] Status RequireWorkTree(const git::Repository& repository);
[[nodiscard]] Result<StatePtr> OnlyEnvironment(const Workspace& workspace,
                                               const Snapshot& snapshot);

// The revision whose id is `given`, or begins so. kInvalid: there is none, or there are several.
[[nodiscard]] Result<std::string> RevisionNamed(const Graph& graph, const std::string& given);

}  // namespace onehead
