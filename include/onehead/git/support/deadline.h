// A point in time after which reading fails.
#pragma once

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <optional>

#include "onehead/base/result.h"
#include "onehead/git/support/timeout.h"

namespace onehead::git {

class Deadline {
 public:
  // Counted from the first time that this was called: who learns later how much time there is has
  // used some of it.
  void Set(std::chrono::milliseconds timeout) {
    if (!start_) start_ = std::chrono::steady_clock::now();
    timeout_ = timeout;
    end_ = *start_ + timeout;
  }

  // kTimeout when the time is up.
  [[nodiscard]] Status Check() const {
    if (!end_ || std::chrono::steady_clock::now() < *end_) return {};
    return Fail(TimeIsUp(timeout_));
  }

  // For poll(2): milliseconds, rounded up; -1: no end.
  int PollTimeout() const {
    if (!end_) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*end_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> start_;
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::chrono::milliseconds timeout_ = {};
};

}  // namespace onehead::git
