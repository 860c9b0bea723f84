#include "commands/install/cmd_install.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "commands/app/program_path.h"
#include "onehead/git/files/disposable_cache.h"
#include "onehead/git/install/shim.h"
#include "support/emptied_environment.h"
#include "support/git_sandbox.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int exit_code;
  std::string out;
  std::string err;
};

class CmdInstall : public ::testing::Test {
 protected:
  CmdInstall() { testing::EmptyOwnEnvironment(sandbox_.Path("home").c_str()); }
  std::string Path(const std::string& path) const { return sandbox_.Path(path); }

  // `$` in an argument stands for the scratch directory; in what is printed it comes back.
  Outcome Run(int (*command)(const std::vector<std::string>&, Streams&),
              std::vector<std::string> args) {
    for (std::string& arg : args) {
      if (arg.front() == '$') arg.replace(0, 1, sandbox_.root());
    }
    std::ostringstream out;
    std::ostringstream err;
    Streams io{out, err};
    const int exit_code = command(args, io);
    return {exit_code, Shortened(out.str()), Shortened(err.str())};
  }
  Outcome Install(std::vector<std::string> args) { return Run(&RunInstall, std::move(args)); }
  Outcome Uninstall(std::vector<std::string> args) { return Run(&RunUninstall, std::move(args)); }
  std::string Shortened(std::string text) const {
    for (std::size_t at = 0; (at = text.find(sandbox_.root(), at)) != text.npos; ++at) {
      text.replace(at, sandbox_.root().size(), "$");
    }
    return text;
  }
  void HooksPath(const std::string& git_dir, const std::string& value) {
    sandbox_.MustGit({"config", "core.hooksPath", value}, git_dir);
  }
  testing::GitSandbox sandbox_;
};

TEST_F(CmdInstall, OneLineForEachRepository) {
  sandbox_.InitBare("a.git");
  sandbox_.InitBare("b.git");
  sandbox_.WriteHook("b.git", "pre-receive", "exit 0\n");
  sandbox_.InitBare("@hashed/c.git");
  const std::vector<std::string> all = {"--server", "$/a.git", "$/b.git", "$/@hashed/c.git"};
  const Outcome first = Install(all);
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_EQ(first.err, "");
  EXPECT_EQ(first.out,
            "$/a.git: installed: hooks/pre-receive\n"
            "$/b.git: installed: hooks/pre-receive; runs first: "
            "hooks/pre-receive.onehead-chained\n"
            "$/@hashed/c.git: installed: custom_hooks/pre-receive.d/onehead (GitLab)\n");
  const Outcome second = Install(all);
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_EQ(second.out,
            "$/a.git: already installed: hooks/pre-receive\n"
            "$/b.git: already installed: hooks/pre-receive; runs first: "
            "hooks/pre-receive.onehead-chained\n"
            "$/@hashed/c.git: already installed: custom_hooks/pre-receive.d/onehead (GitLab)\n");
  const Outcome third = Uninstall(all);
  EXPECT_EQ(third.exit_code, 0);
  EXPECT_EQ(third.out,
            "$/a.git: uninstalled: hooks/pre-receive\n"
            "$/b.git: uninstalled: hooks/pre-receive; back from "
            "hooks/pre-receive.onehead-chained\n"
            "$/@hashed/c.git: uninstalled: custom_hooks/pre-receive.d/onehead (GitLab)\n");
  EXPECT_EQ(Uninstall({"--server", "$/a.git"}).out, "$/a.git: not installed: hooks/pre-receive\n");
}

TEST_F(CmdInstall, UninstallingTakesAlongWhatTheHookHasKept) {
  sandbox_.InitBare("a.git");
  sandbox_.InitBare("b.git");
  const git::DisposableCache cache(Path("a.git"));
  Install({"--server", "$/a.git", "$/b.git"});
  cache.Store("1f", "x");
  EXPECT_EQ(Install({"--server", "$/a.git"}).out,
            "$/a.git: already installed: hooks/pre-receive\n");
  EXPECT_TRUE(cache.Load("1f"));
  EXPECT_EQ(Uninstall({"--server", "--dry-run", "$/a.git"}).out,
            "$/a.git: would be uninstalled: hooks/pre-receive; would be removed: onehead/\n");
  EXPECT_TRUE(cache.Load("1f"));
  EXPECT_EQ(Uninstall({"--server", "$/a.git", "$/b.git"}).out,
            "$/a.git: uninstalled: hooks/pre-receive; removed: onehead/\n"
            "$/b.git: uninstalled: hooks/pre-receive\n");
  EXPECT_FALSE(sandbox_.Exists("a.git/onehead"));
  // Also where the hook was taken out by hand.
  cache.Store("1f", "x");
  EXPECT_EQ(Uninstall({"--server", "$/a.git"}).out,
            "$/a.git: not installed: hooks/pre-receive; removed: onehead/\n");
  EXPECT_FALSE(sandbox_.Exists("a.git/onehead"));
}

