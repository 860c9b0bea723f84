// What happens to a team, judged by real Alembic: the start of every situation_*_test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/situation_world.h"

namespace onehead::testing {

// A way to bring two histories together, as it is typed.
struct Way {
  std::string name;
  std::string command;
};

class SituationTest : public ::testing::Test {
 protected:
  // server.git has r1 on main; dev is a clone of it, on main.
  SituationTest() { world_.MakeUsual(); }

  void Play(const std::string& script) { world_.Play(script); }
  RunResult Type(const std::string& command) { return world_.Type(command); }
  std::string Must(const std::string& command) { return world_.Must(command); }
  std::string Chain(const std::string& rev = "HEAD") { return world_.Chain(rev); }
  std::string Changed(const std::string& from, const std::string& to = "HEAD") {
    return world_.Changed(from, to);
  }
  static std::string All(const RunResult& result) { return result.out + result.err; }

  // What HEAD is like in one line: its chain, and after " | " each thing that is wrong: a migration
  // that `published` has otherwise, what is not committed, what the server says when HEAD is pushed
  // to its `branch`. A tree that is in `answers` is not pushed again.
  using Answers = std::map<std::string, std::string>;
  std::string State(const std::string& published, const std::string& branch,
                    Answers* answers = nullptr) {
    const std::string tree = Must("git rev-parse HEAD^{tree}");
    const std::string diff = "git diff --no-renames --name-status --diff-filter=MDT ";
    const std::string not_clean =
        All(Type(diff + published + " HEAD -- alembic; git status --porcelain"));
    Answers own;
    if (answers == nullptr) answers = &own;
    if (answers->count(tree) == 0) {
      const std::string remote = published.substr(0, published.find('/'));
      (*answers)[tree] = All(Type("git push -q " + remote + " HEAD:" + branch));
    }
    std::istringstream wrong(not_clean + (*answers)[tree]);
    std::string state = Chain();
    for (std::string line; std::getline(wrong, line) && state.size() < 300;) {
      state += " | " + line.substr(0, line.find_last_not_of(' ') + 1);
    }
    return state;
  }
  // HEAD has this chain and everything of `published` unchanged, nothing is left to do, and the
  // server takes it as its `branch` without a word.
  void ExpectLands(const std::string& chain, const std::string& published = "origin/main",
                   const std::string& branch = "main") {
    EXPECT_EQ(State(published, branch), chain);
  }

  // Each command typed in a world of its own, and then `check`, a function of what it printed.
  template <typename Check>
  void InEachWay(const std::vector<Way>& ways, Check check) {
    const World start = world_;
    for (const Way& way : ways) {
      SCOPED_TRACE("way " + way.name + ": " + way.command);
      world_ = start.Copy();
      check(Type(way.command));
    }
    world_ = start;
  }
  // The same where each command has to work and to land (see ExpectLands()), and then the command
  // `holds` to succeed.
  void LandsInEachWay(const std::vector<Way>& ways, const std::string& chain,
                      const std::string& published = "origin/main",
                      const std::string& branch = "main", const std::string& holds = "") {
    Answers answers;
    InEachWay(ways, [&](const RunResult& result) {
      const std::string failed = result.exit_code == 0 ? "" : "failed | ";
      EXPECT_EQ(failed + State(published, branch, &answers), chain) << All(result);
      EXPECT_EQ(Type(holds).exit_code, 0) << holds;
    });
  }

  GitSandbox box_;
  World world_{&box_, "world"};
};

}  // namespace onehead::testing
