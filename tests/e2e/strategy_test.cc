// Rebase, merge, pull and cherry-pick with real Git through the merge strategy.
#include <random>

#include "e2e/strategy_fixture.h"

namespace onehead::testing {
namespace {

constexpr const char* kOneAfterTheOther = "p -> m (head); a -> p; <base> -> a";

class StrategyTest : public MergeTest {
 protected:
  using Migrations = std::vector<std::pair<std::string, std::vector<std::string>>>;

  // main: a and those of `main`, {id, down}; feature: a and those of `feature`. On feature.
  void Fork(const Migrations& feature = {{"m", {"a"}}}, const Migrations& main = {{"p", {"a"}}}) {
    CommitBase();
    Branch("feature", "main");
    for (const auto& [id, down] : feature) Commit(id, down);
    Checkout("main");
    for (const auto& [id, down] : main) Commit(id, down);
    Checkout("feature");
  }
};

TEST_F(StrategyTest, RebaseLeavesOneHead) {
  Fork();
  const RunResult rebased = Git({"rebase", "main"});
  EXPECT_WORKED(rebased);
  EXPECT_EQ(History(), kOneAfterTheOther);
  EXPECT_EQ(Status(), "");
  EXPECT_NE(rebased.err.find("alembic/versions/m.py: down_revision a -> p"), std::string::npos)
      << rebased.err;
  EXPECT_NE(rebased.err.find("warning: databases that already ran m "), std::string::npos)
      << rebased.err;
  // The docstring is in step, and nothing else is different.
  EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"p"}));
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
}

TEST_F(StrategyTest, RebaseThatMakesMergesAgainNeverTouchesMain) {
  Fork({{"f1", {"a"}}, {"f2", {"f1"}}}, {{"m1", {"a"}}, {"m2", {"m1"}}});
  EXPECT_WORKED(Git({"merge", "-q", "-s", "ort", "main~1", "-m", "unrepaired"}));
  EXPECT_WORKED(Git({"rebase", "-r", "main"}));
  EXPECT_EQ(Blob("HEAD", FileOf("m1")), Blob("main", FileOf("m1")));
  EXPECT_EQ(Blob("HEAD", FileOf("m2")), Blob("main", FileOf("m2")));
  EXPECT_EQ(History(), "f1 -> f2 (head); m2 -> f1; m1 -> m2; a -> m1; <base> -> a");
}

TEST_F(StrategyTest, MainIsMainWhateverItIsCalled) {
  Fork();
  const std::string id = box_.MustGit({"rev-parse", "main"}, "work");
  for (const std::string& name : {std::string("main^0"), id, std::string("heads/main")}) {
    Branch("work", "feature");
    EXPECT_WORKED(Git({"merge", "-q", name, "-m", "merge"}));
    EXPECT_EQ(History(), kOneAfterTheOther) << name;
    EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p"))) << name;
  }
}

TEST_F(StrategyTest, CherryPickNeverGivesMainsMigrationAnotherParent) {
  Fork();
  const RunResult picked = Git({"cherry-pick", "main"});
  EXPECT_NE(picked.err.find("onehead rebase --new-ids"), std::string::npos) << picked.err;
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
}

TEST_F(StrategyTest, WhatCannotBeReadIsSaidAndLeftAsGitMergedIt) {
  Fork();
  const std::string m = Blob("HEAD", FileOf("m"));
  box_.MustGit({"config", "onehead.maxFileSize", "100"}, "work");
  const RunResult merged = Git({"merge", "-q", "main", "-m", "merge"});
  EXPECT_WORKED(merged);
  EXPECT_NE(merged.err.find("nothing was rewritten"), std::string::npos) << merged.err;
  EXPECT_EQ(Blob("HEAD", FileOf("m")), m);
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
}

TEST_F(StrategyTest, CircleThatAMergeMakesIsNamed) {
  CommitBase();
  Branch("x", "main");
  Commit("x1", {"a"});
  Branch("y", "main");
  Commit("y1", {"a"});
  Branch("y0", "y");
  Checkout("y");
  EXPECT_WORKED(Git({"merge", "-q", "x", "-m", "x into y"}));
  Checkout("x");
  EXPECT_WORKED(Git({"merge", "-q", "y0", "-m", "y into x"}));
  const RunResult merged = Git({"merge", "-q", "y", "-m", "both"});
  EXPECT_NE(merged.err.find("a cycle through down_revision: x1, y1"), std::string::npos)
      << merged.err;
}

