// The exact line to change, for the refusals that people really get; and what is none of a push's
// business.
#include <gmock/gmock.h>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using RepairAdvice = PushTest;

TEST_F(RepairAdvice, BothNewAndOneStandsOnTheFormerHead) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("d", {"a"});
  CommitMigration("c", {"b"});
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "alembic/versions/d.py:16: down_revision = 'c'");
  EXPECT_THAT(pushed.err, Not(HasSubstr("onehead.maxHeads")));
  EXPECT_THAT(pushed.err, Not(HasSubstr("c.py:16: down_revision")));
}

TEST_F(RepairAdvice, BothNewOnOneParent) {
  CommitFork();
  EXPECT_REFUSED(Push("main"), "alembic/versions/c.py:16: down_revision = 'b'");
}

// It has run somewhere: neither it nor what was published since may get another parent.
TEST_F(RepairAdvice, OfWhatWasPublishedRevertedAndIsRestored) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  box_.MustGit({"revert", "--no-edit", "HEAD"}, "work");
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("c", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  box_.MustGit({"revert", "--no-edit", "HEAD~1"}, "work");
  CommitMigration("d", {"c"});
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "alembic merge -m \"merge heads\" b d");
  EXPECT_THAT(pushed.err, Not(HasSubstr("b.py:16: down_revision")));
  EXPECT_THAT(pushed.err, Not(HasSubstr("onehead rebase")));
}

TEST_F(RepairAdvice, FeatureThatTheServerKnowsMergesMain) {
  PushMainAndFeature();
  box_.MustGit({"merge", "-q", "main", "-m", "merge"}, "work");
  EXPECT_REFUSED(Push("feature"), "alembic/versions/f.py:16: down_revision = 'm'");
}

TEST_F(RepairAdvice, OfTwoMergeRevisionsOverTheSameHeadsTheNewerOneGoes) {
  PushForkUnchecked();
  NewBranch("other", "main");
  CommitMigration("m1", {"b", "c"});
  EXPECT_ACCEPTED(Push("other:main"));
  Checkout("main");
  CommitMigration("m2", {"c", "b"});
  box_.MustGit({"merge", "-q", "other", "-m", "merge"}, "work");
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "hint:   git rm alembic/versions/m2.py");
  EXPECT_THAT(pushed.err, Not(HasSubstr("alembic merge")));
  box_.MustGit({"rm", "-q", "alembic/versions/m2.py"}, "work");
  box_.CommitAll("work", "repair");
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(RepairAdvice, AMergeRevisionThatJoinsMoreStays) {
  PushBase();
  SetServer("onehead.maxHeads", "3");
  Migration("b", {"a"});
  Migration("c", {"a"});
  Migration("d", {"a"});
  box_.CommitAll("work", "three heads");
  EXPECT_ACCEPTED(Push("main"));
  box_.MustGit({"config", "onehead.maxHeads", "1"}, "server.git");
  CommitMigration("m1", {"b", "c", "d"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("e", {"d"});
  CommitMigration("m2", {"c", "e"});
  const RunResult pushed = Push("main");
  EXPECT_REFUSED(pushed, "multiple-heads");
  EXPECT_THAT(pushed.err, Not(HasSubstr("delete")));
}

TEST_F(RepairAdvice, SeveralHeadsOnPurposeKeepApart) {
  PushBase();
  SetServer("onehead.maxHeads", "2");
  Migration("b", {"a"});
  Migration("x", {});
  box_.CommitAll("work", "two");
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("c", {"a"});
  EXPECT_REFUSED(Push("main"), "alembic/versions/c.py:16: down_revision = 'b'");
}

TEST_F(RepairAdvice, SequentialIdsOfAnotherEnvironmentAreNotThisOnes) {
  SetServer("onehead.published", "reject");
  CommitService("svc1", {{"0001", {}}, {"0002", {"0001"}}});
  EXPECT_ACCEPTED(Push("main"));
  NewBranch("f", "main");
  CommitService("svc2", {{"0001", {}}});
  EXPECT_ACCEPTED(Push("f"));
  CommitService("svc2", {{"0002", {"0001"}}});
  const RunResult pushed = Push("f");
  EXPECT_ACCEPTED(pushed);
  EXPECT_THAT(pushed.err, Not(HasSubstr("published-changed")));
}

TEST_F(RepairAdvice, HeadsOfAnotherEnvironmentAllowNoneHere) {
  CommitService("svc1", {{"0001", {}}, {"0002", {"0001"}}, {"0003", {"0001"}}});
  PushUnchecked("main");
  NewBranch("f", "main");
  CommitService("svc2", {{"0001", {}}, {"0002", {"0001"}}, {"0003", {"0001"}}});
  EXPECT_REFUSED(Push("f"), "multiple-heads: refs/heads/f: svc2");
}

TEST_F(RepairAdvice, NewBranchWithoutTheEnvironmentIsToldSo) {
  PushBase();
  SetServer("onehead.published", "reject");
  NewBranch("f", "main");
  box_.MustGit({"rm", "-q", "alembic/versions/a.py"}, "work");
  box_.CommitAll("work", "gone");
  EXPECT_REFUSED(Push("f"), "published-changed");
}

TEST_F(RepairAdvice, MovedVersionLocationAmongSeveralOfOneScriptLocation) {
  const std::string sections =
      "[alembic]\nscript_location = al\nversion_locations = v1\n"
      "[other]\nscript_location = al\nversion_locations = v2\n";
  box_.WriteFile("work/alembic.ini", sections);
  box_.WriteFile("work/al/env.py", "");
  Migration("a", {}, "v1");
  Migration("b", {"a"}, "v1");
  Migration("c", {"a"}, "v1");
  Migration("o", {}, "v2");
  box_.CommitAll("work", "two heads in v1");
  PushUnchecked("main");
  box_.MustGit({"mv", "v1", "zz"}, "work");
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = al\nversion_locations = zz\n"
                 "[other]\nscript_location = al\nversion_locations = v2\n"
                 "[third]\nscript_location = al\nversion_locations = aa\n");
  Migration("t", {}, "aa");
  box_.CommitAll("work", "move");
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(RepairAdvice, OldBrokenIniIsSilentWhereNothingOfAlembicChanges) {
  PushBase();
  box_.WriteFile("work/alembic.ini", "[alembic\n");
  box_.CommitAll("work", "broken");
  PushUnchecked("main");
  box_.CommitFile("work", "readme.txt", "hello\n");
  EXPECT_SILENT(Push("main"));
}

}  // namespace
}  // namespace onehead::testing
