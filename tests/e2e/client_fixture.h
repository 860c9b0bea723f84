// A developer's repository with an Alembic environment, for the commands that rewrite migrations.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {

// Has alembic.ini, env.py and the revision "a" on main.
class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    box_.InitWork("work");
    box_.WriteFile("work/alembic.ini", "[alembic]\nscript_location = alembic\n");
    box_.WriteFile("work/alembic/env.py", "pass\n");
    CommitMigration("a", {});
  }

  static std::string PathOf(const std::string& id) { return "alembic/versions/" + id + ".py"; }
  void Write(const std::string& id, const std::vector<std::string>& down) {
    box_.WriteFile("work/" + PathOf(id), MigrationText(id, down));
  }
  std::string Text(const std::string& id) { return box_.ReadFile("work/" + PathOf(id)); }
  std::string CommitMigration(const std::string& id, const std::vector<std::string>& down) {
    Write(id, down);
    return box_.CommitAll("work", "add " + id);
  }
  std::string Git(const std::vector<std::string>& args) { return box_.MustGit(args, "work"); }
  std::string Show(const std::string& rev, const std::string& id) {
    return box_.Git({"show", rev + ":" + PathOf(id)}, "work").out;
  }
  RunResult Onehead(std::vector<std::string> args, const std::string& dir = "work") {
    args.insert(args.begin(), ONEHEAD_PROGRAM);
    return box_.Run(args, dir);
  }
  // "b (head)\n"
  std::string Heads(const std::string& rev = "--worktree") { return Onehead({"heads", rev}).out; }

  // main: a, m. feature: its own migrations on a, and main's in its history by a rebase that no
  // strategy has repaired.
  void BranchFrom(const std::string& name, const std::string& start) {
    Git({"checkout", "-q", "-b", name, start});
  }
  GitSandbox box_;
};

}  // namespace onehead::testing
