#include "onehead/git/install/hook_install.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "onehead/git/install/shim.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

constexpr char kChainedName[] = "pre-receive.onehead-chained";
constexpr char kSavedName[] = "pre-receive.onehead-saved";

namespace fs = std::filesystem;
using Change = Plan::Change;

constexpr char kProgram[] = "/opt/onehead";
constexpr char kForeign[] = "#!/bin/sh\n# not ours\nexit 0\n";

class HookInstall : public ::testing::Test {
 protected:
  HookInstall() { sandbox_.MakeDirs("a.git/hooks"); }

  std::string Path(const std::string& path) const { return sandbox_.Path(path); }
  HookPlace Alone() const {
    return {"a.git", ServerKind::kPlain, Path("a.git"), Path("a.git/hooks/pre-receive"),
            Path("a.git/hooks")};
  }
  HookPlace AmongOthers() const {
    return {"a.git", ServerKind::kGitLab, Path("a.git"),
            Path("a.git/custom_hooks/pre-receive.d/onehead"), Path("a.git/custom_hooks")};
  }
  Plan MustPlan(const HookPlace& place, Force force = Force::kNo,
                const std::string& program = kProgram) {
    Result<Plan> plan = PlanInstall(place, program, force);
    if (plan) return *plan;
    ADD_FAILURE() << plan.error().message;
    return {};
  }
  void MustInstall(const HookPlace& place, Force force = Force::kNo) {
    const Status status = Apply(MustPlan(place, force));
    EXPECT_TRUE(status) << status.error().message;
  }
  void MustUninstall(const HookPlace& place) {
    const Result<Plan> plan = PlanUninstall(place);
    ASSERT_TRUE(plan) << plan.error().message;
    const Status status = Apply(*plan);
    EXPECT_TRUE(status) << status.error().message;
  }
  std::string PlanError(const HookPlace& place, Force force = Force::kNo) {
    const Result<Plan> plan = PlanInstall(place, kProgram, force);
    if (plan) return "";
    const std::string& text = plan.error().message;
    const std::size_t at = text.find(sandbox_.root() + "/");
    if (at == text.npos) return text;
    return text.substr(0, at) + text.substr(at + sandbox_.root().size() + 1);
  }
  mode_t Mode(const std::string& path) const {
    struct stat status = {};
    EXPECT_EQ(lstat(Path(path).c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  // "path mode text" of everything below a.git, sorted.
  std::vector<std::string> Snapshot() const {
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(Path("a.git"))) {
      const std::string path = entry.path().string();
      std::string what = "directory";
      if (entry.is_symlink()) {
        what = "-> " + fs::read_symlink(entry.path()).string();
      } else if (entry.is_regular_file()) {
        what = sandbox_.ReadFile(path);
      }
      lines.push_back(path + " " + std::to_string(Mode(path)) + " " + what);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  onehead::testing::GitSandbox sandbox_;
};

TEST_F(HookInstall, WritesAnExecutableShimWhateverTheUmask) {
  const mode_t old = umask(0077);
  MustInstall(Alone());
  MustInstall(AmongOthers());
  umask(old);
  EXPECT_EQ(Mode("a.git/hooks/pre-receive"), 0755u);
  EXPECT_EQ(Mode("a.git/custom_hooks"), 0755u);
  EXPECT_EQ(Mode("a.git/custom_hooks/pre-receive.d"), 0755u);
  EXPECT_EQ(Mode("a.git/custom_hooks/pre-receive.d/onehead"), 0755u);
  EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")), (Shim{kProgram, "", 0}));
  EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/custom_hooks/pre-receive.d/onehead")),
            (Shim{kProgram, "", 2}));
}

TEST_F(HookInstall, TwiceChangesNothing) {
  for (const HookPlace& place : {Alone(), AmongOthers()}) {
    EXPECT_EQ(MustPlan(place).change, Change::kInstall);
    MustInstall(place);
    const auto before = Snapshot();
    EXPECT_EQ(MustPlan(place).change, Change::kNone);
    MustInstall(place);
    EXPECT_EQ(Snapshot(), before);
  }
}

TEST_F(HookInstall, PlanningWritesNothing) {
  sandbox_.WriteHook("a.git", "pre-receive", "exit 0\n");
  const auto before = Snapshot();
  MustPlan(Alone());
  MustPlan(AmongOthers());
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(HookInstall, ReplacesAnOlderShimAndKeepsWhatItRuns) {
  sandbox_.WriteExecutable("a.git/hooks/pre-receive",
                           "#!/bin/sh\n# onehead shim 0\n# directories made: 1\nexec old\n");
  sandbox_.WriteExecutable("a.git/hooks/pre-receive.onehead-chained", kForeign);
  const Plan plan = MustPlan(Alone());
  EXPECT_EQ(plan.change, Change::kUpdate);
  EXPECT_EQ(plan.keep_as, "");
  ASSERT_TRUE(Apply(plan));
  EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")),
            (Shim{kProgram, kChainedName, 1}));
  MustUninstall(Alone());
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), kForeign);
}

TEST_F(HookInstall, ReplacesAShimOfAnotherProgramOrMode) {
  MustInstall(Alone());
  EXPECT_EQ(MustPlan(Alone(), Force::kNo, "/usr/bin/onehead").change, Change::kUpdate);
  fs::permissions(Path("a.git/hooks/pre-receive"), fs::perms(0644));
  EXPECT_EQ(MustPlan(Alone()).change, Change::kUpdate);
  MustInstall(Alone());
  EXPECT_EQ(Mode("a.git/hooks/pre-receive"), 0755u);
}

TEST_F(HookInstall, UninstallRestoresEveryByteModeAndDirectory) {
  struct Case {
    const char* name;
    mode_t mode;
    const char* text;
    const char* kept;
  };
  for (const Case& test : {
           Case{"script", 0750, kForeign, kChainedName},
           Case{"without a final newline", 0777, "#!/bin/sh\nexit 1", kChainedName},
           Case{"program", 0500, "\x7F\x45LF\xFF", kChainedName},
           Case{"not executable", 0644, kForeign, kSavedName},
           Case{"empty", 0600, "", kSavedName},
       }) {
    SCOPED_TRACE(test.name);
    sandbox_.WriteFile("a.git/hooks/pre-receive", test.text);
    fs::permissions(Path("a.git/hooks/pre-receive"), fs::perms(test.mode));
    const auto before = Snapshot();
    MustInstall(Alone());
    EXPECT_EQ(sandbox_.ReadFile(std::string("a.git/hooks/") + test.kept), test.text);
    EXPECT_EQ(Mode(std::string("a.git/hooks/") + test.kept), test.mode);
    const std::string chained = test.kept == std::string(kChainedName) ? kChainedName : "";
    EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")),
              (Shim{kProgram, chained, 0}));
    MustUninstall(Alone());
    EXPECT_EQ(Snapshot(), before);
    fs::remove(Path("a.git/hooks/pre-receive"));
  }
}