TEST_F(StrategyTest, EveryCommitOfARebasedChainHasOneHead) {
  Fork({{"m1", {"a"}}, {"m2", {"m1"}}});
  CommitText(FileOf("m1"), MigrationText("m1", {"a"}) + "# later\n");
  const std::string m2 = Blob("HEAD", FileOf("m2"));
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), "m1 -> m2 (head); p -> m1; a -> p; <base> -> a");
  EXPECT_EQ(History("HEAD~1"), History());
  EXPECT_EQ(History("HEAD~2"), "p -> m1 (head); a -> p; <base> -> a");
  EXPECT_EQ(Blob("HEAD", FileOf("m2")), m2);
  EXPECT_EQ(Read(FileOf("m1")), MigrationText("m1", {"p"}) + "# later\n");
}

TEST_F(StrategyTest, TwoRootsOfOneBranchFollowEachOther) {
  Fork({{"z1", {"a"}}, {"m2", {"a"}}});
  for (const char* how : {"rebase", "merge"}) {
    Branch("work", "feature");
    EXPECT_WORKED(Git({how, "main"}));
    EXPECT_EQ(History(), "z1 -> m2 (head); p -> z1; a -> p; <base> -> a") << how;
  }
}

TEST_F(StrategyTest, MergingMainMovesTheFeature) {
  Fork();
  EXPECT_WORKED(Git({"merge", "-q", "main"}));
  EXPECT_EQ(History(), kOneAfterTheOther);
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, MergingTheFeatureIntoMainMovesTheFeature) {
  Fork();
  Checkout("main");
  EXPECT_WORKED(Git({"merge", "-q", "feature"}));
  EXPECT_EQ(History(), kOneAfterTheOther);
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main~1", FileOf("p")));
}

TEST_F(StrategyTest, CherryPickMovesWhatIsPicked) {
  Fork();
  Checkout("main");
  EXPECT_WORKED(Git({"cherry-pick", "feature"}));
  EXPECT_EQ(History(), kOneAfterTheOther);
}

TEST_F(StrategyTest, PullMovesWhatIsNotYetPushed) {
  Fork();
  Checkout("main");
  MustGit({"clone", "-q", ".", box_.Path("clone")});
  const auto pull = [this](const std::vector<std::string>& args) {
    box_.MustGit({"checkout", "-q", "-B", "main", "origin/main~1"}, "clone");
    box_.MustGit({"config", "pull.twohead", "onehead"}, "clone");
    box_.WriteFile("clone/" + FileOf("m"), MigrationText("m", {"a"}));
    box_.CommitAll("clone", "add m");
    EXPECT_WORKED(box_.Git(args, "clone"));
    EXPECT_EQ(box_.ReadFile("clone/" + FileOf("m")), MigrationText("m", {"p"}));
    EXPECT_EQ(box_.ReadFile("clone/" + FileOf("p")), MigrationText("p", {"a"}));
  };
  pull({"pull", "-q", "--no-rebase", "origin", "main"});
  pull({"pull", "-q", "--rebase", "origin", "main"});
}

TEST_F(StrategyTest, ConflictElsewhereDoesNotKeepTheMigrationsApart) {
  Fork();
  CommitText("app.txt", "feature\n");
  MustGit({"reset", "-q", "--soft", "HEAD~2"});
  MustGit({"commit", "-q", "-m", "all in one"});
  Checkout("main");
  CommitText("app.txt", "main\n");
  Checkout("feature");
  const RunResult rebased = Git({"rebase", "main"});
  EXPECT_EQ(rebased.exit_code, 1);
  EXPECT_NE(rebased.out.find("CONFLICT (content): Merge conflict in app.txt"), std::string::npos)
      << rebased.out;
  EXPECT_EQ(Status(), "A  alembic/versions/m.py\nUU app.txt");
  EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"p"}));
  Write("app.txt", "both\n");
  MustGit({"add", "app.txt"});
  EXPECT_WORKED(box_.Git({"rebase", "--continue"}, "work", "", {{"GIT_EDITOR", "true"}}));
  EXPECT_EQ(History(), kOneAfterTheOther);
}

