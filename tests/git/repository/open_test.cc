// Finding and opening repositories.
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "git/repository_fixture.h"

namespace onehead::git {
namespace {

using OpenTest = RepositoryTest;

Error ErrorOf(const std::string& dir, OpenFrom from = OpenFrom::kDirectory) {
  const auto opened = Repository::Open(dir, from);
  EXPECT_FALSE(opened);
  return opened ? Error{} : opened.error();
}

TEST_F(OpenTest, FromASubdirectoryWithItsPrefix) {
  const std::string top = box_.InitWork("w");
  box_.MakeDirs("w/a/b");
  const auto repository = Open("w/a/b");
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->WorkDir(), top);
  EXPECT_EQ(repository->GitDir(), top + "/.git");
  EXPECT_EQ(repository->CommonDir(), top + "/.git");
  EXPECT_EQ(repository->Prefix(), "a/b");
  EXPECT_FALSE(repository->IsBare());
  EXPECT_EQ(Open("w")->Prefix(), "");
}

TEST_F(OpenTest, Bare) {
  const std::string dir = box_.InitBare("s.git");
  const auto repository = Open("s.git/refs");
  ASSERT_TRUE(repository);
  EXPECT_TRUE(repository->IsBare());
  EXPECT_EQ(repository->GitDir(), dir);
  EXPECT_EQ(repository->WorkDir(), "");
  EXPECT_EQ(repository->WorkTree().error().kind, ErrorKind::kUsage);
}

TEST_F(OpenTest, NoRepositoryNamesWhereItLooked) {
  box_.MakeDirs("empty");
  const Error error = ErrorOf(box_.Path("empty"));
  EXPECT_EQ(error.kind, ErrorKind::kNotFound);
  EXPECT_EQ(error.message,
            "no Git repository in '" + box_.Path("empty") + "' or a directory above it");
  Set("GIT_DIR", "gone");
  EXPECT_NE(ErrorOf(box_.Path("empty")).message.find("GIT_DIR"), std::string::npos);
}

TEST_F(OpenTest, GitDirIsRelativeToTheDirectory) {
  box_.InitBare("s.git");
  Set("GIT_DIR", ".");
  const auto repository = Open("s.git", OpenFrom::kEnvironment);
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->GitDir(), box_.Path("s.git"));
}

TEST_F(OpenTest, GitDirWithAndWithoutGitWorkTree) {
  box_.InitWork("w");
  box_.MakeDirs("other/sub");
  Set("GIT_DIR", box_.Path("w/.git"));
  EXPECT_EQ(Open("other")->WorkDir(), box_.Path("other"));
  EXPECT_EQ(Open("w")->WorkDir(), box_.Path("w"));
  Set("GIT_WORK_TREE", "..");
  const auto repository = Open("other/sub");
  EXPECT_EQ(repository->WorkDir(), box_.Path("other"));
  EXPECT_EQ(repository->Prefix(), "sub");
}

TEST_F(OpenTest, LinkedWorkTree) {
  box_.InitWork("w");
  const std::string commit = box_.CommitFile("w", "a", "1");
  box_.MustGit({"worktree", "add", "-q", "-b", "side", box_.Path("linked")}, "w");
  box_.CommitFile("linked", "b", "2");
  const auto repository = Open("linked");
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->WorkDir(), box_.Path("linked"));
  EXPECT_EQ(repository->GitDir(), box_.Path("w/.git/worktrees/linked"));
  EXPECT_EQ(repository->CommonDir(), box_.Path("w/.git"));
  EXPECT_EQ(repository->HeadRef().value(), "refs/heads/side");
  EXPECT_EQ(repository->ResolveCommit("HEAD~1").value().Hex(), commit);
  Set("GIT_DIR", box_.Path("w/.git/worktrees/linked"));  // as a merge strategy is started
  EXPECT_EQ(Open("linked")->WorkDir(), box_.Path("linked"));
}

TEST_F(OpenTest, WorktreeConfigIsNoObstacle) {
  box_.InitWork("w");
  box_.CommitFile("w", "a", "1");
  box_.MustGit({"config", "core.repositoryFormatVersion", "1"}, "w");
  box_.MustGit({"config", "extensions.worktreeConfig", "true"}, "w");
  box_.MustGit({"config", "--worktree", "onehead.maxHeads", "3"}, "w");
  const auto repository = Open("w");
  ASSERT_TRUE(repository);
  EXPECT_TRUE(repository->ResolveCommit("HEAD"));
  EXPECT_EQ(repository->OneheadConfig().value(),
            (std::vector<ConfigEntry>{{"onehead.maxheads", "3"}}));
}

