// Whose migrations stay where they are: forks, release branches, colleagues, hotfixes, and what was
// published once.
#include "e2e/hint_runner.h"
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// ---- Remotes. --------------------------------------------------------------------------------

// origin is my fork, whose main is old; upstream is the canonical repository. m1 is on its main
// only, f1 on my feature, which is pushed to my fork.
class SituationFork : public SituationTest {
 protected:
  SituationFork() {
    world_.MakeServer("canon.git");
    Play(
        "in dev; git push -q ../canon.git main; git remote add upstream ../canon.git;"
        "git checkout -q -b feature; add f1 r1; git push -q -u origin feature;"
        "git checkout -q main; add m1 r1; git push -q upstream main; git reset -q --hard HEAD~1;"
        "git checkout -q feature; git fetch -q --all");
  }
};

TEST_F(SituationFork, FeatureMoves) {
  LandsInEachWay(
      {{"Rebase", "git rebase -q upstream/main"},
       {"Merge", "git merge -q --no-edit upstream/main"},
       {"Pull", "git pull -q --no-rebase --no-edit upstream main"},
       {"CherryPick", "git checkout -q -b topic upstream/main && git cherry-pick feature"},
       {"PlainMerge", "git merge -q -s ort --no-edit upstream/main && onehead rebase -q --commit"},
       {"PlainMergeNamed",
        "git merge -q -s ort --no-edit upstream/main && onehead rebase -q --commit upstream/main"},
       {"UpdateBranch",
        "git clone -q ../server.git ../host && cd ../host && git checkout -q feature && "
        "git pull -q --no-rebase --no-edit ../canon.git main && cd ../dev && "
        "git pull -q --no-rebase ../host feature && onehead rebase -q --commit"}},
      "r1 m1 f1", "upstream/main");
}

// The only remote is called upstream.
class SituationSoleUpstream : public SituationTest {
 protected:
  SituationSoleUpstream() {
    world_.Clone("server.git", "upstream", "sole");
    Play(
        "git checkout -q -b feature; add f1 r1; git push -q -u upstream feature;"
        "in dev; add m1 r1; git push -q; in sole; git fetch -q");
  }
};

TEST_F(SituationSoleUpstream, FeatureMoves) {
  LandsInEachWay(
      {{"Rebase", "git rebase -q upstream/main"},
       {"Merge", "git merge -q --no-edit upstream/main"},
       {"MergeByAnotherName", "git branch topic upstream/main && git merge -q --no-edit topic"},
       {"PlainMerge", "git merge -q -s ort --no-edit upstream/main && onehead rebase -q --commit"}},
      "r1 m1 f1", "upstream/main");
}

// A host's "update branch" button merges without anybody's strategy.
TEST_F(SituationTest, UpdateBranchButtonThenRebaseCommit) {
  Play(
      "git checkout -q -b feature; add f1 r1; git push -q -u origin feature;"
      "git checkout -q main; add m1 r1; git push -q;"
      "git clone -q ../server.git ../host; git -C ../host remote set-url origin ../server.git;"
      "in host; git checkout -q feature; git merge -q --no-edit origin/main;"
      "unchecked git push -q origin feature; in dev; git checkout -q feature; git pull -q "
      "--ff-only");
  EXPECT_EQ(Chain(), "2 heads: r1 f1 m1");
  const RunResult result = Type("onehead rebase --commit");
  EXPECT_EQ(result.exit_code, 0) << All(result);
  EXPECT_EQ(All(Type("git push -q")), "");
  ExpectLands("r1 m1 f1");
}

// What the hook advises for the branch whose plain merge it has refused.
TEST_F(SituationTest, ServersAdviceForAPushedFeature) {
  Play(
      "git checkout -q -b feature; add f1 r1; git push -q -u origin feature;"
      "git checkout -q main; add m1 r1; git push -q; git checkout -q feature;"
      "git merge -q -s ort --no-edit main");
  const RunResult refused = Type("git push origin feature");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("multiple-heads"));
  const HintOutcome outcome =
      FollowHints(world_, refused.err, {"git push -q origin HEAD:feature", "feature"});
  EXPECT_THAT(outcome.problems, ::testing::IsEmpty()) << refused.err;
  EXPECT_THAT(outcome.chains, ::testing::ElementsAre("r1 m1 f1"));
}

// ---- Two published branches. -----------------------------------------------------------------

// Both main and release/1 have added a migration, and both are deployed. On main.
class SituationRelease : public SituationTest {
 protected:
  SituationRelease() {
    Play(
        "git checkout -q -b release/1; add x1 r1; git push -q -u origin release/1;"
        "git checkout -q main; add m1 r1; git push -q");
  }
};