TEST_F(StrategyTest, UncommittedEditIsNeitherLostNorInTheWay) {
  Fork();
  Write(FileOf("m"), MigrationText("m", {"a"}) + "# my edit\n");
  const RunResult merged = Git({"merge", "-q", "main"});
  EXPECT_WORKED(merged);
  EXPECT_EQ(Read(FileOf("m")), MigrationText("m", {"a"}) + "# my edit\n");
  EXPECT_EQ(Status(), " M alembic/versions/m.py");
  EXPECT_EQ(Blob("HEAD", FileOf("m")), Blob("HEAD~1", FileOf("m")));
  EXPECT_NE(merged.err.find("onehead rebase"), std::string::npos) << merged.err;
  EXPECT_EQ(merged.err.find("down_revision"), std::string::npos) << merged.err;
}

TEST_F(StrategyTest, RefusesWhatStockGitRefusesAndTouchesNothing) {
  Fork();
  Write(FileOf("p"), "in the way\n");
  const std::string head = MustGit({"rev-parse", "HEAD"});
  const RunResult merged = Git({"merge", "main"});
  EXPECT_EQ(merged.exit_code, 2);
  EXPECT_NE(merged.err.find("would be overwritten by merge"), std::string::npos) << merged.err;
  EXPECT_EQ(MustGit({"rev-parse", "HEAD"}), head);
  EXPECT_FALSE(box_.Exists("work/.git/MERGE_HEAD"));
  EXPECT_EQ(Read(FileOf("p")), "in the way\n");
}

TEST_F(StrategyTest, StagedChangesAreNotMergedOver) {
  Fork();
  Write("app.txt", "staged\n");
  MustGit({"add", "app.txt"});
  EXPECT_EQ(Git({"merge", "main"}).exit_code, 2);
  EXPECT_EQ(Status(), "M  app.txt");
}

// With a strategy Git takes every failure for conflicts; --continue would then drop the commit.
TEST_F(StrategyTest, PickThatCannotStartIsTriedAgain) {
  CommitBase();
  Branch("feature", "main");
  CommitText("one.txt", "one\n");
  CommitText("two.txt", "two\n");
  Checkout("main");
  Commit("p", {"a"});
  Checkout("feature");
  const RunResult stopped = Git({"rebase", "-x", "test -e two.txt || echo mine > two.txt", "main"});
  EXPECT_NE(stopped.exit_code, 0);
  EXPECT_EQ(Read("two.txt"), "mine\n");
  box_.Run({"rm", "two.txt"}, box_.Path("work"));
  EXPECT_WORKED(Git({"rebase", "--continue"}));
  EXPECT_EQ(Read("two.txt"), "two\n");
  EXPECT_EQ(MustGit({"log", "--format=%s", "main.."}), "write two.txt\nwrite one.txt");
}

TEST_F(StrategyTest, LinkedWorkTreeAndSubdirectory) {
  Fork();
  Checkout("main");
  MustGit({"worktree", "add", "-q", box_.Path("linked"), "feature"});
  EXPECT_WORKED(box_.Git({"rebase", "main"}, "linked/alembic/versions"));
  EXPECT_EQ(box_.ReadFile("linked/" + FileOf("m")), MigrationText("m", {"p"}));
  EXPECT_EQ(box_.MustGit({"status", "--porcelain"}, "linked"), "");
}

TEST_F(StrategyTest, OddFileNames) {
  CommitBase();
  const std::string names[] = {"sp ace", "quo\"te'", "\xc3\xbcml", "-dash", "*?[x]"};
  Branch("feature", "main");
  std::string parent = "a";
  for (const std::string& name : names) {
    Write(FileOf(name), MigrationText("id" + std::to_string(name.size()), {parent}));
    parent = "id" + std::to_string(name.size());
    Write("other\n" + name, "text\n");
    box_.CommitAll("work", "add");
    Branch("feature" + std::to_string(&name - names), "main");
    parent = "a";
  }
  Checkout("main");
  Commit("p", {"a"});
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const std::string branch = i == 0 ? "feature" : "feature" + std::to_string(i - 1);
    const std::string id = "id" + std::to_string(names[i].size());
    Branch("rebased", branch);
    EXPECT_WORKED(Git({"rebase", "main"}));
    EXPECT_EQ(Read(FileOf(names[i])), MigrationText(id, {"p"})) << names[i];
    EXPECT_EQ(Read("other\n" + names[i]), "text\n");
    Branch("merged", branch);
    CommitText("app.txt", "feature\n");
    Branch("conflicting", "main");
    CommitText("app.txt", "main\n");
    EXPECT_EQ(Git({"merge", "merged"}).exit_code, 1);
    EXPECT_EQ(Read(FileOf(names[i])), MigrationText(id, {"p"})) << names[i];
    MustGit({"merge", "--abort"});
  }
}

