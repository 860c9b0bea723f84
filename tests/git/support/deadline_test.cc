#include "onehead/git/support/deadline.h"

#include <gtest/gtest.h>

#include <thread>

namespace onehead::git {
namespace {

using std::chrono::milliseconds;

TEST(Deadline, CountsFromTheFirstTimeItIsSet) {
  Deadline deadline;
  EXPECT_TRUE(deadline.Check());
  EXPECT_EQ(deadline.PollTimeout(), -1);
  deadline.Set(std::chrono::hours(1));
  EXPECT_TRUE(deadline.Check());
  std::this_thread::sleep_for(milliseconds(3));
  deadline.Set(milliseconds(2));
  EXPECT_FALSE(deadline.Check()) << "they have been used";
  EXPECT_EQ(deadline.PollTimeout(), 0);
  EXPECT_NE(deadline.Check().error().message.find("2 milliseconds"), std::string::npos)
      << deadline.Check().error().message;
  deadline.Set(std::chrono::hours(1));
  EXPECT_TRUE(deadline.Check());
}

}  // namespace
}  // namespace onehead::git