TEST_F(SituationRelease, NothingMovesAndOneheadMergeIsNamed) {
  InEachWay(
      {{"Merge", "git merge --no-edit origin/release/1"},
       {"MergeLocal", "git merge --no-edit release/1"},
       {"Pull", "git pull --no-rebase --no-edit origin release/1"},
       {"IntoRelease", "git checkout -q release/1 && git merge --no-edit origin/main"},
       {"PlainMerge", "git merge -q -s ort --no-edit origin/release/1 && onehead rebase --commit"},
       {"PlainMergeNamed",
        "git merge -q -s ort --no-edit origin/release/1 && "
        "onehead rebase --commit origin/release/1"}},
      [&](const RunResult& result) {
        EXPECT_THAT(All(result), HasSubstr("onehead merge"));
        EXPECT_EQ(
            Type("git diff --exit-code --diff-filter=MDT origin/main HEAD -- alembic").exit_code,
            0);
        EXPECT_EQ(
            Type("git diff --exit-code --diff-filter=MDT origin/release/1 -- alembic").exit_code,
            0);
        ExpectHintsWork(world_, All(result));
      });
}

TEST_F(SituationTest, ReleaseMergedIntoMainIsPushedWithAMergeRevisionOnly) {
  Play(
      "git checkout -q -b release/1; add x1 r1; git push -q -u origin release/1;"
      "git checkout -q main; add m1 r1; git push -q; git merge -q -s ort --no-edit "
      "origin/release/1");
  const RunResult refused = Type("git push origin main");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, Not(HasSubstr("down_revision =")));
  EXPECT_THAT(refused.err, Not(HasSubstr("onehead rebase")));
  ExpectHintsWork(world_, refused.err);
}

TEST_F(SituationTest, UnpushedMigrationOfMainMovesOntoTheRelease) {
  Play(
      "git checkout -q -b release/1; add x1 r1; git push -q -u origin release/1;"
      "git checkout -q main; add m1 r1");
  EXPECT_EQ(Type("git rebase -q origin/release/1").exit_code, 0);
  ExpectLands("r1 x1 m1", "origin/release/1");
}

TEST_F(SituationTest, UnpushedMigrationOfMainMovesInAPull) {
  world_.Clone("server.git", "origin", "other");
  Play("add z1 r1; git push -q; in dev; add m1 r1; git pull -q --no-rebase --no-edit");
  ExpectLands("r1 z1 m1");
}

// main has a hotfix, dev has been deployed to a test system.
class SituationHotfix : public SituationTest {
 protected:
  SituationHotfix() {
    Play(
        "git checkout -q -b dev; add d1 r1; git push -q -u origin dev; git checkout -q main;"
        "git checkout -q -b hotfix/1; add h1 r1; git checkout -q main; git merge -q hotfix/1;"
        "git push -q; git checkout -q dev");
  }
  HintGoal goal_ = {"git push -q origin HEAD:dev", "dev"};
};

TEST_F(SituationHotfix, MergeRevisionOnly) {
  InEachWay(
      {{"Merge", "git merge --no-edit origin/main"},
       {"MergeLocal", "git merge --no-edit main"},
       {"Pull", "git pull --no-rebase --no-edit origin main"},
       {"PlainMerge", "git merge -q -s ort --no-edit origin/main && onehead rebase --commit"}},
      [&](const RunResult& result) {
        EXPECT_THAT(All(result), HasSubstr("onehead merge"));
        EXPECT_EQ(Changed("origin/main"), "");
        EXPECT_EQ(Changed("origin/dev"), "");
        ExpectHintsWork(world_, All(result), 1, goal_);
      });
}

const std::vector<Way> kHowDevIsPublished = {
    {"ByDefault", "true"},
    {"Configured",
     "git config onehead.publishedRefs dev && "
     "git -C ../server.git config onehead.publishedRefs dev"}};

TEST_F(SituationHotfix, HookAdvisesAMergeRevisionOnly) {
  InEachWay(kHowDevIsPublished, [&](const RunResult&) {
    Play("git merge -q -s ort --no-edit origin/main");
    const RunResult refused = Type("git push origin dev");
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_THAT(refused.err, Not(HasSubstr("down_revision =")));
    EXPECT_THAT(refused.err, Not(HasSubstr("onehead rebase")));
    ExpectHintsWork(world_, refused.err, 1, goal_);
  });
}

TEST_F(SituationHotfix, HookSaysThatAHotfixWasEdited) {
  InEachWay(kHowDevIsPublished, [&](const RunResult&) {
    Play("git merge -q -s ort --no-edit origin/main; reparent h1 d1");
    EXPECT_THAT(Type("git push origin dev").err, HasSubstr("published-changed"));
  });
}

TEST_F(SituationTest, PushedHotfixBranchIsNotPublished) {
  Play(
      "git checkout -q -b hotfix/2; add h2 r1; git push -q -u origin hotfix/2;"
      "git checkout -q main; add m1 r1; git push -q; git checkout -q -b topic hotfix/2;"
      "git rebase -q origin/main");
  ExpectLands("r1 m1 h2");
}

// ---- Several people. -------------------------------------------------------------------------

