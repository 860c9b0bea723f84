#include "commands/app/work_tree_report.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/policy/change.h"
#include "onehead/git/install/shim.h"

namespace onehead {
namespace {

using git::Tracking;

// A path of the repository as somebody types it in the current directory.
std::string Typed(const std::string& path, const std::string& prefix) {
  std::string typed =
      prefix.empty() ? path : std::filesystem::path(path).lexically_relative(prefix).string();
  if (typed.starts_with("-") || typed.starts_with(":")) typed.insert(0, "./");
  return ShellWord(typed);
}

// `git sparse-checkout add` takes directories from the top of the work tree.
std::string SparseCommand(const std::vector<std::string>& directories, const std::string& prefix) {
  std::string command = "git ";
  if (!prefix.empty()) {
    const auto levels = std::count(prefix.begin(), prefix.end(), '/');
    command += "-C ..";
    for (auto level = levels; level > 0; --level) command += "/..";
    command += " ";
  }
  command += "sparse-checkout add";
  for (const std::string& directory : directories) command += " " + ShellWord(directory);
  return command;
}

// The directories of the files. (The script directory would do in cone mode alone: a pattern for it
// does not bring back a directory in it that an earlier pattern has left out.)
std::vector<std::string> DirectoriesOf(const std::set<std::string>& paths) {
  std::set<std::string> directories;
  for (const std::string& path : paths) directories.emplace(DirName(path));
  return {directories.begin(), directories.end()};
}

// Those of the state that Git sees so; in a tree that is no work tree there are none.
Result<std::set<std::string>> PathsWith(Tracking wanted, const Snapshot& snapshot,
                                        const EnvironmentState& state) {
  std::set<std::string> paths;
  if (snapshot.work_tree == nullptr) return paths;
  for (const MigrationPtr& migration : state.migrations) {
    ONEHEAD_ASSIGN_OR_RETURN(Tracking tracking, snapshot.work_tree->TrackingOf(migration->path));
    if (tracking == wanted) paths.insert(migration->path);
  }
  return paths;
}

}  // namespace

Result<UnsharedFiles> FindUnshared(const Workspace& workspace, const Snapshot& snapshot) {
  UnsharedFiles unshared;
  const std::string prefix = workspace.repository->Prefix();
  for (const StatePtr& state : snapshot.states) {
    for (const Tracking tracking : {Tracking::kUntracked, Tracking::kIgnored}) {
      ONEHEAD_ASSIGN_OR_RETURN(std::set<std::string> paths, PathsWith(tracking, snapshot, *state));
      for (const std::string& path : paths) {
        unshared[path] = {tracking == Tracking::kIgnored, Typed(path, prefix)};
      }
    }
  }
  return unshared;
}

std::vector<Finding> UnsharedFindings(const EnvironmentState& state, const Settings& settings,
                                      const UnsharedFiles& unshared) {
  if (unshared.empty()) return {};
  std::vector<Finding> findings = JudgeState(state, settings, &unshared);
  std::erase_if(findings, [](const Finding& f) { return f.rule != "ignored-migration"; });
  return findings;
}

Result<std::vector<Error>> SparseWarnings(const Workspace& workspace, const Snapshot& snapshot) {
  std::vector<Error> warnings;
  for (const StatePtr& state : snapshot.states) {
    ONEHEAD_ASSIGN_OR_RETURN(std::set<std::string> paths,
                             PathsWith(Tracking::kSkipped, snapshot, *state));
    if (paths.empty()) continue;
    const std::string count = std::to_string(paths.size());
    warnings.push_back(
        {ErrorKind::kNotFound,
         count + (paths.size() == 1 ? " migration is" : " migrations are") +
             " not in the work tree because of a sparse checkout, and read from the index",
         SparseCommand(DirectoriesOf(paths), workspace.repository->Prefix()),
         NameOf(state->environment)});
  }
  return warnings;
}

Status RequireCheckedOut(const Workspace& workspace, const Snapshot& snapshot,
                         const std::vector<std::string>& paths) {
  for (const StatePtr& state : snapshot.states) {
    ONEHEAD_ASSIGN_OR_RETURN(std::set<std::string> skipped,
                             PathsWith(Tracking::kSkipped, snapshot, *state));
    const auto found = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
      return skipped.count(path) != 0;
    });
    if (found == paths.end()) continue;
    const std::string prefix = workspace.repository->Prefix();
    return Fail(Error{ErrorKind::kIo, "is not in the work tree because of a sparse checkout",
                      SparseCommand(DirectoriesOf(skipped), prefix), *found});
  }
  return {};
}

}  // namespace onehead
