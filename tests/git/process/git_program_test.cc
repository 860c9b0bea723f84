// What the git program answers is what libgit2 answers, where both can read the repository.
#include "git/process/git_program.h"

#include <string>
#include <vector>

#include "git/objects/cat_file_store.h"
#include "git/repository/config.h"
#include "git/repository/index_snapshot.h"
#include "git/repository/refs.h"
#include "git/repository/work_tree.h"
#include "git/repository_fixture.h"
#include "git/support/handle.h"
#include "git/support/libgit2.h"

namespace onehead::git {
namespace {

class GitProgramTest : public RepositoryTest {
 protected:
  GitProgramTest() {
    box_.InitWork("w");
    commit_ = box_.CommitFile("w", "dir/a", "one\n");
    box_.MustGit({"tag", "-a", "-m", "tag", "v1"}, "w");
  }

  std::string IdOf(const std::string& rev) { return box_.MustGit({"rev-parse", rev}, "w"); }

  Libgit2 library_;
  std::string commit_;
  Deadline deadline_;
  GitProgram git_{box_.Path("w/.git"), box_.Path("w"), &deadline_};
};

// "tree 30", or the error.
std::string Show(const Result<ObjectHeader>& header) {
  if (!header) return header.error().message;
  return std::string(TypeName(header->type)) + " " + std::to_string(header->size);
}

TEST_F(GitProgramTest, ObjectsAreTheSame) {
  const auto store = MakeCatFileStore(&git_);
  const auto repository = Open("w");
  ASSERT_TRUE(repository);
  for (const char* rev : {"HEAD", "HEAD:", "HEAD:dir", "HEAD:dir/a", "v1"}) {
    const ContentId id = Id(IdOf(rev));
    EXPECT_EQ(Show(store->Header(id)), Show(repository->objects().Header(id))) << rev;
    const Result<Object> object = store->Read(id, 1000);
    ASSERT_TRUE(object) << rev;
    EXPECT_EQ(object->bytes, repository->objects().Read(id, 1000).value().bytes) << rev;
  }
}

TEST_F(GitProgramTest, NoOtherFileIsTheConfiguration) {
  box_.MustGit({"config", "onehead.mode", "warn"}, "w");
  box_.WriteFile("other", "[onehead]\n\tmode = enforce\n");
  const EnvironmentGuard guard("GIT_CONFIG", box_.Path("other"));
  EXPECT_EQ(git_.Run({"config", "onehead.mode"}).value().out, "warn\n");
}

TEST_F(GitProgramTest, AMissingObjectAndOneThatIsTooLarge) {
  const auto store = MakeCatFileStore(&git_);
  const ContentId missing = Id(std::string(40, '1'));
  EXPECT_EQ(store->Read(missing, 1000).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store->Header(missing).error().message, "object " + missing.Hex() + " is missing");
  const ContentId blob = Id(IdOf("HEAD:dir/a"));
  EXPECT_EQ(store->Read(blob, 3).error().kind, ErrorKind::kLimit);
  EXPECT_TRUE(store->Read(blob, 4));
}

TEST_F(GitProgramTest, ABrokenObjectLeavesTheOthersReadable) {
  const ContentId good = Id(IdOf("HEAD:dir/a"));
  const std::string bad = box_.MustGit({"hash-object", "-w", "--stdin"}, "w", "broken soon\n");
  const std::string path = "w/.git/objects/" + bad.substr(0, 2) + "/" + bad.substr(2);
  ASSERT_EQ(unlink(box_.Path(path).c_str()), 0);
  box_.WriteFile(path, "this is not zlib");
  const auto store = MakeCatFileStore(&git_);
  const Result<Object> broken = store->Read(Id(bad), 1000);
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(store->Read(good, 1000).value().bytes, "one\n");
}

TEST_F(GitProgramTest, ReplaceRefsDoNotCount) {
  const std::string other = box_.MustGit({"hash-object", "-w", "--stdin"}, "w", "another\n");
  const std::string blob = IdOf("HEAD:dir/a");
  box_.MustGit({"replace", blob, other}, "w");
  EXPECT_EQ(MakeCatFileStore(&git_)->Read(Id(blob), 1000).value().bytes, "one\n");
}

TEST_F(GitProgramTest, TheTimeIsUp) {
  const auto store = MakeCatFileStore(&git_);
  deadline_.Set(std::chrono::milliseconds(0));
  EXPECT_EQ(store->Header(Id(commit_)).error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(MakeProgramRefs(&git_)->Refs().error().kind, ErrorKind::kTimeout);
}

TEST_F(GitProgramTest, RefsAreTheSame) {
  box_.MustGit({"branch", "side/a"}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/link", "refs/heads/main"}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/dangling", "refs/heads/nothing"}, "w");
  const auto ours = MakeProgramRefs(&git_);
  const auto repository = Open("w");
  ASSERT_TRUE(repository);
  EXPECT_EQ(ours->Refs().value(), repository->Refs().value());
  EXPECT_EQ(ours->HeadRef().value(), repository->HeadRef().value());
  for (const char* name : {"refs/heads/main", "refs/heads/link", "refs/heads/none"}) {
    EXPECT_EQ(ours->WrittenRef(name).value(), repository->WrittenRef(name).value()) << name;
  }
  for (const char* name : {"refs/heads/main", "refs/heads/side", "refs/heads/side/a",
                           "refs/heads/link", "refs/heads/dangling", "refs/heads/none"}) {
    EXPECT_EQ(ours->Target(name).value(), repository->RefTarget(name).value()) << name;
  }
  for (const char* rev : {"HEAD", "main", "@", "v1", "v1^{commit}", "side/a", "main:dir"}) {
    EXPECT_EQ(ours->ResolveObject(rev).value().Hex(), IdOf(rev)) << rev;
  }
  EXPECT_EQ(ours->ResolveObject("gone").error().message,
            repository->ResolveCommit("gone").error().message);
  EXPECT_EQ(ours->ResolveObject("-x").error().kind, ErrorKind::kNotFound);
  box_.MustGit({"checkout", "-q", "--detach"}, "w");
  EXPECT_EQ(ours->HeadRef().value(), std::nullopt);
  box_.MustGit({"checkout", "-q", "--orphan", "fresh"}, "w");
  EXPECT_EQ(ours->ResolveObject("HEAD").error().hint,
            repository->ResolveCommit("HEAD").error().hint);
}

// "f:dir/a ..." of a directory and those in it.
std::string DumpAll(const IndexSnapshot& index, const std::string& directory = "") {
  std::string out;
  for (const TreeEntry& entry : index.List(directory)) {
    const std::string path = directory.empty() ? entry.name : directory + "/" + entry.name;
    if (entry.kind == EntryKind::kDirectory) {
      out += DumpAll(index, path);
    } else {
      out += "fdls"[static_cast<int>(entry.kind)];
      out += ":" + path + "=" + entry.content.Hex().substr(0, 4) + " ";
    }
  }
  return out;
}

class GitProgramIndexTest : public GitProgramTest {
 protected:
  // What both read, if it is the same.
  std::string DumpOfBoth() {
    RepositoryHandle repository;
    EXPECT_EQ(Acquire(&repository, git_repository_open, box_.Path("w").c_str()), 0);
    const Result<IndexSnapshot> ours = IndexSnapshot::Load(git_);
    const Result<IndexSnapshot> theirs = IndexSnapshot::Load(repository.get());
    EXPECT_TRUE(ours && theirs);
    if (!ours || !theirs) return "";
    EXPECT_EQ(DumpAll(*ours), DumpAll(*theirs));
    return DumpAll(*ours);
  }
};

TEST_F(GitProgramIndexTest, IsTheSame) {
  box_.WriteFile("w/new\nline", "2\n");
  ASSERT_EQ(symlink("dir", box_.Path("w/link").c_str()), 0);
  box_.MustGit({"add", "-A"}, "w");
  box_.WriteFile("w/named", "only named\n");
  box_.MustGit({"add", "-N", "named"}, "w");
  EXPECT_NE(DumpOfBoth().find("l:link="), std::string::npos);
}

TEST_F(GitProgramIndexTest, OfAConflictIsTheSame) {
  box_.MustGit({"checkout", "-q", "-b", "side"}, "w");
  box_.CommitFile("w", "dir/a", "side\n");
  box_.MustGit({"checkout", "-q", "main"}, "w");
  box_.CommitFile("w", "dir/a", "main\n");
  EXPECT_EQ(box_.Git({"merge", "-q", "side"}, "w").exit_code, 1);
  EXPECT_NE(DumpOfBoth().find("dir/a="), std::string::npos);
}

TEST_F(GitProgramTest, IgnoreRulesAreTheSame) {
  box_.WriteFile("w/.gitignore", "*.log\n/build/\n!kept.log\n");
  for (const char* path :
       {"x.log", "only/y.log", "build/y", "new/z", "kept.log", "*/s.log", ":(top)/t.log"}) {
    box_.WriteFile(std::string("w/") + path, "");
  }
  const auto repository = Open("w");
  const auto tree = repository->WorkTree();
  ASSERT_TRUE(tree);
  const IgnoreRules rules = RulesOf(&git_);
  for (const char* path : {"x.log", "only/y.log", "build/y", "new/z", "kept.log", "*/s.log",
                           ":(top)/t.log", ".gitignore"}) {
    EXPECT_EQ(rules(path).value(), (*tree)->TrackingOf(path).value() == Tracking::kIgnored) << path;
  }
  EXPECT_TRUE(rules("build/").value());
  EXPECT_FALSE(rules("only/").value());
  EXPECT_FALSE(rules("new/").value());
  EXPECT_FALSE(rules("*/").value());
}

TEST_F(GitProgramTest, SettingsAreTheSame) {
  box_.MustGit({"config", "onehead.refs", "refs/heads/.*"}, "w");
  box_.MustGit({"config", "--add", "onehead.refs", "two\nlines"}, "w");
  box_.WriteFile("w/.git/config", box_.ReadFile("w/.git/config") + "[onehead]\n\toverride\n");
  const auto repository = Open("w");
  ASSERT_TRUE(repository);
  EXPECT_EQ(ReadOneheadConfig(git_, box_.Path("w/.git")).value(),
            repository->OneheadConfig().value());
  EXPECT_EQ(ReadOneheadConfig(git_, box_.Path("w/.git")).value().size(), 3U);
}

}  // namespace
}  // namespace onehead::git
