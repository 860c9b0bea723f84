#include "commands/app/workspace.h"

#include <algorithm>
#include <utility>

#include "commands/app/settings_use.h"
#include "onehead/base/text.h"
#include "onehead/core/environment/config_index.h"

namespace onehead {
namespace {

Result<std::vector<std::string>> FromTop(const git::Repository& repository,
                                         const std::vector<std::string>& directories) {
  std::vector<std::string> result;
  for (const std::string& directory : directories) {
    std::string path;
    const std::string work_dir = repository.WorkDir();
    std::string_view given = directory;
    std::string prefix = repository.Prefix();
    if (!work_dir.empty() && IsUnder(given, work_dir)) {
      given.remove_prefix(std::min(given.size(), work_dir.size() + 1));
      prefix.clear();
    }
    if (!NormalizePath(prefix, given, &path)) {
      return Fail(ErrorKind::kUsage, "'" + Printable(directory, 200) + "' is not in the repository",
                  "name it relative to the current directory");
    }
    result.push_back(std::move(path));
  }
  return result;
}

std::string NameOfTree(TreeChoice choice, const std::string& rev) {
  if (choice == TreeChoice::kWorkTree) return "the work tree";
  return choice == TreeChoice::kIndex ? "the index" : Printable(rev, 200);
}

Result<std::unique_ptr<SourceTree>> OpenTree(const git::Repository& repository, TreeChoice choice,
                                             const std::string& rev, Snapshot* snapshot) {
  if (choice != TreeChoice::kCommit && repository.IsBare()) {
    return Fail(ErrorKind::kUsage, "a bare repository has no work tree and no index",
                "name a revision instead of --worktree or --staged");
  }
  if (choice == TreeChoice::kWorkTree) {
    ONEHEAD_ASSIGN_OR_RETURN(std::unique_ptr<git::WorkTreeFiles> files, repository.WorkTree());
    snapshot->work_tree = files.get();
    return files;
  }
  if (choice == TreeChoice::kIndex) return repository.IndexTree();
  ONEHEAD_ASSIGN_OR_RETURN(ContentId commit, repository.ResolveCommit(rev));
  snapshot->rev = rev;
  snapshot->commit = commit;
  return repository.CommitTree(commit);
}

// Configurations are not searched for in what Git ignores (a virtual environment, say), although
// what they name may lie there.
class SearchedFiles : public TreeSurveys {
 public:
  explicit SearchedFiles(const git::WorkTreeFiles* files) : files_(files) {}
  TreeSurveys* surveys() { return files_ != nullptr ? this : nullptr; }
  Result<TreeSurvey> Of(const SourceTree& /*tree*/) override {
    return SurveyTree(files_->ToSearch());
  }

 private:
  const git::WorkTreeFiles* files_;
};

tl::unexpected<Error> NoEnvironment(const std::string& where, const Snapshot& snapshot) {
  std::string hint =
      "looked in every directory for alembic.ini or another *.ini with script_location, "
      "pyproject.toml with "
      "[tool.alembic], and env.py beside versions/\nif the locations are set in Python code, name "
      "them: --script-location "
      "DIR, or git config onehead.scriptLocation DIR";
  for (const std::string& note : snapshot.notes) hint += "\n" + note;
  return Fail(ErrorKind::kNotFound, "no Alembic environment in " + where, std::move(hint));
}

Result<Snapshot> ReadAny(const Workspace& workspace, TreeChoice choice, const std::string& rev,
                         StateLoader* loader) {
  Snapshot snapshot;
  auto tree = OpenTree(*workspace.repository, choice, rev, &snapshot);
  if (!tree) return Fail(std::move(tree.error()));
  snapshot.tree = std::move(*tree);
  SearchedFiles searched(snapshot.work_tree);
  ONEHEAD_ASSIGN_OR_RETURN(
      Discovery discovery,
      DiscoverEnvironments(*snapshot.tree, workspace.discovery, searched.surveys()));
  snapshot.environments = std::move(discovery.environments);
  snapshot.notes = std::move(discovery.notes);
  snapshot.errors = std::move(discovery.errors);
  for (const Environment& environment : snapshot.environments) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader->Load(*snapshot.tree, environment));
    snapshot.states.push_back(std::move(state));
  }
  return snapshot;
}

// The options that choose this environment among those of the snapshot.
std::string ChoiceOf(const Environment& environment, const Snapshot& snapshot,
                     const git::Repository& repository) {
  const auto is_alone = [&](std::string Environment::*what) {
    return !(environment.*what).empty() &&
           std::count_if(snapshot.states.begin(), snapshot.states.end(), [&](const auto& state) {
             return state->environment.*what == environment.*what;
           }) == 1;
  };
  if (is_alone(&Environment::name)) return "-n " + ShellWord(environment.name);
  if (is_alone(&Environment::section)) return "-n " + ShellWord(environment.section);
  // A directory is looked for from the current one.
  const auto word = [&](const std::string& path) {
    if (repository.Prefix().empty()) return ShellWord(path.empty() ? "." : path);
    return ShellWord(JoinPath(repository.WorkDir(), path));
  };
  std::string choice = "--script-location " + word(environment.script_location);
  const std::vector<std::string> usual = {JoinPath(environment.script_location, "versions")};
  if (environment.version_locations != usual) {
    for (const std::string& location : environment.version_locations) {
      choice += " --versions " + word(location);
    }
  }
  return choice + (environment.recursive ? " --recursive" : "");
}

}  // namespace

