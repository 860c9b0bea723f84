#include "git/repository/ref_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "git/repository_fixture.h"

namespace onehead::git {
namespace {

using Kind = StoredRef::Kind;

class RefFilesTest : public RepositoryTest {
 protected:
  void SetUp() override {
    box_.InitWork("w");
    first_ = box_.CommitFile("w", "a", "1");
    second_ = box_.CommitFile("w", "a", "2");
    box_.MustGit({"update-ref", "refs/heads/packed", first_}, "w");
    box_.MustGit({"tag", "-a", "-m", "one", "v1", first_}, "w");
    box_.MustGit({"pack-refs", "--all"}, "w");
    box_.MustGit({"update-ref", "refs/heads/both", first_}, "w");
    box_.MustGit({"pack-refs", "--all"}, "w");
    box_.MustGit({"update-ref", "refs/heads/both", second_}, "w");
    box_.MustGit({"update-ref", "refs/heads/loose", second_}, "w");
    dir_ = box_.Path("w/.git");
  }

  StoredRef Read(const std::string& name) const { return ReadRefFile(dir_, name); }
  StoredRef Packed(const std::string& name) const { return FindPackedRef(dir_, name); }
  void Write(const std::string& name, const std::string& text) {
    box_.WriteFile("w/.git/" + name, text);
  }