TEST_F(HookInstall, UninstallRemovesOnlyDirectoriesOfItsOwn) {
  const auto nothing = Snapshot();
  MustInstall(AmongOthers());
  MustUninstall(AmongOthers());
  EXPECT_EQ(Snapshot(), nothing);

  sandbox_.MakeDirs("a.git/custom_hooks");
  const auto directory = Snapshot();
  MustInstall(AmongOthers());
  MustUninstall(AmongOthers());
  EXPECT_EQ(Snapshot(), directory);

  MustInstall(AmongOthers());
  sandbox_.WriteFile("a.git/custom_hooks/pre-receive.d/other", "");
  MustUninstall(AmongOthers());
  EXPECT_TRUE(sandbox_.Exists("a.git/custom_hooks/pre-receive.d/other"));
  EXPECT_FALSE(sandbox_.Exists("a.git/custom_hooks/pre-receive.d/onehead"));
}

TEST_F(HookInstall, WarnsOfAHookThatGitDoesNotRun) {
  sandbox_.WriteFile("a.git/hooks/pre-receive", kForeign);
  const Plan plan = MustPlan(Alone());
  ASSERT_EQ(plan.warnings.size(), 1u);
  EXPECT_NE(plan.warnings[0].find("not executable"), std::string::npos);
  EXPECT_EQ(plan.chained, "");
}

TEST_F(HookInstall, WarnsOfAHookThatLooksAtItsName) {
  for (const char* line : {"name=$(basename \"$0\")", "for f in $0.d/*; do :; done",
                           "case ${0##*/} in esac", "name = os.path.basename(sys.argv[0])"}) {
    sandbox_.WriteExecutable("a.git/hooks/pre-receive", "#!/bin/sh\n" + std::string(line) + "\n");
    EXPECT_EQ(MustPlan(Alone()).warnings.size(), 1u) << line;
  }
  sandbox_.WriteExecutable("a.git/hooks/pre-receive", "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n");
  EXPECT_EQ(MustPlan(Alone()).warnings.size(), 0u);
}

