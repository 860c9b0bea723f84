// Objects that no Git would write: each is an error that refuses and names the object or the path,
// never a verdict on what could be read. Git's receive.fsckObjects stops most of them earlier, and
// is off by default.
#include "e2e/attack_fixture.h"

namespace onehead::testing {
namespace {

class AttackObjects : public AttackTest {
 protected:
  AttackObjects() {
    PushOneHead();
    good_ = RawBlob(MigrationText("c", {"b"}));
  }
  RunResult HookVersions(const std::string& entries) {
    return HookTo(CommitWithVersions(RawObject("tree", entries)));
  }
  std::string good_;
};

TEST_F(AttackObjects, ATreeThatIsNotWellFormedIsRefused) {
  const struct {
    const char* what;
    std::string entries;
    const char* message;
  } kCases[] = {
      {"a name twice", Entry("100644 c.py", good_) + Entry("100644 c.py", good_), "not sorted"},
      {"a file and a directory of one name",
       Entry("100644 c", good_) + Entry("100644 c.py", good_) +
           Entry("40000 c", RawObject("tree", "")),
       "there twice"},
      {"unsorted", Entry("100644 d.py", good_) + Entry("100644 c.py", good_), "not sorted"},
      {"the name .", Entry("100644 .", good_), "illegal name"},
      {"the name ..", Entry("40000 ..", RawObject("tree", "")), "illegal name"},
      {"no name", Entry("100644 ", good_), "illegal name"},
      {"a slash", Entry("100644 x/c.py", good_), "illegal name"},
      {"a mode of no kind", Entry("060000 c.py", good_), "unknown mode"},
      {"no mode", Entry(" c.py", good_), "unknown mode"},
      {"letters for a mode", Entry("10064x c.py", good_), "unknown mode"},
      {"an id that is cut off", Entry("100644 c.py", good_.substr(0, 20)), "cut off"},
      {"no end", "100644 c.py", "no end"},
      {"only text", "hello", "ends before its name"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const RunResult run = HookVersions(c.entries);
    EXPECT_HOOK(run, 128, c.message);
    EXPECT_HOOK(run, 128, "alembic/versions");
    EXPECT_HOOK(run, 128, "not a verdict");
  }
}

TEST_F(AttackObjects, OldModesAreTheSameFiles) {
  EXPECT_HOOK(HookVersions(Entry("100664 c.py", good_) +
                           Entry("100755 d.py", RawBlob(MigrationText("d", {"b"})))),
              1, "multiple-heads");
}

TEST_F(AttackObjects, ObjectsOfTheWrongTypeAreRefused) {
  const std::string tree = RawObject("tree", "");
  EXPECT_HOOK(HookVersions(Entry("40000 c.py", good_) + Entry("100644 d.py", good_)), 128,
              good_ + " is not a tree");
  EXPECT_HOOK(HookVersions(Entry("100644 c.py", tree)), 128, tree + " is not a file");
  EXPECT_HOOK(HookVersions(Entry("120000 c.py", tree)), 128, tree + " is not a file");
  EXPECT_HOOK(HookTo(CommitWithVersions(good_)), 128, good_ + " is not a tree");
  EXPECT_HOOK(HookTo(RawCommit(good_, ServerTip())), 128, good_ + " is not a tree");
  EXPECT_HOOK(HookTo(RawCommit(ServerTip(), ServerTip())), 128, "is not a tree");
}

TEST_F(AttackObjects, MissingObjectsAreNamed) {
  const std::string gone = IdOf('7');
  EXPECT_HOOK(HookVersions(Entry("100644 c.py", gone)), 128, "alembic/versions/c.py");
  EXPECT_HOOK(HookVersions(Entry("100644 c.py", gone)), 128, gone + " is missing");
  EXPECT_HOOK(HookTo(CommitWithVersions(gone)), 128, gone + " is missing");
  EXPECT_HOOK(HookTo(RawCommit(gone, ServerTip())), 128, gone + " is missing");
  EXPECT_HOOK(HookTo(gone), 128, gone + " is missing");
  EXPECT_HOOK(Hook(gone + " " + ServerTip() + " refs/heads/main\n"), 128, gone + " is missing");
}

TEST_F(AttackObjects, CommitsAndTagsThatAreNoneAreRefused) {
  EXPECT_HOOK(HookTo(RawObject("commit", "")), 128, "malformed commit");
  EXPECT_HOOK(HookTo(RawObject("commit", "tree zzz\n")), 128, "bad 'tree' line");
  EXPECT_HOOK(HookTo(RawObject("tag", "nothing")), 128, "malformed tag");
  EXPECT_HOOK(HookTo(RawObject("tag", "object " + IdOf('7') + "\ntype commit\n\n")), 128,
              "is missing");
}

TEST_F(AttackObjects, ChainsOfTagsAreFollowedAndNotForever) {
  const std::string fork = CommitWithVersions(RawObject(
      "tree",
      Entry("100644 c.py", good_) + Entry("100644 d.py", RawBlob(MigrationText("d", {"b"})))));
  std::string tag = fork;
  for (int i = 0; i < 30; ++i) {
    tag = RawObject("tag", "object " + tag + "\ntype commit\ntag x\ntagger A <a@b> 1 +0000\n\n\n");
  }
  EXPECT_HOOK(HookTo(tag), 1, "multiple-heads");
  for (int i = 0; i < 60; ++i) {
    tag = RawObject("tag", "object " + tag + "\ntype tag\ntag x\ntagger A <a@b> 1 +0000\n\n\n");
  }
  EXPECT_HOOK(HookTo(tag), 128, "tags of tags");
}

TEST_F(AttackObjects, ACommitThatIsItsOwnHistoryEndsToo) {
  // Loose objects that do not hold what their names say: two commits that are each other's parent.
  const std::string tree = box_.MustGit({"rev-parse", "main^{tree}"}, "server.git");
  const auto put = [&](const std::string& id, const std::string& parent) {
    box_.WriteFile(LooseFile(id), box_.ReadFile(LooseFile(RawCommit(tree, parent))));
  };
  const std::string one = IdOf('1');
  const std::string two = IdOf('2');
  put(one, two);
  put(two, one);
  const RunResult run = Hook(IdOf('0') + " " + one + " refs/heads/x\n");
  EXPECT_TRUE(run.exit_code == 0 || run.exit_code == 128) << run.exit_code << run.err;
}

TEST_F(AttackObjects, ATruncatedObjectDoesNotHoldTheHookForever) {
  SetServer("onehead.timeout", "1000");
  const std::string commit = CommitWithVersions(RawObject("tree", Entry("100644 c.py", good_)));
  const std::string path = LooseFile(good_);
  const std::string whole = box_.ReadFile(path);
  std::filesystem::remove(box_.Path(path));
  box_.WriteFile(path, whole.substr(0, whole.size() / 2));
  EXPECT_HOOK(HookTo(commit), 128, "not a verdict");
}

TEST_F(AttackObjects, CorruptObjectsAreErrors) {
  const std::string versions = RawObject("tree", Entry("100644 c.py", good_));
  const std::string commit = CommitWithVersions(versions);
  for (const std::string& id : {good_, versions, commit}) {
    SCOPED_TRACE(id);
    const std::string path = LooseFile(id);
    const std::string whole = box_.ReadFile(path);
    for (const std::string& bytes : {std::string(), std::string("hello")}) {
      std::filesystem::remove(box_.Path(path));
      box_.WriteFile(path, bytes);
      const RunResult run = HookTo(commit);
      EXPECT_EQ(run.exit_code, 128) << bytes.size() << ": " << run.err;
      EXPECT_NE(run.err.find(id), std::string::npos) << bytes.size() << ": " << run.err;
    }
    std::filesystem::remove(box_.Path(path));
    box_.WriteFile(path, whole);
  }
  EXPECT_HOOK(HookTo(commit), 1, "missing-parent");
}

}  // namespace
}  // namespace onehead::testing
