// When the strategy cannot do its work: killed, out of disk, or not there at all. Nothing is lost,
// and Git is left in a state from which it goes on.
#include <filesystem>

#include "e2e/strategy_fixture.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class StrategyFailure : public MergeTest {
 protected:
  StrategyFailure() {
    // Commits one, two (with a migration) and three on feature; main is one migration ahead.
    CommitBase();
    Branch("feature", "main");
    CommitText("one.txt", Big("one"));
    Write("two.txt", Big("two"));
    Commit("m", {"a"});
    CommitText("three.txt", Big("three"));
    Checkout("main");
    Commit("p", {"a"});
    Checkout("feature");
  }

  static std::string Big(const std::string& name) {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += name + std::to_string(i * 7919 % 10007) + "\n";
    return text;
  }

  // Git finds this script as the strategy; `$real` is the program.
  void Strategy(const std::string& script) {
    fs::remove(box_.Path("bin/git-merge-onehead"));
    box_.MakeDirs("real");
    const std::string real = box_.Path("real/git-merge-onehead");
    if (!fs::is_symlink(real)) fs::create_symlink(ONEHEAD_PROGRAM, real);
    box_.WriteExecutable("bin/git-merge-onehead",
                         "#!/bin/sh\nreal='" + real + "'\n" + script + "\n");
  }
  // The strategy meets this `git` first; $1 is the command, and "go" runs it.
  void GitOfTheStrategy(const std::string& script) {
    Strategy("PATH='" + box_.Path("fake") + "':$PATH exec \"$real\" \"$@\"");
    box_.MakeDirs("fake");
    box_.WriteExecutable("fake/git", "#!/bin/sh\nPATH=${PATH#*:}\ngo() { git \"$@\"; }\n" + script +
                                         "\nexec git \"$@\"\n");
  }
  void StrategyWorks() {
    fs::remove(box_.Path("bin/git-merge-onehead"));
    fs::create_symlink(ONEHEAD_PROGRAM, box_.Path("bin/git-merge-onehead"));
  }

  void ExpectWhole() {
    EXPECT_EQ(MustGit({"log", "--format=%s", "main.."}), "write three.txt\nadd m\nwrite one.txt");
    for (const char* name : {"one", "two", "three"}) {
      EXPECT_TRUE(Read(std::string(name) + ".txt") == Big(name)) << name;
    }
    EXPECT_EQ(History(), "p -> m (head); a -> p; <base> -> a");
    EXPECT_EQ(Status(), "");
    EXPECT_FALSE(box_.Exists("work/.git/rebase-merge"));
  }

  // The rebase stops; then it can be given up without trace, and, tried again, be finished.
  void ExpectNothingLost(const std::string& what) {
    SCOPED_TRACE(what);
    const std::string before = MustGit({"rev-parse", "feature"});
    for (const bool give_up : {true, false}) {
      MustGit({"reset", "-q", "--hard", before});
      const RunResult stopped = Git({"rebase", "main"});
      EXPECT_NE(stopped.exit_code, 0);
      fs::remove(box_.Path("work/.git/index.lock"));
      if (give_up) {
        EXPECT_WORKED(Git({"rebase", "--abort"}));
        EXPECT_EQ(Status(), "");
        EXPECT_EQ(MustGit({"rev-parse", "HEAD"}), before);
      }
      if (give_up) continue;
      StrategyWorks();
      EXPECT_WORKED(Git({"rebase", "--continue"}));
      ExpectWhole();
    }
    MustGit({"reset", "-q", "--hard", before});
  }
};

TEST_F(StrategyFailure, KilledAtAnyOfItsCommands) {
  for (const char* command : {"merge-tree", "read-tree"}) {
    for (const char* when : {"kill -9 $PPID; exit 1", "go \"$@\"; kill -9 $PPID; exit 1"}) {
      const std::string script = std::string("test $1 = ") + command + " && { " + when + "; }";
      GitOfTheStrategy(script);
      ExpectNothingLost(script);
    }
  }
}

