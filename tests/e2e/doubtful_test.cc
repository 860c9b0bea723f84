// Merges and rebases onto a history that holds a file which is doubtful, or cannot be read in full.
#include "e2e/strategy_fixture.h"

namespace onehead::testing {
namespace {

class DoubtfulTest : public MergeTest {
 protected:
  // main: a <- q <- r <- s, where q.py is `text`; feature: r <- m, on which it ends.
  void ForkAbove(const std::string& text) {
    CommitBase();
    CommitText(FileOf("q"), text);
    Commit("r", {"q"});
    Branch("feature", "main");
    Commit("m", {"r"});
    Checkout("main");
    Commit("s", {"r"});
    Checkout("feature");
  }
  // m.py says that it follows s, and q.py is what it was.
  void ExpectMoved() {
    EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"s"}));
    EXPECT_EQ(Blob("HEAD", FileOf("q")), Blob("main", FileOf("q")));
    EXPECT_EQ(Status(), "");
  }
  void MergeAndRebase() {
    EXPECT_WORKED(Git({"merge", "-q", "main", "-m", "merge"}));
    ExpectMoved();
    MustGit({"reset", "-q", "--hard", "HEAD^"});
    EXPECT_WORKED(Git({"rebase", "-q", "main"}));
    ExpectMoved();
  }
};

TEST_F(DoubtfulTest, WhatIsWrittenCounts) {
  ForkAbove(MigrationText("q", {"a"}) + "def f(): exec('x = 1')\nf()\n");
  MergeAndRebase();
  EXPECT_EQ(Heads(), "m (head)\n");
}

TEST_F(DoubtfulTest, AnIdThatCannotBeReadLiesBeneathWhatIsFollowed) {
  ForkAbove("revision = str('q')\ndown_revision = 'a'\n");
  MergeAndRebase();
}

TEST_F(DoubtfulTest, NothingThatCanBeReadBeneathWhatIsFollowed) {
  ForkAbove("revision = str('q')\ndown_revision = str('a')\n");
  MergeAndRebase();
}

TEST_F(DoubtfulTest, AHeadThatAnUnreadableFileMayFollowIsNotBuiltOn) {
  ForkAbove(MigrationText("q", {"a"}));
  const std::string m = Blob("HEAD", FileOf("m"));
  Checkout("main");
  CommitText(FileOf("t"), "revision = 't'\ndown_revision = str('s')\n");
  Checkout("feature");
  const RunResult merged = Git({"merge", "-q", "main", "-m", "merge"});
  EXPECT_WORKED(merged);
  EXPECT_NE(merged.err.find("alembic/versions/t.py:2: the published head is uncertain: its "
                            "down_revision cannot be read, and may be \"s\""),
            std::string::npos)
      << merged.err;
  EXPECT_EQ(Blob("HEAD", FileOf("m")), m);
  EXPECT_WORKED(box_.Run({ONEHEAD_PROGRAM, "rebase", "main", "--onto", "t"}, "work"));
  EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"t"}));
}

}  // namespace
}  // namespace onehead::testing