TEST_F(StrategyTest, SparseCheckoutStaysSparse) {
  Fork();
  MustGit({"sparse-checkout", "set", "--no-cone", "/app.txt"});
  ASSERT_FALSE(box_.Exists("work/" + FileOf("m")));
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(History(), kOneAfterTheOther);
  EXPECT_FALSE(box_.Exists("work/" + FileOf("m")));
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, LineEndsOfTheWorkTreeAreNotCommitted) {
  Fork();
  Config("core.autocrlf", "true");
  MustGit({"rm", "-rq", "--cached", "."});
  MustGit({"reset", "-q", "--hard"});
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(MustGit({"show", "HEAD:" + FileOf("m")}) + "\n", MigrationText("m", {"p"}));
  EXPECT_NE(Read(FileOf("m")).find("\r\n"), std::string::npos);
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, OptionsOfTheStrategyAreGits) {
  Fork();
  CommitText("app.txt", "feature\n");
  Checkout("main");
  CommitText("app.txt", "main\n");
  EXPECT_WORKED(Git({"merge", "-q", "-s", "onehead", "-X", "theirs", "feature"}));
  EXPECT_EQ(Read("app.txt"), "feature\n");
  EXPECT_EQ(History(), kOneAfterTheOther);
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, CherryPickWithoutCommit) {
  Fork();
  Checkout("main");
  EXPECT_WORKED(Git({"cherry-pick", "-n", "feature"}));
  EXPECT_EQ(Status(), "A  alembic/versions/m.py");
}

TEST_F(StrategyTest, TwoFilesOfOneIdAreLeftToTheUser) {
  CommitBase();
  Branch("feature", "main");
  Write("alembic/versions/0042_mine.py", MigrationText("0042", {"a"}));
  box_.CommitAll("work", "mine");
  Checkout("main");
  Write("alembic/versions/0042_yours.py", MigrationText("0042", {"a"}));
  box_.CommitAll("work", "yours");
  Checkout("feature");
  const RunResult stopped = Git({"rebase", "main"});
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_NE(stopped.err.find("0042"), std::string::npos) << stopped.err;
  EXPECT_EQ(Read("alembic/versions/0042_mine.py"), MigrationText("0042", {"a"}));
  EXPECT_EQ(Status(), "A  alembic/versions/0042_mine.py");
}

TEST_F(StrategyTest, PublishedOnBothSidesIsLeftAlone) {
  Fork();
  Config("onehead.publishedRefs", "refs/heads/(main|feature)");
  Branch("topic", "feature");
  const RunResult merged = Git({"merge", "-q", "main"});
  EXPECT_WORKED(merged);
  EXPECT_EQ(Blob("HEAD", FileOf("m")), Blob("feature", FileOf("m")));
  EXPECT_NE(merged.err.find("warning: "), std::string::npos) << merged.err;
  EXPECT_NE(merged.err.find("onehead merge"), std::string::npos) << merged.err;
}

TEST_F(StrategyTest, PublishedMigrationGetsNoSecondParentByACherryPick) {
  Fork();
  MustGit({"update-ref", "refs/remotes/origin/main", "main"});
  const RunResult picked = Git({"cherry-pick", "main"});
  EXPECT_WORKED(picked);
  EXPECT_EQ(Blob("HEAD", FileOf("p")), Blob("main", FileOf("p")));
  EXPECT_EQ(Blob("HEAD", FileOf("m")), Blob("HEAD~1", FileOf("m")));
  EXPECT_NE(picked.err.find("--new-ids"), std::string::npos) << picked.err;
}

TEST_F(StrategyTest, RebaseThatDropsAParent) {
  Fork({{"m1", {"a"}}, {"m2", {"m1"}}});
  EXPECT_WORKED(Git({"rebase", "--onto", "main", "feature~1"}));
  EXPECT_EQ(History(), "p -> m2 (head); a -> p; <base> -> a");
}

