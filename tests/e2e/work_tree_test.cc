// What is read of a work tree: the migrations that Alembic would load there, whatever Git makes of
// them; and what a sparse checkout has left out. Real Alembic is the judge; what a message says to
// type is typed.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "e2e/client_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WorkTree : public ClientTest {
 protected:
  // The heads that Alembic finds in the directory, as `heads` prints them.
  std::string AlembicHeads() {
    const RunResult run = box_.Run(
        {"/usr/bin/python3", "-B", std::string(ONEHEAD_SOURCE_DIR) + "/tests/e2e/alembic_oracle.py",
         "heads", box_.Path("work"), "0"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    // Files at the top are no environments.
    std::string heads = Sorted(run.out, "#");
    for (std::size_t at = heads.find("error\n"); at != heads.npos; at = heads.find("error\n")) {
      heads.erase(at, std::string("error\n").size());
    }
    return heads;
  }
  std::string OurHeads(const std::string& directory = "work") {
    return Sorted(Onehead({"heads", "--worktree"}, directory).out, "#");
  }
  void ExpectAlembicSeesTheSame() { EXPECT_EQ(OurHeads(), AlembicHeads()); }

  // Types the command of the first hint that begins with `beginning`.
  void Type(const std::string& text, const std::string& beginning,
            const std::string& directory = "work") {
    const std::size_t at = text.find("hint: " + beginning);
    const std::size_t other = text.find("hint:   " + beginning);
    const std::size_t found = std::min(at, other);
    ASSERT_NE(found, std::string::npos) << text;
    std::string command = text.substr(text.find(beginning, found));
    command.resize(command.find('\n'));
    const RunResult run = box_.Run({"sh", "-c", command}, directory);
    EXPECT_EQ(run.exit_code, 0) << command << "\n" << run.err;
  }

 private:
  static std::string Sorted(const std::string& text, const std::string& without) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      if (line.rfind(without, 0) != 0) lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    std::string sorted;
    for (const std::string& line : lines) sorted += line + "\n";
    return sorted;
  }
};

TEST_F(WorkTree, IgnoredAndUntrackedMigrationsCount) {
  box_.CommitFile("work", ".gitignore", "*_local.py\n");
  Write("b_local", {"a"});
  Write("c", {"a"});
  EXPECT_EQ(OurHeads(), "b_local (head)\nc (head)\n");
  ExpectAlembicSeesTheSame();
  const RunResult check = Onehead({"check", "--worktree"});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_THAT(check.out, HasSubstr("error: multiple-heads: alembic: 2 heads"));
  EXPECT_THAT(check.out,
              HasSubstr("warning: ignored-migration: alembic: alembic/versions/b_local.py: Alembic "
                        "loads this file, which Git ignores: nobody else gets it\n"
                        "hint:   git add -f alembic/versions/b_local.py\n"));
  EXPECT_THAT(check.out,
              HasSubstr("warning: ignored-migration: alembic: alembic/versions/c.py: Alembic loads "
                        "this file, which Git does not track: nobody else gets it\n"
                        "hint:   git add -f alembic/versions/c.py\n"));
  Type(check.out, "git add -f alembic/versions/b_local.py");
  Type(check.out, "git add -f alembic/versions/c.py");
  EXPECT_THAT(Onehead({"check", "--worktree"}).out, Not(HasSubstr("ignored-migration")));
  EXPECT_EQ(Git({"diff", "--cached", "--name-only"}),
            "alembic/versions/b_local.py\nalembic/versions/c.py");
}

// Which the commit does not have, and a check of it does not know.
TEST_F(WorkTree, OthersReadWhatIsCommitted) {
  box_.CommitFile("work", ".gitignore", "b.py\n");
  Write("b", {"a"});
  for (const char* tree : {"HEAD", "--staged"}) EXPECT_EQ(Heads(tree), "a (head)\n");
  EXPECT_THAT(Onehead({"check"}).out, Not(HasSubstr("ignored-migration")));
  EXPECT_THAT(Onehead({"heads"}).err, HasSubstr("hint: the work tree has other heads than HEAD"));
}

