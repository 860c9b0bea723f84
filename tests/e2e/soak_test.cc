// Many people push at once to several repositories. What the server then holds is compared with
// what each of them was told.
//
// By hand, for longer: ONEHEAD_SOAK_SECONDS=600 e2e_test --gtest_filter='Soak*'
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <thread>

#include "e2e/push_test_fixture.h"

namespace onehead {
namespace {

using testing::GitSandbox;
using testing::MigrationText;
using testing::RunResult;

constexpr int kServers = 2;
constexpr int kPeoplePerServer = 4;
constexpr int kTurns = 8;  // of each, at least

std::chrono::seconds Length() {
  const char* seconds = std::getenv("ONEHEAD_SOAK_SECONDS");
  return std::chrono::seconds(seconds == nullptr ? 0 : std::atoi(seconds));
}

struct Pushed {
  std::string tip;
  std::string ref;
  RunResult result;
};

// One person with a clone, who pushes what may and what may not go in.
class Person {
 public:
  Person(std::string server, int number) : server_(std::move(server)), number_(number) {}

  void Work(std::chrono::steady_clock::time_point until) {
    box_.MustGit({"clone", "-q", server_, "work"});
    std::mt19937 random(static_cast<unsigned>(number_));
    for (int turn = 0; turn < kTurns || std::chrono::steady_clock::now() < until; ++turn) {
      box_.MustGit({"fetch", "-q", "origin"}, "work");
      box_.MustGit({"reset", "-q", "--hard", "origin/main"}, "work");
      const std::string id = "p" + std::to_string(number_) + "t" + std::to_string(turn);
      const bool fork = random() % 3 == 0;
      const bool topic = random() % 4 == 0;
      const std::string head = box_.ReadFile("work/head");
      box_.WriteFile("work/alembic/versions/" + id + ".py", MigrationText(id, {fork ? "a" : head}));
      // Who would fork does not touch it, so that only the hook stands in the way.
      if (!fork) box_.WriteFile("work/head", id);
      const std::string tip = box_.CommitAll("work", "add " + id);
      Push(tip, topic ? "refs/heads/" + id : "refs/heads/main");
    }
  }

  const std::vector<Pushed>& pushes() const { return pushes_; }

 private:
  void Push(const std::string& tip, const std::string& ref) {
    pushes_.push_back({tip, ref, box_.Git({"push", "-q", "origin", tip + ":" + ref}, "work")});
  }

  std::string server_;
  int number_;
  GitSandbox box_;
  std::vector<Pushed> pushes_;
};

class SoakTest : public ::testing::Test {
 protected:
  std::string MakeServer(int number) {
    const std::string name = "server" + std::to_string(number) + ".git";
    box_.InitBare(name);
    box_.MustGit({"config", "core.logAllRefUpdates", "true"}, name);
    // The machine may be busy with all of them; how long a push takes is not the question here.
    box_.MustGit({"config", "onehead.timeout", "60000"}, name);
    EXPECT_EQ(box_.Run({ONEHEAD_PROGRAM, "install", "--server", name}).exit_code, 0);
    const std::string work = "first" + std::to_string(number);
    box_.InitWork(work);
    box_.WriteFile(work + "/alembic.ini", testing::kIni);
    box_.WriteFile(work + "/alembic/env.py", "pass\n");
    box_.WriteFile(work + "/alembic/versions/a.py", MigrationText("a", {}));
    box_.WriteFile(work + "/alembic/versions/b.py", MigrationText("b", {"a"}));
    box_.WriteFile(work + "/head", "b");
    box_.CommitAll(work, "base");
    box_.MustGit({"push", "-q", box_.Path(name), "main"}, work);
    return box_.Path(name);
  }

  // Every push did what it says.
  void Compare(const std::string& server, const Pushed& push) {
    const bool on_main = push.ref == "refs/heads/main";
    const std::string& said = push.result.err;
    if (push.result.exit_code == 0) {
      ++accepted_;
      const auto landed = box_.Git({"merge-base", "--is-ancestor", push.tip, push.ref}, server);
      EXPECT_EQ(landed.exit_code, 0) << push.tip << " was accepted and is not in " << push.ref;
      return;
    }
    const bool by_hook = said.find("error: multiple-heads") != std::string::npos;
    const bool by_git = said.find("fetch first") != std::string::npos ||
                        said.find("non-fast-forward") != std::string::npos ||
                        said.find("failed to update ref") != std::string::npos ||
                        said.find("cannot lock ref") != std::string::npos ||
                        said.find("incorrect old value") != std::string::npos ||
                        said.find("reference already exists") != std::string::npos;
    (by_hook ? refused_ : lost_) += 1;
    EXPECT_TRUE(by_hook || (by_git && on_main)) << "refused without a reason: " << said;
    EXPECT_EQ(box_.Git({"branch", "--contains", push.tip}, server).out, "") << push.tip;
  }

  // At no time had main two heads.
  void CheckMain(const std::string& server) {
    const std::string log =
        box_.MustGit({"reflog", "show", "--format=%H", "refs/heads/main"}, server);
    std::size_t begin = 0;
    while (begin < log.size()) {
      const std::size_t end = std::min(log.find('\n', begin), log.size());
      const std::string value = log.substr(begin, end - begin);
      const RunResult heads = box_.Run({ONEHEAD_PROGRAM, "heads", value}, server);
      EXPECT_EQ(heads.exit_code, 0) << heads.err;
      EXPECT_EQ(std::count(heads.out.begin(), heads.out.end(), '\n'), 1) << heads.out;
      begin = end + 1;
    }
  }

  GitSandbox box_;
  int accepted_ = 0;
  int refused_ = 0;
  int lost_ = 0;  // the race for the lock, which Git decides
};

TEST_F(SoakTest, WhatTheServerHoldsIsWhatEverybodyWasTold) {
  std::vector<std::string> servers;
  std::vector<std::unique_ptr<Person>> people;
  for (int server = 0; server < kServers; ++server) {
    servers.push_back(MakeServer(server));
    for (int i = 0; i < kPeoplePerServer; ++i) {
      people.push_back(std::make_unique<Person>(servers.back(), static_cast<int>(people.size())));
    }
  }
  const auto until = std::chrono::steady_clock::now() + Length();
  std::vector<std::thread> threads;
  for (const auto& person : people) threads.emplace_back([&] { person->Work(until); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < people.size(); ++i) {
    for (const Pushed& push : people[i]->pushes()) Compare(servers[i / kPeoplePerServer], push);
  }
  for (const std::string& server : servers) {
    CheckMain(server);
    EXPECT_EQ(box_.Git({"fsck", "--no-dangling"}, server).exit_code, 0);
  }
  EXPECT_GT(accepted_, 0);
  EXPECT_GT(refused_, 0);
  std::cout << accepted_ << " accepted, " << refused_ << " refused, " << lost_ << " lost a race\n";
}

}  // namespace
}  // namespace onehead
