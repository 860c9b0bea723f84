// The program in one file: it runs where nothing else is, and has no network code in it. Skipped
// for a program that is linked with shared libraries; ./install.sh test starts it for both.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class OneFile : public PushTest {
 protected:
  void SetUp() override {
    const RunResult version = box_.Run({ONEHEAD_PROGRAM, "--version"});
    if (version.out.find("(static") == std::string::npos) GTEST_SKIP() << version.out;
    box_.MakeDirs("root");
    if (Chroot({"/onehead"}).exit_code == 125) {
      GTEST_SKIP() << "neither chroot nor unshare works here: " << Chroot({"/onehead"}).err;
    }
    fs::copy_file(ONEHEAD_PROGRAM, box_.Path("root/onehead"));
  }
  // With `argv` of the directory root/ as the whole file system. 125: that cannot be made.
  RunResult Chroot(std::vector<std::string> argv, const std::string& input = "",
                   const Environment& extra = {}) {
    std::vector<std::string> all = {"chroot", box_.Path("root")};
    if (geteuid() != 0) all.insert(all.begin(), {"unshare", "-r"});
    all.insert(all.end(), argv.begin(), argv.end());
    RunResult result = box_.Run(all, "", input, extra);
    // What `unshare` says when the system does not let it.
    if (result.exit_code == 1 && result.err.rfind("unshare: ", 0) == 0) result.exit_code = 125;
    return result;
  }
  // The hook as Git starts it, for a push that is in the repository already.
  RunResult Hook(const std::string& before, const std::string& after) {
    return Chroot({"/onehead", "pre-receive"}, before + " " + after + " refs/heads/main\n",
                  {{"GIT_DIR", "/server.git"}});
  }
};

TEST_F(OneFile, StartsInAnEmptyRoot) {
  const RunResult version = Chroot({"/onehead", "--version"});
  EXPECT_EQ(version.exit_code, 0) << version.err;
  EXPECT_EQ(version.out.rfind("onehead ", 0), 0U) << version.out;
  EXPECT_NE(version.out.find("git not found on PATH"), std::string::npos) << version.out;
}

TEST_F(OneFile, IsTheHookInARootThatHoldsTheRepositoryAlone) {
  PushBase();
  const std::string base = box_.MustGit({"rev-parse", "main"}, "work");
  CommitMigration("b", {"a"});
  const std::string good = box_.MustGit({"rev-parse", "main"}, "work");
  CommitMigration("c", {"a"});
  const std::string bad = box_.MustGit({"rev-parse", "main"}, "work");
  box_.MustGit({"push", "-q", "origin", "main:refs/notes/all"}, "work");
  for (const char* state : {"loose", "packed"}) {
    fs::remove_all(box_.Path("root/server.git"));
    fs::copy(box_.Path("server.git"), box_.Path("root/server.git"),
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    const RunResult accepted = Hook(base, good);
    EXPECT_EQ(accepted.exit_code, 0) << state << accepted.err;
    EXPECT_EQ(accepted.err, "") << state;
    const RunResult refused = Hook(base, bad);
    EXPECT_EQ(refused.exit_code, 1) << state;
    EXPECT_NE(refused.err.find("multiple-heads"), std::string::npos) << refused.err;
    box_.MustGit({"repack", "-adq"}, "server.git");
    box_.MustGit({"prune-packed"}, "server.git");
  }
}

TEST_F(OneFile, HasNoNetworkCode) {
  const RunResult names = box_.Run({"nm", ONEHEAD_PROGRAM});
  if (names.exit_code != 0 || names.out.empty()) GTEST_SKIP() << "nm: " << names.err;
  for (const char* name : {"getaddrinfo", "git_socket_stream_new", "git_smart_subtransport_http",
                           "git_transport_smart", "git_http_client_new", "connect"}) {
    EXPECT_EQ(names.out.find(std::string(" ") + name + "\n"), std::string::npos) << name;
  }
  EXPECT_NE(names.out.find(" git_libgit2_init\n"), std::string::npos);
}

}  // namespace
}  // namespace onehead::testing