TEST_F(CmdInstall, RepositoriesWithOneHookEachKeepSomething) {
  sandbox_.MakeDirs("hooks");
  std::vector<git::DisposableCache> caches;
  for (const char* name : {"a.git", "b.git"}) {
    sandbox_.InitBare(name);
    sandbox_.MustGit({"config", "core.hooksPath", Path("hooks")}, name);
    caches.emplace_back(Path(name)).Store("1f", "x");
  }
  Install({"--server", "$/a.git", "$/b.git"});
  const Outcome outcome = Uninstall({"--server", "$/a.git", "$/b.git"});
  EXPECT_NE(outcome.out.find("$/b.git: same hook as $/a.git; removed: onehead/\n"),
            std::string::npos)
      << outcome.out;
  for (const git::DisposableCache& cache : caches) EXPECT_FALSE(cache.Load("1f"));
}

TEST_F(CmdInstall, RecordsTheProgramThatRuns) {
  sandbox_.InitBare("a.git");
  EXPECT_EQ(Install({"--server", "$/a.git"}).exit_code, 0);
  const auto shim = git::ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive"));
  ASSERT_TRUE(shim);
  EXPECT_EQ(shim->program, fs::read_symlink("/proc/self/exe").string());
}

TEST_F(CmdInstall, PrefersTheNameOnPathOfTheSameFile) {
  const std::string running = fs::read_symlink("/proc/self/exe").string();
  sandbox_.MakeDirs("bin");
  fs::create_symlink(running, Path("bin/onehead"));
  sandbox_.WriteExecutable("other/onehead", "");
  const std::string before = getenv("PATH");
  setenv("PATH", (Path("bin") + ":" + before).c_str(), 1);
  EXPECT_EQ(*OwnProgramPath(), Path("bin/onehead"));
  setenv("PATH", (Path("other") + ":" + before).c_str(), 1);
  EXPECT_EQ(*OwnProgramPath(), running);
  setenv("PATH", before.c_str(), 1);
}

TEST_F(CmdInstall, DryRunSaysWhatItWouldDoAndWritesNothing) {
  sandbox_.InitBare("a.git");
  sandbox_.WriteHook("a.git", "pre-receive", "exit 0\n");
  const std::string before = sandbox_.ReadFile("a.git/hooks/pre-receive");
  const Outcome install = Install({"--server", "--dry-run", "$/a.git"});
  EXPECT_EQ(install.exit_code, 0);
  EXPECT_EQ(install.out,
            "$/a.git: would be installed: hooks/pre-receive; runs first: "
            "hooks/pre-receive.onehead-chained\n");
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), before);
  EXPECT_FALSE(sandbox_.Exists("a.git/hooks/pre-receive.onehead-chained"));

  Install({"--server", "$/a.git"});
  const std::string shim = sandbox_.ReadFile("a.git/hooks/pre-receive");
  EXPECT_EQ(Uninstall({"--server", "$/a.git", "--dry-run"}).out,
            "$/a.git: would be uninstalled: hooks/pre-receive; would be back from "
            "hooks/pre-receive.onehead-chained\n");
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), shim);
}

TEST_F(CmdInstall, OneErrorAndNothingIsWritten) {
  sandbox_.InitBare("a.git");
  sandbox_.MakeDirs("empty");
  const Outcome outcome = Install({"--server", "$/a.git", "$/empty", "$/missing"});
  EXPECT_EQ(outcome.exit_code, 128);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "error: $/empty: not a Git repository\n"
            "hint: name a repository, a directory of gitolite with hooks/common in it, or the "
            "custom_hooks directory of a GitLab server\n"
            "error: $/missing: no such directory\n"
            "error: nothing was changed\n");
  EXPECT_FALSE(sandbox_.Exists("a.git/hooks/pre-receive"));
}

