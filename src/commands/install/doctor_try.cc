// Real merges in a throw-away repository: what no look at settings can prove.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "commands/install/doctor.h"
#include "onehead/base/text.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/git/process/run_git.h"
#include "onehead/git/repository/repository.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;

class Scratch {
 public:
  Scratch() {
    const char* tmp = std::getenv("TMPDIR");
    path_ = std::string(tmp != nullptr && *tmp != '\0' ? tmp : "/tmp") + "/onehead-doctor-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

  void Write(const std::string& file, const std::string& text) const {
    std::error_code ignored;
    fs::create_directories(fs::path(path_ + "/" + file).parent_path(), ignored);
    std::ofstream(path_ + "/" + file, std::ios::binary) << text;
  }
  void Migration(const std::string& id, const std::string& parent) const {
    const std::string value = parent.empty() ? "None" : "'" + parent + "'";
    Write("alembic/versions/" + id + ".py",
          "\"\"\"" + id + "\n\nRevision ID: " + id + "\nRevises: " + parent +
              "\n\n\"\"\"\n\nrevision = '" + id + "'\ndown_revision = " + value + "\n");
  }
  // Its exit code; everything of the machine's and the user's configuration is kept out.
  int Git(std::vector<std::string> args) {
    for (const char* option : {"gc.auto=0", "-c", "commit.gpgSign=false", "-c"}) {
      args.insert(args.begin(), option);
    }
    const Result<git::GitOutput> output =
        git::RunGit({std::move(args),
                     path_,
                     {{"HOME", path_},
                      {"XDG_CONFIG_HOME", path_},
                      {"GIT_CONFIG_GLOBAL", "/dev/null"},
                      {"GIT_CONFIG_NOSYSTEM", "1"},
                      {"GIT_EDITOR", "true"},
                      {"GIT_TEMPLATE_DIR", ""},
                      {"GIT_AUTHOR_NAME", "doctor"},
                      {"GIT_AUTHOR_EMAIL", "doctor@localhost"},
                      {"GIT_COMMITTER_NAME", "doctor"},
                      {"GIT_COMMITTER_EMAIL", "doctor@localhost"}}});
    said_ = output ? output->err : output.error().message;
    return output ? output->exit_code : -1;
  }
  bool Commit(const std::string& message) {
    return Git({"add", "."}) == 0 && Git({"commit", "-q", "-m", message}) == 0;
  }
  // The last line that git said.
  std::string Said() const {
    const std::string_view text = Trim(said_);
    return std::string(text.substr(text.rfind('\n') == text.npos ? 0 : text.rfind('\n') + 1));
  }

 private:
  std::string path_;
  std::string said_;
};

// A repository with the base "a" on the branch "main".
bool Start(Scratch* scratch, const std::string& driver) {
  if (scratch->path().empty() || scratch->Git({"init", "-q"}) != 0) return false;
  scratch->Git({"symbolic-ref", "HEAD", "refs/heads/main"});
  if (!driver.empty()) scratch->Git({"config", "merge.onehead.driver", driver});
  scratch->Write(".git/info/attributes", "/alembic/versions/*.py merge=onehead\n");
  scratch->Write("alembic.ini", "[alembic]\nscript_location = alembic\n");
  scratch->Write("alembic/env.py", "");
  scratch->Migration("a", "");
  return scratch->Commit("base");
}

int CountHeads(const Scratch& scratch) {
  const auto repository = git::Repository::Open(scratch.path(), git::OpenFrom::kDirectory);
  if (!repository) return -1;
  const auto commit = (*repository)->ResolveCommit("HEAD");
  if (!commit) return -1;
  const auto tree = (*repository)->CommitTree(*commit);
  if (!tree) return -1;
  StateLoader loader({});
  const auto state = loader.Load(**tree, {"alembic", {"alembic/versions"}});
  return state ? static_cast<int>((*state)->graph.heads().size()) : -1;
}

// `what` is tried by a rebase with the strategy that pull.twohead is set to.
void TryRebase(const std::string& what, const std::string& strategy, const MergeSettings& settings,
               Findings* findings) {
  Scratch scratch;
  bool ready =
      Start(&scratch, settings.driver) && scratch.Git({"checkout", "-q", "-b", "side"}) == 0;
  scratch.Migration("b", "a");
  ready = ready && scratch.Commit("b") && scratch.Git({"checkout", "-q", "main"}) == 0;
  scratch.Migration("c", "a");
  ready = ready && scratch.Commit("c") && scratch.Git({"config", "pull.twohead", strategy}) == 0 &&
          scratch.Git({"checkout", "-q", "side"}) == 0;
  if (!settings.alias.empty()) {
    ready = ready && scratch.Git({"config", "alias.merge-" + strategy, settings.alias}) == 0;
  }
  if (!ready) return findings->Warn("no merge could be tried: " + scratch.Said());
  if (scratch.Git({"rebase", "-q", "main"}) != 0) {
    return findings->Wrong(what + " that was tried failed: " + scratch.Said());
  }
  const int heads = CountHeads(scratch);
  if (heads == 1) return findings->Ok(what + " that was tried left one head");
  findings->Wrong(what + " that was tried left " + std::to_string(heads) + " heads, not one");
}

void TryDriver(const std::string& driver, Findings* findings) {
  Scratch scratch;
  bool ready = Start(&scratch, driver);
  scratch.Migration("b", "a");
  scratch.Migration("c", "b");
  scratch.Migration("x", "a");
  ready = ready && scratch.Commit("more") && scratch.Git({"checkout", "-q", "-b", "side"}) == 0;
  scratch.Migration("x", "b");
  ready = ready && scratch.Commit("x on b") && scratch.Git({"checkout", "-q", "main"}) == 0;
  scratch.Migration("x", "c");
  ready = ready && scratch.Commit("x on c");
  if (!ready) return findings->Warn("the merge driver could not be tried: " + scratch.Said());
  // Git's own strategy, so that the driver alone is tried; Git's own text merge would conflict.
  if (scratch.Git({"merge", "-q", "-s", "recursive", "-m", "both", "side"}) == 0) {
    return findings->Ok("the merge driver decided a conflict that was tried");
  }
  findings->Wrong("the merge driver left a conflict that it should decide: " + scratch.Said());
}

}  // namespace

void TryMerges(const MergeSettings& settings, Findings* findings) {
  if (!settings.driver.empty()) TryDriver(settings.driver, findings);
  if (!settings.strategy.empty()) TryRebase("a git rebase", settings.strategy, settings, findings);
  if (settings.alias.empty()) return;
  // Under a name for which there is no program: only then does Git run an alias.
  TryRebase("a git rebase without git-merge-onehead", "onehead-alias", settings, findings);
}

}  // namespace onehead
