// Where an id is the trouble: picked to a release, taken twice, numbered; and what is on main
// already.
#include "e2e/hint_runner.h"
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

// ---- A migration is picked to a release that lacks its parent. -------------------------------

class SituationBackport : public SituationTest {
 protected:
  // main: r1 m1 m2. On release/1, at r1.
  SituationBackport() {
    Play(
        "git checkout -q -b release/1; git push -q -u origin release/1; git checkout -q main;"
        "add m1 r1; add m2 m1; git push -q; git checkout -q release/1");
  }
  // Exactly one command is named; it works as it is printed, and the server's release/1 has the
  // chain then.
  void ExpectOneCommand(const std::string& pick, const std::string& chain) {
    const RunResult picked = Type(pick);
    const HintOutcome outcome =
        FollowHints(world_, All(picked), {"git push -q origin HEAD:release/1", "release/1"});
    EXPECT_THAT(outcome.problems, IsEmpty()) << All(picked);
    EXPECT_THAT(outcome.repairs, ElementsAre(HasSubstr("--new-ids"))) << All(picked);
    EXPECT_THAT(outcome.chains, ElementsAre(chain)) << All(picked);
  }
};

TEST_F(SituationBackport, ParentIsMissing) { ExpectOneCommand("git cherry-pick main", "r1 m2'"); }

TEST_F(SituationBackport, ParentIsMissingAndTheReleaseHasItsOwn) {
  Play("add x1 r1; git push -q");
  ExpectOneCommand("git cherry-pick -x main", "r1 x1 m2'");
}

TEST_F(SituationBackport, ReleaseHasItsOwnBesideIt) {
  Play("add x1 r1; git push -q");
  ExpectOneCommand("git cherry-pick main~1", "r1 x1 m1'");
}

TEST_F(SituationBackport, FromARemoteBranchOntoALocalCopy) {
  Play("git checkout -q -b backport; git branch -D main");
  ExpectOneCommand("git cherry-pick origin/main", "r1 m2'");
}

TEST_F(SituationBackport, AllThatIsMissingIsPickedAsItIs) {
  Play("git cherry-pick main~2..main");
  ExpectLands("r1 m1 m2", "origin/release/1", "release/1");
  EXPECT_EQ(Changed("main"), "");
}

// After a pick that no strategy has seen.
TEST_F(SituationBackport, ByHandToo) {
  Play("git cherry-pick --strategy=ort main");
  const RunResult rebased = Type("onehead rebase --new-ids --commit origin/release/1");
  EXPECT_EQ(rebased.exit_code, 0) << All(rebased);
  ExpectLands("r1 m2'", "origin/release/1", "release/1");
}

// ---- One id in two files. --------------------------------------------------------------------

class SituationTwice : public SituationTest {
 protected:
  void Expect(const std::vector<Way>& ways, const std::string& chain, const std::string& said) {
    InEachWay(ways, [&](const RunResult& result) {
      EXPECT_THAT(All(result), HasSubstr(said));
      const HintOutcome outcome = FollowHints(world_, All(result));
      EXPECT_THAT(outcome.problems, IsEmpty()) << All(result);
      EXPECT_THAT(outcome.chains, ElementsAre(chain)) << All(result);
    });
  }
  const std::vector<Way> ways_ = {
      {"Rebase", "git rebase origin/main"},
      {"Merge", "git merge --no-edit origin/main"},
      {"PlainMerge", "git merge -q -s ort --no-edit origin/main && onehead rebase"},
      {"Renumber", "git merge -q -s ort --no-edit origin/main && onehead rebase --renumber"}};
};

TEST_F(SituationTwice, OneHexadecimalIdForTwoMigrations) {
  Play(
      "git checkout -q -b feature; add mine=0123456789ab r1; add next=0123456789cd 0123456789ab;"
      "git checkout -q main; add yours=0123456789ab r1; git push -q; git checkout -q feature");
  Expect(ways_, "r1 yours' mine' next'", "--new-ids");
}

TEST_F(SituationTwice, NewIdsGivesTheLocalOneANewId) {
  Play(
      "git checkout -q -b feature; add mine=0123456789ab r1; git checkout -q main;"
      "add yours=0123456789ab r1; git push -q; git checkout -q feature");
  LandsInEachWay(
      {{"Merge",
        "git merge -q -s ort --no-edit origin/main && onehead rebase -q --new-ids --commit"},
       {"Rebase", "git rebase -q -s ort origin/main && onehead rebase -q --new-ids --commit"},
       {"Setting", "git config onehead.newIds true && git merge -q --no-edit origin/main"}},
      "r1 yours' mine'");
  EXPECT_EQ(Type("git diff --quiet feature -- alembic/versions/mine.py").exit_code, 0);
}