TEST_F(CmdInstall, WrongUsage) {
  sandbox_.InitBare("a.git");
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{}, {"--server"}, {"$/a.git"}, {"--server", "--what", "$/a.git"}}) {
    const Outcome outcome = Install(args);
    EXPECT_EQ(outcome.exit_code, 129);
    EXPECT_EQ(outcome.err.substr(0, 7), "error: ");
    EXPECT_NE(outcome.err.find("hint: see onehead install --help\n"), std::string::npos);
  }
  EXPECT_EQ(Uninstall({"--server", "--force", "$/a.git"}).exit_code, 129);
  EXPECT_FALSE(sandbox_.Exists("a.git/hooks/pre-receive"));
}

TEST_F(CmdInstall, Help) {
  const Outcome outcome = Install({"--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* text : {"onehead install", "--dry-run", "--force", "Gitea", "gitolite"}) {
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(Uninstall({"-h"}).exit_code, 0);
}

TEST_F(CmdInstall, NamesWhoSharesAHooksPathBeforeItWrites) {
  for (const char* name : {"a.git", "b.git", "c.git"}) sandbox_.InitBare(name);
  for (const char* name : {"a.git", "b.git"}) HooksPath(name, "../hooks");
  const std::string note =
      "note: $/hooks/pre-receive is outside of the repository (core.hooksPath in $/a.git/config): "
      "it runs for every repository that shares it:\n"
      "note:   $/a.git\n"
      "note:   $/b.git\n";
  // Both, also when only one of them is named.
  EXPECT_EQ(Install({"--server", "--dry-run", "$/a.git"}).out,
            note + "$/a.git: would be installed: $/hooks/pre-receive\n");
  EXPECT_FALSE(sandbox_.Exists("hooks"));
  EXPECT_EQ(Install({"--server", "$/a.git", "$/b.git"}).out,
            note +
                "$/a.git: installed: $/hooks/pre-receive\n"
                "$/b.git: same hook as $/a.git\n");
  EXPECT_TRUE(git::ParseShim(sandbox_.ReadFile("hooks/pre-receive")));
  EXPECT_FALSE(sandbox_.Exists("c.git/hooks/pre-receive"));
  EXPECT_EQ(Uninstall({"--server", "$/b.git", "$/a.git"}).exit_code, 0);
  EXPECT_FALSE(sandbox_.Exists("hooks"));
}

TEST_F(CmdInstall, AHooksPathOfItsOwnIsNotNamed) {
  sandbox_.InitBare("a.git");
  HooksPath("a.git", "my");
  EXPECT_EQ(Install({"--server", "$/a.git"}).out, "$/a.git: installed: my/pre-receive\n");
}

TEST_F(CmdInstall, TheSameRepositoryTwice) {
  sandbox_.InitWork("w");
  EXPECT_EQ(Install({"--server", "$/w", "$/w/.git"}).out,
            "$/w: installed: hooks/pre-receive\n"
            "$/w/.git: same hook as $/w\n");
}

TEST_F(CmdInstall, GitoliteIsToldWhatToRun) {
  sandbox_.MakeDirs("local/hooks/common");
  const Outcome outcome = Install({"--server", "$/local"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "$/local: installed: $/local/hooks/common/pre-receive (gitolite)\n");
  EXPECT_NE(outcome.err.find("hint: run `gitolite setup --hooks-only`"), std::string::npos);
  EXPECT_EQ(Install({"--server", "$/local"}).err, "");
}

TEST_F(CmdInstall, ForceMovesWhatIsInTheWay) {
  sandbox_.InitBare("a.git");
  fs::create_symlink("missing", Path("a.git/hooks/pre-receive"));
  EXPECT_EQ(Install({"--server", "$/a.git"}).exit_code, 128);
  EXPECT_EQ(Install({"--server", "--force", "$/a.git"}).exit_code, 0);
  EXPECT_EQ(Uninstall({"--server", "$/a.git"}).exit_code, 0);
  EXPECT_EQ(fs::read_symlink(Path("a.git/hooks/pre-receive")), "missing");
}

TEST_F(CmdInstall, WarningsGoToStandardError) {
  sandbox_.InitBare("a.git");
  sandbox_.WriteFile("a.git/hooks/pre-receive", "#!/bin/sh\n");
  const Outcome outcome = Install({"--server", "$/a.git"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err,
            "warning: $/a.git: the hook that is there is not executable, so Git does not run it: "
            "kept as pre-receive.onehead-saved, not run\n");
}

}  // namespace
}  // namespace onehead