  std::string first_;
  std::string second_;
  std::string dir_;
};

TEST_F(RefFilesTest, AFileIsAnIdOrLeadsToAnotherRef) {
  EXPECT_EQ(Read("refs/heads/loose").kind, Kind::kId);
  EXPECT_EQ(Read("refs/heads/loose").id.Hex(), second_);
  EXPECT_EQ(Read("HEAD").kind, Kind::kSymbolic);
  EXPECT_EQ(Read("HEAD").target, "refs/heads/main");
  EXPECT_EQ(Read("refs/heads/packed").kind, Kind::kNone);
  EXPECT_EQ(Read("refs/heads/none").kind, Kind::kNone);
  EXPECT_EQ(Read("refs/heads").kind, Kind::kNone);
  EXPECT_EQ(Read("refs/heads/loose/below").kind, Kind::kNone);
  EXPECT_EQ(Read("refs/heads/not there").kind, Kind::kNone);
}

TEST_F(RefFilesTest, WhatIsNoFileIsUnclear) {
  ASSERT_EQ(mkfifo((dir_ + "/refs/heads/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Read("refs/heads/pipe").kind, Kind::kUnclear);
  std::filesystem::remove(dir_ + "/HEAD");
  std::filesystem::create_directory(dir_ + "/HEAD");
  EXPECT_EQ(Read("HEAD").kind, Kind::kUnclear);
  std::filesystem::remove(dir_ + "/packed-refs");
  std::filesystem::create_directory(dir_ + "/packed-refs");
  EXPECT_EQ(Packed("refs/heads/packed").kind, Kind::kUnclear);
}

TEST_F(RefFilesTest, WhatIsUnusualIsUnclear) {
  const std::vector<std::string> texts = {"",
                                          "xyz\n",
                                          first_,
                                          first_ + " \n",
                                          first_.substr(1) + "\n",
                                          first_ + "\n\n",
                                          "ref:refs/heads/main\n",
                                          "ref: \n",
                                          "ref: refs/heads/a b\n",
                                          "ref: ../x\n",
                                          "ref: main\n",
                                          first_ + first_.substr(0, 24) + "\n"};
  for (const std::string& text : texts) {
    Write("refs/heads/strange", text);
    EXPECT_EQ(Read("refs/heads/strange").kind, Kind::kUnclear) << text;
  }
  Write("refs/heads/caf\xC3\xA9", first_ + "\n");
  for (const char* name : {"", "main", "config", "refs/../config", "refs/heads/../../config",
                           "refs/heads/", "/refs/heads", "refs/heads/caf\xC3\xA9", "FETCH_HEAD"}) {
    EXPECT_EQ(Read(name).kind, Kind::kUnclear) << name;
    EXPECT_EQ(Packed(name).kind, Kind::kUnclear) << name;
  }
  for (const char* name : {"refs//x", "refs/heads/.x", "refs/heads/x.lock", "refs/heads/x.",
                           "refs/heads/a b", "refs/heads/@{1}"}) {
    EXPECT_EQ(Packed(name).kind, Kind::kUnclear) << name;
  }
}

TEST_F(RefFilesTest, PackedOnes) {
  EXPECT_EQ(Packed("refs/heads/packed").id.Hex(), first_);
  EXPECT_EQ(Packed("refs/tags/v1").id.Hex(), box_.MustGit({"rev-parse", "v1"}, "w"));
  for (const char* name : {"refs/heads/loose", "refs/heads/pack", "refs/heads/packedx",
                           "refs/heads/heads/packed", "HEAD"}) {
    EXPECT_EQ(Packed(name).kind, Kind::kNone) << name;
  }
  unlink((dir_ + "/packed-refs").c_str());
  EXPECT_EQ(Packed("refs/heads/packed").kind, Kind::kNone);
}

TEST_F(RefFilesTest, ABrokenListOfPackedOnesIsUnclear) {
  const std::string name = "refs/heads/x";
  const std::vector<std::string> texts = {first_ + " " + name,
                                          " " + name + "\n",
                                          first_.substr(1) + " " + name + "\n",
                                          "x" + first_ + " " + name + "\n",
                                          "^" + first_ + " " + name + "\n",
                                          std::string(40, 'g') + " " + name + "\n",
                                          std::string((1 << 20) + 1, '\n'),
                                          first_ + " refs/heads/y\n\n",
                                          first_ + " refs/heads/y\n" + first_ + "\n",
                                          first_ + " refs/heads/y\n^" + first_ + "x\n",
                                          std::string("refs/heads/y\n")};
  for (const std::string& text : texts) {
    Write("packed-refs", text);
    EXPECT_EQ(Packed(name).kind, Kind::kUnclear) << text.substr(0, 100);
  }
}

// Of all kinds of refs, beside each other, what Git says.
TEST_F(RefFilesTest, ARepositorySaysWhatGitSays) {
  box_.MustGit({"symbolic-ref", "refs/heads/one", "refs/heads/packed"}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/two", "refs/heads/one"}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/dangling", "refs/heads/gone"}, "w");
  Write("refs/heads/circle", "ref: refs/heads/circle\n");
  Write("refs/heads/trailing", first_ + "  \n");
  Write("refs/heads/noend", second_);
  Write("refs/heads/caf\xC3\xA9", second_ + "\n");
  box_.MustGit({"worktree", "add", "-q", "--detach", box_.Path("linked"), first_}, "w");
  for (const char* where : {"w", "linked"}) {
    const auto repository = Open(where);
    ASSERT_TRUE(repository);
    for (const char* name :
         {"HEAD", "refs/heads/main", "refs/heads/packed", "refs/heads/both", "refs/heads/loose",
          "refs/heads/one", "refs/heads/two", "refs/heads/dangling", "refs/heads/none",
          "refs/heads/trailing", "refs/heads/noend", "refs/heads/caf\xC3\xA9", "refs/tags/v1"}) {
      const testing::RunResult target = box_.Git({"rev-parse", "--verify", "-q", name}, where);
      const auto ours = repository->RefTarget(name);
      ASSERT_TRUE(ours) << name;
      EXPECT_EQ(*ours ? (*ours)->Hex() + "\n" : "", target.out) << where << " " << name;
      std::string written = name;
      for (int depth = 0; depth < 5; ++depth) {
        const testing::RunResult next = box_.Git({"symbolic-ref", "-q", written}, where);
        if (next.exit_code == 0) written = next.out.substr(0, next.out.size() - 1);
      }
      EXPECT_EQ(repository->WrittenRef(name).value(), written) << where << " " << name;
    }
    EXPECT_FALSE(repository->RefTarget("refs/heads/circle"));
  }
}

}  // namespace
}  // namespace onehead::git
