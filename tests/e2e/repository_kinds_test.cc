// One story of pushes, told to every kind of repository that Git serves: what the hook answers is
// the same, word for word.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "onehead/base/text.h"
#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

struct Kind {
  friend std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.name; }

  std::string name;
  std::string server = "server.git";
  // Makes the empty server; the default is a bare repository.
  std::function<void(GitSandbox&, const std::string&)> make = nullptr;
  std::string after_each = {};  // a line of sh, run by post-receive
  bool from_shallow_clone = false;
};

void Bare(GitSandbox& box, const std::string& server) { box.InitBare(server); }

void Configure(GitSandbox& box, const std::string& dir, const std::vector<std::string>& settings) {
  for (std::size_t i = 0; i + 1 < settings.size(); i += 2) {
    box.MustGit({"config", settings[i], settings[i + 1]}, dir);
  }
}

void Packed(GitSandbox& box, const std::string& server) {
  box.InitBare(server);
  Configure(box, server, {"receive.unpackLimit", "1"});
}

void WithWorktreeConfig(GitSandbox& box, const std::string& server) {
  box.InitBare(server);
  Configure(box, server,
            {"core.repositoryFormatVersion", "1", "extensions.worktreeConfig", "true"});
  box.MustGit({"config", "--worktree", "core.bare", "true"}, server);
  box.MustGit({"config", "--unset", "core.bare"}, server);
}

void PartialClone(GitSandbox& box, const std::string& server) {
  box.InitBare(server);
  Configure(box, server,
            {"core.repositoryFormatVersion", "1", "extensions.partialClone", "origin",
             "remote.origin.url", "/nonexistent", "remote.origin.promisor", "true"});
}

// As a fork on a server that keeps the objects of its forks in one pool.
void OnAPool(GitSandbox& box, const std::string& server) {
  box.InitWork("pool");
  box.CommitFile("pool", "README", "pooled\n");
  box.InitBare(server);
  box.WriteFile(server + "/objects/info/alternates", box.Path("pool/.git/objects") + "\n");
}

void OfSomebodyElse(GitSandbox& box, const std::string& server) {
  box.InitBare(server);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(box.Path(server))) {
    if (lchown(entry.path().c_str(), 12345, 12345) != 0) ADD_FAILURE() << entry.path();
  }
  ASSERT_EQ(chown(box.Path(server).c_str(), 12345, 12345), 0);
  // Git itself must be willing to receive; the hook is not told.
  box.WriteFile("wide/.gitconfig", "[safe]\n\tdirectory = *\n");
  box.environment()["GIT_CONFIG_GLOBAL"] = box.Path("wide/.gitconfig");
}

void NotBare(GitSandbox& box, const std::string& server) {
  box.InitWork(server);
  Configure(box, server, {"receive.denyCurrentBranch", "ignore"});
}

void LinkedWorkTree(GitSandbox& box, const std::string& server) {
  box.InitWork("first");
  box.CommitFile("first", "x", "x\n");
  box.MustGit({"worktree", "add", "-q", "-b", "linked", box.Path(server)}, "first");
  box.MustGit({"checkout", "-q", "--detach"}, "first");
  Configure(box, "first", {"receive.denyCurrentBranch", "ignore"});
  // A work tree's own HEAD names the default branch; main comes from outside, as in all kinds.
  box.MustGit({"update-ref", "-d", "refs/heads/main"}, "first");
  box.MustGit({"symbolic-ref", "HEAD", "refs/heads/main"}, server);
}

void Init(GitSandbox& box, const std::string& server, const std::string& option) {
  box.MustGit({"init", "-q", "--bare", option, box.Path(server)});
}

bool GitKnowsReftable() {
  GitSandbox box;
  return box.Git({"init", "-q", "--ref-format=reftable", box.Path("r")}).exit_code == 0;
}

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds = {
      {"PathWithColon", "co:lon.git"},
      {"PathWithQuote", "quo\"te.git"},
      {"PathWithLineFeed", "line\nfeed:x.git"},
      {"Packed", "server.git", Packed, "git repack -adq"},
      {"MultiPackIndex", "server.git", Packed,
       "git repack -dq && git multi-pack-index write && git commit-graph write --reachable"},
      {"CommitGraphOfLooseObjects", "server.git", nullptr, "git commit-graph write --reachable"},
      {"WorktreeConfig", "server.git", WithWorktreeConfig},
      {"PartialClone", "server.git", PartialClone},
      {"ObjectPool", "server.git", OnAPool},
      {"NotBare", "server", NotBare},
      {"LinkedWorkTree", "server", LinkedWorkTree},
      {"FromAShallowClone", "server.git", nullptr, "", true},
  };
  if (geteuid() == 0) kinds.push_back({"OfSomebodyElse", "server.git", OfSomebodyElse});
  if (GitKnowsReftable()) {
    kinds.push_back({"Reftable", "server.git", [](GitSandbox& box, const std::string& server) {
                       Init(box, server, "--ref-format=reftable");
                     }});
  }
  return kinds;
}

