// Commit trees, the index and the work tree as files.
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "git/repository_fixture.h"
#include "support/hex.h"

namespace onehead::git {
namespace {

class TreesTest : public RepositoryTest {
 public:
  void SetUp() override { box_.InitWork("w"); }

  std::unique_ptr<SourceTree> Tree(const std::string& rev) {
    repository_ = Open("w");
    const Result<ContentId> commit = repository_->ResolveCommit(rev);
    EXPECT_TRUE(commit);
    return std::move(repository_->CommitTree(*commit).value());
  }
  std::unique_ptr<SourceTree> Head() { return Tree("HEAD"); }
  std::unique_ptr<SourceTree> Index() {
    repository_ = Open("w");
    return std::move(repository_->IndexTree().value());
  }
  std::unique_ptr<WorkTreeFiles> Work() {
    repository_ = Open("w");
    return std::move(repository_->WorkTree().value());
  }
  void Link(const std::string& target, const std::string& path) {
    ASSERT_EQ(symlink(target.c_str(), box_.Path(path).c_str()), 0);
  }
  static ErrorKind KindOf(const Result<std::string>& read) {
    EXPECT_FALSE(read);
    return read ? ErrorKind::kUsage : read.error().kind;
  }
  // The file of a loose object.
  std::string LooseObject(const std::string& rev) {
    const std::string hex = box_.MustGit({"rev-parse", rev}, "w");
    return "w/.git/objects/" + hex.substr(0, 2) + "/" + hex.substr(2);
  }

  std::unique_ptr<Repository> repository_;
};

TEST_F(TreesTest, AnotherThreadReadsTheSameAtTheSameTime) {
  for (int i = 0; i < 40; ++i) box_.WriteFile("w/d/f" + std::to_string(i), std::to_string(i));
  box_.CommitAll("w", "files");
  for (const bool packed : {false, true}) {
    if (packed) box_.MustGit({"repack", "-adq"}, "w");
    const std::unique_ptr<SourceTree> tree = Head();
    const auto read_all = [](const SourceTree* from, std::string* out) {
      const Result<SharedListing> listing = from->List("d");
      ASSERT_TRUE(listing && *listing);
      for (const TreeEntryView entry : **listing) {
        *out += from->ReadEntry("d", entry, 100).value_or("(none)") + " ";
      }
    };
    // Of a SHA-256 repository there is one reader, the git program.
    const bool is_sha1 = box_.MustGit({"rev-parse", "HEAD"}, "w").size() == 40;
    std::string here;
    std::string there;
    bool has_own = false;
    std::thread other([&] {
      const std::unique_ptr<SourceTree> own = tree->CloneForThread();
      has_own = own != nullptr;
      if (has_own) read_all(own.get(), &there);
    });
    read_all(tree.get(), &here);
    other.join();
    EXPECT_EQ(has_own, is_sha1);
    EXPECT_NE(here.find("39 "), std::string::npos);
    EXPECT_EQ(there, is_sha1 ? here : "");
  }
}

TEST_F(TreesTest, CommitTreeLooseAndPacked) {
  box_.WriteFile("w/d/e/f.py", "deep");
  box_.WriteFile("w/d.py", "beside");
  box_.WriteFile("w/new\nline:\"x", "odd");
  Link("d", "w/link");
  box_.CommitAll("w", "all");
  for (const bool packed : {false, true}) {
    if (packed) box_.MustGit({"gc", "-q"}, "w");
    const auto tree = Tree("HEAD");
    EXPECT_EQ(Dump(tree->List("")), "d:d f:d.py l:link f:new\nline:\"x");
    EXPECT_EQ(Dump(tree->List("d")), "d:e");
    EXPECT_EQ(Dump(tree->List("d/e")), "f:f.py");
    EXPECT_EQ(tree->Read("d/e/f.py", 4).value(), "deep");
    EXPECT_EQ(tree->Read("new\nline:\"x", 10).value(), "odd");
    EXPECT_EQ(tree->Read("link", 10).value(), "d");
    EXPECT_EQ(KindOf(tree->Read("d/e/f.py", 3)), ErrorKind::kLimit);
    for (const char* path : {"gone", "d", "d/e/f.py/x", "link/e/f.py", "", "d//e/f.py", "./d.py"}) {
      EXPECT_EQ(KindOf(tree->Read(path, 10)), ErrorKind::kNotFound) << path;
    }
    for (const char* path : {"gone", "d.py", "link", "link/e", "d/", "/", ".."}) {
      EXPECT_EQ(Dump(tree->List(path)), "none") << path;
    }
    const auto entry = tree->Find("d/e");
    EXPECT_EQ(entry.value()->content.Hex(), box_.MustGit({"rev-parse", "HEAD:d/e"}, "w"));
    EXPECT_EQ(tree->Find("link/e").value(), std::nullopt);
    const SharedListing listing = tree->List("d/e").value();
    EXPECT_EQ(tree->ReadEntry("d/e", (*listing)[0], 10).value(), "deep");
  }
}

TEST_F(TreesTest, ASubmoduleIsNoDirectory) {
  const std::string other = box_.InitWork("other");
  box_.CommitFile("other", "x", "1");
  box_.MustGit({"submodule", "--quiet", "add", other, "sub"}, "w");
  box_.CommitAll("w", "all");
  const auto expect_a_submodule = [](const std::unique_ptr<SourceTree>& tree) {
    const auto entry = tree->Find("sub").value();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->kind, EntryKind::kSubmodule);
    EXPECT_EQ(KindOf(tree->Read("sub", 10)), ErrorKind::kNotFound);
  };
  expect_a_submodule(Head());  // one after the other: each opens the repository anew
  expect_a_submodule(Index());
  expect_a_submodule(Work());
}

TEST_F(TreesTest, MissingAndCorruptObjectsAreNotAbsentFiles) {
  box_.WriteFile("w/a", "text of a");
  box_.WriteFile("w/d/b", "text of b");
  box_.CommitAll("w", "all");
  ASSERT_EQ(unlink(box_.Path(LooseObject("HEAD:a")).c_str()), 0);
  ASSERT_EQ(unlink(box_.Path(LooseObject("HEAD:d/b")).c_str()), 0);
  box_.WriteFile(LooseObject("HEAD:d/b"), "not zlib at all");
  auto tree = Tree("HEAD");
  const auto missing = tree->Read("a", 100);
  EXPECT_EQ(KindOf(missing), ErrorKind::kIo);
  EXPECT_NE(missing.error().message.find("is missing"), std::string::npos);
  EXPECT_EQ(missing.error().path, "a");
  EXPECT_EQ(KindOf(tree->Read("d/b", 100)), ErrorKind::kIo);
  ASSERT_EQ(unlink(box_.Path(LooseObject("HEAD:d")).c_str()), 0);
  tree = Tree("HEAD");
  const auto listing = tree->List("d");
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().kind, ErrorKind::kIo);
}

