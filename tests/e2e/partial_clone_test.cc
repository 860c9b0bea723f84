// Partial clones, in which files or directories of commits are still at the remote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PartialClone : public ::testing::TestWithParam<const char*> {
 protected:
  PartialClone() {
    box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"});
    box_.InitWork("origin");
    for (const char* key : {"uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"}) {
      box_.MustGit({"config", key, "true"}, "origin");
    }
    box_.WriteFile("origin/service/alembic.ini", "[alembic]\nscript_location = alembic\n");
    box_.WriteFile("origin/service/alembic/env.py", "pass\n");
    for (int i = 0; i < 10; ++i) {
      box_.WriteFile("origin/docs/" + std::to_string(i) + "/pyproject.toml", Toml(i));
    }
    Migration("a", {});
    Migration("b", {"a"});
    Migration("c", {"b"});
    box_.CommitAll("origin", "base");
  }
  static std::string Toml(int i) { return "[project]\nname = 'p" + std::to_string(i) + "'\n"; }
  void Migration(const std::string& id, const std::vector<std::string>& down,
                 const std::string& repository = "origin") {
    box_.WriteFile(repository + "/service/alembic/versions/" + id + ".py", MigrationText(id, down));
  }
  void Clone(const std::string& option = "--no-checkout") {
    box_.MustGit({"clone", "-q", std::string("--filter=") + GetParam(), option,
                  "file://" + box_.Path("origin"), box_.Path("clone")});
  }
  RunResult Onehead(std::vector<std::string> args, const Environment& extra = {}) {
    args.insert(args.begin(), "onehead");
    return box_.Run(args, "clone", "", extra);
  }
  std::size_t Missing() {
    const std::string out =
        box_.MustGit({"rev-list", "--objects", "--missing=print", "--all"}, "clone");
    return static_cast<std::size_t>(std::count(out.begin(), out.end(), '?'));
  }
  GitSandbox box_;
};

INSTANTIATE_TEST_SUITE_P(Filters, PartialClone, ::testing::Values("blob:none", "tree:0"),
                         [](const auto& filter) { return std::string(filter.param).substr(0, 4); });

TEST_P(PartialClone, WhatIsMissingIsFetchedInFewGoes) {
  Clone();
  EXPECT_GT(Missing(), 0U);
  const std::string trace = box_.Path("trace");
  const RunResult check = Onehead({"check"}, {{"GIT_TRACE", trace}});
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_EQ(check.out, "ok: service/alembic: 3 revisions, 1 head c\n");
  EXPECT_EQ(check.err, "");
  // The trees; the two kinds of configurations; the migrations.
  const std::string text = box_.ReadFile("trace");
  std::size_t fetches = 0;
  for (std::size_t at = 0; (at = text.find("built-in: git fetch", at)) != text.npos; ++at)
    ++fetches;
  EXPECT_GE(fetches, 3U) << text;
  EXPECT_LE(fetches, 4U) << text;
  // And all is here from now on.
  box_.MustGit({"remote", "set-url", "origin", box_.Path("gone")}, "clone");
  EXPECT_EQ(Onehead({"heads"}).out, "c (head)\n");
}

TEST_P(PartialClone, OneErrorWhenTheRemoteCannotBeReached) {
  Clone();
  box_.MustGit({"remote", "set-url", "origin", box_.Path("gone")}, "clone");
  // The configurations of one name are asked for together.
  const std::string objects =
      GetParam() == std::string("tree:0") ? "1 object is" : "10 objects are";
  for (const char* command : {"check", "heads", "history"}) {
    const RunResult run = Onehead({command});
    EXPECT_EQ(run.exit_code, 128);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err, "error: " + objects +
                           " missing in this partial clone, and cannot be fetched from 'origin': "
                           "fatal: '" +
                           box_.Path("gone") +
                           "' does not appear to be a git repository\n"
                           "hint: git ls-remote origin shows whether the remote can be reached\n");
  }
  EXPECT_EQ(box_.Git({"ls-remote", "origin"}, "clone").exit_code, 128);
}

TEST_P(PartialClone, NothingIsFetchedWhereThatIsForbidden) {
  Clone();
  const RunResult run = Onehead({"check"}, {{"GIT_NO_LAZY_FETCH", "1"}});
  EXPECT_EQ(run.exit_code, 128);
  EXPECT_THAT(run.err, HasSubstr("GIT_NO_LAZY_FETCH forbids it"));
}

