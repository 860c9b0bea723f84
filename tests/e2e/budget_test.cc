// Whatever is pushed, the hook answers: in time, within its memory, in few lines, and with the file
// and the setting that are the reason.
#include <gmock/gmock.h>

#include <utility>

#include "e2e/push_test_fixture.h"

namespace onehead {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::MigrationText;
using testing::RunResult;

using Files = std::vector<std::pair<std::string, std::string>>;

// The id of nothing, as long as other ids of the repository.
std::string ZeroLike(const std::string& id) { return std::string(id.size(), '0'); }

class BudgetTest : public testing::PushTest {
 protected:
  // A commit of these files and no parent, which no ref names. `settings`: "-c key=value" of Git.
  std::string Import(const Files& files, std::vector<std::string> settings = {}) {
    std::string stream =
        "commit refs/new\ncommitter a <a@x> 1700000000 +0000\ndata 1\nm\ndeleteall\n";
    for (const auto& [path, text] : files) {
      stream += "M 100644 inline " + path + "\ndata " + std::to_string(text.size()) + "\n";
      stream += text + "\n";
    }
    settings.insert(settings.end(), {"fast-import", "--quiet", "--force"});
    box_.MustGit(settings, "server.git", stream);
    std::string commit = box_.MustGit({"rev-parse", "refs/new"}, "server.git");
    box_.MustGit({"update-ref", "-d", "refs/new"}, "server.git");
    return commit;
  }