TEST_F(TreesTest, ATreeThatGitFsckCallsBrokenIsAnError) {
  const std::string blob = box_.MustGit({"hash-object", "-w", "--stdin"}, "w", "x");
  const std::string entry = std::string("100644 a\0", 9) + testing::BytesOf(blob);
  const std::string tree = box_.MustGit(
      {"hash-object", "-w", "-t", "tree", "--literally", "--stdin"}, "w", entry + entry);
  const std::string commit = box_.MustGit({"commit-tree", "-m", "twice", tree}, "w");
  const auto listing = Tree(commit)->List("");
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().kind, ErrorKind::kIo);
}

TEST_F(TreesTest, IndexIsWhatIsStaged) {
  box_.WriteFile("w/v/a.py", "committed");
  box_.CommitAll("w", "all");
  box_.WriteFile("w/v/a.py", "staged");
  box_.WriteFile("w/v/b.py", "new");
  box_.WriteFile("w/v.py", "beside");
  box_.MustGit({"add", "-A"}, "w");
  box_.WriteFile("w/v/a.py", "on disk");
  box_.WriteFile("w/v/intended.py", "later");
  box_.MustGit({"add", "-N", "v/intended.py"}, "w");
  const auto tree = Index();
  EXPECT_EQ(Dump(tree->List("")), "d:v f:v.py");
  EXPECT_EQ(Dump(tree->List("v")), "f:a.py f:b.py");
  EXPECT_EQ(Dump(tree->List("v/a.py")), "none");
  EXPECT_EQ(tree->Read("v/a.py", 100).value(), "staged");
  EXPECT_EQ(KindOf(tree->Read("v/a.py", 2)), ErrorKind::kLimit);
  EXPECT_EQ(KindOf(tree->Read("v", 100)), ErrorKind::kNotFound);
  EXPECT_EQ(tree->Find("v/b.py").value()->content.Hex(),
            box_.MustGit({"rev-parse", ":v/b.py"}, "w"));
}

