// Installed hooks on every kind of server, met by real pushes.
#include <gtest/gtest.h>

#include <filesystem>
#include <system_error>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class InstallE2e : public ::testing::Test {
 protected:
  // A client with branches that a server can be given: "base", then "one" on it (still one head),
  // and "two", which adds a second head to "one".
  InstallE2e() {
    sandbox_.InitWork("client");
    sandbox_.WriteFile("client/alembic/env.py", "");
    AddMigration("aaaa", {});
    Branch("base");
    AddMigration("bbbb", {"aaaa"});
    Branch("one");
    AddMigration("cccc", {"aaaa"});
    Branch("two");
  }
  void AddMigration(const std::string& id, const std::vector<std::string>& down) {
    sandbox_.CommitFile("client", "alembic/versions/" + id + ".py", MigrationText(id, down));
  }
  void Branch(const std::string& name) { sandbox_.MustGit({"branch", name}, "client"); }

  // A bare repository that has "one" as its main branch.
  void Server(const std::string& name) {
    sandbox_.InitBare(name);
    sandbox_.MustGit({"push", "-q", sandbox_.Path(name), "one:main"}, "client");
  }
  RunResult Push(const std::string& server, const std::string& refspec) {
    return sandbox_.Git({"push", sandbox_.Path(server), refspec}, "client");
  }
  RunResult Onehead(std::vector<std::string> args, const std::string& program = ONEHEAD_PROGRAM) {
    args.insert(args.begin(), program);
    return sandbox_.Run(args);
  }
  void MustInstall(const std::string& directory) {
    const RunResult result = Onehead({"install", "--server", sandbox_.Path(directory)});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  void MustUninstall(const std::string& directory) {
    const RunResult result = Onehead({"uninstall", "--server", sandbox_.Path(directory)});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  // The hook works there: it refuses a second head, and nothing else.
  void ExpectGuarded(const std::string& server) {
    const RunResult fork = Push(server, "two:main");
    EXPECT_NE(fork.exit_code, 0);
    EXPECT_NE(fork.err.find("remote: error: multiple-heads: "), fork.err.npos) << fork.err;
    const RunResult other = Push(server, "base:refs/heads/another");
    EXPECT_EQ(other.exit_code, 0) << other.err;
  }
  void ExpectUnguarded(const std::string& server) {
    const RunResult fork = Push(server, "two:main");
    EXPECT_EQ(fork.exit_code, 0) << fork.err;
  }
  GitSandbox sandbox_;
};

TEST_F(InstallE2e, BareRepository) {
  Server("a.git");
  MustInstall("a.git");
  ExpectGuarded("a.git");
  MustInstall("a.git");
  ExpectGuarded("a.git");
  MustUninstall("a.git");
  ExpectUnguarded("a.git");
}

TEST_F(InstallE2e, RepositoryWithAWorkTree) {
  sandbox_.InitWork("w");
  sandbox_.MustGit({"config", "receive.denyCurrentBranch", "ignore"}, "w");
  sandbox_.MustGit({"push", "-q", sandbox_.Path("w"), "one:main"}, "client");
  MustInstall("w");
  ExpectGuarded("w");
}

TEST_F(InstallE2e, DryRunGuardsNothing) {
  Server("a.git");
  const RunResult result = Onehead({"install", "--server", "--dry-run", sandbox_.Path("a.git")});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_FALSE(sandbox_.Exists("a.git/hooks/pre-receive"));
  ExpectUnguarded("a.git");
}

TEST_F(InstallE2e, HooksPath) {
  for (const std::string& value :
       std::vector<std::string>{"own", "../outside", sandbox_.Path("absolute"), "~/hooks"}) {
    fs::remove_all(sandbox_.Path("a.git"));
    Server("a.git");
    sandbox_.MustGit({"config", "core.hooksPath", value}, "a.git");
    MustInstall("a.git");
    EXPECT_FALSE(sandbox_.Exists("a.git/hooks/pre-receive"));
    ExpectGuarded("a.git");
    MustUninstall("a.git");
    ExpectUnguarded("a.git");
  }
}

TEST_F(InstallE2e, TheHookThatWasThereRunsFirstOnTheSameInput) {
  Server("a.git");
  sandbox_.WriteHook("a.git", "pre-receive", "cat >seen; echo theirs >&2\n");
  MustInstall("a.git");
  const RunResult fork = Push("a.git", "two:main");
  EXPECT_NE(fork.exit_code, 0);
  const std::size_t theirs = fork.err.find("remote: theirs");
  const std::size_t ours = fork.err.find("multiple-heads");
  EXPECT_NE(theirs, fork.err.npos) << fork.err;
  EXPECT_NE(ours, fork.err.npos) << fork.err;
  EXPECT_LT(theirs, ours);
  const std::string one = sandbox_.MustGit({"rev-parse", "one"}, "client");
  const std::string two = sandbox_.MustGit({"rev-parse", "two"}, "client");
  EXPECT_EQ(sandbox_.ReadFile("a.git/seen"), one + " " + two + " refs/heads/main\n");
  ExpectGuarded("a.git");
}

TEST_F(InstallE2e, TheFirstRefusalStops) {
  Server("a.git");
  sandbox_.WriteHook("a.git", "pre-receive", "echo theirs >&2; exit 1\n");
  MustInstall("a.git");
  const RunResult fork = Push("a.git", "two:main");
  EXPECT_NE(fork.exit_code, 0);
  EXPECT_NE(fork.err.find("remote: theirs"), fork.err.npos);
  EXPECT_EQ(fork.err.find("multiple-heads"), fork.err.npos);
  MustUninstall("a.git");
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), "#!/bin/sh\necho theirs >&2; exit 1\n");
}