TEST_F(SituationTwice, SameMigrationUnderTwoNames) {
  Play(
      "git checkout -q -b feature; add cart=0123456789ab r1; add next=0123456789cd 0123456789ab;"
      "git checkout -q main; git show feature~1:alembic/versions/cart.py > "
      "alembic/versions/basket.py;"
      "git add -A; git commit -qm basket; git push -q; git checkout -q feature");
  InEachWay({ways_[0], ways_[1], ways_[2]}, [&](const RunResult& result) {
    EXPECT_THAT(All(result), HasSubstr("same"));
    Type("git commit -qam 'what onehead rebase did'");
    if (Chain() == "r1 cart' next'") return;  // done without asking
    const HintOutcome outcome = FollowHints(world_, All(result));
    EXPECT_THAT(outcome.problems, IsEmpty()) << All(result);
    EXPECT_THAT(outcome.chains, Contains("r1 cart' next'")) << All(result);
  });
}

// ---- Numbers. --------------------------------------------------------------------------------

const char kGoOn[] =
    "for i in 1 2 3 4; do if test -d .git/rebase-merge; then onehead rebase --renumber && git add "
    "-A && "
    "git rebase --continue; fi; done; ! test -d .git/rebase-merge";

class SituationNumbers : public SituationTest {
 protected:
  // Both have 0004 and 0005 on 0003. On feature.
  void BothHaveTwo() {
    Play(
        "add 0003 r1; git push -q; git checkout -q -b feature; add 0004_a=0004 0003; add "
        "0005_b=0005 0004;"
        "git checkout -q main; add 0004_x=0004 0003; add 0005_y=0005 0004; git push -q;"
        "git checkout -q feature");
  }
  void ExpectFiles(const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      EXPECT_EQ(Type("git cat-file -e HEAD:" + World::FileOf(file)).exit_code, 0) << file;
    }
  }
  const std::string two_ = "r1 0003 0004_x:0004 0005_y:0005 0004_a:0006 0005_b:0007";
};

TEST_F(SituationNumbers, StoppedRebase) {
  BothHaveTwo();
  Type("git rebase origin/main");
  const RunResult gone_on = Type(kGoOn);
  EXPECT_EQ(gone_on.exit_code, 0) << All(gone_on);
  ExpectLands(two_);
  ExpectFiles({"0006_a", "0007_b"});
}

TEST_F(SituationNumbers, StoppedRebaseOntoOne) {
  Play(
      "add 0003 r1; git push -q; git checkout -q -b feature; add 0004_a=0004 0003; add 0005_b=0005 "
      "0004;"
      "git checkout -q main; add 0004_x=0004 0003; git push -q; git checkout -q feature");
  Type("git rebase origin/main");
  const RunResult gone_on = Type(kGoOn);
  EXPECT_EQ(gone_on.exit_code, 0) << All(gone_on);
  EXPECT_THAT(
      State("origin/main", "main"),
      MatchesRegex("r1 0003 0004_x:0004 (0004_a:0005 0005_b:000[67]|0004_a:0006 0005_b:000[57])"));
}

TEST_F(SituationNumbers, StoppedMerge) {
  BothHaveTwo();
  Type("git merge --no-edit origin/main");
  EXPECT_EQ(Type("onehead rebase --renumber").exit_code, 0);
  Type("git add -A && git commit -q --no-edit");
  ExpectLands(two_);
  ExpectFiles({"0006_a", "0007_b"});
}

TEST_F(SituationNumbers, StoppedMergeIntoMain) {
  BothHaveTwo();
  Play("git checkout -q main");
  Type("git merge --no-edit feature");
  EXPECT_EQ(Type("onehead rebase --renumber").exit_code, 0);
  Type("git add -A && git commit -q --no-edit");
  ExpectLands(two_);
}

const std::vector<Way> kNumberWays = {
    {"Rebase", "git rebase -q origin/main"},
    {"Merge", "git merge -q --no-edit origin/main"},
    {"IntoMain", "git checkout -q main && git merge -q --no-edit feature"},
    {"CherryPick", "git checkout -q main && git cherry-pick ..feature"},
    {"PlainMerge", "git merge -q -s ort --no-edit origin/main && onehead rebase -q --commit"},
    {"PlainRebase", "git rebase -q -s ort origin/main && onehead rebase -q --commit"}};

TEST_F(SituationNumbers, ClashingNumbersWithTheSetting) {
  BothHaveTwo();
  Play("git config onehead.renumber true");
  LandsInEachWay(kNumberWays, two_, "origin/main", "main",
                 "git cat-file -e HEAD:alembic/versions/0007_b.py");
}

// Only the number clashes, not the id.
TEST_F(SituationNumbers, SlugFollowsTheNumber) {
  Play(
      "add 0042_base r1; add 0043_two 0042_base; git push -q; git config onehead.renumber true;"
      "git checkout -q -b feature; add 0044_audit 0043_two; git checkout -q main;"
      "add 0044_users 0043_two; git push -q; git checkout -q feature");
  LandsInEachWay(kNumberWays, "r1 0042_base 0043_two 0044_users 0044_audit:0045_audit",
                 "origin/main", "main", "git cat-file -e HEAD:alembic/versions/0045_audit.py");
}

