#include "onehead/git/files/disposable_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "git/repository_fixture.h"

namespace onehead::git {
namespace {

class DisposableCacheTest : public RepositoryTest {
 protected:
  std::string PathOf(const std::string& name) {
    return box_.Path("s.git/onehead/" + name + "-" + std::to_string(geteuid()));
  }
  std::size_t Count() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(box_.Path("s.git/onehead"))) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  DisposableCache cache_{box_.InitBare("s.git")};
};

TEST_F(DisposableCacheTest, KeepsWhatWasStored) {
  EXPECT_EQ(cache_.Load("a"), std::nullopt);
  cache_.Store("a", std::string("one\0two", 7));
  EXPECT_EQ(cache_.Load("a"), std::string("one\0two", 7));
  cache_.Store("a", "three");
  EXPECT_EQ(cache_.Load("a"), "three");
  EXPECT_EQ(Count(), 1U);
}

TEST_F(DisposableCacheTest, WhatIsThereIsNotWrittenAgain) {
  const auto inode = [&] {
    struct stat info = {};
    EXPECT_EQ(stat(PathOf("a").c_str(), &info), 0);
    return info.st_ino;
  };
  cache_.Store("a", "one");
  const ino_t first = inode();
  // So that no other file gets its number while it is there.
  std::filesystem::create_hard_link(PathOf("a"), box_.Path("held"));
  cache_.Store("a", "one");
  EXPECT_EQ(inode(), first);
  cache_.Store("a", "two");
  EXPECT_NE(inode(), first);
  EXPECT_EQ(cache_.Load("a"), "two");
}

TEST_F(DisposableCacheTest, IsClearedOfItsOwnAndNothingElse) {
  EXPECT_FALSE(cache_.HoldsAnything());
  EXPECT_TRUE(cache_.Clear());
  cache_.Store("a", "x");
  box_.WriteFile("s.git/onehead/b-12345", "of another user");
  box_.WriteFile("s.git/onehead/README", "of somebody");
  EXPECT_TRUE(cache_.HoldsAnything());
  EXPECT_TRUE(cache_.Clear());
  EXPECT_FALSE(box_.Exists("s.git/onehead/b-12345"));
  EXPECT_TRUE(box_.Exists("s.git/onehead/README"));
  EXPECT_FALSE(cache_.HoldsAnything());
  std::filesystem::remove(box_.Path("s.git/onehead/README"));
  EXPECT_TRUE(cache_.HoldsAnything());  // the directory
  EXPECT_TRUE(cache_.Clear());
  EXPECT_FALSE(box_.Exists("s.git/onehead"));
}

// Nothing outside of the repository is removed through a link.
TEST_F(DisposableCacheTest, ALinkIsNotFollowedToClear) {
  box_.WriteFile("elsewhere/a-1", "x");
  std::filesystem::create_symlink(box_.Path("elsewhere"), box_.Path("s.git/onehead"));
  EXPECT_FALSE(cache_.HoldsAnything());
  EXPECT_TRUE(cache_.Clear());
  EXPECT_TRUE(box_.Exists("elsewhere/a-1"));
}

TEST_F(DisposableCacheTest, IsBounded) {
  for (std::size_t i = 0; i < DisposableCache::kMaxFiles + 10; ++i) {
    cache_.Store("c" + std::to_string(i), "x");
  }
  EXPECT_EQ(Count(), DisposableCache::kMaxFiles);
  EXPECT_TRUE(cache_.Load("c" + std::to_string(DisposableCache::kMaxFiles + 9)));
  cache_.Store("fa7", std::string(DisposableCache::kMaxFileBytes + 1, 'x'));
  EXPECT_EQ(cache_.Load("fa7"), std::nullopt);
}

TEST_F(DisposableCacheTest, WhatIsUsedStays) {
  cache_.Store("a", "x");
  for (std::size_t i = 0; i < 2 * DisposableCache::kMaxFiles; ++i) {
    cache_.Store("c" + std::to_string(i), "x");
    // As if long ago.
    const timespec times[] = {{static_cast<time_t>(i), 0}, {static_cast<time_t>(i), 0}};
    utimensat(AT_FDCWD, PathOf("c" + std::to_string(i)).c_str(), times, 0);
    ASSERT_TRUE(cache_.Load("a")) << i;
  }
}

TEST_F(DisposableCacheTest, AFileOfTheFutureGoesFirst) {
  for (std::size_t i = 0; i < DisposableCache::kMaxFiles; ++i) {
    cache_.Store("c" + std::to_string(i), "x");
    const timespec times[] = {{4'000'000'000, 0}, {4'000'000'000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, PathOf("c" + std::to_string(i)).c_str(), times, 0), 0);
  }
  cache_.Store("a", "x");
  EXPECT_TRUE(cache_.Load("a"));
  EXPECT_EQ(Count(), DisposableCache::kMaxFiles);
}

TEST_F(DisposableCacheTest, RemovesNothingOfOthers) {
  for (int i = 0; i < 40; ++i) box_.WriteFile("s.git/onehead/note" + std::to_string(i), "mine");
  for (std::size_t i = 0; i < DisposableCache::kMaxFiles + 1; ++i) {
    cache_.Store("c" + std::to_string(i), "x");
  }
  EXPECT_EQ(Count(), DisposableCache::kMaxFiles + 40);
}

TEST_F(DisposableCacheTest, ALinkInItsPlace) {
  box_.MakeDirs("elsewhere");
  ASSERT_EQ(symlink(box_.Path("elsewhere").c_str(), box_.Path("s.git/onehead").c_str()), 0);
  cache_.Store("a", "x");
  EXPECT_TRUE(std::filesystem::is_empty(box_.Path("elsewhere")));
}

TEST_F(DisposableCacheTest, IsAsOpenAsTheRepository) {
  ASSERT_EQ(chmod(box_.Path("s.git/objects").c_str(), 02770), 0);
  cache_.Store("a", "x");
  struct stat info = {};
  ASSERT_EQ(stat(box_.Path("s.git/onehead").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 02770U);
}

TEST_F(DisposableCacheTest, AFileInItsPlace) {
  box_.WriteFile("s.git/onehead", "not a directory");
  cache_.Store("a", "x");
  EXPECT_EQ(cache_.Load("a"), std::nullopt);
  EXPECT_EQ(box_.ReadFile("s.git/onehead"), "not a directory");
}

TEST_F(DisposableCacheTest, FollowsNoLinkAndOpensNoPipe) {
  cache_.Store("a", "x");
  box_.WriteFile("elsewhere", "secret");
  ASSERT_EQ(symlink(box_.Path("elsewhere").c_str(), PathOf("1").c_str()), 0);
  ASSERT_EQ(mkfifo(PathOf("2").c_str(), 0600), 0);
  EXPECT_EQ(cache_.Load("1"), std::nullopt);
  EXPECT_EQ(cache_.Load("2"), std::nullopt);
  cache_.Store("1", "new");
  EXPECT_EQ(box_.ReadFile("elsewhere"), "secret");
  EXPECT_EQ(cache_.Load("1"), "new");
}

TEST_F(DisposableCacheTest, BelievesNobodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  cache_.Store("a", "x");
  ASSERT_EQ(chown(PathOf("a").c_str(), 12345, 12345), 0);
  EXPECT_EQ(cache_.Load("a"), std::nullopt);
}

TEST_F(DisposableCacheTest, IsAsReadableAsItsDirectory) {
  cache_.Store("a", "x");
  ASSERT_EQ(chmod(box_.Path("s.git/onehead").c_str(), 0750), 0);
  cache_.Store("a", "y");
  struct stat info = {};
  ASSERT_EQ(stat(PathOf("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640U);
}

}  // namespace
}  // namespace onehead::git
