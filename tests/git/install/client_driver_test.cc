#include <gtest/gtest.h>

#include "onehead/git/install/client_install.h"

namespace onehead::git {
namespace {

TEST(CommandSettings, SayWhichProgramTheyStart) {
  for (const std::string path :
       {"/usr/bin/onehead", "/o'ne head/x", "/50%/%%/'", "/$HOME/`x`/\\"}) {
    EXPECT_EQ(ProgramOfDriver(*DriverCommand(path)), path);
    EXPECT_EQ(ProgramOfAlias(*AliasCommand(path)), path);
    EXPECT_FALSE(ProgramOfAlias(*DriverCommand(path)));
    EXPECT_FALSE(ProgramOfDriver(*AliasCommand(path)));
  }
  EXPECT_FALSE(AliasCommand("/a\nb"));
  EXPECT_FALSE(ProgramOfAlias("!git merge-recursive"));
}

}  // namespace
}  // namespace onehead::git