TEST_F(StrategyTest, CrissCrossMerge) {
  Fork();
  MustGit({"branch", "old-main", "main"});
  EXPECT_WORKED(Git({"merge", "-q", "main"}));
  Checkout("main");
  CommitText("app.txt", "main\n");
  EXPECT_WORKED(Git({"merge", "-q", "feature~1"}));
  EXPECT_EQ(History(), kOneAfterTheOther);
  Commit("p2", {"m"});
  Checkout("feature");
  Commit("m2", {"m"});
  EXPECT_WORKED(Git({"merge", "-q", "main"}));
  EXPECT_EQ(History(), "p2 -> m2 (head); m -> p2; p -> m; a -> p; <base> -> a");
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, RootCommitAndRevert) {
  Fork();
  MustGit({"checkout", "-q", "--orphan", "alone"});
  EXPECT_WORKED(Git({"commit", "-q", "-m", "alone"}));
  EXPECT_WORKED(Git({"rebase", "-q", "--root", "--onto", "main~1"}));
  EXPECT_EQ(Heads(), "m (head)\n");
  EXPECT_WORKED(Git({"revert", "--no-edit", "HEAD"}));
  EXPECT_EQ(Heads(), "a (head)\n");
}

TEST_F(StrategyTest, RepositoryThatLibgit2CannotRead) {
  MustGit({"init", "-q", "--object-format=sha256", "-b", "main", box_.Path("new")});
  const auto commit = [this](const std::string& path, const std::string& text) {
    box_.WriteFile("new/" + path, text);
    box_.CommitAll("new", path);
  };
  box_.MustGit({"config", "pull.twohead", "onehead"}, "new");
  commit("a.txt", "a\n");
  box_.MustGit({"checkout", "-q", "-b", "feature"}, "new");
  commit("b.txt", "b\n");
  box_.MustGit({"checkout", "-q", "main"}, "new");
  commit("c.txt", "c\n");
  const RunResult merged = box_.Git({"merge", "-q", "feature"}, "new");
  EXPECT_WORKED(merged);
  EXPECT_EQ(merged.err, "");
  box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "new");
  EXPECT_WORKED(box_.Git({"cherry-pick", "feature"}, "new"));
  EXPECT_EQ(box_.MustGit({"ls-files"}, "new"), "a.txt\nb.txt\nc.txt");
}

TEST_F(StrategyTest, RemovedParentIsNamed) {
  CommitBase();
  Commit("b", {"a"});
  Branch("feature", "main");
  MustGit({"rm", "-q", FileOf("b")});
  box_.CommitAll("work", "remove b");
  Checkout("main");
  Commit("p", {"b"});
  Checkout("feature");
  const RunResult merged = Git({"merge", "-q", "main"});
  EXPECT_WORKED(merged);
  EXPECT_NE(merged.err.find("p.py: no file declares its parent \"b\""), std::string::npos)
      << merged.err;
}

TEST_F(StrategyTest, SequentialIdsAreRenumberedWhereThatIsWanted) {
  CommitBase();
  Config("onehead.renumber", "true");
  const auto commit = [this](const std::string& name, const std::string& id,
                             const std::string& down) {
    Write("alembic/versions/" + name, MigrationText(id, {down}));
    box_.CommitAll("work", name);
  };
  commit("0001_base.py", "0001", "a");
  Branch("feature", "main");
  commit("0002_mine.py", "0002", "0001");
  commit("0003_mine_too.py", "0003", "0002");
  Checkout("main");
  commit("0002_yours.py", "0002", "0001");
  Checkout("feature");
  const std::string yours = Blob("main", "alembic/versions/0002_yours.py");
  const RunResult rebased = Git({"rebase", "main"});
  EXPECT_WORKED(rebased);
  EXPECT_EQ(rebased.err.find("a database"), std::string::npos) << rebased.err;
  // 0003 is what the second commit brings.
  EXPECT_EQ(History(), "0004 -> 0005 (head); 0002 -> 0004; 0001 -> 0002; a -> 0001; <base> -> a");
  EXPECT_EQ(MustGit({"ls-files", "alembic/versions"}),
            "alembic/versions/0001_base.py\nalembic/versions/0002_yours.py\n"
            "alembic/versions/0004_mine.py\nalembic/versions/0005_mine_too.py\n"
            "alembic/versions/a.py");
  EXPECT_EQ(Blob("HEAD", "alembic/versions/0002_yours.py"), yours);
  EXPECT_EQ(Status(), "");
}

