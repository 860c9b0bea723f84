// The merge driver: by itself against `git merge-file`, and in real merges.
#include "e2e/strategy_fixture.h"

namespace onehead::testing {
namespace {

class DriverTest : public MergeTest {
 protected:
  // Runs the driver on three texts; the exit code. The result is in result_.
  int Drive(const std::string& base, const std::string& ours, const std::string& theirs,
            std::vector<std::string> more = {}) {
    Write("O", base);
    Write("A", ours);
    Write("B", theirs);
    std::vector<std::string> args = {ONEHEAD_PROGRAM, "merge-driver", "O", "A", "B", "7",
                                     FileOf("m")};
    args.insert(args.end(), more.begin(), more.end());
    run_ = box_.Run(args, "work");
    result_ = Read("A");
    return run_.exit_code;
  }
  // What git merge-file leaves of the same texts.
  std::string Plain(const std::string& base, const std::string& ours, const std::string& theirs) {
    Write("O", base);
    Write("A", ours);
    Write("B", theirs);
    return Git({"merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", "A", "O", "B"}).out;
  }
  void UseDriver() {
    Config("merge.onehead.driver", "onehead merge-driver %O %A %B %L %P");
    Write(".git/info/attributes", "/alembic/versions/*.py merge=onehead\n");
  }

