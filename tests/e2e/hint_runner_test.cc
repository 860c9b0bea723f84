// The harness itself: what it takes for a hint, and that an untrue one does not pass.
#include "e2e/hint_runner.h"

#include <gmock/gmock.h>

#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "$ a && b; c" for the actions with commands; edits and problems as they are.
std::string Read(const std::string& text) {
  std::string all;
  for (const HintedAction& action : HintedActions(text)) {
    std::string one = action.problem;
    for (const std::string& command : action.commands) {
      if (action.problem.empty()) one += (one.empty() ? "" : " && ") + command;
    }
    for (const HintedEdit& edit : action.edits) {
      one += "[" + edit.path + "|" + std::to_string(edit.line) + "|" + edit.text + "]";
    }
    for (const std::string& path : action.deletions) one += "-" + path;
    all += (all.empty() ? "" : "; ") + one;
  }
  return all;
}

TEST(HintText, Commands) {
  const std::pair<const char*, const char*> cases[] = {
      {"hint: bring it in first: git rebase main, or git merge main",
       "git rebase main; git merge main"},
      {"remote: hint: to repair it: onehead rebase --commit, or change these lines and commit; "
       "then push again:",
       "onehead rebase --commit"},
      {"GL-HOOK-ERR: hint: or join: alembic merge -m \"merge heads\" a b",
       "alembic merge -m \"merge heads\" a b"},
      {"hint: run `git fetch origin`, then `git rebase origin/main`.",
       "git fetch origin && git rebase origin/main"},
      {"hint: onehead merge makes one head of them", "onehead merge"},
      {"hint: git add a.py and git rebase --continue; or git rebase --abort",
       "git add a.py && git rebase --continue; git rebase --abort"},
      {"hint: (onehead check --worktree) shows it", "onehead check --worktree"},
      {"hint: see 'onehead doctor'", "onehead doctor"},
      {"hint: onehead rebase --onto ID", "cannot be typed: onehead rebase --onto ID"},
      {"hint: git push -o onehead.override=<reason>",
       "cannot be typed: git push -o onehead.override=<reason>"},
      {"hint: git cherry -v", "no such command: git cherry -v"},
      {"hint: onehead repair", "no such command: onehead repair"},
      {"hint: as git does, and as onehead will", ""},
      {"error: git rebase and git merge do not ask onehead", ""},
      {"warning: before that, `alembic downgrade a`", "alembic downgrade a"},
      {"hint: \"git add/rm <conflicted_files>\", then run \"git rebase --continue\".", ""},
      {"git rebase main", ""},
      {"hint: to repair it: delete alembic/versions/m.py; n joins all that it joins",
       "-alembic/versions/m.py"},
      {"remote: hint:   a b/v.py:16: down_revision = 'c'   \nremote: hint:   a b/v.py:4: Revises: "
       "c\n",
       "[a b/v.py|16|down_revision = 'c'][a b/v.py|4|Revises: c]"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Read(text), expected) << text;
}

// Main has m1, and my branch f1 beside it.
class HintRunnerTest : public SituationTest {
 protected:
  HintRunnerTest() {
    Play(
        "git checkout -q -b feature; add f1 r1; git checkout -q main; add m1 r1; git push -q;"
        "git merge -q -s ort --no-edit feature");
  }
};

TEST_F(HintRunnerTest, TrueHints) {
  const HintOutcome outcome = FollowHints(
      world_,
      "hint: onehead rebase --commit origin/main, or alembic merge -m \"merge heads\" heads\n"
      "hint: git reset -q --hard HEAD~1 and git rebase -q main feature\n"
      "hint:   alembic/versions/f1.py:16: down_revision = 'm1'\n"
      "hint: onehead check shows all\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.repairs.size(), 4u);
  EXPECT_THAT(outcome.chains, ElementsAre("r1 m1 f1"));
}

TEST_F(HintRunnerTest, UntrueHints) {
  const std::pair<const char*, const char*> cases[] = {
      {"hint: git merge nothing", "not something we can merge"},
      {"hint: onehead rebase --no-such-option", "exit 129"},
      {"hint: git checkout -q main", "multiple-heads"},
      {"hint:   alembic/versions/f1.py:17: down_revision = 'm1'", "there is no such line"},
      {"hint:   alembic/versions/gone.py:16: down_revision = 'm1'", "there is no such line"},
      {"hint:   alembic/versions/f1.py:16: down_revision = 'nothing'", "missing-parent"},
      {"hint: onehead check --no-such-option", "exit 129"},
      {"hint: delete alembic/versions/r1.py", "missing-parent"},
      {"hint: git switch BRANCH", "cannot be typed"},
  };
  for (const auto& [text, problem] : cases) {
    EXPECT_THAT(FollowHints(world_, text).problems, ElementsAre(HasSubstr(problem))) << text;
  }
}

}  // namespace
}  // namespace onehead::testing
