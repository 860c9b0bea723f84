// What the hook remembers from one push to the next saves time and changes no verdict.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class HistoryCacheTest : public PushTest {
 protected:
  std::string Directory() { return box_.Path("server.git/onehead"); }

  std::vector<std::string> Files() {
    std::vector<std::string> files;
    if (!fs::exists(Directory())) return files;
    for (const auto& entry : fs::directory_iterator(Directory())) {
      files.push_back(entry.path().string());
    }
    return files;
  }

  // Takes an old migration out of the server's objects: only who need not read it can go on.
  void LoseObject(const std::string& rev) {
    const std::string id = box_.MustGit({"rev-parse", rev}, "work");
    fs::remove(box_.Path("server.git/objects/" + id.substr(0, 2) + "/" + id.substr(2)));
  }

  // So many that what the tree has is worth keeping.
  void WriteManyDirectories() {
    for (int i = 0; i < 10; ++i) box_.WriteFile("work/src/d" + std::to_string(i) + "/x", "");
  }

  // A continuation passes and a fork is refused, whatever stands in the cache.
  void ExpectVerdicts(const std::string& next, const std::string& head) {
    CommitMigration(next, {head});
    EXPECT_ACCEPTED(Push("main"));
    CommitMigration(next + "x", {head});
    EXPECT_REFUSED(Push("main"), "multiple-heads");
    box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "work");
  }
};

TEST_F(HistoryCacheTest, OldMigrationsAreNotReadAgain) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  LoseObject("main:alembic/versions/a.py");
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  NewBranch("feature", "main");
  CommitMigration("d", {"c"});
  EXPECT_ACCEPTED(Push("feature"));
  CommitMigration("e", {"d"});
  EXPECT_ACCEPTED(Push("feature"));
  fs::remove_all(Directory());
  CommitMigration("f", {"e"});
  EXPECT_REFUSED(Push("feature"), "is missing");
}

// Alembic passes such a directory over, and so must who has read everything else before.
TEST_F(HistoryCacheTest, ALocationThatIsNeverReadIsNotReadForIt) {
  PushBase();
  box_.WriteFile("work/alembic.ini",
                 std::string(kIni) + "version_locations = alembic/versions x__pycache__\n");
  box_.WriteFile("work/x__pycache__/.keep", "");
  box_.CommitAll("work", "another location");
  EXPECT_ACCEPTED(Push("main"));
  Migration("b", {"a"}, "x__pycache__");
  CommitMigration("c", {"b"});
  EXPECT_REFUSED(Push("main"), "missing-parent");
}

// More than there are files: the default branch's stays, from which all others go on.
TEST_F(HistoryCacheTest, ManyBranchesLeaveWhatIsKnownOfTheDefaultBranch) {
  PushBase();
  std::vector<std::string> push = {"push", "-q", "origin"};
  for (int i = 0; i < 40; ++i) {
    const std::string id = "m" + std::to_string(i);
    NewBranch("new" + std::to_string(i), "main");
    CommitMigration(id, {"a"});
    push.push_back("new" + std::to_string(i));
  }
  EXPECT_ACCEPTED(box_.Git(push, "work"));
  EXPECT_LT(Files().size(), 20U);
  Checkout("main");
  LoseObject("main:alembic/versions/a.py");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(HistoryCacheTest, ABranchBehindMainIsStillTold) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  NewBranch("feature", "main");
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("feature"));
  Checkout("main");
  CommitMigration("d", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  Checkout("feature");
  CommitMigration("e", {"c"});
  EXPECT_ACCEPTED_WITH(Push("feature"), "would have 2 heads if this were merged into main now");
}

TEST_F(HistoryCacheTest, AChangedPublishedMigrationIsStillTold) {
  PushBase();
  CommitMigration("b", {"a"});
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  NewBranch("feature", "main");
  Migration("c", {"a"});
  Migration("b", {"c"});
  box_.CommitAll("work", "turn round");
  EXPECT_ACCEPTED_WITH(Push("feature"), "published-changed");
  CommitMigration("d", {"b"});
  EXPECT_ACCEPTED_WITH(Push("feature"), "published-changed");
}

