// Closed and full pipes, broken input, objects that cannot be read, no room to write: a push that
// is bad is refused all the same and with a reason, and what is written is written whole or not at
// all.
#include <filesystem>
#include <fstream>

#include "e2e/push_test_fixture.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using testing::RunResult;

class FaultTest : public testing::PushTest {
 protected:
  // The base on the server, and a second head that is there as objects only; its hook line.
  std::string BadPush() {
    PushBase();
    CommitMigration("b", {"a"});
    PushUnchecked("main");
    const std::string main = box_.MustGit({"rev-parse", "HEAD"}, "work");
    CommitMigration("c", {"a"});
    const std::string bad = box_.MustGit({"rev-parse", "HEAD"}, "work");
    PushUnchecked("HEAD:refs/other/bad");
    return main + " " + bad + " refs/heads/main\n";
  }

  // `script`: $HOOK is the program's command line.
  RunResult Shell(const std::string& script, const std::string& input) {
    return box_.Run({"sh", "-c", script}, "server.git", input,
                    {{"GIT_DIR", "."}, {"HOOK", std::string(ONEHEAD_PROGRAM) + " pre-receive"}});
  }
};

TEST_F(FaultTest, ARefusalDoesNotDependOnItsReaders) {
  const std::string line = BadPush();
  for (const char* script :
       {"$HOOK", "$HOOK 2>&-", "$HOOK >&-", "$HOOK >&- 2>&-", "$HOOK 2>/dev/full",
        "$HOOK >/dev/full 2>/dev/full", "$HOOK --format json >/dev/full",
        "$HOOK --format json >&- 2>&-",
        "mkfifo gone; exec 3<>gone 4>gone 3<&-; $HOOK 2>&4; c=$?; rm gone; exit $c",
        "mkfifo gone; (: <gone) & exec 4>gone; wait; $HOOK 2>&4; c=$?; rm gone; "
        "exit $c"}) {
    const RunResult result = Shell(script, line);
    EXPECT_EQ(result.exit_code, 1) << script << ": " << result.err;
  }
}

TEST_F(FaultTest, InputThatCannotBeReadIsNoEmptyPush) {
  BadPush();
  for (const char* script :
       {"exec $HOOK <&-", "exec $HOOK </", "exec $HOOK <&- 2>&1",
        "head -c 70000000 /dev/zero | $HOOK", "printf '\\n' | $HOOK", "printf 'x' | $HOOK",
        "head -c 3000000 /dev/zero | tr '\\0' a | $HOOK"}) {
    const RunResult result = Shell(script, "");
    EXPECT_EQ(result.exit_code, 128) << script;
    const std::string text = result.out + result.err;
    EXPECT_NE(text.find("error: "), std::string::npos) << script << ": " << text;
    EXPECT_LT(text.size(), 2000u) << script;
  }
}

TEST_F(FaultTest, ALineNeedsNoLineFeed) {
  std::string line = BadPush();
  line.pop_back();
  EXPECT_EQ(Shell("$HOOK", line).exit_code, 1);
}

TEST_F(FaultTest, ALongRefNameIsShortened) {
  std::string line = BadPush();
  line.insert(line.size() - 1, std::string(1'000'000, 'n'));
  const RunResult result = Shell("$HOOK", line);
  // libgit2 knows no such ref; Git does, and its commits are known by another one.
  EXPECT_NE(result.err.find("refs/heads/mainnn"), std::string::npos) << result.err.substr(0, 2000);
  EXPECT_LT(result.err.size(), 10'000u);
}

// Whichever object it is.
TEST_F(FaultTest, WithAnObjectThatCannotBeReadASecondHeadIsRefused) {
  box_.MustGit({"config", "receive.unpackLimit", "10000"}, "server.git");
  const std::string line = BadPush();
  std::vector<fs::path> objects;
  for (const auto& item : fs::recursive_directory_iterator(box_.Path("server.git/objects"))) {
    if (item.is_regular_file()) objects.push_back(item.path());
  }
  ASSERT_GT(objects.size(), 10u);
  const fs::path kept = box_.Path("kept");
  int errors = 0;
  for (const fs::path& object : objects) {
    fs::rename(object, kept);
    for (const char* kind : {"missing", "garbage", "directory"}) {
      if (*kind == 'g') std::ofstream(object) << "no object";
      if (*kind == 'd') fs::create_directory(object);
      const RunResult result = Shell("$HOOK", line);
      EXPECT_TRUE(result.exit_code == 1 || result.exit_code == 128)
          << kind << " " << object << ": " << result.exit_code;
      EXPECT_NE(result.err.find("error: "), std::string::npos) << kind << " " << object;
      errors += result.exit_code == 128 ? 1 : 0;
      fs::remove(object);
    }
    fs::rename(kept, object);
  }
  EXPECT_GT(errors, 10);
}

// libgit2 looks for the rest of it for ever.
TEST_F(FaultTest, AnObjectThatIsCutOffEndsThePush) {
  PushBase();
  box_.WriteFile("work/note", "x");
  box_.MustGit({"add", "note"}, "work");
  box_.MustGit({"commit", "-q", "-m", std::string(2000, 'm') + "\n\nmore"}, "work");
  const std::string line = box_.MustGit({"rev-parse", "HEAD~"}, "work") + " " +
                           box_.MustGit({"rev-parse", "HEAD"}, "work") + " refs/heads/main\n";
  box_.MustGit({"config", "receive.unpackLimit", "10000"}, "server.git");
  PushUnchecked("HEAD:refs/other/cut");
  const std::string id = box_.MustGit({"rev-parse", "HEAD"}, "work");
  const fs::path object = box_.Path("server.git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
  ASSERT_TRUE(fs::exists(object));
  fs::permissions(object, fs::perms::owner_all);
  fs::resize_file(object, fs::file_size(object) / 2);
  const RunResult result = Shell("$HOOK", line);
  EXPECT_EQ(result.exit_code, 128) << result.err;
  EXPECT_NE(result.err.find("error: "), std::string::npos) << result.err;
}

// No file may grow, so every write fails as on a full disk.
TEST_F(FaultTest, WithoutRoomNothingIsHalfWritten) {
  PushBase();
  NewBranch("topic", "main");
  CommitMigration("t", {"a"});
  Checkout("main");
  CommitMigration("m", {"a"});
  PushUnchecked("main");
  Checkout("topic");
  box_.MustGit({"merge", "-q", "--no-edit", "main"}, "work");
  const std::string before = box_.ReadFile("work/alembic/versions/t.py");
  for (const char* command : {"rebase origin/main", "merge"}) {
    const std::string script = std::string("{ ulimit -f 0; '") + ONEHEAD_PROGRAM + "' " + command +
                               "; echo \"exit $?\"; } 2>&1 | cat";
    const RunResult result = box_.Run({"sh", "-c", script}, "work");
    EXPECT_NE(result.out.find("error: "), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("exit 128"), std::string::npos) << result.out;
    EXPECT_EQ(box_.ReadFile("work/alembic/versions/t.py"), before);
    EXPECT_EQ(box_.MustGit({"status", "--porcelain"}, "work"), "");
  }
}

}  // namespace
}  // namespace onehead
