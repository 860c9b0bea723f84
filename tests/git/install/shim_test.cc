#include "onehead/git/install/shim.h"

#include <gtest/gtest.h>

#include <csignal>

#include "onehead/base/text.h"
#include "support/git_sandbox.h"

namespace onehead::git {
namespace {

using onehead::testing::GitSandbox;
using onehead::testing::RunResult;

TEST(ShimText, FillsInThreeLinesAndNothingElse) {
  const std::string text = *ShimText({"/opt/one head/bin", "first", 2});
  std::vector<std::pair<std::string, std::string>> changed;
  const auto before = Split(ShimTemplate(), '\n');
  const auto after = Split(text, '\n');
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i]) changed.emplace_back(before[i], after[i]);
  }
  ASSERT_EQ(changed.size(), 3u);
  EXPECT_EQ(changed[0].second, "# directories made: 2");
  EXPECT_EQ(changed[1].second.substr(0, 30), "program='/opt/one head/bin' # ");
  EXPECT_EQ(changed[2].second.substr(0, 18), "chained='first' # ");
}

TEST(ShimText, OfNothingIsTheFileInHooks) { EXPECT_EQ(*ShimText({""}), ShimTemplate()); }

TEST(ShimText, IsReadBack) {
  for (const char* program :
       {"", "/usr/bin/onehead", "/a b", "/it's", "/'", "/a'#'b # c", "/$HOME/`x`", "/back\\slash",
        "/caf\xC3\xA9", "/bytes\xFF", "/program='x'", "/tab\there", "/# onehead shim 9"}) {
    const Shim shim{program, "pre-receive.onehead-chained", 3};
    const Result<std::string> text = ShimText(shim);
    ASSERT_TRUE(text) << program;
    EXPECT_EQ(ParseShim(*text), shim) << program;
  }
}

TEST(ShimText, RefusesALineBreak) {
  const Result<std::string> text = ShimText({"/a\nb"});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(text.error().message, "the path of the program has a line break in it: /a\\x0ab");
}

TEST(ParseShim, KnowsOnlyOurOwn) {
  struct Case {
    const char* text;
    bool ours;
  };
  for (const Case& test : {
           Case{"", false},
           Case{"#!/bin/sh\nexit 0\n", false},
           Case{"#!/bin/sh\n# onehead shim 0\n", true},
           Case{"#!/bin/sh\n# onehead shim 27 of a later time\nexec x\n", true},
           Case{"#!/bin/sh\necho '# onehead shim 1'\n", false},
           Case{"#!/bin/sh\n\n# onehead shim 1\n", false},
           Case{"#!/bin/sh\n#\n#\n# onehead shim 1\n", false},
           Case{"\x7F"
                "ELF",
                false},
       }) {
    EXPECT_EQ(ParseShim(test.text).has_value(), test.ours) << test.text;
  }
}

TEST(ParseShim, TakesDefaultsForWhatIsMissingOrBroken) {
  EXPECT_EQ(ParseShim("#!/bin/sh\n# onehead shim 0\nprogram=/x\n"), Shim{""});
  EXPECT_EQ(ParseShim("#!/bin/sh\n# onehead shim 0\n# directories made: many\n"), Shim{""});
  EXPECT_EQ(ParseShim("#!/bin/sh\n# onehead shim 0\nprogram='/x"), Shim{"/x"});
  // What follows the header is the script's own.
  EXPECT_EQ(ParseShim("#!/bin/sh\n# onehead shim 0\n\nprogram='/x'\n"), Shim{""});
}

// What the shim does, with a script in the program's place.
class ShimRuns : public ::testing::Test {
 protected:
  // Says what it was given, and exits as told.
  void Script(const std::string& path, const std::string& name, int exit_code) {
    sandbox_.WriteExecutable(path, "#!/bin/sh\nprintf '%s(%s)[' " + name +
                                       " \"$*\"\ncat\nprintf ']'\nexit " +
                                       std::to_string(exit_code) + "\n");
  }
  RunResult Run(const Shim& shim, const std::string& input,
                const onehead::testing::Environment& extra = {}) {
    sandbox_.WriteExecutable("hooks/pre-receive", *ShimText(shim));
    return sandbox_.Run({"hooks/pre-receive"}, "", input, extra);
  }
  GitSandbox sandbox_;
};