TEST_F(HistoryCacheTest, NoDamageChangesAVerdict) {
  WriteManyDirectories();
  PushBase();
  CommitMigration("b0", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  std::string head = "b0";
  const std::vector<std::function<void(const std::string&)>> damages = {
      [](const std::string& file) { fs::remove(file); },
      [](const std::string& file) { fs::resize_file(file, fs::file_size(file) / 2); },
      [](const std::string& file) { fs::resize_file(file, 0); },
      [this](const std::string& file) { box_.WriteFile(file, "onehead history 3\nof the future"); },
      [this](const std::string& file) {
        std::string bytes = box_.ReadFile(file);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
        box_.WriteFile(file, bytes);
      },
      [](const std::string& file) {
        fs::remove(file);
        fs::create_directory(file);
      },
  };
  int number = 0;
  for (const auto& damage : damages) {
    ASSERT_FALSE(Files().empty());
    for (const std::string& file : Files()) damage(file);
    const std::string next = "b" + std::to_string(++number);
    ExpectVerdicts(next, head);
    head = next;
    fs::remove_all(Directory());
    ExpectVerdicts(next + "y", head);
    head = next + "y";
  }
}

TEST_F(HistoryCacheTest, AFileOfAnotherHistoryUnderThisName) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  const std::vector<std::string> old_files = Files();
  ASSERT_FALSE(old_files.empty());
  const std::string foreign = box_.ReadFile(old_files.front());
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  for (const std::string& file : Files()) box_.WriteFile(file, foreign);
  CommitMigration("d", {"b"});  // continues the history that the file tells of
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(HistoryCacheTest, ItCannotBeWritten) {
  box_.WriteFile("server.git/onehead", "in the way");
  PushBase();
  ExpectVerdicts("b", "a");
  EXPECT_EQ(box_.ReadFile("server.git/onehead"), "in the way");
}

TEST_F(HistoryCacheTest, TheWholeTreeIsNotSearchedAgain) {
  WriteManyDirectories();
  box_.WriteFile("work/src/d3/only", "here");
  PushBase();
  LoseObject("main:src/d3");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  box_.WriteFile("work/src/d4/x", "without a migration");
  box_.CommitAll("work", "source");
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  fs::remove_all(Directory());
  CommitMigration("d", {"c"});
  EXPECT_REFUSED(Push("main"), "is missing");
}

TEST_F(HistoryCacheTest, AConfigurationAnywhereIsSeenThatCameMeanwhile) {
  WriteManyDirectories();
  PushBase();
  box_.WriteFile("work/src/d4/x", "without a migration");
  box_.CommitAll("work", "source");
  PushUnchecked("main");
  // An environment whose migrations lie where no directory above them says so.
  box_.WriteFile("work/src/d5/alembic.ini",
                 "[alembic]\nscript_location = ../../far\nversion_locations = ../../far/away\n");
  box_.WriteFile("work/far/env.py", "");
  Migration("x", {}, "far/away");
  box_.CommitAll("work", "another environment");
  PushUnchecked("main");
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  Migration("y", {"x"}, "far/away");
  Migration("z", {"x"}, "far/away");
  box_.CommitAll("work", "fork");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
  box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "work");
  // And no longer, where it has gone.
  box_.MustGit({"rm", "-rq", "src/d5"}, "work");
  box_.MustGit({"rm", "-rq", "far"}, "work");
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  ExpectVerdicts("d", "c");
}

// Who may push to another branch must not make everybody compare with that.
TEST_F(HistoryCacheTest, OnlyTheTreeOfTheDefaultBranchIsKept) {
  SetServer("onehead.publishedRefs", "refs/heads/release.*");
  PushBase();
  const auto kept_commit = [this]() -> std::string {
    for (const std::string& file : Files()) {
      const std::string bytes = box_.ReadFile(file);
      if (!bytes.starts_with("onehead survey")) continue;
      const auto contains = [&](const std::string& rev) {
        return bytes.find(box_.MustGit({"rev-parse", rev}, "work")) != std::string::npos;
      };
      return contains("main") ? "main" : contains("HEAD") ? "another" : "an old one";
    }
    return "none";
  };
  for (const std::string branch : {"feature", "release"}) {
    NewBranch(branch, "main");
    WriteManyDirectories();
    CommitMigration("b", {"a"});
    EXPECT_ACCEPTED(Push(branch));
    CommitMigration("c", {"b"});
    EXPECT_ACCEPTED(Push(branch));
    EXPECT_EQ(kept_commit(), "none") << branch;
    Checkout("main");
  }
  WriteManyDirectories();
  CommitMigration("m", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  EXPECT_EQ(kept_commit(), "main");
  Checkout("release");
  CommitMigration("d", {"c"});
  EXPECT_ACCEPTED(Push("release"));
  EXPECT_EQ(kept_commit(), "main");
}

TEST_F(HistoryCacheTest, WhatItStartsFromIsNoLongerThere) {
  WriteManyDirectories();
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  box_.MustGit({"update-ref", "refs/heads/main", "main~1"}, "server.git");
  box_.MustGit({"gc", "-q", "--prune=now"}, "server.git");
  ASSERT_NE(box_.Git({"cat-file", "-e", box_.MustGit({"rev-parse", "main"}, "work")}, "server.git")
                .exit_code,
            0);
  box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "work");
  ExpectVerdicts("c", "a");
}

TEST_F(HistoryCacheTest, WhatIsMoreThanAdditionsIsJudgedInFull) {
  PushBase();
  CommitMigration("b", {"a"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  Migration("d", {"c"});
  Migration("b", {});  // changed: b is a second base, and a a second head
  box_.CommitAll("work", "both");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
  box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "work");
  Migration("d", {"c"});
  box_.WriteFile(
      "work/alembic.ini",
      "[alembic]\nscript_location = alembic\nversion_locations = alembic/versions more\n");
  Migration("e", {"c"}, "more");
  box_.CommitAll("work", "another location");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

}  // namespace
}  // namespace onehead::testing
