// A push that is not judged in time is refused, and the message says that time was the reason.
#include "e2e/push_test_fixture.h"

namespace onehead {
namespace {

class TimeoutTest : public testing::PushTest {};

TEST_F(TimeoutTest, NeverLetsASecondHeadIn) {
  constexpr int kMigrations = 1500;
  box_.WriteFile("work/alembic.ini", testing::kIni);
  box_.WriteFile("work/alembic/env.py", "pass\n");
  for (int i = 0; i < kMigrations; ++i) {
    const std::string id = "m" + std::to_string(i);
    Migration(id, i == 0 ? std::vector<std::string>() : std::vector{"m" + std::to_string(i - 1)});
  }
  box_.CommitAll("work", "many");
  PushUnchecked("main");
  CommitMigration("second", {"m" + std::to_string(kMigrations - 2)});
  for (const int milliseconds : {1, 2, 3, 5, 8, 13, 20, 40}) {
    box_.MustGit({"config", "onehead.timeout", std::to_string(milliseconds)}, "server.git");
    const testing::RunResult pushed = Push("main");
    EXPECT_NE(pushed.exit_code, 0) << milliseconds << " ms: " << pushed.err;
    EXPECT_TRUE(pushed.err.find("multiple-heads") != std::string::npos ||
                pushed.err.find("onehead.timeout") != std::string::npos)
        << milliseconds << " ms: " << pushed.err;
    EXPECT_EQ(pushed.err.find("maxFileSize"), std::string::npos)
        << milliseconds << " ms: " << pushed.err;
  }
}

}  // namespace
}  // namespace onehead