TEST_F(SituationNumbers, SlugsOfAChain) {
  Play(
      "add 0042_base r1; add 0043_two 0042_base; git push -q; git config onehead.renumber true;"
      "git checkout -q -b feature; add 0044_audit 0043_two; add 0045_more 0044_audit;"
      "git checkout -q main; add 0044_users 0043_two; git push -q; git checkout -q feature");
  InEachWay(kNumberWays, [&](const RunResult& result) {
    EXPECT_EQ(result.exit_code, 0) << All(result);
    EXPECT_THAT(State("origin/main", "main"),
                MatchesRegex("r1 0042_base 0043_two 0044_users "
                             "(0044_audit:0045_audit 0045_more:0046_more|"
                             "0044_audit:0046_audit 0045_more(:0047_more)?)"));
  });
}

TEST_F(SituationNumbers, RenumberByCommandWhereOnlyTheNumberClashes) {
  Play(
      "add 0042_base r1; add 0043_two 0042_base; git push -q; git checkout -q -b feature;"
      "add 0044_audit 0043_two; git checkout -q main; add 0044_users 0043_two; git push -q;"
      "git checkout -q feature; git merge -q -s ort --no-edit origin/main");
  EXPECT_EQ(Type("onehead rebase --renumber --commit").exit_code, 0);
  ExpectLands("r1 0042_base 0043_two 0044_users 0044_audit:0045_audit");
}

// ---- Both heads are on main already. ---------------------------------------------------------

class SituationBothOnMain : public SituationTest {
 protected:
  SituationBothOnMain() {
    Play("add b1 r1; git push -q; add c1 r1; add c2 c1; unchecked git push -q");
  }
};

TEST_F(SituationBothOnMain, RebaseNamesTheCommandThatRepairsIt) {
  InEachWay({{"Plain", "onehead rebase"},
             {"Named", "onehead rebase origin/main"},
             {"Onto", "onehead rebase --onto b1"}},
            [&](const RunResult& result) {
              EXPECT_NE(result.exit_code, 0);
              EXPECT_THAT(All(result), Not(HasSubstr("nothing to do")));
              EXPECT_THAT(All(result), HasSubstr("onehead move"));
              const HintOutcome outcome = FollowHints(world_, All(result));
              EXPECT_THAT(outcome.problems, IsEmpty());
              EXPECT_THAT(outcome.chains, Each(AnyOf("r1 b1 c1 c2", "r1 c1 c2 b1")));
            });
}

TEST_F(SituationBothOnMain, MoveIsToldThatItIsPublished) {
  const RunResult refused = Type("onehead move c1 --onto b1");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(All(refused), HasSubstr("--published"));
  EXPECT_EQ(Type("git status --porcelain").out, "");
  ExpectHintsWork(world_, All(refused));
}

TEST_F(SituationBothOnMain, MovePublished) {
  const RunResult moved = Type("onehead move c1 --onto b1 --published");
  EXPECT_EQ(moved.exit_code, 0) << All(moved);
  EXPECT_THAT(All(moved), HasSubstr("database"));
  EXPECT_EQ(Type("git status --porcelain").out, " M alembic/versions/c1.py\n");
  Play("git commit -qam move; git push -q");
  EXPECT_EQ(Chain("origin/main"), "r1 b1 c1 c2");
}

TEST_F(SituationBothOnMain, MoveOfTheTopAlone) {
  EXPECT_EQ(Type("onehead move b1 --onto c2 --published").exit_code, 0);
  Play("git commit -qam move; git push -q");
  EXPECT_EQ(Chain("origin/main"), "r1 c1 c2 b1");
}

TEST_F(SituationBothOnMain, MoveThatMakesNoSenseWritesNothing) {
  InEachWay({{"OntoItself", "onehead move c1 --onto c1 --published"},
             {"OntoItsChild", "onehead move c1 --onto c2 --published"},
             {"Unknown", "onehead move nothing --onto c1"},
             {"OntoUnknown", "onehead move c1 --onto nothing --published"},
             {"WithoutOnto", "onehead move c1"}},
            [&](const RunResult& result) {
              EXPECT_NE(result.exit_code, 0);
              EXPECT_THAT(All(result), HasSubstr("error: "));
              EXPECT_EQ(Type("git status --porcelain").out, "");
            });
}

TEST_F(SituationTest, MoveOfALocalMigrationNeedsNothingElse) {
  Play("git checkout -q -b feature; add f1 r1; add g1 r1");
  EXPECT_EQ(Type("onehead move f1 --onto g1").exit_code, 0);
  Play("git commit -qam move");
  ExpectLands("r1 g1 f1");
}

}  // namespace
}  // namespace onehead::testing
