// Does what a message tells people to do, and looks whether it helps.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "e2e/situation_world.h"
#include "support/hint_text.h"

namespace onehead::testing {

// What is so when a hint has been followed.
struct HintGoal {
  std::string push = "git push -q origin HEAD:main";  // is accepted
  std::string branch = "main";                        // of server.git has one head then
  std::string again = "";  // what was refused; typed again after a hint that says "first"
  int heads = 1;           // where several are meant to be
};

struct HintOutcome {
  std::vector<std::string> problems;  // one for each hint that is not true
  std::vector<std::string> repairs;   // what was typed or changed and did repair it
  std::vector<std::string> settings;  // what was set and let the push pass
  std::set<std::string> chains;  // Alembic's answers after the repairs without a merge revision
};

// Follows each hint of `text` by itself, each in a fresh copy of the world: types its commands, or
// changes exactly the lines that it names, in the repository where the world is now; commits what
// is left to commit, goes on with a stopped rebase or merge; and pushes. A hint that repairs is
// true when every command exits with 0, the push is accepted and Alembic sees one head on the
// server. A command that only shows something has to be one that works. Settings are typed on the
// server if the server has printed the hint.
class HintRunner {
 public:
  HintRunner(const World& world, HintGoal goal) : world_(world), goal_(std::move(goal)) {}

  HintOutcome Run(const std::string& text) {
    from_server_ = text.find("remote: ") != std::string::npos;
    std::set<std::string> done;
    for (const HintedAction& action : HintedActions(text)) {
      if (!done.insert(What(action)).second) continue;
      const std::string problem = action.problem.empty() ? Follow(action) : action.problem;
      if (!problem.empty()) {
        outcome_.problems.push_back(action.line + "\n    " + What(action) + "\n    " + problem);
      } else if (action.role == HintRole::kRepair) {
        outcome_.repairs.push_back(What(action));
      } else if (action.role == HintRole::kSetting) {
        outcome_.settings.push_back(What(action));
      }
    }
    return outcome_;
  }

 private:
  static std::string What(const HintedAction& action) {
    std::string what;
    for (const std::string& command : action.commands) what += "$ " + command + " ";
    for (const std::string& path : action.deletions) what += "delete " + path + " ";
    for (const HintedEdit& edit : action.edits) {
      what += edit.path + ":" + std::to_string(edit.line) + ": " + edit.text + " ";
    }
    return what;
  }

  // "" or why the hint is not true.
  std::string Follow(const HintedAction& action) {
    World world = world_.Copy();
    if (action.role == HintRole::kPush) {  // what an administrator may have allowed
      world.Type("git config receive.advertisePushOptions true; git config onehead.override true",
                 "server.git");
    }
    for (const std::string& command : action.commands) {
      const bool on_server = action.role == HintRole::kSetting && from_server_;
      const RunResult result = world.Type(command, on_server ? "server.git" : world.here());
      const bool shows = action.role == HintRole::kLook || action.role == HintRole::kPush;
      if (result.exit_code > (shows ? 1 : 0)) return Failed(command, result);
    }
    if (action.role == HintRole::kLook || action.role == HintRole::kPush) return "";
    for (const HintedEdit& edit : action.edits) {
      if (!Apply(edit, &world)) return "there is no such line: " + edit.path;
    }
    for (const std::string& path : action.deletions) {
      const RunResult result = world.Type("git rm -q " + path);
      if (result.exit_code != 0) return Failed("git rm -q " + path, result);
    }
    if (std::string problem = Finish(&world); !problem.empty()) return problem;
    const bool again =
        action.role == HintRole::kSetting || action.line.find(" first") != std::string::npos;
    if (again && !goal_.again.empty()) {
      const RunResult result = world.Type(goal_.again);
      if (result.exit_code != 0) return Failed(goal_.again, result);
      if (std::string problem = Finish(&world); !problem.empty()) return problem;
    }
    return Judge(&world, action.role);
  }

  static std::string Failed(const std::string& command, const RunResult& result) {
    return command + ": exit " + std::to_string(result.exit_code) + "\n" + result.out + result.err;
  }

  // Replaces exactly that line; it has to be the line of the name that the new one begins with.
  static bool Apply(const HintedEdit& edit, World* world) {
    const std::string path = world->Path(world->here() + "/" + edit.path);
    if (!world->box().Exists(path)) return false;
    std::istringstream in(world->box().ReadFile(path));
    std::string text;
    bool found = false;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      if (++number == edit.line) {
        const std::string name = edit.text.substr(0, edit.text.find_first_of(" :="));
        found = line.rfind(name, 0) == 0;
        line = edit.text;
      }
      text += line + "\n";
    }
    world->box().WriteFile(path, text);
    return found;
  }

  // Commits what is left to commit, as everybody does without being told.
  static std::string Finish(World* world) {
    const std::string script =
        "for i in 1 2 3 4 5 6; do "
        "if test -d .git/rebase-merge; then git add -A && git rebase --continue || exit 1; "
        "elif test -f .git/CHERRY_PICK_HEAD; then git add -A && git cherry-pick --continue || exit "
        "1; "
        "elif test -f .git/MERGE_HEAD; then git add -A && git commit -q --no-edit || exit 1; "
        "elif test -n \"$(git status --porcelain)\"; then git add -A && git commit -qm repaired || "
        "exit 1; "
        "fi; done; test -z \"$(git status --porcelain)\"";
    const RunResult result = world->Type(script);
    return result.exit_code == 0 ? "" : Failed("to go on", result);
  }

  std::string Judge(World* world, HintRole role) {
    const RunResult pushed = world->Type(goal_.push);
    if (pushed.exit_code != 0) return Failed(goal_.push, pushed);
    const std::string chain = world->Chain(goal_.branch, "server.git");
    const bool broken = chain.rfind("broken: ", 0) == 0;
    const bool several = chain.find(" heads: ") != std::string::npos;
    const int heads = several ? std::stoi(chain) : 1;
    // A setting may allow several heads.
    if (broken || (heads != goal_.heads && role != HintRole::kSetting))
      return "Alembic sees " + chain;
    if (heads == goal_.heads && chain.find("merge(") == std::string::npos)
      outcome_.chains.insert(chain);
    return "";
  }

  const World& world_;
  HintGoal goal_;
  HintOutcome outcome_;
  bool from_server_ = false;
};

inline HintOutcome FollowHints(const World& world, const std::string& text, HintGoal goal = {}) {
  return HintRunner(world, std::move(goal)).Run(text);
}

// Every hint of `text` is true, and `least` of them repair.
inline void ExpectHintsWork(const World& world, const std::string& text, std::size_t least = 1,
                            const HintGoal& goal = {}) {
  const HintOutcome outcome = FollowHints(world, text, goal);
  for (const std::string& problem : outcome.problems) {
    ADD_FAILURE() << "not true: " << problem << "\n---- of\n" << text;
  }
  EXPECT_GE(outcome.repairs.size(), least) << "of\n" << text;
}

}  // namespace onehead::testing