// Two developers on one pushed branch: z1 is pushed, bob's b1 is not. In bob, on feature.
class SituationPair : public SituationTest {
 protected:
  SituationPair() {
    Play("git checkout -q -b feature; git push -q -u origin feature");
    world_.Clone("server.git", "origin", "bob");
    Play("git checkout -q feature; add b1 r1; in dev; add z1 r1; git push -q; in bob");
  }
};

TEST_F(SituationPair, WhatTheRemoteCopyHasStays) {
  InEachWay({{"Pull", "git pull -q --no-rebase --no-edit"},
             {"PullRebase", "git pull -q --rebase"},
             {"FetchAndMerge", "git fetch -q && git merge -q --no-edit origin/feature"},
             {"PlainPull",
              "git pull -q --no-rebase --no-edit -s ort && "
              "onehead rebase -q --commit origin/feature"}},
            [&](const RunResult& result) {
              EXPECT_EQ(result.exit_code, 0) << All(result);
              ExpectLands("r1 z1 b1", "origin/feature", "feature");
              Play(
                  "in dev; git checkout -q main; add m1 r1; git push -q; in bob; git fetch -q;"
                  "git merge -q --no-edit origin/main");
              ExpectLands("r1 m1 z1 b1", "origin/main", "feature");
            });
}

// origin/colleague has z1, my feature has f1. On feature.
class SituationColleague : public SituationTest {
 protected:
  SituationColleague() {
    world_.Clone("server.git", "origin", "col");
    Play(
        "git checkout -q -b colleague; add z1 r1; git push -q -u origin colleague;"
        "in dev; git fetch -q; git checkout -q -b feature; add f1 r1");
  }
};

TEST_F(SituationColleague, TheirsStaysAndMineMoves) {
  LandsInEachWay({{"Merge", "git merge -q --no-edit origin/colleague"},
                  {"MergeWhenMineIsPushed",
                   "git push -q -u origin feature && git merge -q --no-edit origin/colleague"},
                  {"Pull", "git pull -q --no-rebase --no-edit origin colleague"},
                  {"Rebase", "git rebase -q origin/colleague"},
                  {"PlainMerge",
                   "git merge -q -s ort --no-edit origin/colleague && "
                   "onehead rebase -q --commit origin/colleague"}},
                 "r1 z1 f1", "origin/colleague", "feature");
}

class SituationLanding : public SituationColleague {
 protected:
  // m1 lands on main while both work.
  SituationLanding() {
    Play(
        "git merge -q --no-edit origin/colleague; git checkout -q main; add m1 r1; git push -q;"
        "git checkout -q feature");
  }
};

const std::vector<Way> kHowMainIsTaken = {{"Merge", "git merge -q --no-edit origin/main"},
                                          {"Rebase", "git rebase -q origin/main"}};

TEST_F(SituationLanding, ColleagueFirst) {
  Play("in col; git fetch -q");
  InEachWay(kHowMainIsTaken, [&](const RunResult& result) {
    EXPECT_EQ(result.exit_code, 0) << All(result);
    ExpectLands("r1 m1 z1");
    Play("in dev; git fetch -q; git merge -q --no-edit origin/main");
    ExpectLands("r1 m1 z1 f1");
  });
}

TEST_F(SituationLanding, MineFirst) {
  Play("git merge -q --no-edit origin/main");
  ExpectLands("r1 m1 z1 f1");
  Play("in col; git fetch -q; add z2 z1");
  LandsInEachWay(kHowMainIsTaken, "r1 m1 z1 f1 z2");
}

// ---- Published once, reverted, and restored. -------------------------------------------------

// p1 was on main, is reverted there, and main has gone on with m1. feature restores p1.
class SituationRestored : public SituationTest {
 protected:
  SituationRestored() {
    Play(
        "add p1 r1; git push -q; git tag published; git revert --no-edit HEAD; git push -q;"
        "git checkout -q -b feature; git revert --no-edit HEAD;"
        "git checkout -q main; add m1 r1; git push -q; git checkout -q feature");
  }
};

TEST_F(SituationRestored, StaysAndOneheadMergeIsNamed) {
  InEachWay(
      {{"Rebase", "git rebase origin/main"},
       {"Merge", "git merge --no-edit origin/main"},
       {"IntoMain", "git checkout -q main && git merge --no-edit feature"},
       {"CherryPick", "git checkout -q main && git cherry-pick feature"},
       {"PlainMerge", "git merge -q -s ort --no-edit origin/main && onehead rebase --commit"}},
      [&](const RunResult& result) {
        EXPECT_EQ(Type("git diff --exit-code published HEAD -- alembic/versions/p1.py").exit_code,
                  0);
        EXPECT_EQ(Changed("origin/main"), "");
        EXPECT_THAT(All(result), HasSubstr("onehead merge"));
        ExpectHintsWork(world_, All(result));
      });
}

}  // namespace
}  // namespace onehead::testing