TEST_F(OpenTest, Sha256) {
  box_.MustGit({"init", "-q", "--object-format=sha256", box_.Path("s")});
  const auto empty = Open("s");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->HeadRef().value(), "refs/heads/main");
  EXPECT_EQ(empty->ResolveCommit("HEAD").error().hint, "there are no branches yet");
  const std::string commit = box_.CommitFile("s", "dir/a", "1");
  box_.MustGit({"config", "onehead.maxHeads", "3"}, "s");
  const auto repository = Open("s/dir");
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->WorkDir(), box_.Path("s"));
  EXPECT_EQ(repository->CommonDir(), box_.Path("s/.git"));
  EXPECT_EQ(repository->Prefix(), "dir");
  EXPECT_EQ(repository->ResolveCommit("HEAD").value().Hex(), commit);
  EXPECT_EQ((*repository->CommitTree(Id(commit)))->Read("dir/a", 10).value(), "1");
  EXPECT_EQ(repository->OneheadConfig().value(),
            (std::vector<ConfigEntry>{{"onehead.maxheads", "3"}}));
}

TEST_F(OpenTest, AnExtensionThatNobodyKnows) {
  box_.InitWork("f");
  box_.MustGit({"config", "core.repositoryFormatVersion", "1"}, "f");
  box_.MustGit({"config", "extensions.fromTheFuture", "true"}, "f");
  const Error error = ErrorOf(box_.Path("f"));
  EXPECT_EQ(error.kind, ErrorKind::kUnsupported);
  EXPECT_NE(error.message.find("fromthefuture"), std::string::npos) << error.message;
}

TEST_F(OpenTest, AVersionThatNobodyKnows) {
  box_.InitWork("f");
  box_.MustGit({"config", "core.repositoryFormatVersion", "9"}, "f");
  EXPECT_EQ(ErrorOf(box_.Path("f")).kind, ErrorKind::kUnsupported);
}

TEST_F(OpenTest, SomebodyElsesRepositoryIsOpenedInAHookOnly) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const std::string bare = box_.InitBare("s.git");
  ASSERT_EQ(chown(bare.c_str(), 12345, 12345), 0);
  const Error error = ErrorOf(bare);
  EXPECT_EQ(error.message, "the Git repository in '" + bare + "' is owned by somebody else");
  EXPECT_EQ(error.hint, "if you trust it: git config --global --add safe.directory " + bare);
  box_.WriteFile("home/.gitconfig", "[safe]\n\tdirectory = /elsewhere\n");
  EXPECT_EQ(ErrorOf(bare), error);
  EXPECT_FALSE(Repository::Open(bare, OpenFrom::kDirectory));
  Set("GIT_DIR", bare);
  EXPECT_TRUE(Open("s.git", OpenFrom::kEnvironment));
}

TEST_F(OpenTest, SomebodyElsesRepositoryAsGitTrustsIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const std::string top = box_.InitWork("of/him");
  for (const char* path : {"of/him", "of/him/.git"}) {
    ASSERT_EQ(chown(box_.Path(path).c_str(), 12345, 12345), 0);
  }
  box_.MakeDirs("of/him/sub");
  Set("GIT_CONFIG_GLOBAL", box_.Path("config"));
  const auto opens = [&](const std::string& safe) {
    box_.WriteFile("config", "[safe]\n" + safe);
    const bool opened = Repository::Open(top + "/sub", OpenFrom::kDirectory).has_value();
    // Git is the one who knows.
    EXPECT_EQ(opened,
              box_.Git({"status"}, "of/him/sub", "", {{"GIT_CONFIG_GLOBAL", box_.Path("config")}})
                      .exit_code == 0)
        << safe;
    return opened;
  };
  EXPECT_TRUE(opens("\tdirectory = *\n"));
  EXPECT_TRUE(opens("\tdirectory = " + top + "\n"));
  EXPECT_TRUE(opens("\tdirectory = /elsewhere\n\tdirectory = " + top + "\n"));
  EXPECT_FALSE(opens(""));
  EXPECT_FALSE(opens("\tdirectory = /elsewhere\n"));
  EXPECT_FALSE(opens("\tdirectory = *\n\tdirectory =\n"));  // taken back
  opens("\tdirectory = " + box_.Path("of") + "/*\n");       // from Git 2.46 on
  // What the repository says of itself does not count.
  box_.WriteFile("config", "");
  box_.WriteFile("of/him/.git/config",
                 box_.ReadFile("of/him/.git/config") + "[safe]\n\tdirectory = *\n");
  EXPECT_FALSE(Repository::Open(top, OpenFrom::kDirectory));
  // As `git -c` gives it on.
  Set("GIT_CONFIG_COUNT", "1");
  Set("GIT_CONFIG_KEY_0", "safe.directory");
  Set("GIT_CONFIG_VALUE_0", "*");
  EXPECT_TRUE(Repository::Open(top, OpenFrom::kDirectory));
}

TEST_F(OpenTest, AlternatesWithStrangePaths) {
  box_.InitWork("odd:\"dir");
  const std::string commit = box_.CommitFile("odd:\"dir", "a", "1");
  box_.InitBare("s.git");
  box_.WriteFile("s.git/objects/info/alternates", box_.Path("odd:\"dir/.git/objects") + "\n");
  const auto repository = Open("s.git");
  ASSERT_TRUE(repository);
  EXPECT_TRUE(repository->Commit(Id(commit)));
}

}  // namespace
}  // namespace onehead::git
