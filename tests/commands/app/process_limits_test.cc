#include "commands/app/process_limits.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <new>
#include <vector>

namespace onehead {
namespace {

using std::chrono::milliseconds;
using ::testing::ExitedWithCode;

[[noreturn]] void WorkForever() {
  for (;;) getppid();
}

TEST(TimeLimitDeathTest, EndsWhatNeverEnds) {
  const auto work = [] {
    const TimeLimit limit(milliseconds(20), {7, "", "too late\n"});
    WorkForever();
  };
  EXPECT_EXIT(work(), ExitedWithCode(7), "^too late\n$");
}

// A slow machine may be late already when the second one is given.
TEST(TimeLimitDeathTest, TheLastAnswerCounts) {
  const auto work = [] {
    TimeLimit limit(milliseconds(20), {8, "", "first"});
    limit.SetAnswer({8, "", "second"});
    std::fputs("now ", stderr);
    WorkForever();
  };
  EXPECT_EXIT(work(), ExitedWithCode(8), "^(now second|second|first)$");
}

TEST(TimeLimitDeathTest, WorksWhereTheSignalIsBlocked) {
  const auto work = [] {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    const TimeLimit limit(milliseconds(20), {7, "", "too late\n"});
    WorkForever();
  };
  EXPECT_EXIT(work(), ExitedWithCode(7), "^too late\n$");
}

// Nobody reads the pipe, and the program waits until somebody does.
TEST(TimeLimitDeathTest, EndsAProgramWhoseReaderHasStopped) {
  const auto work = [] {
    std::array<int, 2> ends = {};
    if (pipe(ends.data()) != 0) _exit(1);
    dup2(ends[1], STDERR_FILENO);
    const TimeLimit limit(milliseconds(20), {7, "", std::string(100'000, 'x')});
    const std::string much(1'000'000, 'y');
    while (write(STDERR_FILENO, much.data(), much.size()) > 0) {
    }
    _exit(2);
  };
  EXPECT_EXIT(work(), ExitedWithCode(7), "");
}

// A machine may be too slow to be in time; but when the work is done, nothing comes any more.
TEST(TimeLimitDeathTest, DoesNothingWhenTheWorkIsDoneInTime) {
  const auto work = [] {
    { const TimeLimit limit(milliseconds(20), {0, "", "late"}); }
    std::fputs("done", stderr);
    usleep(60'000);
    _exit(0);
  };
  EXPECT_EXIT(work(), ExitedWithCode(0), "^(done|late)$");
}

#ifndef __SANITIZE_ADDRESS__
TEST(MemoryLimit, LetsAllocationsFailAndIsLifted) {
  constexpr std::size_t kMuch = std::size_t{512} << 20;
  {
    const MemoryLimit limit(std::size_t{256} << 20);
    EXPECT_THROW(std::vector<char>().reserve(kMuch), std::bad_alloc);
  }
  EXPECT_NO_THROW(std::vector<char>().reserve(kMuch));
}
#endif

}  // namespace
}  // namespace onehead