class Story {
 public:
  explicit Story(const Kind& kind) : kind_(kind) {
    (kind.make ? kind.make : Bare)(box_, kind.server);
    const std::string git_dir =
        box_.MustGit({"rev-parse", "--path-format=absolute", "--git-common-dir"}, kind.server);
    box_.WriteHook(git_dir, "pre-receive",
                   std::string("exec '") + ONEHEAD_PROGRAM + "' pre-receive");
    if (!kind.after_each.empty()) box_.WriteHook(git_dir, "post-receive", kind.after_each);
    box_.MakeDirs("work");
    box_.MustGit({"init", "-q", "work"});
    box_.MustGit({"remote", "add", "origin", box_.Path(kind.server)}, "work");
  }

  // What every push answered.
  std::string Tell() {
    box_.WriteFile("work/alembic.ini", "[alembic]\nscript_location = db\n");
    box_.WriteFile("work/db/env.py", "pass\n");
    Commit("a", {});
    Push("the first", "main");
    Commit("b", {"a"});
    Push("a second migration", "main");
    if (kind_.from_shallow_clone) GoOnInAShallowClone();
    box_.MustGit({"checkout", "-q", "-b", "feature", "main"}, "work");
    Commit("c", {"b"});
    Push("a branch", "feature");
    box_.MustGit({"checkout", "-q", "main"}, "work");
    Commit("d", {"b"});
    Push("main goes on", "main");
    box_.MustGit({"merge", "-q", "-m", "merge", "feature"}, "work");
    Push("two heads", "main");
    Push("two heads under another name", "main:refs/heads/other");
    Commit("m", {"c", "d"});
    Push("a merge revision", "main");
    box_.WriteFile("work/db/versions/no_id.py", "down_revision = 'm'\n");
    box_.CommitAll("work", "no id");
    Push("a file without an id", "main");
    box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "work");
    Push("only a deletion", ":feature");
    Push("nothing that matters", "main:refs/heads/copy");
    return transcript_;
  }

 private:
  void Commit(const std::string& id, const std::vector<std::string>& down) {
    box_.WriteFile("work/db/versions/" + id + ".py", MigrationText(id, down));
    box_.CommitAll("work", "add " + id);
  }

  void Push(const std::string& what, const std::string& refspec) {
    const RunResult result = box_.Git({"push", "-q", "origin", refspec}, "work");
    transcript_ += what + ": " + std::to_string(result.exit_code) + "\n";
    for (const std::string_view line : Split(result.err, '\n')) {
      if (line.substr(0, 7) == "remote:") transcript_ += std::string(Trim(line)) + "\n";
    }
  }

  void GoOnInAShallowClone() {
    box_.MustGit(
        {"clone", "-q", "--depth=1", "file://" + box_.Path(kind_.server), box_.Path("shallow")});
    std::filesystem::remove_all(box_.Path("work"));
    std::filesystem::rename(box_.Path("shallow"), box_.Path("work"));
  }

  GitSandbox box_;
  Kind kind_;
  std::string transcript_;
};

// Told once for all kinds.
const std::string& PlainStory() {
  static const std::string plain = Story({"Plain"}).Tell();
  return plain;
}

class RepositoryKinds : public ::testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(Each, RepositoryKinds, ::testing::ValuesIn(Kinds()),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(RepositoryKinds, AnswerAlike) { EXPECT_EQ(Story(GetParam()).Tell(), PlainStory()); }

TEST(RepositoryKindsStory, IsWorthTelling) {
  const std::string& plain = PlainStory();
  EXPECT_EQ(plain.find("the first: 0\na second migration: 0\na branch: 0\n"), 0U) << plain;
  for (const char* text :
       {"\ntwo heads: 1\nremote: error: multiple-heads: refs/heads/main: db: 2 heads, 1 allowed",
        "\na merge revision: 0\n", "\na file without an id: 1\nremote: error: no-revision-id",
        "\nonly a deletion: 0\nnothing that matters: 0\n"}) {
    EXPECT_NE(plain.find(text), std::string::npos) << text << "\n" << plain;
  }
}

}  // namespace
}  // namespace onehead::testing
