// Branches of several commits whose later commits touch what an earlier pick has re-parented.
#include <algorithm>

#include "e2e/strategy_fixture.h"

namespace onehead::testing {
namespace {

class ReplayTest : public MergeTest {
 protected:
  // main: a, then p. On feature, which starts at a.
  ReplayTest() {
    CommitBase();
    Branch("feature", "main");
    Checkout("main");
    Commit("p", {"a"});
    Checkout("feature");
  }
  void Remove(const std::string& id) {
    MustGit({"rm", "-q", FileOf(id)});
    box_.CommitAll("work", "remove " + id);
  }
  int CommitsOf(const std::string& range) {
    return std::stoi(MustGit({"rev-list", "--count", range}));
  }
};

TEST_F(ReplayTest, RecreatedUnderANewId) {
  Commit("m", {"a"});
  MustGit({"rm", "-q", FileOf("m")});
  Commit("m2", {"a"});
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "p -> m2 (head); a -> p; <base> -> a");
  EXPECT_EQ(History("HEAD~1"), "p -> m (head); a -> p; <base> -> a");
}

TEST_F(ReplayTest, NewIdInTheSameFile) {
  Commit("m", {"a"});
  std::string text = MigrationText("m2", {"a"});
  CommitText(FileOf("m"), text);
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "p -> m2 (head); a -> p; <base> -> a");
}

TEST_F(ReplayTest, RecreatedOnTheOneThatGoes) {
  Commit("m", {"a"});
  Commit("n", {"m"});
  MustGit({"rm", "-q", FileOf("m")});
  Write(FileOf("n"), MigrationText("n", {"m2"}));
  Commit("m2", {"a"});
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "m2 -> n (head); p -> m2; a -> p; <base> -> a");
}

TEST_F(ReplayTest, DeletedOrRevertedLater) {
  Commit("m", {"a"});
  Remove("m");
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "a -> p (head); <base> -> a");
  EXPECT_EQ(CommitsOf("main..HEAD"), 2);
  Commit("k", {"p"});
  Commit("m", {"a"});
  MustGit({"revert", "--no-edit", "HEAD"});
  MustGit({"checkout", "-q", "main"});
  Commit("q", {"p"});
  Checkout("feature");
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "q -> k (head); p -> q; a -> p; <base> -> a");
}

// Stock Git writes the conflict, and nothing but that is left to the user.
TEST_F(ReplayTest, AConflictInAnotherFile) {
  Checkout("main");
  CommitText("app.txt", "main\n");
  Checkout("feature");
  Commit("m", {"a"});
  Write("app.txt", "feature\n");
  MustGit({"rm", "-q", FileOf("m")});
  Commit("m2", {"a"});
  EXPECT_EQ(Git({"rebase", "main"}).exit_code, 1);
  EXPECT_EQ(MustGit({"status", "--porcelain", "--no-renames"}),
            "D  " + FileOf("m") + "\nA  " + FileOf("m2") + "\nUU app.txt");
  EXPECT_NE(Read("app.txt").find("<<<<<<< HEAD\n"), std::string::npos);
  Write("app.txt", "both\n");
  MustGit({"add", "app.txt"});
  EXPECT_WORKED(Git({"rebase", "--continue"}));
  EXPECT_EQ(History(), "p -> m2 (head); a -> p; <base> -> a");
}

TEST_F(ReplayTest, EditedBesideTheParentWithoutADriver) {
  Commit("m", {"a"});
  Commit("n", {"m"});
  std::string text = MigrationText("m", {"a"});
  text.replace(text.find("Create Date"), 6, "Made");
  CommitText(FileOf("m"), text);
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "m -> n (head); p -> m; a -> p; <base> -> a");
  EXPECT_NE(Read(FileOf("m")).find("Made"), std::string::npos);
}

TEST_F(ReplayTest, OrderThatWasGivenByHandStays) {
  Commit("x1", {"a"});
  Commit("x2", {"a"});
  CommitText(FileOf("x1"), MigrationText("x1", {"x2"}));
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "x2 -> x1 (head); p -> x2; a -> p; <base> -> a");
  EXPECT_EQ(CommitsOf("main..HEAD"), 3);
}

TEST_F(ReplayTest, ReParentedByHandOntoMainStaysAsItIs) {
  Commit("m", {"a"});
  CommitText(FileOf("m"), MigrationText("m", {"p"}));
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "p -> m (head); a -> p; <base> -> a");
  EXPECT_EQ(CommitsOf("main..HEAD"), 2);
}

TEST_F(ReplayTest, LeftOutHandWorkIsDoneAgain) {
  Commit("m", {"a"});
  CommitText(FileOf("m"), MigrationText("m", {"p"}));
  CommitText("other.txt", "x\n");
  EXPECT_WORKED(
      box_.Git({"rebase", "-i", "main"}, "work", "", {{"GIT_SEQUENCE_EDITOR", "sed -i 2d"}}));
  EXPECT_EQ(History(), "p -> m (head); a -> p; <base> -> a");
}

TEST_F(ReplayTest, NewIdsAreTheSameInLaterPicks) {
  Config("onehead.newIds", "true");
  Commit("m", {"a"});
  Commit("n", {"m"});
  CommitText(FileOf("m"), MigrationText("m", {"a"}) + "# edited\n");
  EXPECT_WORKED(Git({"rebase", "main"}));
  const std::string heads = Heads();
  EXPECT_EQ(std::count(heads.begin(), heads.end(), '\n'), 1) << heads;
  EXPECT_EQ(MustGit({"ls-files", "alembic/versions"}).find("/m.py"), std::string::npos);
  EXPECT_EQ(MustGit({"grep", "-l", "# edited", "--", "alembic/versions"}).find('\n'),
            std::string::npos);
  EXPECT_EQ(Status(), "");
}

}  // namespace
}  // namespace onehead::testing
