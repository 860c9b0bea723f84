// A SourceTree whose time is up after a number of questions.
#pragma once

#include "support/memory_tree.h"

namespace onehead::testing {

// Every question after the first `budget` ones fails with kTimeout, as a tree of Git does after
// onehead.timeout.
class FailingTree : public MemoryTree {
 public:
  FailingTree(std::map<std::string, std::string> files, int budget)
      : MemoryTree(std::move(files)), budget_(budget) {}

  Result<SharedListing> List(std::string_view path) const override {
    if (Status time = Ask(); !time) return Fail(std::move(time.error()));
    return MemoryTree::List(path);
  }
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override {
    if (Status time = Ask(); !time) return Fail(std::move(time.error()));
    return MemoryTree::Read(path, max_bytes);
  }

  bool failed() const { return budget_ < 0; }

 private:
  Status Ask() const {
    if (budget_ >= 0) --budget_;
    if (budget_ >= 0) return {};
    return Fail(ErrorKind::kTimeout, "not finished in time (onehead.timeout)");
  }
  mutable int budget_;
};

}  // namespace onehead::testing