TEST_F(StrategyTest, SeveralEnvironmentsInOneRebase) {
  const auto commit = [this](const std::string& top, const std::string& id,
                             const std::vector<std::string>& down) {
    Write(top + "/versions/" + id + ".py", MigrationText(id, down));
    box_.CommitAll("work", top + " " + id);
  };
  for (const std::string top : {"x", "y"}) {
    Write(top + "/env.py", "pass\n");
    commit(top, "a", {});
  }
  Branch("feature", "main");
  commit("x", "m", {"a"});
  commit("y", "m", {"a"});
  Checkout("main");
  commit("x", "p", {"a"});
  commit("y", "q", {"a"});
  Checkout("feature");
  EXPECT_WORKED(Git({"rebase", "main"}));
  EXPECT_EQ(Read("x/versions/m.py"), MigrationText("m", {"p"}));
  EXPECT_EQ(Read("y/versions/m.py"), MigrationText("m", {"q"}));
}

TEST_F(StrategyTest, ThreeSidesAreNotForThis) {
  EXPECT_EQ(box_.Run({box_.Path("bin/git-merge-onehead"), "a", "--", "HEAD", "b", "c"}).exit_code,
            2);
}

// ---- Without migrations: the tree is stock Git's. --------------------------------------------

class RandomTree {
 public:
  RandomTree(GitSandbox* box, unsigned seed) : box_(box), random_(seed) {}

  void Base() {
    for (int i = 0; i < 8; ++i) Write(Name(i), Lines(30, i));
    box_->CommitAll("work", "base");
  }
  // A few edits, renames, removals and additions.
  void Change() {
    for (int step = 0; step < 4; ++step) {
      const std::string path = Name(Draw(8));
      const std::string file = "work/" + path;
      if (!box_->Exists(file)) {
        Write(path, Lines(10, Draw(100)));
        continue;
      }
      const int what = Draw(6);
      if (what == 0) box_->Run({"rm", box_->Path(file)});
      if (what == 1) {
        box_->MakeDirs("work/moved");
        box_->Run({"mv", box_->Path(file), box_->Path("work/moved/" + std::to_string(Draw(4)))});
      }
      if (what > 1) Edit(path);
    }
    box_->CommitAll("work", "change");
  }

 private:
  int Draw(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  static std::string Name(int i) { return "d" + std::to_string(i % 3) + "/f" + std::to_string(i); }
  static std::string Lines(int count, int seed) {
    std::string text;
    for (int i = 0; i < count; ++i) text += std::to_string(seed * 1000 + i) + "\n";
    return text;
  }
  void Write(const std::string& path, const std::string& text) {
    box_->WriteFile("work/" + path, text);
  }
  void Edit(const std::string& path) {
    std::string text = box_->ReadFile("work/" + path);
    const std::size_t at = text.find('\n', static_cast<std::size_t>(Draw(100)));
    if (at != text.npos) text.insert(at, " changed " + std::to_string(Draw(3)));
    Write(path, text);
  }

  GitSandbox* box_;
  std::mt19937 random_;
};

TEST_F(StrategyTest, WithoutMigrationsTheTreeIsStockGits) {
  int clean = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    RandomTree tree(&box_, seed);
    MustGit({"checkout", "-q", "--orphan", "base" + std::to_string(seed)});
    Git({"rm", "-rfq", "."});
    tree.Base();
    Branch("ours", "HEAD");
    tree.Change();
    Branch("theirs", "HEAD~1");
    tree.Change();
    for (const char* how : {"merge", "rebase"}) {
      std::string trees[2];
      std::string states[2];
      for (int i = 0; i < 2; ++i) {
        Config("pull.twohead", i == 0 ? "ort" : "onehead");
        Branch("result", "theirs");
        const RunResult run = Git({how, "-q", "ours"});
        states[i] = std::to_string(run.exit_code);
        trees[i] = run.exit_code == 0 ? TreeOf("HEAD") : "";
        clean += run.exit_code == 0 ? 1 : 0;
        if (run.exit_code != 0) Git({how, "--abort"});
        EXPECT_EQ(Status(), "");
      }
      EXPECT_EQ(states[0], states[1]) << how << " " << seed;
      EXPECT_EQ(trees[0], trees[1]) << how << " " << seed;
    }
  }
  EXPECT_GT(clean, 10);
}

}  // namespace
}  // namespace onehead::testing