// The server of a partial clone that is pushed to is not to go to the network for anybody's push.
TEST_P(PartialClone, AHookNeverFetches) {
  Clone();
  const std::string tip = box_.MustGit({"rev-parse", "HEAD"}, "clone");
  const std::size_t missing = Missing();
  const RunResult run =
      box_.Run({"onehead", "pre-receive"}, "clone/.git",
               std::string(tip.size(), '0') + " " + tip + " refs/heads/x\n", {{"GIT_DIR", "."}});
  // The trees tell that nothing differs from the default branch; without them nobody can say.
  if (std::string(GetParam()) == "blob:none") {
    EXPECT_EQ(run.exit_code, 0) << run.err;
  } else {
    EXPECT_EQ(run.exit_code, 128) << run.err;
    EXPECT_THAT(run.err, HasSubstr(" is missing\n"));
  }
  EXPECT_EQ(Missing(), missing);
}

// The old migrations of main, which both sides have, are only at the remote.
TEST_P(PartialClone, ARebaseLeavesOneHead) {
  Clone("--no-tags");
  EXPECT_EQ(Onehead({"install", "--client"}).exit_code, 0);
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "clone");
  Migration("f", {"c"}, "clone");
  box_.CommitAll("clone", "f");
  Migration("d", {"c"});
  Migration("e", {"d"});
  box_.CommitAll("origin", "more");
  box_.MustGit({"fetch", "-q", "origin"}, "clone");
  EXPECT_GT(Missing(), 0U);
  const RunResult rebase = box_.Git({"rebase", "origin/main"}, "clone");
  EXPECT_EQ(rebase.exit_code, 0) << rebase.err;
  EXPECT_EQ(Onehead({"heads"}).out, "f (head)\n");
  EXPECT_THAT(rebase.err + rebase.out, HasSubstr("down_revision c -> e"));
}

TEST_P(PartialClone, AMergeLeavesOneHead) {
  Clone("--no-tags");
  EXPECT_EQ(Onehead({"install", "--client"}).exit_code, 0);
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "clone");
  Migration("f", {"c"}, "clone");
  box_.CommitAll("clone", "f");
  Migration("d", {"c"});
  box_.CommitAll("origin", "more");
  box_.MustGit({"fetch", "-q", "origin"}, "clone");
  const RunResult merge = box_.Git({"merge", "-m", "both", "origin/main"}, "clone");
  EXPECT_EQ(merge.exit_code, 0) << merge.err;
  EXPECT_EQ(Onehead({"heads"}).out, "f (head)\n");
}

// CI clones so: the parents of the tip are absent and not promised.
TEST_P(PartialClone, AShallowOneToo) {
  Migration("d", {"c"});
  box_.CommitAll("origin", "d");
  Clone("--depth=1");
  EXPECT_EQ(Onehead({"check"}).out, "ok: service/alembic: 4 revisions, 1 head d\n");
  const RunResult against = Onehead({"check", "--against", "origin/main"});
  EXPECT_EQ(against.exit_code, 0) << against.err;
}

TEST_P(PartialClone, ASparseCheckoutOfOne) {
  Clone("--sparse");
  EXPECT_FALSE(box_.Exists("clone/service"));
  const RunResult heads = Onehead({"heads", "--worktree"});
  EXPECT_EQ(heads.out, "c (head)\n");
  EXPECT_THAT(heads.err, HasSubstr("because of a sparse checkout"));
  EXPECT_EQ(Onehead({"check", "--staged"}).out, "ok: service/alembic: 3 revisions, 1 head c\n");
}

// In a repository that is none, a missing object is as clear an error as ever, and no revision is
// called fine.
TEST(PartialCloneNot, AMissingFileIsNotCalledFine) {
  GitSandbox box;
  box.InitWork("w");
  box.WriteFile("w/alembic/env.py", "");
  box.CommitFile("w", "alembic/versions/a.py", MigrationText("a", {}));
  const std::string id = box.MustGit({"rev-parse", "HEAD:alembic/versions/a.py"}, "w");
  std::filesystem::remove(box.Path("w/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2)));
  const RunResult run = box.Run({ONEHEAD_PROGRAM, "check"}, "w");
  EXPECT_EQ(run.exit_code, 128);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "error: alembic/versions/a.py: object " + id + " is missing\n");
}

}  // namespace
}  // namespace onehead::testing
