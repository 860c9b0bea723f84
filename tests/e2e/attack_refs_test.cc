// Ways to move main past the hook: other names for it, other refs, other objects.
#include "e2e/attack_fixture.h"

namespace onehead::testing {
namespace {

class AttackRefs : public AttackTest {
 protected:
  AttackRefs() {
    PushOneHead();
    MakeFork("fork");
  }
  // The fork is on the server by a ref that is not guarded: any other branch may build on it.
  void PushForkAsTag() { EXPECT_ACCEPTED(Push("fork:refs/tags/fork")); }
};

TEST_F(AttackRefs, ASymbolicRefToMainIsMain) {
  PushForkAsTag();
  box_.MustGit({"symbolic-ref", "refs/heads/alias", "refs/heads/main"}, "server.git");
  EXPECT_REFUSED(Push("fork:alias"), "multiple-heads");
  // Also where only main is guarded, and through a chain.
  SetServer("onehead.refs", "refs/heads/main");
  box_.MustGit({"symbolic-ref", "refs/x/y", "refs/heads/alias"}, "server.git");
  EXPECT_REFUSED(Push("fork:refs/x/y"), "multiple-heads");
}

TEST_F(AttackRefs, HeadIsNoNameForMain) {
  PushForkAsTag();
  EXPECT_HOOK(HookTo(ServerTip("refs/tags/fork"), "HEAD"), 128, "line 1 of standard input");
}

// A clone with `git fetch origin refs/replace/*:refs/replace/*`, or git archive on the server,
// would show the other object.
TEST_F(AttackRefs, ObjectsAreReplaced) {
  const auto id = [&](const std::string& rev) { return box_.MustGit({"rev-parse", rev}, "work"); };
  const auto replace = [&](const std::string& replaced, const std::string& by) {
    return Push(by + ":refs/replace/" + replaced);
  };
  const std::string blob = "alembic/versions/b.py";
  for (const auto& [what, by] :
       {std::pair(id("main:" + blob), id("fork:alembic/versions/evil.py")),
        std::pair(id("main:alembic/versions"), id("fork:alembic/versions")),
        std::pair(IdOf('a'), id("fork:alembic/versions/evil.py")),  // it may come later
        std::pair(IdOf('a'), id("fork"))}) {
    EXPECT_HOOK(replace(what, by), 1, "replaces what is no commit that is here");
  }
  EXPECT_HOOK(replace("x/" + id("main"), id("fork")), 1, "replaces a commit by one with other");
  EXPECT_HOOK(replace(id("main"), id("fork")), 1, "replaces a commit by one with other files");
  EXPECT_HOOK(replace(id("main"), id("main:" + blob)), 1, "replaces a commit by one with other");
  // Older history beneath: the same files.
  const std::string graft =
      box_.MustGit({"commit-tree", id("main^{tree}"), "-p", id("fork"), "-m", "graft"}, "work");
  EXPECT_ACCEPTED(replace(id("main"), graft));
  EXPECT_ACCEPTED(Push(":refs/replace/" + id("main")));
  SetServer("onehead.onError", "allow");
  EXPECT_ACCEPTED_WITH(replace(id("main"), id("fork")), "warning: refs/replace/" + id("main"));
}

TEST_F(AttackRefs, MainIsDeletedAndComesBackWithTwoHeads) {
  PushForkAsTag();
  SetServer("receive.denyDeleteCurrent", "ignore");
  EXPECT_ACCEPTED(Push(":main"));
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
}

TEST_F(AttackRefs, MainGoesBackInTimeAndForksThere) {
  EXPECT_ACCEPTED(Push("main~1:main", {"-f"}));
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
}

TEST_F(AttackRefs, AKnownForkDoesNotReachMain) {
  PushForkAsTag();
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
  EXPECT_REFUSED(Push("fork:main", {"-f"}), "multiple-heads");
  NewBranch("more", "fork");
  CommitMigration("c", {"b"});
  EXPECT_REFUSED(Push("more:main"), "multiple-heads");
}

TEST_F(AttackRefs, AMergeOfTwoPublishedBranchesIsJudged) {
  NewBranch("left", "main");
  CommitMigration("l", {"b"});
  EXPECT_ACCEPTED(Push("left"));
  NewBranch("right", "main");
  CommitMigration("r", {"b"});
  EXPECT_ACCEPTED(Push("right"));
  box_.MustGit({"merge", "-q", "left", "-m", "merge"}, "work");
  EXPECT_REFUSED(Push("right:main"), "multiple-heads");
  EXPECT_REFUSED(Push("right"), "multiple-heads");
  EXPECT_REFUSED(Push("right:third"), "multiple-heads");
}

TEST_F(AttackRefs, TwoRefsOfOnePushAreJudgedEach) {
  NewBranch("left", "main");
  CommitMigration("l", {"b"});
  NewBranch("right", "main");
  CommitMigration("r", {"b"});
  box_.MustGit({"merge", "-q", "left", "-m", "merge"}, "work");
  EXPECT_REFUSED(box_.Git({"push", "-q", "origin", "left:main", "right"}, "work"),
                 "multiple-heads: refs/heads/right");
  EXPECT_REFUSED(box_.Git({"push", "-q", "origin", "left", "right:main"}, "work"),
                 "multiple-heads: refs/heads/main");
}

TEST_F(AttackRefs, OneRefTwiceIsJudgedTwice) {
  PushForkAsTag();
  const std::string tip = ServerTip();
  const std::string fork = ServerTip("refs/tags/fork");
  EXPECT_HOOK(
      Hook(tip + " " + tip + " refs/heads/main\n" + tip + " " + fork + " refs/heads/main\n"), 1,
      "multiple-heads");
  EXPECT_HOOK(
      Hook(tip + " " + fork + " refs/heads/main\n" + fork + " " + fork + " refs/heads/main\n"), 1,
      "multiple-heads");
}

TEST_F(AttackRefs, AnOrphanHistoryWithItsOwnBaseIsASecondHead) {
  box_.MustGit({"checkout", "-q", "--orphan", "island"}, "work");
  Remove("alembic/versions");
  Migration("island", {});
  box_.CommitAll("work", "island");
  Checkout("main");
  box_.MustGit(
      {"merge", "-q", "--allow-unrelated-histories", "-X", "ours", "island", "-m", "merge"},
      "work");
  EXPECT_REFUSED(Push("main"), "multiple-heads");
}

TEST_F(AttackRefs, AnAnnotatedTagIsWhatItNames) {
  box_.MustGit({"tag", "-a", "v1", "fork", "-m", "v1"}, "work");
  EXPECT_REFUSED(Push("refs/tags/v1:refs/heads/main", {"-f"}), "multiple-heads");
  // Of a tree: Git itself keeps it out of refs/heads.
  box_.MustGit({"tag", "-a", "t", "fork^{tree}", "-m", "t"}, "work");
  EXPECT_NE(Push("refs/tags/t:refs/heads/main", {"-f"}).exit_code, 0);
}

TEST_F(AttackRefs, ReplaceRefsAreNotObeyed) {
  const std::string main = ServerTip();
  const std::string fork = box_.MustGit({"rev-parse", "fork"}, "work");
  PushForkAsTag();
  // The server believes that the fork is main, and that main is the fork.
  box_.MustGit({"update-ref", "refs/replace/" + fork, main}, "server.git");
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
  box_.MustGit({"update-ref", "-d", "refs/replace/" + fork}, "server.git");
  box_.MustGit({"update-ref", "refs/replace/" + main, fork}, "server.git");
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  CommitMigration("d", {"b"});
  EXPECT_REFUSED(Push("main"), "2 heads, 1 allowed");
}

TEST_F(AttackRefs, ReplacedBlobsAndTreesAreNotObeyed) {
  const std::string evil = box_.MustGit({"rev-parse", "fork:alembic/versions/evil.py"}, "work");
  const std::string good = RawBlob(MigrationText("evil", {"b"}));
  PushForkAsTag();
  box_.MustGit({"update-ref", "refs/replace/" + evil, good}, "server.git");
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
}

TEST_F(AttackRefs, GraftsAndShallowFilesChangeNothing) {
  PushForkAsTag();
  const std::string fork = ServerTip("refs/tags/fork");
  box_.WriteFile("server.git/info/grafts", fork + "\n" + ServerTip() + "\n");
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
  std::filesystem::remove(box_.Path("server.git/info/grafts"));
  box_.WriteFile("server.git/shallow", fork + "\n");
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
}

TEST_F(AttackRefs, APushFromAShallowCloneIsJudged) {
  box_.MustGit(
      {"clone", "-q", "--depth", "1", "file://" + box_.Path("server.git"), box_.Path("shallow")});
  box_.WriteFile("shallow/alembic/versions/evil.py", MigrationText("evil", {"a"}));
  box_.CommitAll("shallow", "evil");
  EXPECT_REFUSED(box_.Git({"push", "-q", "origin", "main"}, "shallow"), "multiple-heads");
}

TEST_F(AttackRefs, ObjectsOfAnAlternateAreJudgedLikeOthers) {
  // A fork network: what one repository holds, the other can be given by its id alone.
  box_.InitBare("pool.git");
  box_.MustGit({"push", "-q", box_.Path("pool.git"), "fork"}, "work");
  box_.WriteFile("server.git/objects/info/alternates", box_.Path("pool.git/objects") + "\n");
  EXPECT_REFUSED(Push("fork:main"), "multiple-heads");
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
}

TEST_F(AttackRefs, RefsOutsideOfTheGuardedOnesDoNotMoveMain) {
  const std::string before = ServerTip();
  for (const char* ref : {"refs/for/main", "refs/tags/main", "refs/remotes/origin/main",
                          "refs/heads2/main", "refs/notes/main"}) {
    EXPECT_ACCEPTED(Push(std::string("fork:") + ref));
  }
  EXPECT_EQ(ServerTip(), before);
  EXPECT_REFUSED(Push("fork:refs/heads/main"), "multiple-heads");
}

TEST_F(AttackRefs, ANamespaceHasAMainOfItsOwn) {
  const std::string receive = "git --namespace=team/one receive-pack";
  const auto push = [&](const std::string& refspec) {
    return Push(refspec, {"--receive-pack=" + receive, "-f"});
  };
  EXPECT_ACCEPTED(push("main"));
  box_.MustGit({"symbolic-ref", "refs/namespaces/team/refs/namespaces/one/HEAD",
                "refs/namespaces/team/refs/namespaces/one/refs/heads/main"},
               "server.git");
  // On the server, and known: only for main that is no excuse.
  EXPECT_ACCEPTED(push("fork:refs/tags/fork"));
  EXPECT_REFUSED(push("fork:main"), "multiple-heads");
  // The main outside of the namespace is not the one that this push builds on.
  CommitMigration("c", {"b"});
  EXPECT_ACCEPTED(Push("main"));
  NewBranch("d", "main~1");
  CommitMigration("d", {"b"});
  EXPECT_SILENT(push("d"));
}

}  // namespace
}  // namespace onehead::testing