TEST_F(InstallE2e, ManyRefsReachBothHooks) {
  Server("a.git");
  sandbox_.WriteHook("a.git", "pre-receive", "wc -l <&0 >count\n");
  MustInstall("a.git");
  sandbox_.MustGit({"config", "onehead.timeout", "60000"}, "a.git");
  std::string updates;
  for (int i = 0; i < 1000; ++i) {
    updates += "create refs/heads/generated/branch/number/" + std::to_string(i) + " base\n";
  }
  sandbox_.MustGit({"update-ref", "--stdin"}, "client", updates);
  const RunResult push = sandbox_.Git(
      {"push", "-q", sandbox_.Path("a.git"), "refs/heads/generated/*:refs/heads/g/*"}, "client");
  EXPECT_EQ(push.exit_code, 0) << push.err;
  EXPECT_EQ(std::stoi(sandbox_.ReadFile("a.git/count")), 1000);
}

TEST_F(InstallE2e, Gitea) {
  Server("a.git");
  sandbox_.WriteHook("a.git", "pre-receive",
                     "# AUTO GENERATED BY GITEA, DO NOT MODIFY\n"
                     "data=$(cat)\n"
                     "exitcodes=\"\"\n"
                     "hookname=$(basename $0)\n"
                     "GIT_DIR=${GIT_DIR:-$(dirname $0)/..}\n"
                     "for hook in ${GIT_DIR}/hooks/${hookname}.d/*; do\n"
                     "  test -x \"${hook}\" && test -f \"${hook}\" || continue\n"
                     "  echo \"${data}\" | \"${hook}\"\n"
                     "  exitcodes=\"${exitcodes} $?\"\n"
                     "done\n"
                     "for i in ${exitcodes}; do [ ${i} -eq 0 ] || exit ${i}; done\n");
  sandbox_.WriteExecutable("a.git/hooks/pre-receive.d/gitea", "#!/bin/sh\ncat >seen\n");
  const std::string generated = sandbox_.ReadFile("a.git/hooks/pre-receive");
  MustInstall("a.git");
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), generated);
  ExpectGuarded("a.git");
  EXPECT_TRUE(sandbox_.Exists("a.git/seen"));
  MustUninstall("a.git");
  ExpectUnguarded("a.git");
}