TEST_F(WorkTree, TheCommandWorksInASubDirectoryAndWithStrangeNames) {
  box_.CommitFile("work", ".gitignore", "b*.py\n");
  box_.WriteFile("work/alembic/versions/b $HOME's.py", MigrationText("b", {"a"}));
  box_.MakeDirs("work/docs/deep");
  const RunResult check = Onehead({"check", "--worktree"}, "work/docs/deep");
  Type(check.out, "git add -f", "work/docs/deep");
  EXPECT_EQ(Git({"diff", "--cached", "--name-only"}), "alembic/versions/b $HOME's.py");
}

// Projects that generate their migrations ignore the directory itself, or the configuration.
TEST_F(WorkTree, AnIgnoredDirectoryOrConfiguration) {
  box_.WriteFile("work/.gitignore", "/alembic/versions/\nalembic.ini\n");
  Git({"rm", "-q", "-r", "--cached", "alembic/versions", "alembic.ini"});
  box_.CommitAll("work", "ignore them");
  Write("b", {"a"});
  EXPECT_EQ(OurHeads(), "b (head)\n");
  ExpectAlembicSeesTheSame();
  std::filesystem::remove(box_.Path("work/alembic.ini"));  // env.py beside versions/ is left
  EXPECT_EQ(OurHeads(), "b (head)\n");
  EXPECT_THAT(Onehead({"check", "--worktree"}).out, HasSubstr("git add -f alembic/versions/a.py"));
}

// Where packages are, Alembic's own templates are too.
TEST_F(WorkTree, NothingIsSearchedForInWhatIsIgnored) {
  box_.CommitFile("work", ".gitignore", "venv/\n");
  box_.WriteFile("work/venv/lib/x/env.py", "");
  box_.WriteFile("work/venv/lib/x/versions/x.py", MigrationText("x", {}));
  box_.InitWork("work/nested");
  box_.WriteFile("work/nested/x/env.py", "");
  box_.WriteFile("work/nested/x/versions/x.py", MigrationText("x", {}));
  EXPECT_EQ(OurHeads(), "a (head)\n");
  // But what a configuration names may be there.
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = alembic\nversion_locations = venv/lib/x/versions "
                 "alembic/versions\n");
  EXPECT_EQ(OurHeads(), "a (head)\nx (head)\n");
}

