#include "onehead/git/process/process.h"

#include <gtest/gtest.h>

#include <string>

#include "onehead/git/process/version.h"
#include "onehead/git/repository/repository.h"

namespace onehead::git {
namespace {

TEST(RunProcess, StatusAndBothOutputs) {
  const Result<ProcessResult> result = RunProcess({"sh", "-c", "echo out; echo err >&2; exit 7"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 7);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
}

TEST(RunProcess, MoreInputAndOutputThanAPipeHolds) {
  const std::string text(1'000'000, 'x');
  const Result<ProcessResult> result = RunProcess({"cat"}, {.input = text});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, text);
}

TEST(RunProcess, AProgramThatDoesNotReadItsInput) {
  const Result<ProcessResult> result = RunProcess({"true"}, {.input = std::string(1'000'000, 'x')});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 0);
}

TEST(RunProcess, ArgumentsAreNotSeenByAShell) {
  const Result<ProcessResult> result = RunProcess({"printf", "%s", "$HOME; 'x' *"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "$HOME; 'x' *");
}

TEST(RunProcess, DirectoryAndEnvironment) {
  ASSERT_EQ(setenv("ONEHEAD_GONE", "1", 1), 0);
  const Result<ProcessResult> result =
      RunProcess({"sh", "-c", "pwd; echo \"$ONEHEAD_SET,${ONEHEAD_GONE-none}\""},
                 {.directory = "/", .environment = {"ONEHEAD_SET=a=b", "ONEHEAD_GONE"}});
  unsetenv("ONEHEAD_GONE");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "/\na=b,none\n");
}

TEST(RunProcess, Failures) {
  const Result<ProcessResult> missing = RunProcess({"no-such-program-anywhere"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.error().message.find("cannot run no-such-program-anywhere"), 0u);
  const Result<ProcessResult> nowhere = RunProcess({"true"}, {.directory = "/no/such/place"});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message.find("cannot go to /no/such/place: "), 0u);
  const Result<ProcessResult> killed = RunProcess({"sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->status, 137);
  const Result<ProcessResult> endless = RunProcess({"yes"}, {.max_output_bytes = 100'000});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().kind, ErrorKind::kLimit);
}

TEST(Versions, AreNumbers) {
  ASSERT_TRUE(GitVersion());
  EXPECT_TRUE(std::isdigit(GitVersion()->front())) << *GitVersion();
  EXPECT_EQ(Libgit2Version().substr(0, 2), "1.");
}

}  // namespace
}  // namespace onehead::git