  RunResult run_;
  std::string result_;
};

TEST_F(DriverTest, EditOfAMigrationThatWasReParented) {
  const std::string base = MigrationText("m", {"a"});
  std::string theirs = base;
  theirs.replace(theirs.find("Create Date"), 6, "Made");  // beside `Revises:`, so Git would stop
  std::string expected = MigrationText("m", {"p"});
  expected.replace(expected.find("Create Date"), 6, "Made");
  ASSERT_NE(Plain(base, MigrationText("m", {"p"}), theirs).find("<<<<<<<"), std::string::npos);
  EXPECT_EQ(Drive(base, MigrationText("m", {"p"}), theirs), 0) << run_.err;
  EXPECT_EQ(result_, expected);
  EXPECT_EQ(Drive(base, theirs, MigrationText("m", {"p"})), 0) << run_.err;
  EXPECT_EQ(result_, expected);
}

TEST_F(DriverTest, ReParentedOnBothSides) {
  EXPECT_EQ(Drive(MigrationText("m", {"a"}), MigrationText("m", {"p"}), MigrationText("m", {"q"})),
            0);
  EXPECT_EQ(result_, MigrationText("m", {"p"}));
}

TEST_F(DriverTest, PublishedParentsWin) {
  Write("README", "x\n");
  CommitBase();
  Commit("m", {"q"});
  MustGit({"update-ref", "refs/remotes/origin/main", "HEAD"});
  EXPECT_EQ(Drive(MigrationText("m", {"a"}), MigrationText("m", {"p"}), MigrationText("m", {"q"})),
            0);
  EXPECT_EQ(result_, MigrationText("m", {"q"}));
}

TEST_F(DriverTest, RealConflictsStayAndAreTheOnlyOnes) {
  const std::string base = MigrationText("m", {"a"}) + "x = 1\n";
  EXPECT_EQ(
      Drive(base, MigrationText("m", {"p"}) + "x = 2\n", MigrationText("m", {"q"}) + "x = 3\n"), 1);
  EXPECT_EQ(result_,
            MigrationText("m", {"p"}) + "<<<<<<< ours\nx = 2\n=======\nx = 3\n>>>>>>> theirs\n");
}

TEST_F(DriverTest, TwoMigrationsOfOneNameAreMarked) {
  const std::string ours = MigrationText("m", {"a"});
  const std::string theirs = MigrationText("n", {"a"});
  EXPECT_EQ(Drive("", ours, theirs), 1);
  EXPECT_NE(run_.err.find("different migrations at the same path"), std::string::npos) << run_.err;
  EXPECT_EQ(result_, Plain("", ours, theirs));
  EXPECT_NE(result_.find("<<<<<<< ours"), std::string::npos);
}

TEST_F(DriverTest, AnythingUnusualIsLeftAsGitLeavesIt) {
  const std::string good = MigrationText("m", {"p"});
  const std::string odd[] = {"",
                             "x = 1\n",
                             "revision = f()\n",
                             "'''",
                             "no newline",
                             MigrationText("m", {"a"}) + "\xff",
                             std::string(5 << 20, '\n')};
  for (const std::string& text : odd) {
    const std::string base = MigrationText("m", {"a"});
    const std::string expected = Plain(base, text, good);
    const bool clean = expected.find("<<<<<<<") == std::string::npos;
    EXPECT_EQ(Drive(base, text, good), clean ? 0 : 1) << text.substr(0, 40);
    EXPECT_EQ(result_, expected) << text.substr(0, 40);
  }
}

TEST_F(DriverTest, BinaryFileStaysOurs) {
  const std::string binary("a\0b", 3);
  EXPECT_EQ(Drive("base\n", binary, "theirs\n"), 1);
  EXPECT_EQ(result_, binary);
}

TEST_F(DriverTest, ArgumentsThatAreMissingOrOdd) {
  EXPECT_EQ(box_.Run({ONEHEAD_PROGRAM, "merge-driver"}, "work").exit_code, 1);
  EXPECT_EQ(
      box_.Run({ONEHEAD_PROGRAM, "merge-driver", "no", "such", "file", "x", "p"}, "work").exit_code,
      1);
  const std::string base = "1\n";
  EXPECT_EQ(Drive(base, "2\n", "3\n", {"%S", "%X", "%Y"}), 1);
  EXPECT_EQ(result_, "<<<<<<< ours\n2\n=======\n3\n>>>>>>> theirs\n");
  EXPECT_EQ(Drive(base, "2\n", "3\n", {"base", "HEAD", "main"}), 1);
  EXPECT_EQ(result_, "<<<<<<< HEAD\n2\n=======\n3\n>>>>>>> main\n");
}

TEST_F(DriverTest, ModeOfTheFileStays) {
  Write("A", "");
  box_.Run({"chmod", "755", box_.Path("work/A")});
  EXPECT_EQ(Drive("1\n", "1\n", "3\n"), 0);
  EXPECT_EQ(result_, "3\n");
  EXPECT_EQ(box_.Run({"stat", "-c", "%a", box_.Path("work/A")}).out, "755\n");
}

// The last commit of the branch edits, beside the parent, a migration that an earlier commit of
// the same rebase has re-parented.
TEST_F(DriverTest, RebaseOfALaterEdit) {
  UseDriver();
  CommitBase();
  Branch("feature", "main");
  Commit("m", {"a"});
  std::string text = MigrationText("m", {"a"});
  text.replace(text.find("Create Date"), 6, "Made");
  CommitText(FileOf("m"), text);
  Checkout("main");
  Commit("p", {"a"});
  Checkout("feature");
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "p -> m (head); a -> p; <base> -> a");
  std::string expected = MigrationText("m", {"p"});
  expected.replace(expected.find("Create Date"), 6, "Made");
  EXPECT_EQ(Read(FileOf("m")), expected);
}

// Both sides were rebased onto different heads, by somebody without the strategy.
TEST_F(DriverTest, MergeOfTwoReParentedMigrations) {
  UseDriver();
  CommitBase();
  Commit("m", {"a"});
  Branch("feature", "main");
  Write(FileOf("q"), MigrationText("q", {"a"}));
  CommitText(FileOf("m"), MigrationText("m", {"q"}));
  Checkout("main");
  Write(FileOf("p"), MigrationText("p", {"a"}));
  CommitText(FileOf("m"), MigrationText("m", {"p"}));
  Checkout("feature");
  EXPECT_WORKED(Git({"merge", "-q", "main"}));
  EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"p"}));
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
  EXPECT_EQ(Heads(), "q (head)\n");
}

}  // namespace
}  // namespace onehead::testing