TEST_F(TreesTest, AConflictInTheIndexIsListedOnceAsOurs) {
  box_.CommitFile("w", "a.py", "base");
  box_.CommitFile("w", "gone.py", "base");
  box_.MustGit({"checkout", "-q", "-b", "side"}, "w");
  box_.WriteFile("w/gone.py", "theirs");
  box_.CommitFile("w", "a.py", "theirs");
  box_.MustGit({"checkout", "-q", "main"}, "w");
  box_.MustGit({"rm", "-q", "gone.py"}, "w");
  box_.CommitFile("w", "a.py", "ours");
  EXPECT_NE(box_.Git({"merge", "side"}, "w").exit_code, 0);
  const auto tree = Index();
  EXPECT_EQ(Dump(tree->List("")), "f:a.py f:gone.py");
  EXPECT_EQ(tree->Read("a.py", 100).value(), "ours");
  EXPECT_EQ(tree->Read("gone.py", 100).value(), "theirs");
}

TEST_F(TreesTest, AnEmptyIndexIsAnEmptyTree) { EXPECT_EQ(Dump(Index()->List("")), ""); }

TEST_F(TreesTest, WorkTreeShowsWhatIsThereAndHowGitStandsToIt) {
  box_.WriteFile("w/.gitignore", "*.tmp\n/venv/\nbuild/\n");
  box_.WriteFile("w/v/tracked.tmp", "1");
  box_.WriteFile("w/build/kept.py", "1");
  box_.MustGit({"add", "-f", "v/tracked.tmp", "build/kept.py"}, "w");
  box_.WriteFile("w/v/new.py", "2");
  box_.WriteFile("w/v/ignored.tmp", "3");
  box_.WriteFile("w/build/other.py", "4");
  box_.WriteFile("w/venv/lib/x.py", "5");
  box_.InitWork("w/nested");
  box_.WriteFile("w/nested/n.py", "6");
  const auto tree = Work();
  EXPECT_EQ(Dump(tree->List("")), "f:.gitignore d:build d:nested d:v d:venv");
  EXPECT_EQ(Dump(tree->List("v")), "f:ignored.tmp f:new.py f:tracked.tmp");
  EXPECT_EQ(Dump(tree->List("build")), "f:kept.py f:other.py");
  EXPECT_EQ(Dump(tree->List("venv/lib")), "f:x.py");
  EXPECT_EQ(tree->Read("v/new.py", 1).value(), "2");
  EXPECT_FALSE(tree->Find("v/new.py").value()->content.known());
  for (const auto& [path, tracking] : {std::pair{"v/tracked.tmp", Tracking::kTracked},
                                       {"build/kept.py", Tracking::kTracked},
                                       {"v/new.py", Tracking::kUntracked},
                                       {"v/ignored.tmp", Tracking::kIgnored},
                                       {"build/other.py", Tracking::kIgnored},
                                       {"venv/lib/x.py", Tracking::kIgnored}}) {
    EXPECT_EQ(tree->TrackingOf(path).value(), tracking) << path;
  }
}

TEST_F(TreesTest, WorkTreeIsNotSearchedInIgnoredDirectoriesAndOtherRepositories) {
  box_.WriteFile("w/.gitignore", "*.tmp\n/venv/\nbuild/\n");
  box_.WriteFile("w/build/kept.py", "1");
  box_.MustGit({"add", "-f", "build/kept.py"}, "w");
  box_.WriteFile("w/v/ignored.tmp", "3");
  box_.WriteFile("w/venv/lib/x.py", "5");
  box_.InitWork("w/nested");
  box_.WriteFile("w/nested/n.py", "6");
  const auto tree = Work();
  const SourceTree& searched = tree->ToSearch();
  EXPECT_EQ(Dump(searched.List("")), "f:.gitignore d:build d:nested d:v d:venv");
  for (const char* path : {"venv", "venv/lib", "nested"}) {
    EXPECT_EQ(Dump(searched.List(path)), "none") << path;
  }
  EXPECT_EQ(Dump(searched.List("build")), "f:kept.py");
  EXPECT_EQ(Dump(searched.List("v")), "f:ignored.tmp");
  EXPECT_EQ(searched.Read("v/ignored.tmp", 1).value(), "3");
}