TEST_F(WorkTree, AnIgnoredLocalMigrationMovesInARebase) {
  box_.CommitFile("work", ".gitignore", "*_local.py\n");
  BranchFrom("feature", "main");
  Git({"checkout", "-q", "main"});
  CommitMigration("m", {"a"});
  Git({"checkout", "-q", "feature"});
  Write("f_local", {"a"});
  Git({"merge", "-q", "--ff-only", "main"});
  for (const char* option : {"--stage", "--commit"}) {
    const RunResult refused = Onehead({"rebase", "main", option});
    EXPECT_EQ(refused.exit_code, 128) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("error: alembic/versions/f_local.py: is ignored by Git"));
    EXPECT_THAT(Text("f_local"), HasSubstr("None] = 'a'\nbranch_labels"));
  }
  const RunResult run = Onehead({"rebase", "main"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(OurHeads(), "f_local (head)\n");
  ExpectAlembicSeesTheSame();
  EXPECT_THAT(Text("f_local"), HasSubstr("None] = 'm'\nbranch_labels"));
}

TEST_F(WorkTree, AMergeRevisionJoinsIgnoredMigrations) {
  box_.CommitFile("work", ".gitignore", "*_local.py\n");
  CommitMigration("b", {"a"});
  Write("c_local", {"a"});
  const RunResult run = Onehead({"merge"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  ExpectAlembicSeesTheSame();
  EXPECT_EQ(Onehead({"check", "--worktree"}).exit_code, 0);
}

// --- sparse checkouts

class Sparse : public WorkTree {
 protected:
  Sparse() {
    CommitMigration("b", {"a"});
    box_.CommitFile("work", "src/main.c", "");
  }
  void SetSparse(std::vector<std::string> args) {
    args.insert(args.begin(), {"sparse-checkout", "set"});
    Git(args);
    EXPECT_FALSE(box_.Exists("work/alembic/versions/b.py"));
  }
  static constexpr const char* kWarning =
      "2 migrations are not in the work tree because of a sparse checkout, and read from the "
      "index\n";

  // The same for each form: the history is whole, the cause is named, and the command brings
  // the files in.
  void ExpectNamedAndMended(const std::string& directory = "work") {
    const RunResult heads = Onehead({"heads", "--worktree"}, directory);
    EXPECT_EQ(heads.exit_code, 0);
    EXPECT_EQ(heads.out, "b (head)\n");
    EXPECT_THAT(heads.err, HasSubstr(std::string("warning: alembic: ") + kWarning));
    const RunResult check = Onehead({"check", "--worktree"}, directory);
    EXPECT_EQ(check.exit_code, 0);
    EXPECT_THAT(check.out, HasSubstr("ok: alembic: 2 revisions, 1 head b\n"));
    EXPECT_THAT(check.out, HasSubstr(std::string("warning: alembic: ") + kWarning));
    Type(check.out, "git ", directory);
    EXPECT_TRUE(box_.Exists("work/alembic/versions/b.py"));
    EXPECT_EQ(Onehead({"heads", "--worktree"}, directory).err, "");
    ExpectAlembicSeesTheSame();
  }
};

TEST_F(Sparse, InConeMode) {
  SetSparse({"--cone", "src"});
  ExpectNamedAndMended();
}

TEST_F(Sparse, InASubDirectory) {
  SetSparse({"--cone", "src"});
  box_.MakeDirs("work/src/deep");
  ExpectNamedAndMended("work/src/deep");
}

TEST_F(Sparse, WithPatterns) {
  SetSparse({"--no-cone", "/*", "!/alembic/versions/"});
  ExpectNamedAndMended();
}

TEST_F(Sparse, WithASparseIndex) {
  SetSparse({"--cone", "--sparse-index", "src"});
  ExpectNamedAndMended();
}

// What is really removed is not there, whatever is sparse beside it.
TEST_F(Sparse, ARemovedMigrationIsNotReadFromTheIndex) {
  SetSparse({"--no-cone", "/*", "!/alembic/versions/b.py"});
  EXPECT_EQ(Heads(), "b (head)\n");
  std::filesystem::remove(box_.Path("work/alembic/versions/a.py"));
  EXPECT_EQ(Onehead({"heads", "--worktree"}).exit_code, 1);
  EXPECT_THAT(Onehead({"check", "--worktree"}).out, HasSubstr("error: missing-parent"));
}

TEST_F(Sparse, WhatIsNotThereIsNotRewritten) {
  BranchFrom("feature", "HEAD~1");
  CommitMigration("f", {"b"});
  Git({"checkout", "-q", "main"});
  CommitMigration("m", {"b"});
  Git({"checkout", "-q", "feature"});
  Git({"merge", "-q", "-m", "merge", "main"});
  SetSparse({"--cone", "src"});
  const RunResult refused = Onehead({"rebase", "main"});
  EXPECT_EQ(refused.exit_code, 128);
  EXPECT_THAT(refused.err,
              HasSubstr("error: alembic/versions/f.py: is not in the work tree because "
                        "of a sparse checkout\n"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
  EXPECT_THAT(Onehead({"merge"}).err, HasSubstr("because of a sparse checkout"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
  Type(refused.err, "git sparse-checkout add");
  EXPECT_EQ(Onehead({"rebase", "main", "--commit"}).exit_code, 0);
  EXPECT_EQ(Heads("HEAD"), "f (head)\n");
}

}  // namespace
}  // namespace onehead::testing