TEST_F(HookInstall, WarnsOfAProgramThatTheServersUserCannotReach) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a repository to somebody else";
  sandbox_.WriteExecutable("open/closed/onehead", "");
  const std::string program = Path("open/closed/onehead");
  fs::permissions(sandbox_.root(), fs::perms(0755));
  fs::permissions(Path("open/closed"), fs::perms(0700));
  EXPECT_EQ(MustPlan(Alone(), Force::kNo, program).warnings.size(), 0u);
  ASSERT_EQ(chown(Path("a.git/hooks").c_str(), 65534, 65534), 0);
  const Plan plan = MustPlan(Alone(), Force::kNo, program);
  ASSERT_EQ(plan.warnings.size(), 1u);
  EXPECT_NE(plan.warnings[0].find(Path("open/closed") + " is closed"), std::string::npos);
  fs::permissions(Path("open/closed"), fs::perms(0711));
  EXPECT_EQ(MustPlan(Alone(), Force::kNo, program).warnings.size(), 0u);
}

TEST_F(HookInstall, WhatRootMakesBelongsToTheRepositorysOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a repository to somebody else";
  ASSERT_EQ(chown(Path("a.git").c_str(), 65534, 65534), 0);
  MustInstall(AmongOthers());
  for (const char* path : {"a.git/custom_hooks", "a.git/custom_hooks/pre-receive.d",
                           "a.git/custom_hooks/pre-receive.d/onehead"}) {
    struct stat status = {};
    ASSERT_EQ(stat(Path(path).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 65534u) << path;
  }
}

TEST_F(HookInstall, ALinkToAHookIsChainedAndComesBackAsALink) {
  sandbox_.WriteExecutable("shared/check", kForeign);
  fs::create_symlink("../../shared/check", Path("a.git/hooks/pre-receive"));
  const auto before = Snapshot();
  MustInstall(Alone());
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive.onehead-chained"), kForeign);
  EXPECT_EQ(sandbox_.ReadFile("shared/check"), kForeign);
  EXPECT_TRUE(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")));
  MustUninstall(Alone());
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(HookInstall, ALinkToNothingNeedsForce) {
  sandbox_.WriteFile("not-executable", "");
  for (const char* target : {"../../missing", "../../not-executable"}) {
    fs::create_symlink(target, Path("a.git/hooks/pre-receive"));
    const auto before = Snapshot();
    EXPECT_EQ(PlanError(Alone()), "a.git/hooks/pre-receive is a link to " +
                                      Path(fs::path(target).filename()) +
                                      ", which is missing or not executable");
    MustInstall(Alone(), Force::kYes);
    EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")), Shim{kProgram});
    MustUninstall(Alone());
    EXPECT_EQ(Snapshot(), before);
    fs::remove(Path("a.git/hooks/pre-receive"));
  }
}

TEST_F(HookInstall, ALinkToTheProgramIsReplacedAndNotChained) {
  sandbox_.WriteExecutable("bin/onehead", kForeign);
  fs::create_symlink(Path("bin/onehead"), Path("a.git/hooks/pre-receive"));
  const Plan plan = MustPlan(Alone());
  EXPECT_EQ(plan.chained, "");
  EXPECT_EQ(plan.warnings.size(), 1u);
  ASSERT_TRUE(Apply(plan));
  EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/hooks/pre-receive")), Shim{kProgram});
  EXPECT_EQ(sandbox_.ReadFile("bin/onehead"), kForeign);
}

TEST_F(HookInstall, ALinkToAShimElsewhereIsLeftAlone) {
  sandbox_.WriteExecutable("common/pre-receive", *ShimText({kProgram}));
  fs::create_symlink(Path("common/pre-receive"), Path("a.git/hooks/pre-receive"));
  const auto before = Snapshot();
  EXPECT_EQ(MustPlan(Alone()).change, Change::kNone);
  MustInstall(Alone());
  EXPECT_EQ(Snapshot(), before);
  EXPECT_FALSE(PlanUninstall(Alone()));
}

TEST_F(HookInstall, WhatIsNoFileStays) {
  sandbox_.MakeDirs("a.git/hooks/pre-receive");
  for (const Force force : {Force::kNo, Force::kYes}) {
    EXPECT_EQ(PlanError(Alone(), force), "a.git/hooks/pre-receive is not a file");
  }
}

TEST_F(HookInstall, NothingThatIsKeptIsOverwritten) {
  sandbox_.WriteExecutable("a.git/hooks/pre-receive.onehead-chained", "older");
  sandbox_.WriteExecutable("a.git/hooks/pre-receive", kForeign);
  const std::string expected =
      "a.git/hooks/pre-receive is a hook, and pre-receive.onehead-chained is already kept beside "
      "it";
  EXPECT_EQ(PlanError(Alone()), expected);
  EXPECT_EQ(PlanError(Alone(), Force::kYes), expected);
  EXPECT_EQ(PlanUninstall(Alone())->change, Change::kNone);
  EXPECT_EQ(PlanUninstall(Alone())->warnings.size(), 1u);
}

TEST_F(HookInstall, AKeptHookWithoutAShimRunsAgain) {
  sandbox_.WriteExecutable("a.git/hooks/pre-receive.onehead-chained", kForeign);
  EXPECT_EQ(MustPlan(Alone()).chained, Path("a.git/hooks/pre-receive.onehead-chained"));
  fs::permissions(Path("a.git/hooks/pre-receive.onehead-chained"), fs::perms(0644));
  EXPECT_EQ(PlanError(Alone()),
            "a.git/hooks/pre-receive.onehead-chained is to run first and is not executable");
  MustUninstall(Alone());
  EXPECT_EQ(sandbox_.ReadFile("a.git/hooks/pre-receive"), kForeign);
}

TEST_F(HookInstall, AmongOthersOnlyOurNameIsInTheWay) {
  sandbox_.WriteExecutable("a.git/custom_hooks/pre-receive", kForeign);
  sandbox_.WriteExecutable("a.git/custom_hooks/pre-receive.d/10-other", kForeign);
  sandbox_.WriteExecutable("a.git/custom_hooks/pre-receive.d/onehead", kForeign);
  const auto before = Snapshot();
  EXPECT_EQ(PlanError(AmongOthers()),
            "a.git/custom_hooks/pre-receive.d/onehead is not a file of onehead's");
  MustInstall(AmongOthers(), Force::kYes);
  EXPECT_EQ(ParseShim(sandbox_.ReadFile("a.git/custom_hooks/pre-receive.d/onehead")),
            Shim{kProgram});
  MustUninstall(AmongOthers());
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(HookInstall, UninstallLeavesAForeignHookAlone) {
  EXPECT_EQ(PlanUninstall(Alone())->change, Change::kNone);
  sandbox_.WriteExecutable("a.git/hooks/pre-receive", kForeign);
  EXPECT_EQ(PlanUninstall(Alone())->change, Change::kNone);
}

TEST_F(HookInstall, AFailureLeavesNothingBehind) {
  sandbox_.WriteExecutable("a.git/hooks/pre-receive", kForeign);
  const Plan plan = MustPlan(Alone());
  // Since the plan was made, somebody else kept something there.
  sandbox_.WriteFile("a.git/hooks/pre-receive.onehead-chained", "theirs");
  const auto before = Snapshot();
  const Status status = Apply(plan);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kIo);
  EXPECT_EQ(Snapshot(), before);

  const Plan deep = MustPlan(AmongOthers());
  sandbox_.WriteFile("a.git/custom_hooks", "a file");
  EXPECT_FALSE(Apply(deep));
  EXPECT_EQ(sandbox_.ReadFile("a.git/custom_hooks"), "a file");
}

TEST_F(HookInstall, AFileWhereADirectoryShouldBe) {
  sandbox_.WriteFile("a.git/custom_hooks", "");
  EXPECT_EQ(PlanError(AmongOthers()), "not a directory: a.git/custom_hooks");
}

TEST_F(HookInstall, ADirectoryThatCannotBeWritten) {
  fs::permissions(Path("a.git/hooks"), fs::perms(0555));
  fs::permissions(sandbox_.root(), fs::perms(0755));
  const bool root = geteuid() == 0;  // who writes everywhere
  EXPECT_EQ(seteuid(root ? 65534 : geteuid()), 0);
  EXPECT_EQ(PlanError(Alone()), "cannot write in a.git/hooks: Permission denied");
  EXPECT_EQ(seteuid(root ? 0 : geteuid()), 0);
  fs::permissions(Path("a.git/hooks"), fs::perms(0755));
}

}  // namespace
}  // namespace onehead::git