TEST_F(StrategyFailure, KilledWhileConflictsAreWritten) {
  MustGit({"checkout", "-q", "main"});
  CommitText("two.txt", "main's\n");
  Checkout("feature");
  GitOfTheStrategy("case \"$*\" in *cherry-pick*) kill -9 $PPID; exit 1;; esac");
  EXPECT_NE(Git({"rebase", "main"}).exit_code, 0);
  StrategyWorks();
  EXPECT_EQ(Git({"rebase", "--continue"}).exit_code, 1);
  EXPECT_EQ(Status(), "A  alembic/versions/m.py\nAA two.txt");
}

// The whole disk is not to be had in a test; a limit for each file is.
TEST_F(StrategyFailure, ADiskThatIsFull) {
  Strategy("ulimit -f 16; exec \"$real\" \"$@\"");
  ExpectNothingLost("files of 8 KiB");
}

// Not even the list can be written: the rebase cannot be continued before that is mended, and the
// commands for it are those that are printed.
TEST_F(StrategyFailure, ADiskOnWhichTheListFindsNoRoom) {
  Strategy("{ (ulimit -f 0; exec \"$real\" \"$@\"); } 2>&1 | cat >&2; exit 2");
  const RunResult stopped = Git({"rebase", "main"});
  EXPECT_NE(stopped.err.find("error: the commit is not picked: cannot write "), std::string::npos)
      << stopped.err;
  StrategyWorks();
  const std::string onto = MustGit({"rev-parse", "HEAD"});
  EXPECT_NE(Git({"rebase", "--continue"}).exit_code, 0);
  EXPECT_EQ(MustGit({"rev-parse", "HEAD"}), onto);
  std::string typed;
  const std::string begin = "hint:   ";
  for (std::size_t at = 0; (at = stopped.err.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    const std::size_t end = stopped.err.find('\n', at);
    typed += stopped.err.substr(at, end - at) + "\n";
  }
  EXPECT_WORKED(box_.Run({"sh", "-ec", typed}, "work/alembic"));
  ExpectWhole();
}

TEST_F(StrategyFailure, AMergeThatARebaseMakesAgain) {
  Branch("side", "feature~1");
  CommitText("side.txt", Big("side"));
  Checkout("feature");
  MustGit({"merge", "-q", "--no-ff", "-m", "of side", "side"});
  // Just before the merge something is put in its way.
  box_.WriteExecutable("edit",
                       "#!/bin/sh\nsed -i 's/^merge /exec echo mine > side.txt\\n&/' \"$1\"\n");
  box_.environment()["GIT_SEQUENCE_EDITOR"] = box_.Path("edit");
  EXPECT_NE(Git({"rebase", "-i", "-r", "main"}).exit_code, 0);
  EXPECT_EQ(Read("side.txt"), "mine\n");
  fs::remove(box_.Path("work/side.txt"));
  EXPECT_WORKED(Git({"rebase", "--continue"}));
  EXPECT_EQ(MustGit({"log", "-1", "--format=%s"}), "of side");
  EXPECT_TRUE(Read("side.txt") == Big("side"));
  EXPECT_EQ(History(), "p -> m (head); a -> p; <base> -> a");
}

// ---- The program is not on PATH: the alias. ----------------------------------------------------

class StrategyAlias : public StrategyFailure {
 protected:
  StrategyAlias() {
    box_.MakeDirs("else'where");
    program_ = box_.Path("else'where/onehead");
    fs::copy_file(ONEHEAD_PROGRAM, program_);
    EXPECT_WORKED(box_.Run({program_, "install", "--client"}, "work"));
    fs::remove(box_.Path("bin/git-merge-onehead"));
  }
  std::string program_;
};

TEST_F(StrategyAlias, StartsTheProgramByItsPath) {
  const RunResult rebased = Git({"rebase", "main"});
  EXPECT_WORKED(rebased);
  EXPECT_EQ(rebased.err.find("failed"), std::string::npos) << rebased.err;
  ExpectWhole();
}

TEST_F(StrategyAlias, WithoutTheProgramItIsStockGit) {
  for (const char* what : {"gone", "empty", "dies"}) {
    Branch("work", "feature");
    fs::remove(program_);
    if (*what == 'e') box_.WriteExecutable("else'where/onehead", "");
    if (*what == 'd') box_.WriteExecutable("else'where/onehead", "#!/bin/sh\nkill -9 $$\n");
    const RunResult rebased = Git({"rebase", "main"});
    EXPECT_WORKED(rebased);
    EXPECT_NE(rebased.err.find("merged as git does without it"), std::string::npos) << rebased.err;
    EXPECT_EQ(MustGit({"log", "--format=%s", "main.."}), "write three.txt\nadd m\nwrite one.txt");
    EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"a"}));
    EXPECT_EQ(Status(), "");
  }
}

