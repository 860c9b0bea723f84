// ./install.sh as far as it goes before anything is compiled, with stand-ins for the programs that
// would change the machine.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/git_sandbox.h"

namespace onehead::testing {
namespace {

class InstallScript : public ::testing::Test {
 protected:
  InstallScript() {
    // cmake ends the story: with its name and arguments in the log, and an error.
    StandIn("cmake", "exit 9");
    StandIn("apt-get", "exit 0");
    StandIn("ccache", "exit 0");
    StandIn("dpkg-query",
            "for last; do :; done\n"
            "case \" $MISSING \" in *\" $last \"*) exit 1 ;; *) printf installed ;; esac");
    sandbox_.environment()["PATH"] = sandbox_.Path("bin") + ":/usr/bin:/bin";
    sandbox_.environment()["ONEHEAD_BUILD"] = sandbox_.Path("build");
  }
  // A program that notes how it was called, in calls.
  void StandIn(const std::string& name, const std::string& body) {
    sandbox_.WriteExecutable("bin/" + name, "#!/bin/sh\n[ " + name + " = dpkg-query ] || echo " +
                                                name + " \"$DEBIAN_FRONTEND\" \"$@\" >>'" +
                                                sandbox_.Path("calls") + "'\n" + body + "\n");
  }
  void User(const std::string& id) { StandIn("id", "echo " + id); }
  RunResult Run(std::vector<std::string> args, const std::string& missing = "") {
    args.insert(args.begin(), std::string(ONEHEAD_SOURCE_DIR) + "/install.sh");
    return sandbox_.Run(args, "", "", {{"MISSING", missing}});
  }
  // The lines of calls that begin with `name`.
  std::string Calls(const std::string& name) {
    return sandbox_.Run({"sh", "-c", "grep \"^$0 \" calls || :", name}).out;
  }
  GitSandbox sandbox_;
};

TEST_F(InstallScript, CallsNoAptWhenNothingIsMissing) {
  for (const char* user : {"0", "1000"}) {
    User(user);
    const RunResult result = Run({});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("error: configuring in "), std::string::npos) << result.err;
    EXPECT_EQ(Calls("apt-get"), "");
    EXPECT_NE(Calls("cmake"), "");
  }
}

TEST_F(InstallScript, TellsTheCommandAndStopsWithoutRoot) {
  User("1000");
  const RunResult result = Run({"test"}, "libre2-dev python3-alembic");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find("  apt-get update && apt-get install -y --no-install-recommends "
                            "libre2-dev python3-alembic\n"),
            std::string::npos)
      << result.out;
  EXPECT_EQ(result.err, "error: nothing was built\n");
  EXPECT_EQ(Calls("apt-get"), "");
  EXPECT_EQ(Calls("cmake"), "");
  EXPECT_FALSE(sandbox_.Exists("build"));
}

TEST_F(InstallScript, OnlyTheTestsNeedWhatTestsNeed) {
  User("1000");
  const RunResult result = Run({}, "libgtest-dev python3-alembic");
  EXPECT_NE(Calls("cmake"), "") << result.out;
}

TEST_F(InstallScript, OnlyTheFuzzersNeedClang) {
  User("1000");
  const RunResult result = Run({"fuzz"}, "clang libclang-rt-dev");
  EXPECT_NE(result.out.find("--no-install-recommends clang libclang-rt-dev\n"), std::string::npos)
      << result.out;
  EXPECT_EQ(result.err, "error: nothing was built\n");
  EXPECT_EQ(Calls("cmake"), "");
  Run({"test"}, "clang libclang-rt-dev");
  EXPECT_NE(Calls("cmake"), "");
}

TEST_F(InstallScript, InstallsWhatIsMissingAsRoot) {
  User("0");
  Run({}, "libre2-dev g++");
  EXPECT_EQ(Calls("apt-get"),
            "apt-get noninteractive -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 update\n"
            "apt-get noninteractive -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install -y "
            "--no-install-recommends g++ libre2-dev\n");
  EXPECT_NE(Calls("cmake"), "");
}