TEST_F(TreesTest, WorkTreeHasWhatASparseCheckoutLeavesOut) {
  box_.WriteFile("w/v/sub/a.py", "1");
  box_.WriteFile("w/v/b.py", "2");
  box_.CommitFile("w", "src/main.c", "3");
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"--no-cone", "/src/"}, {"--cone", "--sparse-index", "src"}}) {
    std::vector<std::string> all = {"sparse-checkout", "set"};
    all.insert(all.end(), args.begin(), args.end());
    box_.MustGit(all, "w");
    EXPECT_FALSE(box_.Exists("w/v"));
    const auto tree = Work();
    EXPECT_EQ(Dump(tree->List("")), "d:src d:v");
    EXPECT_EQ(Dump(tree->List("v")), "f:b.py d:sub");
    EXPECT_EQ(Dump(tree->ToSearch().List("v/sub")), "f:a.py");
    EXPECT_EQ(tree->Read("v/sub/a.py", 1).value(), "1");
    EXPECT_EQ(tree->TrackingOf("v/b.py").value(), Tracking::kSkipped);
    EXPECT_EQ(tree->TrackingOf("src/main.c").value(), Tracking::kTracked);
    EXPECT_EQ(Dump(tree->List("gone")), "none");
    EXPECT_EQ(KindOf(tree->Read("v/gone.py", 1)), ErrorKind::kNotFound);
  }
  // What is there although it was left out is what counts.
  box_.WriteFile("w/v/b.py", "changed");
  const auto tree = Work();
  EXPECT_EQ(tree->Read("v/b.py", 100).value(), "changed");
  EXPECT_EQ(Dump(tree->List("v")), "f:b.py d:sub");
  EXPECT_EQ(tree->TrackingOf("v/b.py").value(), Tracking::kTracked);
}

// libgit2 1.5 cannot read it.
TEST_F(TreesTest, ASplitIndex) {
  box_.CommitFile("w", "a.py", "1");
  box_.MustGit({"update-index", "--split-index"}, "w");
  EXPECT_EQ(Dump(Index()->List("")), "f:a.py");
}

TEST_F(TreesTest, WorkTreeFollowsNoLinks) {
  box_.WriteFile("outside/secret.py", "secret");
  box_.WriteFile("w/real/a.py", "1");
  Link(box_.Path("outside"), "w/out");
  Link("real", "w/in");
  Link("a.py", "w/real/b.py");
  const auto tree = Work();
  EXPECT_EQ(Dump(tree->List("")), "l:in l:out d:real");
  EXPECT_EQ(Dump(tree->List("out")), "none");
  EXPECT_EQ(Dump(tree->List("in")), "none");
  EXPECT_EQ(tree->Read("real/b.py", 100).value(), "a.py");
  for (const char* path : {"out/secret.py", "in/a.py", "real/../real/a.py", "../outside/secret.py",
                           "real", "gone", "real/a.py/x"}) {
    EXPECT_EQ(KindOf(tree->Read(path, 100)), ErrorKind::kNotFound) << path;
  }
  EXPECT_EQ(Dump(tree->List("..")), "none");
}

TEST_F(TreesTest, WorkTreeLimitsAndThingsThatAreNoFiles) {
  box_.WriteFile("w/a.py", "12345");
  ASSERT_EQ(mkfifo(box_.Path("w/pipe.py").c_str(), 0600), 0);
  const auto tree = Work();
  EXPECT_EQ(Dump(tree->List("")), "f:a.py");
  EXPECT_EQ(tree->Read("a.py", 5).value(), "12345");
  EXPECT_EQ(KindOf(tree->Read("a.py", 4)), ErrorKind::kLimit);
  EXPECT_EQ(KindOf(tree->Read("pipe.py", 100)), ErrorKind::kNotFound);
}

}  // namespace
}  // namespace onehead::git
