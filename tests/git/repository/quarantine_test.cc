// Objects of a push that has not been accepted yet.
#include <filesystem>
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

// An object that is damaged in one store and good in another, whichever was read from before.
TEST_F(QuarantineTest, ADamagedObjectIsReadFromTheRepositoryFirst) {
  const std::string bare = box_.InitBare("s.git");
  box_.InitWork("w");
  const std::string commit = box_.CommitFile("w", "a", std::string(1000, 'a'));
  box_.MustGit({"push", "-q", bare, "main"}, "w");
  const std::string tree = box_.MustGit({"rev-parse", commit + "^{tree}"}, "s.git");
  box_.MakeDirs("alt/pack");
  const std::string objects = commit + "\n" + tree + "\n";
  const std::string name =
      box_.MustGit({"pack-objects", "-q", box_.Path("alt/pack/pack")}, "s.git", objects);
  box_.MustGit({"pack-objects", "-q", "objects/pack/pack"}, "s.git", tree + "\n");
  box_.MustGit({"prune-packed", "-q"}, "s.git");
  const std::string pack = "alt/pack/pack-" + name + ".pack";
  const std::string index =
      box_.MustGit({"show-index"}, "s.git", box_.ReadFile("alt/pack/pack-" + name + ".idx"));
  const std::size_t offset = std::stoul(index.substr(index.rfind('\n', index.find(tree)) + 1));
  std::string bytes = box_.ReadFile(pack);
  bytes[offset + 8] = static_cast<char>(~bytes[offset + 8]);
  std::filesystem::permissions(box_.Path(pack), std::filesystem::perms::owner_all);
  box_.WriteFile(pack, bytes);
  box_.WriteFile("s.git/objects/info/alternates", box_.Path("alt") + "\n");
  const auto repository = Open("s.git");
  ASSERT_TRUE(repository);
  const auto read = repository->CommitTree(Id(commit));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(Dump((*read)->List("")), "f:a");
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
