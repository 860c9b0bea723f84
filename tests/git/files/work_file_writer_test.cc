#include "onehead/git/files/work_file_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "onehead/git/process/text_diff.h"
#include "onehead/git/support/files.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

class FileWriter : public ::testing::Test {
 protected:
  FileWriter() {
    box_.WriteFile("v/a.py", "a\n");
    box_.WriteFile("v/b.py", "b\n");
  }
  Status Write(const std::vector<WorkFileChange>& changes) {
    return WriteFiles(box_.root(), changes);
  }
  // Everything in v/, so that a temporary file that is left shows.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(box_.Path("v"))) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  testing::GitSandbox box_;
};

using Strings = std::vector<std::string>;

TEST_F(FileWriter, ChangesRenamesAndAddsAndKeepsTheMode) {
  chmod(box_.Path("v/a.py").c_str(), 0750);
  chmod(box_.Path("v/b.py").c_str(), 0604);
  ASSERT_TRUE(Write({{"v/a.py", "a\n", "A\n"},
                     {"v/b.py", "b\n", "B\n", "v/c.py"},
                     {"v/d.py", std::nullopt, "D\n"}}));
  EXPECT_EQ(box_.ReadFile("v/a.py"), "A\n");
  EXPECT_EQ(box_.ReadFile("v/c.py"), "B\n");
  EXPECT_EQ(box_.ReadFile("v/d.py"), "D\n");
  EXPECT_EQ(Names(), (Strings{"a.py", "c.py", "d.py"}));
  struct stat info = {};
  stat(box_.Path("v/a.py").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0750u);
  stat(box_.Path("v/c.py").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0604u);
}

// A run that was killed could not remove its temporary file; one that is at work still needs it.
TEST_F(FileWriter, RemovesWhatAKilledRunHasLeft) {
  for (const char* name : {".onehead-abc.tmp", ".onehead-abc.py", "abc.tmp"}) {
    box_.WriteFile(std::string("v/") + name, "");
  }
  const Descriptor other(open(box_.Path("v").c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(flock(other.get(), LOCK_SH), 0);
  ASSERT_TRUE(Write({{"v/a.py", "a\n", "A\n"}}));
  EXPECT_EQ(Names(), (Strings{".onehead-abc.py", ".onehead-abc.tmp", "a.py", "abc.tmp", "b.py"}));
  ASSERT_EQ(flock(other.get(), LOCK_UN), 0);
  ASSERT_TRUE(Write({{"v/a.py", "A\n", "a\n"}}));
  EXPECT_EQ(Names(), (Strings{".onehead-abc.py", "a.py", "abc.tmp", "b.py"}));
}

TEST_F(FileWriter, AFileThatHasChangedMeanwhileStopsAll) {
  const Status status = Write({{"v/a.py", "a\n", "A\n"}, {"v/b.py", "old b\n", "B\n"}});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().path, "v/b.py");
  EXPECT_EQ(status.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(box_.ReadFile("v/a.py"), "a\n");
  EXPECT_EQ(box_.ReadFile("v/b.py"), "b\n");
  EXPECT_EQ(Names(), (Strings{"a.py", "b.py"}));
}

TEST_F(FileWriter, NeverOverAFileThatIsThere) {
  EXPECT_FALSE(Write({{"v/a.py", std::nullopt, "new\n"}}));
  EXPECT_FALSE(Write({{"v/a.py", "a\n", "A\n", "v/b.py"}}));
  EXPECT_EQ(box_.ReadFile("v/a.py"), "a\n");
  EXPECT_EQ(box_.ReadFile("v/b.py"), "b\n");
  EXPECT_EQ(Names(), (Strings{"a.py", "b.py"}));
}

// The third one cannot be put in place: the two before are put back.
TEST_F(FileWriter, PutsBackWhatWasWrittenBeforeAnError) {
  const Status status = Write({{"v/a.py", "a\n", "A\n"},
                               {"v/b.py", "b\n", "B\n", "v/c.py"},
                               {"v/new.py", std::nullopt, "1\n"},
                               {"v/new.py", std::nullopt, "2\n"}});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().path, "v/new.py");
  EXPECT_EQ(box_.ReadFile("v/a.py"), "a\n");
  EXPECT_EQ(box_.ReadFile("v/b.py"), "b\n");
  EXPECT_EQ(Names(), (Strings{"a.py", "b.py"}));
}

TEST_F(FileWriter, NothingIsWrittenThroughALink) {
  ASSERT_EQ(symlink("a.py", box_.Path("v/link.py").c_str()), 0);
  ASSERT_EQ(symlink("v", box_.Path("w").c_str()), 0);
  const Status file = Write({{"v/link.py", "a\n", "A\n"}});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kUnsupported);
  const Status directory = Write({{"w/a.py", "a\n", "A\n"}});
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::kUnsupported);
  EXPECT_EQ(box_.ReadFile("v/a.py"), "a\n");
}

TEST_F(FileWriter, MakesTheDirectoryOfANewFile) {
  ASSERT_TRUE(Write({{"v/2026/a.py", std::nullopt, "new\n"}}));
  EXPECT_EQ(box_.ReadFile("v/2026/a.py"), "new\n");
}

TEST_F(FileWriter, DiffShowsAChangeARenameAndANewFile) {
  const Result<std::string> diff =
      DiffOf({{"v/a.py", "a\n", "A\n"},
              {"v/b.py", "1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\n", "v/c.py"},
              {"v/d.py", std::nullopt, "D\n"}},
             DiffColor::kOff);
  ASSERT_TRUE(diff);
  EXPECT_NE(diff->find("--- a/v/a.py\n+++ b/v/a.py\n@@ -1 +1 @@\n-a\n+A\n"), diff->npos) << *diff;
  EXPECT_NE(diff->find("diff --git a/v/d.py b/v/d.py\n"), diff->npos) << *diff;
  EXPECT_NE(diff->find("rename from v/b.py\nrename to v/c.py\n"), diff->npos) << *diff;
  EXPECT_NE(diff->find("--- /dev/null\n+++ b/v/d.py\n"), diff->npos) << *diff;
  EXPECT_EQ(box_.ReadFile("v/a.py"), "a\n");
}

}  // namespace
}  // namespace onehead::git
