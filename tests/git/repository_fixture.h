// What tests of the git layer share: a sandbox, and this process's environment emptied like its.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "onehead/git/repository/repository.h"
#include "support/environment_guard.h"
#include "support/git_sandbox.h"

namespace onehead::git {

using ::onehead::testing::EnvironmentGuard;
using ::onehead::testing::GitSandbox;

class RepositoryTest : public ::testing::Test {
 protected:
  RepositoryTest() {
    for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
                             "GIT_ALTERNATE_OBJECT_DIRECTORIES", "XDG_CONFIG_HOME"}) {
      guards_.push_back(std::make_unique<EnvironmentGuard>(name));
    }
    Set("HOME", box_.Path("home"));
    Set("GIT_CONFIG_GLOBAL", "/dev/null");
    Set("GIT_CONFIG_NOSYSTEM", "1");
    Set("GIT_CEILING_DIRECTORIES", box_.root());
  }

  void Set(const char* name, const std::string& value) {
    guards_.push_back(std::make_unique<EnvironmentGuard>(name, value));
  }
  void Unset(const char* name) { guards_.push_back(std::make_unique<EnvironmentGuard>(name)); }

  // Fails the test and gives null when it cannot be opened.
  std::unique_ptr<Repository> Open(const std::string& dir, OpenFrom from = OpenFrom::kDirectory) {
    Result<std::unique_ptr<Repository>> opened = Repository::Open(box_.Path(dir), from);
    if (opened) return std::move(*opened);
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }

  static ContentId Id(const std::string& hex) { return ContentId::FromHex(hex).value(); }

  // "f:name d:name ...", "none", or the error's message.
  static std::string Dump(const Result<SharedListing>& listing) {
    if (!listing) return "error: " + listing.error().message;
    if (!*listing) return "none";
    std::string out;
    for (const TreeEntryView entry : **listing) {
      if (!out.empty()) out += ' ';
      out += "fdls"[static_cast<int>(entry.kind)];
      out += ":" + std::string(entry.name);
    }
    return out;
  }

  GitSandbox box_;

 private:
  struct Guards : std::vector<std::unique_ptr<EnvironmentGuard>> {
    ~Guards() {
      while (!empty()) pop_back();  // in reverse, so that the first value comes back
    }
  } guards_;
};

}  // namespace onehead::git
