// What this process may use, whatever it is given.
//
// Reading objects asks for the time itself (git/deadline.h), and can say more. All else ends here:
// a delta chain inside of libgit2, a graph that was made to be slow, a client that has stopped
// reading what it is told. So nothing in core needs a clock, and no loop a counter.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace onehead {

// How a program ends: its exit code, and what it writes.
struct Answer {
  int exit_code = 0;
  std::string out = {};
  std::string err = {};
};

// Ends the process with an answer when the time is up. One at a time: it takes SIGALRM.
class TimeLimit {
 public:
  TimeLimit(std::chrono::milliseconds limit, Answer answer);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  // Replaces the answer. What the readers do not take at once is not written.
  void SetAnswer(Answer answer);

 private:
  std::unique_ptr<const Answer> answer_;
  std::atomic<const Answer*> given_;  // what the signal handler sees
  struct sigaction before_;
  std::optional<timer_t> timer_;
};

// Lets allocations beyond `bytes` fail (RLIMIT_DATA), so that this process can say so instead of
// being killed with others. Files that are mapped do not count. Off in a sanitizer's build, which
// maps terabytes.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t bytes);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  std::optional<rlimit> before_;
};

}  // namespace onehead
