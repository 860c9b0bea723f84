// A migration on the server that is larger than onehead.maxFileSize, pushed before the hook was
// there: who builds on it is not blamed, and nobody gets a second head in under its cover unseen.
#include <unistd.h>

#include "e2e/push_test_fixture.h"

namespace onehead {
namespace {

class UnreadTest : public testing::PushTest {
 protected:
  // a <- b, where b.py is too large.
  void PushLargeB() {
    PushBase();
    const std::string filler = "\n# " + std::string(8000, 'x') + "\n";
    box_.WriteFile("work/alembic/versions/b.py", testing::MigrationText("b", {"a"}) + filler);
    box_.CommitAll("work", "large");
    PushUnchecked("main");
    SetServer("onehead.maxFileSize", "4k");
  }
};

TEST_F(UnreadTest, WhoBuildsOnItIsNotBlamed) {
  PushLargeB();
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("d", {"c"});
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(UnreadTest, ASecondHeadBesideItIsWarnedAbout) {
  PushLargeB();
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("d", {"a"});
  // Nobody can know that it is one.
  EXPECT_ACCEPTED_WITH(Push("main"), "only because 'alembic/versions/b.py' cannot be read");
}

TEST_F(UnreadTest, ASecondHeadOnWhatCanBeReadIsRefused) {
  PushLargeB();
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("d", {"c"});
  CommitMigration("e", {"c"});
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(UnreadTest, ALinkOfAnyNameBringsNoSecondHead) {
  SetServer("onehead.strays", "warn");
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  Migration("c", {"a"}, "shared");
  box_.CommitAll("work", "no migration yet");
  EXPECT_ACCEPTED(Push("main"));
  ASSERT_EQ(symlink("../../shared/c.py", box_.Path("work/alembic/versions/link").c_str()), 0);
  box_.CommitAll("work", "link");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

}  // namespace
}  // namespace onehead