Result<Settings> ReadSettings(const git::Repository& repository) {
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<git::ConfigEntry> entries, repository.OneheadConfig());
  std::vector<Setting> settings;
  for (git::ConfigEntry& entry : entries) {
    settings.push_back({std::move(entry.key), std::move(entry.value)});
  }
  return ParseSettings(settings);
}

Result<Workspace> OpenWorkspace(const CommonOptions& options) {
  if (!options.directory.empty()) {
    if (Status status = ChangeDirectory(options.directory); !status) {
      return Fail(std::move(status.error()));
    }
  }
  Workspace workspace;
  ONEHEAD_ASSIGN_OR_RETURN(std::unique_ptr<git::Repository> repository,
                           git::Repository::Open(".", git::OpenFrom::kDirectory));
  workspace.repository = std::move(repository);
  ONEHEAD_ASSIGN_OR_RETURN(Settings settings, ReadSettings(*workspace.repository));
  workspace.settings = std::move(settings);
  workspace.discovery = DiscoveryFrom(workspace.settings);
  workspace.discovery.section = options.section;
  if (!options.script_locations.empty() || !options.versions.empty()) {
    auto scripts = FromTop(*workspace.repository, options.script_locations);
    if (!scripts) return Fail(std::move(scripts.error()));
    auto versions = FromTop(*workspace.repository, options.versions);
    if (!versions) return Fail(std::move(versions.error()));
    workspace.discovery.script_locations = std::move(*scripts);
    workspace.discovery.versions = std::move(*versions);
  }
  workspace.discovery.recursive = workspace.discovery.recursive || options.recursive;
  return workspace;
}

Result<Snapshot> ReadSnapshot(const Workspace& workspace, const CommonOptions& options,
                              StateLoader* loader) {
  return ReadSnapshotOf(workspace, options.tree(), options.rev, loader);
}

Result<Snapshot> ReadSnapshotOf(const Workspace& workspace, TreeChoice choice,
                                const std::string& rev, StateLoader* loader) {
  Result<Snapshot> snapshot = ReadAny(workspace, choice, rev, loader);
  if (!snapshot) return snapshot;
  if (Status status = RequireEnvironment(*snapshot, choice, rev); !status) {
    return Fail(std::move(status.error()));
  }
  return snapshot;
}

Result<Snapshot> ReadSnapshotIfAny(const Workspace& workspace, const CommonOptions& options,
                                   StateLoader* loader) {
  return ReadAny(workspace, options.tree(), options.rev, loader);
}

Status RequireEnvironment(const Snapshot& snapshot, TreeChoice choice, const std::string& rev) {
  if (!snapshot.environments.empty() || !snapshot.errors.empty()) return {};
  return NoEnvironment(NameOfTree(choice, rev), snapshot);
}

Status RequireWorkTree(const git::Repository& repository) {
  if (!repository.IsBare()) return {};
  return Fail(ErrorKind::kUsage, "a bare repository has no work tree",
              "run it in a clone with a work tree");
}

Result<StatePtr> OnlyEnvironment(const Workspace& workspace, const Snapshot& snapshot) {
  if (!snapshot.errors.empty()) return Fail(snapshot.errors.front());
  if (snapshot.states.size() == 1) return snapshot.states.front();
  constexpr std::size_t kMaxChoices = 20;
  std::string locations;
  std::string choices;
  for (std::size_t i = 0; i < snapshot.states.size(); ++i) {
    const Environment& environment = snapshot.states[i]->environment;
    locations += (locations.empty() ? "" : ", ") + NameOf(environment);
    if (i > kMaxChoices) continue;
    choices += "\n  ";
    choices += i < kMaxChoices ? ChoiceOf(environment, snapshot, *workspace.repository) : "...";
  }
  return Fail(ErrorKind::kUsage, "there are several Alembic environments: " + locations,
              "name one of them:" + choices);
}

Result<std::string> RevisionNamed(const Graph& graph, const std::string& given) {
  if (!given.empty() && graph.Find(given) != nullptr) return given;
  std::vector<std::string> found;
  std::string list;
  for (const Node& node : graph.nodes()) {
    if (given.empty() || !node.id().starts_with(given)) continue;
    found.push_back(node.id());
    list += (list.empty() ? "" : ", ") + Printable(node.id(), 80);
  }
  if (found.size() == 1) return found.front();
  const std::string shown = "'" + Printable(given, 80) + "'";
  return Fail(ErrorKind::kInvalid, found.empty() ? "there is no revision " + shown
                                                 : shown + " is the beginning of " + list);
}

}  // namespace onehead
