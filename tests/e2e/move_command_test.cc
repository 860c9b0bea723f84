// `onehead move`, with real git.
#include "e2e/client_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;

class MoveTest : public ClientTest {
 protected:
  // main, also at origin: a <- b, and a <- c <- d.
  void PublishedFork() {
    CommitMigration("b", {"a"});
    CommitMigration("c", {"a"});
    CommitMigration("d", {"c"});
    Git({"update-ref", "refs/remotes/origin/main", "main"});
  }
  std::string Status() { return Git({"status", "--porcelain"}); }
};

TEST_F(MoveTest, MovesALocalChain) {
  BranchFrom("feature", "main");
  CommitMigration("b", {"a"});
  CommitMigration("c", {"a"});
  const RunResult result = Onehead({"move", "c", "--onto", "b"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "alembic/versions/c.py: down_revision a -> b\n");
  EXPECT_THAT(result.err, HasSubstr("warning: databases that already ran c will skip b, which is "
                                    "now below it\n"));
  EXPECT_EQ(Text("c"), MigrationText("c", {"b"}));
  EXPECT_EQ(Heads(), "c (head)\n");

  const RunResult again = Onehead({"move", "c", "--onto", "b"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, "nothing to do: c follows b already\n");
  EXPECT_EQ(again.err, "");
}

TEST_F(MoveTest, PublishedNeedsToBeSaid) {
  PublishedFork();
  const RunResult refused = Onehead({"move", "c", "--onto", "b", "--commit"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err,
            "error: c is published: origin/main has it, so databases may have run it\n"
            "hint: databases that already ran c, d would skip b\n"
            "hint: to move it all the same, and be told what to type for these databases: onehead "
            "move c --onto b --commit --published\n");
  EXPECT_EQ(Status(), "");
  const RunResult moved = Onehead({"move", "c", "--onto", "b", "--commit", "--published"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_EQ(moved.out, "alembic/versions/c.py: down_revision a -> b\n");
  EXPECT_EQ(Status(), "");
  EXPECT_EQ(Git({"log", "-1", "--format=%B"}),
            "Let c follow b\n\nalembic/versions/c.py: down_revision a -> b\n");
  EXPECT_EQ(Heads("HEAD"), "d (head)\n");
  // What is there already needs nothing to be said.
  EXPECT_EQ(Onehead({"move", "c", "--onto", "b"}).exit_code, 0);
}

TEST_F(MoveTest, WhatWasPublishedOnceIsPublished) {
  CommitMigration("b", {"a"});
  Git({"revert", "--no-edit", "HEAD"});
  Git({"update-ref", "refs/remotes/origin/main", "main"});
  BranchFrom("feature", "main");
  CommitMigration("x", {"a"});
  Git({"revert", "--no-edit", "HEAD~1"});
  const RunResult refused = Onehead({"move", "b", "--onto", "x"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("error: b was published once, and reverted"));
}

TEST_F(MoveTest, IdsMayBeShortened) {
  BranchFrom("feature", "main");
  CommitMigration("27c6a30d7c24", {"a"});
  CommitMigration("29f8a1b2c3d4", {"a"});
  const RunResult ambiguous = Onehead({"move", "2", "--onto", "a"});
  EXPECT_EQ(ambiguous.exit_code, 1);
  EXPECT_EQ(ambiguous.err, "error: '2' is the beginning of 27c6a30d7c24, 29f8a1b2c3d4\n");
  const RunResult unknown = Onehead({"move", "29", "--onto", "3"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.err, "error: there is no revision '3'\n");
  EXPECT_EQ(Onehead({"move", "29", "--onto", "27"}).exit_code, 0);
  EXPECT_EQ(Heads(), "29f8a1b2c3d4 (head)\n");
}

TEST_F(MoveTest, DryRunShowsAPatch) {
  PublishedFork();
  const RunResult result = Onehead({"move", "c", "--onto", "b", "--published", "--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("would rewrite alembic/versions/c.py: down_revision a -> b\n"));
  EXPECT_THAT(result.out, HasSubstr("-Revises: a\n+Revises: b\n"));
  EXPECT_THAT(result.err, HasSubstr("warning: databases that already ran c, d"));
  EXPECT_EQ(Status(), "");
  EXPECT_EQ(box_.Git({"apply"}, "work", result.out).exit_code, 0);
  EXPECT_EQ(Heads(), "d (head)\n");
}

TEST_F(MoveTest, StagesWhatItWrites) {
  PublishedFork();
  ASSERT_EQ(Onehead({"move", "c", "--onto", "b", "--published", "--stage"}).exit_code, 0);
  EXPECT_EQ(Status(), "M  alembic/versions/c.py");
}

TEST_F(MoveTest, CommitsNothingElse) {
  PublishedFork();
  box_.WriteFile("work/" + PathOf("c"), MigrationText("c", {"a"}) + "# mine\n");
  const RunResult dirty = Onehead({"move", "c", "--onto", "b", "--published", "--commit"});
  EXPECT_EQ(dirty.exit_code, 128);
  EXPECT_THAT(dirty.err, HasSubstr("error: alembic/versions/c.py: is not committed as it is"));
  EXPECT_EQ(Text("c"), MigrationText("c", {"a"}) + "# mine\n");
}

TEST_F(MoveTest, WritesTheFileThatALinkLeadsTo) {
  BranchFrom("feature", "main");
  CommitMigration("b", {"a"});
  box_.WriteFile("work/elsewhere/c.py", MigrationText("c", {"a"}));
  ASSERT_EQ(box_.Run({"ln", "-s", "../../elsewhere/c.py", PathOf("c")}, "work").exit_code, 0);
  box_.CommitAll("work", "link");
  const RunResult result = Onehead({"move", "c", "--onto", "b"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Status(), " M elsewhere/c.py");
  EXPECT_EQ(box_.ReadFile("work/elsewhere/c.py"), MigrationText("c", {"b"}));
}

TEST_F(MoveTest, RefusesWhatMakesNoSense) {
  PublishedFork();
  const std::pair<std::vector<std::string>, const char*> wrong[] = {
      {{"c", "--onto", "c"}, "a migration cannot follow itself"},
      {{"c", "--onto", "d"}, "\"d\" stands on \"c\", so that would be a cycle"},
      {{"d", "--onto", "b"}, "hint: move the whole chain: onehead move c --onto b --published\n"},
  };
  for (const auto& [args, text] : wrong) {
    std::vector<std::string> all = {"move", "--published"};
    all.insert(all.end(), args.begin(), args.end());
    const RunResult result = Onehead(all);
    EXPECT_EQ(result.exit_code, 1) << text;
    EXPECT_THAT(result.err, HasSubstr(text));
  }
  // The way out that it names is typed with what was typed before.
  EXPECT_THAT(Onehead({"move", "d", "--onto", "b", "--script-location", "alembic"}).err,
              HasSubstr("hint: move the whole chain: onehead move c --onto b --script-location "
                        "alembic --published\n"));
  EXPECT_EQ(Onehead({"move", "c"}).exit_code, 129);
  EXPECT_EQ(Onehead({"move", "--onto", "b"}).exit_code, 129);
  EXPECT_EQ(Status(), "");
}

TEST_F(MoveTest, NeedsAWorkTreeAndOneEnvironment) {
  PublishedFork();
  box_.MustGit({"clone", "-q", "--bare", "work", "bare.git"});
  const RunResult bare = Onehead({"move", "c", "--onto", "b"}, "bare.git");
  EXPECT_EQ(bare.exit_code, 129);
  EXPECT_THAT(bare.err, HasSubstr("a bare repository has no work tree"));
  box_.WriteFile("work/other/env.py", "");
  box_.WriteFile("work/other/versions/p.py", MigrationText("p", {}));
  const RunResult which = Onehead({"move", "c", "--onto", "b", "--published"});
  EXPECT_EQ(which.exit_code, 129);
  EXPECT_THAT(which.err, HasSubstr("there are several Alembic environments: alembic, other"));
  EXPECT_EQ(Onehead({"move", "c", "--onto", "b", "--published", "--script-location", "alembic"})
                .exit_code,
            0);
}

TEST_F(MoveTest, NewIdsOnlyWhenAskedForWhatIsPublished) {
  Git({"config", "onehead.newIds", "true"});
  PublishedFork();
  ASSERT_EQ(Onehead({"move", "c", "--onto", "b", "--published"}).exit_code, 0);
  EXPECT_EQ(Heads(), "d (head)\n");
  Git({"checkout", "-q", "."});
  const RunResult renamed = Onehead({"move", "c", "--onto", "b", "--published", "--new-ids"});
  ASSERT_EQ(renamed.exit_code, 0) << renamed.err;
  EXPECT_FALSE(box_.Exists("work/" + PathOf("c")));
  EXPECT_FALSE(box_.Exists("work/" + PathOf("d")));
  EXPECT_THAT(Heads(), ::testing::MatchesRegex("[0-9a-f]{12} \\(head\\)\n"));
}

// ---- Documents. ------------------------------------------------------------------------------

TEST_F(MoveTest, Document) {
  PublishedFork();
  const RunResult refused = Onehead({"move", "c", "--onto", "b", "--format", "json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out,
              HasSubstr("\"error\":\"c is published: origin/main has it, so databases may have run"
                        " it\",\"dry_run\":false,\"changed\":[],\"environments\":[],"));
  EXPECT_THAT(refused.err, HasSubstr("error: c is published"));
  const RunResult moved =
      Onehead({"move", "c", "--onto", "b", "--published", "--format", "json", "--dry-run"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_EQ(moved.out,
            "{\"schema\":\"onehead.move/1\",\"error\":null,\"dry_run\":true,\"changed\":[{\"path\":"
            "\"alembic/versions/c.py\",\"new_path\":null,\"revision\":\"c\",\"new_revision\":null,"
            "\"down_revision_before\":[\"a\"],\"down_revision_after\":[\"b\"],\"removed\":false}],"
            "\"environments\":[{"
            "\"script_location\":\"alembic\",\"version_locations\":[\"alembic/versions\"],"
            "\"heads\":[\"d\"],\"databases\":{\"ran\":[\"c\",\"d\"],\"skip\":[\"b\"],\"commands\":["
            "\"alembic stamp a\",\"alembic upgrade b\",\"alembic stamp d\"]}}],\"warnings\":[]}\n");
  EXPECT_EQ(Status(), "");
}

}  // namespace
}  // namespace onehead::testing
