// Symbolic links and submodules: read where Alembic would read them in a checkout, never followed
// out of the tree, and never a cover for a second head.
#include "e2e/attack_fixture.h"

namespace onehead::testing {
namespace {

class AttackLinks : public AttackTest {
 protected:
  AttackLinks() { PushOneHead(); }

  // Moves it to `store`, and leaves a link at its place.
  void MoveBehindALink(const std::string& path, const std::string& store) {
    Move(path, store);
    Link(path, (path.find('/') == std::string::npos ? "" : "../") + store);
  }

  // A gitlink in the index: the commit that it names is nowhere.
  void Submodule(const std::string& path) {
    Remove(path);
    box_.MustGit({"rm", "-rq", "--cached", "--ignore-unmatch", path}, "work");
    box_.MustGit({"update-index", "--add", "--cacheinfo", "160000," + IdOf('3') + "," + path},
                 "work");
    box_.MustGit({"commit", "-q", "-m", "submodule"}, "work");
  }
};

TEST_F(AttackLinks, ALinkToAMigrationIsAMigration) {
  SetServer("onehead.strays", "warn");
  Migration("evil", {"a"}, "shared");
  EXPECT_ACCEPTED(PushAll());
  Link("alembic/versions/innocent", "../../shared/evil.py");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, AChainOfLinksIsFollowedToItsEnd) {
  Migration("evil", {"a"}, "shared");
  Link("one", "shared/../two");
  Link("two", "./shared//evil.py");
  Link("alembic/versions/x.txt", "../../one");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, LinksThatLeaveTheTreeAreNotFollowed) {
  box_.WriteFile("outside/evil.py", MigrationText("evil", {"a"}));
  for (const std::string& target :
       {box_.Path("outside/evil.py"), std::string("../../../outside/evil.py"),
        std::string("../../../../../../../../etc/evil.py")}) {
    Link("alembic/versions/c.py", target);
    EXPECT_REFUSED(PushAll(), "alembic/versions/c.py: a symbolic link that leads out");
    box_.MustGit({"reset", "-q", "--hard", "origin/main"}, "work");
  }
}

TEST_F(AttackLinks, LinksThatLeadNowhereOrInACircleAreErrors) {
  Link("alembic/versions/c.py", "gone.py");
  EXPECT_REFUSED(PushAll(), "alembic/versions/c.py: a symbolic link that leads nowhere");
  Link("alembic/versions/c.py", "c.py");
  EXPECT_REFUSED(PushAll(), "alembic/versions/c.py: a symbolic link that leads in a circle");
  Link("alembic/versions/c.py", "d.py");
  Link("alembic/versions/d.py", "c.py");
  EXPECT_REFUSED(PushAll(), "a symbolic link that leads in a circle");
}

TEST_F(AttackLinks, WhatNoLinkOfAMigrationLeadsToIsAStray) {
  Migration("c", {"b"}, "shared");
  Migration("d", {"c"}, "shared");
  Link("alembic/versions/c.py", "../../shared/c.py");
  EXPECT_REFUSED(PushAll(), "stray-migration: refs/heads/main: alembic: shared/d.py");
}

TEST_F(AttackLinks, ALinkToADirectoryIsNoMigrationAndHidesNone) {
  SetServer("onehead.strays", "warn");
  Migration("evil", {"a"}, "shared");
  Link("alembic/versions/more", "../../shared");
  EXPECT_ACCEPTED(PushAll());  // Alembic does not walk into it
  Write("alembic.ini", std::string(kIni) + "recursive_version_locations = true\n");
  EXPECT_ACCEPTED(PushAll());  // nor here
}

TEST_F(AttackLinks, TheTargetChangesAndTheLinkDoesNot) {
  Migration("c", {"b"}, "shared");
  Link("alembic/versions/c.py", "../../shared/c.py");
  EXPECT_ACCEPTED(PushAll());
  Write("shared/c.py", MigrationText("c", {"a"}));
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheTargetLiesInAnotherEnvironment) {
  Write("other/alembic.ini", "[alembic]\nscript_location = .\n");
  Migration("x", {}, "other/versions");
  Link("alembic/versions/x.py", "../../other/versions/x.py");
  Write("alembic/versions/m.py", MigrationText("m", {"b", "x"}));
  EXPECT_ACCEPTED(PushAll());
  // Still one head there, and two where the link is.
  Write("other/versions/x.py", MigrationText("y", {}));
  EXPECT_REFUSED(PushAll(), "alembic: ");
}

TEST_F(AttackLinks, ADirectoryLinkOnTheWayIsTurned) {
  SetServer("onehead.strays", "warn");
  Migration("c", {"b"}, "shared/v1");
  Write("shared/v2/c.py", MigrationText("c", {"a"}));
  Link("shared/current", "v1");
  Link("alembic/versions/c.py", "../../shared/current/c.py");
  EXPECT_ACCEPTED(PushAll());
  Link("shared/current", "v2");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheVersionsDirectoryIsALink) {
  MoveBehindALink("alembic/versions", "store/versions");
  EXPECT_ACCEPTED(PushAll());
  Migration("evil", {"a"}, "store/versions");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheVersionsDirectoryBecomesALinkWithASecondHeadBehindIt) {
  MoveBehindALink("alembic/versions", "store/versions");
  Migration("evil", {"a"}, "store/versions");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheScriptDirectoryIsALink) {
  MoveBehindALink("alembic", "store/alembic");
  EXPECT_ACCEPTED(PushAll());
  Migration("evil", {"a"}, "store/alembic/versions");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheVersionsDirectoryIsALinkThatIsTurned) {
  SetServer("onehead.strays", "warn");
  MoveBehindALink("alembic/versions", "store/v1");
  Migration("a", {}, "store/v2");
  Migration("b", {"a"}, "store/v2");
  Migration("evil", {"a"}, "store/v2");
  EXPECT_ACCEPTED(PushAll());
  Link("alembic/versions", "../store/v2");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheVersionsDirectoryLeavesTheTree) {
  Remove("alembic/versions");
  Link("alembic/versions", "/tmp");
  EXPECT_REFUSED(PushAll(), "alembic/versions");
}

TEST_F(AttackLinks, TheVersionsDirectoryBecomesASubmodule) {
  Submodule("alembic/versions");
  EXPECT_REFUSED(Push("HEAD:main"), "alembic/versions");
}

TEST_F(AttackLinks, ASubmoduleNamedLikeAMigrationIsNone) {
  Submodule("alembic/versions/c.py");
  EXPECT_ACCEPTED(Push("HEAD:main"));
}

TEST_F(AttackLinks, ASubmoduleBelowARecursiveLocationIsAnError) {
  Write("alembic.ini", std::string(kIni) + "recursive_version_locations = true\n");
  EXPECT_ACCEPTED(PushAll());
  Submodule("alembic/versions/more");
  EXPECT_REFUSED(Push("HEAD:main"), "alembic/versions/more: a submodule");
}

TEST_F(AttackLinks, TheConfigurationIsALink) {
  MoveBehindALink("alembic.ini", "conf/real.ini");
  EXPECT_ACCEPTED(PushAll());
  AddSecondHead();
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, TheTargetOfALinkedConfigurationChanges) {
  SetServer("onehead.strays", "warn");
  Migration("a", {}, "app/old");
  Migration("a", {}, "app/new");
  Migration("b1", {"a"}, "app/new");
  Migration("b2", {"a"}, "app/new");
  Write("conf/x.ini", "[alembic]\nscript_location = db\nversion_locations = %(here)s/old\n");
  Write("app/db/env.py", "");
  Link("app/alembic.ini", "../conf/x.ini");
  EXPECT_ACCEPTED(PushAll());
  Write("conf/x.ini", "[alembic]\nscript_location = db\nversion_locations = %(here)s/new\n");
  EXPECT_REFUSED(PushAll(), "multiple-heads");
}

TEST_F(AttackLinks, ALinkedConfigurationIsNamedLikeOne) {
  Write("conf/x.bin", kIni);
  Link("app/alembic.ini", "../conf/x.bin");
  EXPECT_REFUSED(PushAll(), "app/alembic.ini: a link to a file that is not named like");
}

}  // namespace
}  // namespace onehead::testing
