// A repository whose merges run through the program, as `onehead install --client` would set it up.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {

class MergeTest : public ::testing::Test {
 protected:
  MergeTest() {
    box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"});
    box_.InitWork("work");
    Config("pull.twohead", "onehead");
    Config("pull.rebase", "false");
    Config("advice.skippedCherryPicks", "false");
  }

  // alembic.ini, env.py, the base revision "a" and app.txt, on main.
  void CommitBase() {
    Write("alembic.ini", "[alembic]\nscript_location = alembic\n");
    Write("alembic/env.py", "pass\n");
    Write("app.txt", "one\n");
    Commit("a", {});
  }

  void Config(const std::string& key, const std::string& value) {
    box_.MustGit({"config", key, value}, "work");
  }
  void Write(const std::string& path, const std::string& text) {
    box_.WriteFile("work/" + path, text);
  }
  std::string Read(const std::string& path) { return box_.ReadFile("work/" + path); }
  static std::string FileOf(const std::string& id) { return "alembic/versions/" + id + ".py"; }
  void Commit(const std::string& id, const std::vector<std::string>& down) {
    Write(FileOf(id), MigrationText(id, down));
    box_.CommitAll("work", "add " + id);
  }
  void CommitText(const std::string& path, const std::string& text) {
    box_.CommitFile("work", path, text);
  }
  void Branch(const std::string& name, const std::string& start) {
    box_.MustGit({"checkout", "-q", "-B", name, start}, "work");
  }
  void Checkout(const std::string& name) { box_.MustGit({"checkout", "-q", name}, "work"); }
  RunResult Git(const std::vector<std::string>& args) { return box_.Git(args, "work"); }
  std::string MustGit(const std::vector<std::string>& args) { return box_.MustGit(args, "work"); }

  // The history as the program lists it, in one line: "m (head) < p < a".
  std::string History(const std::string& rev = "HEAD") {
    const RunResult listed = box_.Run({ONEHEAD_PROGRAM, "history", rev}, box_.Path("work"));
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    std::string line;
    std::size_t begin = 0;
    while (begin < listed.out.size()) {
      const std::size_t end = listed.out.find('\n', begin);
      const std::string text = listed.out.substr(begin, end - begin);
      line += (line.empty() ? "" : "; ") + text.substr(0, text.find(','));
      begin = end + 1;
    }
    return line;
  }
  std::string Heads(const std::string& rev = "HEAD") {
    return box_.Run({ONEHEAD_PROGRAM, "heads", rev}, box_.Path("work")).out;
  }
  std::string Blob(const std::string& rev, const std::string& path) {
    return MustGit({"rev-parse", rev + ":" + path});
  }
  std::string TreeOf(const std::string& rev) { return MustGit({"rev-parse", rev + "^{tree}"}); }
  std::string Status() { return MustGit({"status", "--porcelain"}); }

  GitSandbox box_;
};

#define EXPECT_WORKED(result)                                   \
  do {                                                          \
    const ::onehead::testing::RunResult worked = (result);      \
    EXPECT_EQ(worked.exit_code, 0) << worked.out << worked.err; \
  } while (false)

}  // namespace onehead::testing
