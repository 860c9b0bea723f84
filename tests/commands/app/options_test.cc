#include "commands/app/options.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "onehead/git/support/files.h"
#include "support/emptied_environment.h"
#include "support/environment_guard.h"
#include "support/git_sandbox.h"

namespace onehead {
namespace {

using testing::EnvironmentGuard;

// What a descriptor is open on: a terminal, or a file.
class ColorTest : public ::testing::Test {
 protected:
  ColorTest() {
    testing::EmptyOwnEnvironment(sandbox_.Path("home").c_str());
    setenv("GIT_CONFIG_GLOBAL", sandbox_.Path("config").c_str(), 1);
    EXPECT_EQ(grantpt(master_.get()), 0);
    EXPECT_EQ(unlockpt(master_.get()), 0);
    terminal_ = git::Descriptor(open(ptsname(master_.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_EQ(isatty(terminal_.get()), 1);
    EXPECT_EQ(isatty(file_.get()), 0);
  }
  // What color.ui is, in the user's configuration.
  void Configure(const std::string& value) {
    sandbox_.WriteFile("config", "[color]\n\tui = " + value + "\n");
  }
  Color OnTerminal() const { return ColorFor(ColorChoice::kAuto, terminal_.get()); }
  Color InFile() const { return ColorFor(ColorChoice::kAuto, file_.get()); }

  testing::GitSandbox sandbox_;
  EnvironmentGuard config_{"GIT_CONFIG_GLOBAL"};
  EnvironmentGuard term_{"TERM", "xterm"};
  EnvironmentGuard no_color_{"NO_COLOR"};
  EnvironmentGuard pager_{"GIT_PAGER_IN_USE"};
  git::Descriptor master_{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  git::Descriptor terminal_;
  git::Descriptor file_{open("/dev/null", O_WRONLY | O_CLOEXEC)};
};

TEST_F(ColorTest, ATerminalHasColours) {
  EXPECT_EQ(OnTerminal(), Color::kOn);
  EXPECT_EQ(InFile(), Color::kOff);
}

TEST_F(ColorTest, ADumbTerminalHasNone) {
  setenv("TERM", "dumb", 1);
  EXPECT_EQ(OnTerminal(), Color::kOff);
  unsetenv("TERM");
  EXPECT_EQ(OnTerminal(), Color::kOff);
}

TEST_F(ColorTest, ColorUiDecidesAsInGit) {
  struct Case {
    const char* value;
    Color on_terminal;
    Color in_file;
  };
  for (const Case& test :
       {Case{"false", Color::kOff, Color::kOff}, Case{"never", Color::kOff, Color::kOff},
        Case{"no", Color::kOff, Color::kOff}, Case{"auto", Color::kOn, Color::kOff},
        Case{"true", Color::kOn, Color::kOff}, Case{"always", Color::kOn, Color::kOn},
        // Not a value: Git's default.
        Case{"maybe", Color::kOn, Color::kOff}}) {
    Configure(test.value);
    EXPECT_EQ(OnTerminal(), test.on_terminal) << test.value;
    EXPECT_EQ(InFile(), test.in_file) << test.value;
  }
}

TEST_F(ColorTest, NoColorYieldsToAlwaysAlone) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(OnTerminal(), Color::kOff);
  Configure("auto");
  EXPECT_EQ(OnTerminal(), Color::kOff);
  Configure("always");
  EXPECT_EQ(OnTerminal(), Color::kOn);
  setenv("NO_COLOR", "", 1);  // as if it were not there
  Configure("auto");
  EXPECT_EQ(OnTerminal(), Color::kOn);
}

// `git -p onehead ...`: a pipe to a pager that shows colours.
TEST_F(ColorTest, AsInThePagerOfGit) {
  setenv("GIT_PAGER_IN_USE", "1", 1);
  EXPECT_EQ(InFile(), Color::kOn);
  setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(InFile(), Color::kOff);
}

TEST_F(ColorTest, TheOptionDecidesAlone) {
  setenv("TERM", "dumb", 1);
  setenv("NO_COLOR", "1", 1);
  Configure("never");
  EXPECT_EQ(ColorFor(ColorChoice::kAlways, file_.get()), Color::kOn);
  Configure("always");
  EXPECT_EQ(ColorFor(ColorChoice::kNever, terminal_.get()), Color::kOff);
}

TEST_F(ColorTest, WithoutGitTheTerminalDecides) {
  const EnvironmentGuard path("PATH", "/nonexistent");
  EXPECT_EQ(OnTerminal(), Color::kOn);
  EXPECT_EQ(InFile(), Color::kOff);
  setenv("TERM", "dumb", 1);
  EXPECT_EQ(OnTerminal(), Color::kOff);
  setenv("TERM", "xterm", 1);
  setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(OnTerminal(), Color::kOff);
}

}  // namespace
}  // namespace onehead