TEST_F(InstallScript, ShowsTheLogOfWhatFailed) {
  User("0");
  StandIn("apt-get", "echo E: no such package; exit 100");
  const RunResult result = Run({}, "g++");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("E: no such package\nerror: apt-get update failed"), std::string::npos)
      << result.err;
  EXPECT_EQ(Calls("cmake"), "");
}

TEST_F(InstallScript, ThePrefix) {
  struct Case {
    const char* user;
    const char* variable;
    std::vector<std::string> args;
    std::string prefix;
  };
  for (const Case& test :
       {Case{"0", "", {}, "/usr/local"}, Case{"1000", "", {}, sandbox_.Path("home/.local")},
        Case{"0", "/opt", {}, "/opt"}, Case{"0", "/opt", {"--prefix=/x y"}, "/x y"},
        Case{"1000", "", {"--prefix=rel"}, sandbox_.Path("rel")}}) {
    User(test.user);
    sandbox_.WriteFile("calls", "");
    sandbox_.environment()["PREFIX"] = test.variable;
    Run(test.args);
    EXPECT_NE(Calls("cmake").find("-DCMAKE_INSTALL_PREFIX=" + test.prefix + "\n"),
              std::string::npos)
        << Calls("cmake");
  }
}

TEST_F(InstallScript, HowItIsLinked) {
  User("0");
  for (const auto& [args, link] : {std::pair{std::vector<std::string>{}, "auto"},
                                   {{"--static"}, "static"},
                                   {{"--shared"}, "shared"},
                                   {{"demo", "--static"}, "static"}}) {
    sandbox_.WriteFile("calls", "");
    Run(args);
    EXPECT_NE(Calls("cmake").find(std::string(" -DONEHEAD_LINK=") + link), std::string::npos)
        << Calls("cmake");
  }
}

TEST_F(InstallScript, UninstallRemovesWhatWasInstalledAndNothingElse) {
  sandbox_.WriteFile("p/bin/onehead", "");
  std::filesystem::create_symlink("onehead", sandbox_.Path("p/bin/git-merge-onehead"));
  sandbox_.WriteFile("p/bin/other", "");
  sandbox_.WriteFile("p/share/man/man1/onehead.1", "");
  const RunResult result = Run({"uninstall", "--prefix=" + sandbox_.Path("p")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(sandbox_.Exists("p/bin/onehead"));
  EXPECT_FALSE(sandbox_.Exists("p/bin/git-merge-onehead"));
  EXPECT_NE(result.out.find("git config --unset pull.twohead"), std::string::npos) << result.out;
  EXPECT_FALSE(sandbox_.Exists("p/share/man/man1/onehead.1"));
  EXPECT_TRUE(sandbox_.Exists("p/bin/other"));
  EXPECT_EQ(Run({"uninstall", "--prefix=" + sandbox_.Path("p")}).exit_code, 0);
}

TEST_F(InstallScript, Usage) {
  EXPECT_EQ(Run({"help"}).exit_code, 0);
  EXPECT_EQ(Run({"--help"}).exit_code, 0);
  EXPECT_NE(Run({"bench", "--help"}).out.find("--json FILE"), std::string::npos);
  for (const std::vector<std::string>& args : {std::vector<std::string>{"what"},
                                               {"--prefix"},
                                               {"--prefix="},
                                               {"test", "demo"},
                                               {"test", "15"},
                                               {"test", "--static"},
                                               {"fuzz", "0"},
                                               {"fuzz", "1x"},
                                               {"test", "--seed=1"}}) {
    const RunResult result = Run(args);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(result.err.find("usage: ./install.sh"), std::string::npos);
  }
  EXPECT_EQ(Calls("cmake"), "");
}

}  // namespace
}  // namespace onehead::testing