TEST_F(ShimRuns, TheProgramWithItsInputAndExitCode) {
  for (const char* name : {"onehead", "with space", "it's", "$HOME `x` \"y\" \\z"}) {
    Script(name, "program", 7);
    const RunResult result = Run({sandbox_.Path(name)}, "old new ref\n");
    EXPECT_EQ(result.exit_code, 7) << name;
    EXPECT_EQ(result.out, "program(pre-receive)[old new ref\n]") << name;
    EXPECT_EQ(result.err, "");
  }
}

// Such as by a machine that has run out of memory: the program cannot say it any more, and Git
// does.
TEST_F(ShimRuns, AProgramThatWasEndedRefuses) {
  sandbox_.WriteExecutable("program", "#!/bin/sh\nkill -9 $$\n");
  sandbox_.WriteExecutable("hooks/first", "#!/bin/sh\nexit 0\n");
  for (const char* chained : {"", "first"}) {
    const RunResult result = Run({sandbox_.Path("program"), chained}, "x\n");
    EXPECT_EQ(result.exit_code, 128 + SIGKILL) << result.err;
  }
}

TEST_F(ShimRuns, TheProgramOnPathWhenNoPlaceIsRecorded) {
  Script("bin/onehead", "program", 0);
  const std::string path = sandbox_.Path("bin") + ":/usr/bin:/bin";
  const RunResult result = Run({""}, "x\n", {{"PATH", path}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "program(pre-receive)[x\n]");
}

TEST_F(ShimRuns, RefusesWithoutTheProgram) {
  sandbox_.WriteFile("not-executable", "");
  sandbox_.MakeDirs("directory");
  for (const char* name : {"gone", "not-executable", "directory"}) {
    const std::string path = sandbox_.Path(name);
    const RunResult result = Run({path}, "x\n");
    EXPECT_EQ(result.exit_code, 128) << name;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err,
              "error: onehead: program '" + path +
                  "' not found or not executable\n"
                  "error: the push is refused, because it cannot be checked\n"
                  "hint: the administrator of this server has to install it there, or to run "
                  "'onehead install --server' on this repository again\n");
  }
  const RunResult on_path = Run({""}, "x\n", {{"PATH", "/usr/bin:/bin"}});
  EXPECT_EQ(on_path.exit_code, 128);
  EXPECT_EQ(on_path.err.substr(0, 35), "error: onehead: program 'onehead' n");
}

TEST_F(ShimRuns, MarksItsRefusalForGitLab) {
  const RunResult result = Run({"/nonexistent"}, "x\n", {{"GL_ID", "user-1"}});
  EXPECT_EQ(result.exit_code, 128);
  for (const std::string_view line : Split(Trim(result.err), '\n')) {
    EXPECT_EQ(line.substr(0, 13), "GL-HOOK-ERR: ") << line;
  }
}

TEST_F(ShimRuns, TheOtherHookFirstOnTheSameInput) {
  Script("program", "program", 3);
  Script("hooks/first", "first", 0);
  const Shim shim{sandbox_.Path("program"), "first"};
  const RunResult result = Run(shim, "a b c\nd e f\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "first()[a b c\nd e f\n]program(pre-receive)[a b c\nd e f\n]");
}

TEST_F(ShimRuns, StopsAtTheFirstRefusal) {
  Script("program", "program", 0);
  for (const int exit_code : {1, 2, 128, 255}) {
    Script("hooks/first", "first", exit_code);
    const RunResult result = Run({sandbox_.Path("program"), "first"}, "x\n");
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(result.out, "first()[x\n]");
  }
}

TEST_F(ShimRuns, PassesOnMoreLinesThanAPipeHoldsAlsoWhenNobodyReads) {
  Script("program", "program", 0);
  sandbox_.WriteExecutable("hooks/first", "#!/bin/sh\nexit 0\n");
  std::string input;
  for (int i = 0; i < 20000; ++i) input += "line $HOME `x` \\ 'quoted' \"too\" %s END\n";
  const RunResult result = Run({sandbox_.Path("program"), "first"}, input);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out == "program(pre-receive)[" + input + "]", true) << result.out.size();
  EXPECT_EQ(result.err, "");
}

TEST_F(ShimRuns, RefusesWhenTheHookThatRunsFirstIsGone) {
  Script("program", "program", 0);
  const RunResult result = Run({sandbox_.Path("program"), "first"}, "x\n");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err.substr(0, 94),
            "error: onehead: hook 'hooks/first', which runs first, not found or not executable\n"
            "error: the p");
}

}  // namespace
}  // namespace onehead::git