  RunResult HookFor(const std::string& commit) {
    return Hook(ZeroLike(commit) + " " + commit + " refs/heads/main\n");
  }
};

std::string PathOf(const std::string& id) { return "alembic/versions/" + id + ".py"; }

Files Base() {
  return {{"alembic.ini", testing::kIni},
          {"alembic/env.py", "pass\n"},
          {PathOf("a"), MigrationText("a", {})}};
}

// If it were loaded, memory would be the reason.
TEST_F(BudgetTest, AFileThatIsTooLargeIsNeverLoaded) {
  SetServer("onehead.maxMemory", "24m");
  SetServer("onehead.maxFileSize", "4m");
  Files files = Base();
  for (const std::string& path :
       {PathOf("large"), std::string("other/alembic.ini"), std::string("other.txt")}) {
    files.emplace_back(path, std::string(32u << 20, '\0'));
  }
  for (const char* unpack_limit : {"1", "100"}) {  // in a pack; loose
    const RunResult result =
        HookFor(Import(files, {"-c", std::string("fastimport.unpackLimit=") + unpack_limit}));
    EXPECT_HOOK(result, 128, PathOf("large") + ": larger than 4194304 bytes (onehead.maxFileSize)");
    EXPECT_HOOK(result, 128, "other/alembic.ini: larger than 1048576 bytes");
    EXPECT_EQ(result.err.find("other.txt"), std::string::npos) << "nobody reads it";
  }
}

TEST_F(BudgetTest, ACommitThatIsTooLargeIsNeverLoaded) {
  SetServer("onehead.maxMemory", "24m");
  const std::string tree = box_.MustGit({"rev-parse", Import(Base()) + "^{tree}"}, "server.git");
  const std::string message(40u << 20, 'x');
  const std::string commit = box_.MustGit({"commit-tree", tree}, "server.git", message);
  EXPECT_HOOK(HookFor(commit), 128, "object " + commit + " is larger than");
}

TEST_F(BudgetTest, ADirectoryWithTooManyMigrations) {
  SetServer("onehead.maxFiles", "50");
  Files files = Base();
  for (int i = 0; i < 50; ++i) files.emplace_back(PathOf("m" + std::to_string(i)), "");
  EXPECT_HOOK(HookFor(Import(files)), 128,
              "alembic/versions: more than 50 files (onehead.maxFiles)");
}

// Where it ends depends on how much memory there is; that it lets nothing in does not.
TEST_F(BudgetTest, WithTooLittleMemoryASecondHeadIsRefused) {
  Files files = Base();
  const std::string filler(20'000, 'x');
  for (int i = 0; i < 300; ++i) {
    const std::string id = "m" + std::to_string(i);
    files.emplace_back(PathOf(id), MigrationText(id, {"a"}, id + filler));
  }
  const std::string commit = Import(files);
  for (const int mebibytes : {1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 224}) {
    box_.MustGit({"config", "onehead.maxMemory", std::to_string(mebibytes) + "m"}, "server.git");
    const RunResult result = HookFor(commit);
    const bool judged = result.err.find("error: multiple-heads") != std::string::npos;
    EXPECT_EQ(result.exit_code, judged ? 1 : 128) << mebibytes << " MiB: " << result.err;
    EXPECT_NE(result.err.find("error: "), std::string::npos) << mebibytes << " MiB";
    // Where the git program reads the objects it is Git that lacks memory.
    const bool named = result.err.find("onehead.maxMemory") != std::string::npos;
    EXPECT_TRUE(judged || named || commit.size() > 40) << mebibytes << " MiB: " << result.err;
    EXPECT_TRUE(judged || mebibytes < 224) << result.err;
  }
}

TEST_F(BudgetTest, MemoryIsAnErrorThatTheSettingsMayAllow) {
  const std::string commit = Import(Base());
  SetServer("onehead.maxMemory", "1k");
  const RunResult refused = HookFor(commit);
  SetServer("onehead.onError", "allow");
  const RunResult allowed = HookFor(commit);
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  if (refused.exit_code == 0) return;  // a sanitizer's build has no limit
  EXPECT_HOOK(refused, 128, "error: ");
  EXPECT_NE(allowed.err.find("warning: "), std::string::npos) << allowed.err;
  if (commit.size() > 40) return;  // where the git program reads the objects
  EXPECT_HOOK(refused, 128, "not enough memory (onehead.maxMemory allows 1024 bytes");
}

TEST_F(BudgetTest, ManyRefsAreToldInFewLines) {
  constexpr int kRefs = 2000;
  Files files = Base();
  files.emplace_back(PathOf("b"), MigrationText("b", {}));
  const std::string commit = Import(files);
  std::string lines;
  for (int i = 0; i < kRefs; ++i) {
    lines += ZeroLike(commit) + " " + commit + " refs/heads/b" + std::to_string(i) + "\n";
  }
  const RunResult result = Hook(lines);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("refs/heads/b0"), std::string::npos);
  EXPECT_NE(result.err.find(" more refs refused"), std::string::npos);
  EXPECT_LT(std::count(result.err.begin(), result.err.end(), '\n'), 1100);
}

// Its verdict does not wait for a client that reads no more.
TEST_F(BudgetTest, AStoppedReaderDoesNotKeepTheHook) {
  Files files = Base();
  files.emplace_back(PathOf("b"), MigrationText("b", {}));
  const std::string script =
      "mkfifo full; exec 3<>full\n"
      "dd if=/dev/zero of=full bs=4096 count=100 oflag=nonblock 2>/dev/null\n"
      "timeout 300 '" +
      std::string(ONEHEAD_PROGRAM) + "' pre-receive 2>&3\n";
  for (const bool bad : {true, false}) {
    if (!bad) files.pop_back();
    const std::string commit = Import(files);
    const std::string line = ZeroLike(commit) + " " + commit + " refs/heads/main\n";
    // Until it is enough for the verdict, which on most machines it is at once.
    RunResult result{128, "", ""};
    for (int milliseconds = 500; result.exit_code == 128 && milliseconds < 60'000;
         milliseconds *= 4) {
      box_.MustGit({"config", "onehead.timeout", std::to_string(milliseconds)}, "server.git");
      result = box_.Run({"sh", "-c", script}, "server.git", line, {{"GIT_DIR", "."}});
      box_.Run({"rm", "full"}, "server.git");
    }
    EXPECT_EQ(result.exit_code, bad ? 1 : 0) << result.err;
  }
}

// 60^5 directories, all of them the same few objects. Which limit comes first depends on the
// machine: if there were none, this would take an hour.
TEST_F(BudgetTest, ATreeThatNamesOneDirectoryAgainAndAgain) {
  const std::string blob =
      box_.MustGit({"hash-object", "-w", "--stdin"}, "server.git", "down_revision = None\n");
  std::string tree = box_.MustGit({"mktree"}, "server.git", "100644 blob " + blob + "\ta.txt\n");
  for (int depth = 0; depth < 5; ++depth) {
    std::string entries;
    for (int i = 10; i < 70; ++i) {
      entries += "040000 tree " + tree + "\td" + std::to_string(i) + "\n";
    }
    tree = box_.MustGit({"mktree"}, "server.git", entries);
  }
  const std::string commit = box_.MustGit({"commit-tree", "-m", "x", tree}, "server.git");
  box_.MustGit({"config", "onehead.timeout", "1"}, "server.git");
  EXPECT_HOOK(HookFor(commit), 128, "not finished after 1 milliseconds (onehead.timeout)");
  box_.MustGit({"config", "onehead.timeout", "1000"}, "server.git");
  const RunResult result = HookFor(commit);
  EXPECT_HOOK(result, 128, "not a verdict");
  EXPECT_THAT(result.err, AnyOf(HasSubstr("milliseconds (onehead.timeout)"),
                                HasSubstr("not enough memory (onehead.maxMemory"),
                                HasSubstr("the tree has more than 2000000 directories")));
}

}  // namespace
}  // namespace onehead
