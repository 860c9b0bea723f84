// Objects of a push that has not been accepted yet.
#include <string>
#include <vector>

#include "git/repository_fixture.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

// A real push whose hook keeps what it was given: its environment, and a copy of the quarantine.
constexpr char kHook[] =
    "printf '%s' \"$GIT_OBJECT_DIRECTORY\" > \"$KEEP/objects\"\n"
    "printf '%s' \"$GIT_ALTERNATE_OBJECT_DIRECTORIES\" > \"$KEEP/alternates\"\n"
    "cp -R \"$GIT_OBJECT_DIRECTORY\" \"$KEEP/quarantine\"\n"
    "cat > \"$KEEP/lines\"\n"
    "exit 1\n";

class QuarantineTest : public RepositoryTest, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(ServerNames, QuarantineTest,
                         ::testing::Values("plain.git", "co:lon.git", "quo\"te.git",
                                           "new\nline:x.git", "back\\slash:.git"));

TEST_P(QuarantineTest, NewAndOldObjectsAreSeen) {
  const std::string server = GetParam();
  const std::string bare = box_.InitBare(server);
  box_.InitWork("w");
  const std::string old_tip = box_.CommitFile("w", "a", "1");
  box_.MustGit({"push", "-q", bare, "main"}, "w");
  box_.MakeDirs("keep");
  box_.WriteHook(bare, "pre-receive", kHook);
  const std::string new_tip = box_.CommitFile("w", "dir/b", "2");
  EXPECT_EQ(
      box_.Git({"push", "-q", bare, "main"}, "w", "", {{"KEEP", box_.Path("keep")}}).exit_code, 1);
  EXPECT_EQ(box_.ReadFile("keep/lines"), old_tip + " " + new_tip + " refs/heads/main\n");
  ASSERT_NE(box_.ReadFile("keep/objects"), "");

  EXPECT_EQ(Open(server)->Commit(Id(new_tip)).error().kind, ErrorKind::kNotFound);
  Set("GIT_DIR", ".");
  Set("GIT_OBJECT_DIRECTORY", box_.Path("keep/quarantine"));
  Set("GIT_ALTERNATE_OBJECT_DIRECTORIES", box_.ReadFile("keep/alternates"));
  const auto repository = Open(server, OpenFrom::kEnvironment);
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->Commit(Id(new_tip)).value().parents[0].Hex(), old_tip);
  EXPECT_TRUE(repository->Commit(Id(old_tip)));
  EXPECT_EQ(repository->KnownBoundary(Id(new_tip)).value(), std::vector<ContentId>{Id(old_tip)});
  const auto tree = repository->CommitTree(Id(new_tip));
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)->Read("dir/b", 10).value(), "2");
  EXPECT_EQ((*tree)->Read("a", 10).value(), "1");
}

TEST_F(QuarantineTest, APackInQuarantineIsRead) {
  const std::string bare = box_.InitBare("s.git");
  box_.MustGit({"config", "receive.unpackLimit", "1"}, "s.git");
  box_.InitWork("w");
  box_.MakeDirs("keep");
  box_.WriteHook(bare, "pre-receive", kHook);
  const std::string tip = box_.CommitFile("w", "a", "1");
  box_.Git({"push", "-q", bare, "main"}, "w", "", {{"KEEP", box_.Path("keep")}});
  ASSERT_TRUE(box_.Exists("keep/quarantine/pack"));
  Set("GIT_DIR", ".");
  Set("GIT_OBJECT_DIRECTORY", box_.Path("keep/quarantine"));
  Set("GIT_ALTERNATE_OBJECT_DIRECTORIES", box_.ReadFile("keep/alternates"));
  const auto repository = Open("s.git", OpenFrom::kEnvironment);
  ASSERT_TRUE(repository);
  EXPECT_TRUE(repository->Commit(Id(tip)));
  EXPECT_EQ(repository->KnownBoundary(Id(tip)).value(), std::vector<ContentId>{});
}

}  // namespace
}  // namespace onehead::git
