// A variable of this process's environment, put back at the end of a test.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace onehead::testing {

class EnvironmentGuard {
 public:
  EnvironmentGuard(const char* name, const std::string& value) : EnvironmentGuard(name) {
    setenv(name, value.c_str(), 1);
  }
  // Removes the variable.
  explicit EnvironmentGuard(const char* name) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    unsetenv(name);
  }
  ~EnvironmentGuard() {
    if (before_) {
      setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  EnvironmentGuard(const EnvironmentGuard&) = delete;
  EnvironmentGuard& operator=(const EnvironmentGuard&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace onehead::testing
