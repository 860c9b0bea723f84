// A server with the hook and a developer's clone: what every push test starts from.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {

inline constexpr const char* kIni = "[alembic]\nscript_location = alembic\n";

class PushTest : public ::testing::Test {
 protected:
  PushTest() {
    box_.InitBare("server.git");
    // How fast the machine is, is none of a test's business.
    box_.WriteFile("server.git/config", box_.ReadFile("server.git/config") +
                                            "[receive]\n\tadvertisePushOptions = true\n"
                                            "[onehead]\n\ttimeout = 60000\n");
    box_.WriteHook("server.git", "pre-receive",
                   std::string("exec '") + ONEHEAD_PROGRAM + "' pre-receive \"$@\"");
    box_.InitWork("work");
    box_.MustGit({"remote", "add", "origin", box_.Path("server.git")}, "work");
  }

  // alembic.ini, env.py and the base revision "a", pushed to main.
  void PushBase() {
    box_.WriteFile("work/alembic.ini", kIni);
    box_.WriteFile("work/alembic/env.py", "pass\n");
    Migration("a", {});
    box_.CommitAll("work", "base");
    const RunResult pushed = Push("main");
    ASSERT_EQ(pushed.exit_code, 0) << pushed.err;
  }

  // Writes alembic/versions/<id>.py.
  void Migration(const std::string& id, const std::vector<std::string>& down,
                 const std::string& directory = "alembic/versions") {
    box_.WriteFile("work/" + directory + "/" + id + ".py", MigrationText(id, down));
  }

  // Writes it and commits.
  void CommitMigration(const std::string& id, const std::vector<std::string>& down) {
    Migration(id, down);
    box_.CommitAll("work", "add " + id);
  }

  // b and c, both on a: two heads, committed and not pushed.
  void CommitFork() {
    PushBase();
    CommitMigration("b", {"a"});
    CommitMigration("c", {"a"});
  }

  // Two heads that were on the server's main before there was a hook.
  void PushForkUnchecked() {
    CommitFork();
    PushUnchecked("main");
  }

  // On the server main has m and feature has f, both on a. On feature.
  void PushMainAndFeature() {
    PushBase();
    NewBranch("feature", "main");
    CommitMigration("f", {"a"});
    EXPECT_EQ(Push("feature").exit_code, 0);
    Checkout("main");
    CommitMigration("m", {"a"});
    EXPECT_EQ(Push("main").exit_code, 0);
    Checkout("feature");
  }

  // An environment of its own: service/env.py, and its migrations {id, down}. Commits.
  void CommitService(const std::string& service,
                     const std::vector<std::pair<std::string, std::vector<std::string>>>& added) {
    box_.WriteFile("work/" + service + "/env.py", "");
    for (const auto& [id, down] : added) Migration(id, down, service + "/versions");
    box_.CommitAll("work", service);
  }

  RunResult Push(const std::string& refspec, std::vector<std::string> options = {}) {
    std::vector<std::string> args = {"push", "-q"};
    args.insert(args.end(), options.begin(), options.end());
    args.insert(args.end(), {"origin", refspec});
    return box_.Git(args, "work");
  }

  void SetServer(const std::string& key, const std::string& value) {
    box_.MustGit({"config", "--add", key, value}, "server.git");
  }
  void Checkout(const std::string& branch) { box_.MustGit({"checkout", "-q", branch}, "work"); }
  void NewBranch(const std::string& name, const std::string& start) {
    box_.MustGit({"checkout", "-q", "-b", name, start}, "work");
  }
  // Lets what stands on the server be worse than the hook would allow.
  void PushUnchecked(const std::string& refspec) {
    box_.MustGit({"config", "core.hooksPath", "/nonexistent"}, "server.git");
    ASSERT_EQ(Push(refspec, {"--force"}).exit_code, 0);
    box_.MustGit({"config", "--unset", "core.hooksPath"}, "server.git");
  }

  // An id of that digit, as long as this repository's ids are.
  std::string IdOf(char digit) { return std::string(ServerTip().size(), digit); }

  std::string ServerTip(const std::string& ref = "refs/heads/main") {
    return box_.MustGit({"rev-parse", ref}, "server.git");
  }

  // The hook as receive-pack starts it, without what Git itself would refuse before.
  RunResult Hook(const std::string& lines, const std::vector<std::string>& options = {},
                 const Environment& extra = {}) {
    std::vector<std::string> argv = {ONEHEAD_PROGRAM, "pre-receive"};
    argv.insert(argv.end(), options.begin(), options.end());
    Environment environment = {{"GIT_DIR", "."}};
    environment.insert(extra.begin(), extra.end());
    return box_.Run(argv, "server.git", lines, environment);
  }

  GitSandbox box_;
};

#define EXPECT_ACCEPTED(result)                       \
  do {                                                \
    const ::onehead::testing::RunResult r = (result); \
    EXPECT_EQ(r.exit_code, 0) << r.err;               \
  } while (false)

// Accepted without a word.
#define EXPECT_SILENT(result)                         \
  do {                                                \
    const ::onehead::testing::RunResult r = (result); \
    EXPECT_EQ(r.exit_code, 0) << r.err;               \
    EXPECT_EQ(r.err, "");                             \
  } while (false)

// Accepted, and the message holds `text`.
#define EXPECT_ACCEPTED_WITH(result, text) EXPECT_HOOK(result, 0, text)

// Refused, and the message holds `text`.
#define EXPECT_REFUSED(result, text)                                                \
  do {                                                                              \
    const ::onehead::testing::RunResult r = (result);                               \
    EXPECT_NE(r.exit_code, 0) << r.err;                                             \
    EXPECT_NE(r.err.find(text), std::string::npos) << r.err;                        \
    EXPECT_NE(r.err.find("pre-receive hook declined"), std::string::npos) << r.err; \
  } while (false)

// The hook's answer: exit code and a part of what it says.
#define EXPECT_HOOK(result, code, text)                      \
  do {                                                       \
    const ::onehead::testing::RunResult r = (result);        \
    EXPECT_EQ(r.exit_code, code) << r.err;                   \
    EXPECT_NE(r.err.find(text), std::string::npos) << r.err; \
  } while (false)

}  // namespace onehead::testing