TEST_F(StrategyAlias, WithoutTheProgramConflictsAreStockGits) {
  fs::remove(program_);
  MustGit({"checkout", "-q", "main"});
  CommitText("two.txt", "main's\n");
  std::string seen[2];
  for (int i = 0; i < 2; ++i) {
    Config("pull.twohead", i == 0 ? "ort" : "onehead");
    Branch("work", "feature");
    EXPECT_EQ(Git({"rebase", "--signoff", "main"}).exit_code, 1);
    seen[i] = Status() + Read("two.txt") + MustGit({"ls-files", "-s"}) + Read(".git/AUTO_MERGE");
    seen[i] += Read(".git/MERGE_MSG").find("# Conflicts:\n#\ttwo.txt") != std::string::npos;
    MustGit({"rebase", "--abort"});
  }
  EXPECT_EQ(seen[0], seen[1]);
}

TEST_F(StrategyAlias, WithoutTheProgramNoCommitIsLost) {
  fs::remove(program_);
  const RunResult stopped = Git({"rebase", "-x", "test -e two.txt || echo mine > two.txt", "main"});
  EXPECT_NE(stopped.exit_code, 0);
  EXPECT_EQ(Read("two.txt"), "mine\n");
  fs::remove(box_.Path("work/two.txt"));
  EXPECT_WORKED(Git({"rebase", "--continue"}));
  EXPECT_EQ(MustGit({"log", "--format=%s", "main.."}), "write three.txt\nadd m\nwrite one.txt");
}

TEST_F(StrategyAlias, GitMergeStopsAndTouchesNothing) {
  const RunResult merged = Git({"merge", "main"});
  EXPECT_NE(merged.exit_code, 0);
  EXPECT_NE(merged.err.find("Could not find merge strategy"), std::string::npos) << merged.err;
  EXPECT_EQ(Status(), "");
}

// ---- More than two sides -----------------------------------------------------------------------

TEST_F(StrategyFailure, AnOctopusIsMergedByGitAndSaysWhatToRun) {
  Branch("other", "main~1");
  Commit("o", {"a"});
  Checkout("main");
  const RunResult merged = Git({"merge", "-q", "-s", "onehead", "-m", "three", "feature", "other"});
  EXPECT_WORKED(merged);
  EXPECT_EQ(MustGit({"log", "-1", "--format=%p"}).size(),
            MustGit({"log", "-1", "--format=%h %h %h"}).size());
  EXPECT_NE(merged.err.find("onehead merge"), std::string::npos) << merged.err;
  EXPECT_EQ(Heads(), "m (head)\no (head)\np (head)\n");
  EXPECT_WORKED(box_.Run({"onehead", "merge"}, "work"));
  box_.CommitAll("work", "merge heads");
  EXPECT_EQ(std::string(Heads()).find("\n"), Heads().size() - 1);
}

TEST_F(StrategyFailure, AnOctopusThatConflictsIsRefusedAsByGit) {
  Branch("other", "main~1");
  CommitText("app.txt", "other\n");
  Checkout("main");
  CommitText("app.txt", "main\n");
  const std::string before = MustGit({"rev-parse", "HEAD"});
  EXPECT_NE(Git({"merge", "-q", "-s", "onehead", "-m", "three", "feature", "other"}).exit_code, 0);
  Git({"reset", "-q", "--hard"});
  EXPECT_EQ(MustGit({"rev-parse", "HEAD"}), before);
}

}  // namespace
}  // namespace onehead::testing
