// A point in time after which reading fails.
#pragma once

#include <chrono>
#include <optional>

#include "onehead/base/result.h"
#include "onehead/git/repository.h"

namespace onehead::git {

class Deadline {
 public:
  void Set(std::chrono::milliseconds timeout) {
    timeout_ = timeout;
    end_ = std::chrono::steady_clock::now() + timeout;
  }

  // kTimeout when the time is up.
  [[nodiscard]] Status Check() const {
    if (!end_ || std::chrono::steady_clock::now() < *end_) return {};
    return Fail(TimeIsUp(timeout_));
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::chrono::milliseconds timeout_ = {};
};

}  // namespace onehead::git