TEST_F(InstallE2e, Gitolite) {
  sandbox_.WriteHook("local", "common/pre-receive", "echo theirs >&2\n");
  MustInstall("local");
  Server("a.git");
  // What `gitolite setup --hooks-only` does.
  for (const auto& hook : fs::directory_iterator(sandbox_.Path("local/hooks/common"))) {
    fs::create_symlink(hook.path(),
                       sandbox_.Path("a.git/hooks/") + hook.path().filename().string());
  }
  ExpectGuarded("a.git");
  EXPECT_NE(Push("a.git", "two:main").err.find("remote: theirs"), std::string::npos);
  // The repository itself has nothing to install: its hook is ours.
  const RunResult again = Onehead({"install", "--server", sandbox_.Path("a.git")});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.out.find("already installed"), std::string::npos) << again.out;
}

TEST_F(InstallE2e, WithoutTheProgramThePushIsRefused) {
  Server("a.git");
  const std::string program = sandbox_.Path("bin/onehead");
  sandbox_.MakeDirs("bin");
  fs::copy_file(ONEHEAD_PROGRAM, program);
  ASSERT_EQ(Onehead({"install", "--server", sandbox_.Path("a.git")}, program).exit_code, 0);
  ExpectGuarded("a.git");
  fs::remove(program);
  const RunResult push = Push("a.git", "base:refs/heads/more");
  EXPECT_NE(push.exit_code, 0);
  EXPECT_NE(push.err.find("remote: error: onehead: program '" + program + "' not found"),
            std::string::npos)
      << push.err;
}

TEST_F(InstallE2e, AProgramWithAnyName) {
  for (const std::string directory : {"with space", "it's", "$HOME `x` \"q\"", "caf\xC3\xA9 # x"}) {
    const std::string program = sandbox_.Path(directory + "/onehead");
    sandbox_.MakeDirs(directory);
    fs::copy_file(ONEHEAD_PROGRAM, program);
    fs::remove_all(sandbox_.Path("a.git"));
    Server("a.git");
    ASSERT_EQ(Onehead({"install", "--server", sandbox_.Path("a.git")}, program).exit_code, 0);
    ExpectGuarded("a.git");
  }
}

TEST_F(InstallE2e, ARepositoryWithAnyName) {
  const std::string name = "it's a \"repository\" $x.git";
  Server(name);
  sandbox_.WriteHook(name, "pre-receive", "echo theirs >&2\n");
  MustInstall(name);
  ExpectGuarded(name);
  fs::rename(sandbox_.Path(name), sandbox_.Path("moved.git"));
  ExpectGuarded("moved.git");
}

TEST_F(InstallE2e, AnOlderShimIsReplaced) {
  Server("a.git");
  sandbox_.WriteExecutable("a.git/hooks/pre-receive",
                           "#!/bin/sh\n# onehead shim 0\nexec /nonexistent \"$@\"\n");
  EXPECT_NE(Push("a.git", "base:refs/heads/more").exit_code, 0);
  MustInstall("a.git");
  ExpectGuarded("a.git");
}

TEST_F(InstallE2e, InsideAHookOfAnotherRepository) {
  // The variables of that repository must not lead the installer astray.
  Server("a.git");
  sandbox_.InitBare("other.git");
  sandbox_.environment()["GIT_DIR"] = sandbox_.Path("other.git");
  const RunResult result = Onehead({"install", "--server", sandbox_.Path("a.git")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(sandbox_.Exists("a.git/hooks/pre-receive"));
  EXPECT_FALSE(sandbox_.Exists("other.git/hooks/pre-receive"));
}

}  // namespace
}  // namespace onehead::testing
