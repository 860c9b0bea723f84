// `onehead merge`, with real git and real Alembic.
#include "e2e/client_fixture.h"
#include "onehead/core/migration/migration.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class MergeCommand : public ClientTest {
 protected:
  // Two heads, x and y.
  void TwoHeads() {
    CommitMigration("x", {"a"});
    CommitMigration("y", {"a"});
  }
  // The path, relative to the work tree, of the only file that Git does not know.
  std::string NewFile() { return Git({"ls-files", "--others", "--exclude-standard"}); }
};

TEST_F(MergeCommand, WritesTheRevisionOverAllHeads) {
  TwoHeads();
  const RunResult result = Onehead({"merge"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string path = NewFile();
  EXPECT_THAT(path, MatchesRegex("alembic/versions/[0-9a-f]{12}_merge_heads.py"));
  const std::string text = box_.ReadFile("work/" + path);
  const Migration merge = ReadMigration(path, text);
  EXPECT_EQ(merge.down_revision.ids, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(merge.title, "merge heads");
  EXPECT_THAT(text, HasSubstr("Revises: x, y\n"));
  EXPECT_THAT(text, HasSubstr("down_revision: Union[str, Sequence[str], None] = ('x', 'y')\n"));
  EXPECT_EQ(result.out, path + ": merges x, y into " + merge.id() + "\n");
  EXPECT_EQ(Heads(), merge.id() + " (head)\n");

  const RunResult again = Onehead({"merge"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_EQ(again.err, "error: there is nothing to merge: the head is " + merge.id() + "\n");
}

// Real Alembic loads it, says the same head, and writes the same text for the same merge.
TEST_F(MergeCommand, AgreesWithAlembic) {
  TwoHeads();
  const Environment plain = {{"PYTHONDONTWRITEBYTECODE", "1"}};
  const auto alembic = [&](std::vector<std::string> args) {
    args.insert(args.begin(), {"/usr/bin/python3", "-m", "alembic.config"});
    return box_.Run(args, "work", "", plain);
  };
  box_.WriteFile("work/alembic/script.py.mako",
                 "\"\"\"${message}\n\nRevision ID: ${up_revision}\n"
                 "Revises: ${down_revision | comma,n}\nCreate Date: ${create_date}\n\n\"\"\"\n"
                 "from typing import Sequence, Union\n\nfrom alembic import op\n"
                 "import sqlalchemy as sa\n${imports if imports else \"\"}\n\n"
                 "# revision identifiers, used by Alembic.\n"
                 "revision: str = ${repr(up_revision)}\n"
                 "down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}\n"
                 "branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}\n"
                 "depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}\n\n\n"
                 "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n");
  ASSERT_EQ(Onehead({"merge", "-m", "Join them, please"}).exit_code, 0);
  const std::string path = Git({"ls-files", "--others", "alembic/versions"});
  const std::string ours = box_.ReadFile("work/" + path);
  const std::string id = ReadMigration(path, ours).id();
  const RunResult heads = alembic({"heads"});
  ASSERT_EQ(heads.exit_code, 0) << heads.err;
  EXPECT_EQ(heads.out, id + " (head)\n");

  Git({"clean", "-q", "-f", "alembic/versions"});
  const RunResult theirs = alembic({"merge", "x", "y", "--rev-id", id, "-m", "Join them, please"});
  ASSERT_EQ(theirs.exit_code, 0) << theirs.err;
  const auto without_date = [](std::string text) {
    const std::size_t at = text.find("Create Date: ");
    return text.erase(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(without_date(box_.ReadFile("work/" + path)), without_date(ours));
}

TEST_F(MergeCommand, DryRunPrintsIt) {
  TwoHeads();
  const RunResult result = Onehead({"merge", "--dry-run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("would write alembic/versions/"));
  EXPECT_THAT(result.out, HasSubstr("Revises: x, y\n"));
  EXPECT_EQ(Git({"status", "--porcelain"}), "");
}

TEST_F(MergeCommand, Document) {
  TwoHeads();
  CommitMigration("z", {"a"});
  const RunResult result = Onehead({"merge", "x", "y", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string path = NewFile();
  const std::string id = ReadMigration(path, box_.ReadFile("work/" + path)).id();
  EXPECT_EQ(
      result.out,
      "{\"schema\":\"onehead.merge/1\",\"error\":null,\"dry_run\":false,\"changed\":[{\"path\":"
      "\"" +
          path + "\",\"new_path\":null,\"revision\":null,\"new_revision\":\"" + id +
          "\",\"down_revision_before\":null,\"down_revision_after\":[\"x\",\"y\"],\"removed\":"
          "false}],\"environments\":[{\"script_location\":\"alembic\",\"version_locations\":["
          "\"alembic/versions\"],\"heads\":[\"" +
          id +
          "\",\"z\"],\"databases\":{\"ran\":[],"
          "\"skip\":[],\"commands\":[]}}],\"warnings\":[]}\n");
}

TEST_F(MergeCommand, StagesOrCommitsTheNewFileAlone) {
  TwoHeads();
  box_.WriteFile("work/" + PathOf("x"), MigrationText("x", {"a"}) + "# mine\n");
  ASSERT_EQ(Onehead({"merge", "--stage"}).exit_code, 0);
  EXPECT_THAT(Git({"status", "--porcelain"}),
              MatchesRegex("( M|M ) alembic/versions/x.py\nA  alembic/versions/.*_merge_heads.py|"
                           "A  alembic/versions/.*_merge_heads.py\n M alembic/versions/x.py"));
  Git({"reset", "-q"});
  Git({"clean", "-q", "-f", "alembic/versions"});
  ASSERT_EQ(Onehead({"merge", "--commit", "-m", "Join x and y"}).exit_code, 0);
  EXPECT_EQ(Git({"status", "--porcelain"}), " M alembic/versions/x.py");
  EXPECT_EQ(Git({"log", "-1", "--format=%s"}), "Join x and y");
  EXPECT_EQ(Onehead({"heads"}).out.find("\n"), Onehead({"heads"}).out.size() - 1);
}

TEST_F(MergeCommand, FileTemplateAndMessage) {
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = alembic\n"
                 "file_template = v_%%(slug)s_%%(rev)s\n");
  TwoHeads();
  ASSERT_EQ(Onehead({"merge", "-m", "Join X & Y"}).exit_code, 0);
  EXPECT_THAT(NewFile(), MatchesRegex("alembic/versions/v_join_x_y_[0-9a-f]{12}.py"));
}

TEST_F(MergeCommand, OnlyTheHeadsNamed) {
  TwoHeads();
  CommitMigration("zebra", {"a"});
  const RunResult result = Onehead({"merge", "zeb", "x"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string path = NewFile();
  EXPECT_EQ(ReadMigration(path, box_.ReadFile("work/" + path)).down_revision.ids,
            (std::vector<std::string>{"zebra", "x"}));
}

TEST_F(MergeCommand, RefusesWhatIsNoHead) {
  TwoHeads();
  const std::vector<std::vector<std::string>> wrong = {
      {"merge", "a", "x"}, {"merge", "nothing", "x"}, {"merge", "x"}, {"merge", "x", "x"}};
  for (const auto& args : wrong) EXPECT_EQ(Onehead(args).exit_code, 1) << args[1];
  EXPECT_THAT(Onehead({"merge", "a", "x"}).err,
              HasSubstr("error: a is not a head\nhint: the heads are x, y\n"));
  EXPECT_EQ(NewFile(), "");
}

TEST_F(MergeCommand, RefusesWhenTheUpstreamHasSuchAMerge) {
  TwoHeads();
  BranchFrom("feature", "main");
  Git({"checkout", "-q", "main"});
  CommitMigration("theirs", {"x", "y"});
  CommitMigration("later", {"theirs"});
  Git({"update-ref", "refs/remotes/origin/main", "main"});
  Git({"checkout", "-q", "feature"});
  const RunResult result = Onehead({"merge"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            "error: origin/main has a merge of these heads already: theirs "
            "(alembic/versions/theirs.py)\n"
            "hint: take that one: git rebase origin/main, or git merge origin/main\n");
  EXPECT_EQ(NewFile(), "");
  // Another head here makes it another merge.
  CommitMigration("mine", {"a"});
  EXPECT_EQ(Onehead({"merge"}).exit_code, 0);
}

TEST_F(MergeCommand, DuplicateIdsAreNotMerged) {
  TwoHeads();
  box_.WriteFile("work/alembic/versions/second.py", MigrationText("y", {"x"}));
  const RunResult result = Onehead({"merge"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("two files declare the id y"));
}

TEST_F(MergeCommand, AnUnreadableMigrationIsNotMerged) {
  TwoHeads();
  box_.WriteFile("work/alembic/versions/odd.py", "revision = make()\ndown_revision = 'a'\n");
  const RunResult result = Onehead({"merge"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("error: alembic/versions/odd.py: "));
}

TEST_F(MergeCommand, LabelledHeadsStayApart) {
  Git({"config", "onehead.labelledHeads", "true"});
  std::string labelled = MigrationText("l", {"a"});
  const std::string none = "branch_labels: Union[str, Sequence[str], None] = None";
  labelled.replace(labelled.find(none), none.size(), "branch_labels = ('contract',)");
  box_.WriteFile("work/" + PathOf("l"), labelled);
  CommitMigration("x", {"a"});
  EXPECT_EQ(Onehead({"merge"}).exit_code, 1);
  CommitMigration("y", {"a"});
  ASSERT_EQ(Onehead({"merge"}).exit_code, 0);
  const std::string path = NewFile();
  EXPECT_EQ(ReadMigration(path, box_.ReadFile("work/" + path)).down_revision.ids,
            (std::vector<std::string>{"x", "y"}));
}

TEST_F(MergeCommand, SeveralEnvironmentsNeedAName) {
  TwoHeads();
  box_.WriteFile("work/other/env.py", "");
  box_.WriteFile("work/other/versions/p.py", MigrationText("p", {}));
  const RunResult which = Onehead({"merge"});
  EXPECT_EQ(which.exit_code, 129);
  EXPECT_THAT(which.err, HasSubstr("alembic, other"));
  EXPECT_EQ(Onehead({"merge", "--script-location", "alembic"}).exit_code, 0);
}

TEST_F(MergeCommand, InTheVersionLocationOfTheFirstHead) {
  box_.WriteFile("work/alembic.ini",
                 "[alembic]\nscript_location = alembic\n"
                 "version_locations = alembic/versions alembic/more\n");
  CommitMigration("x", {"a"});
  box_.WriteFile("work/alembic/more/b.py", MigrationText("b", {"a"}));
  box_.CommitAll("work", "more");
  ASSERT_EQ(Onehead({"merge", "b", "x"}).exit_code, 0);
  EXPECT_THAT(NewFile(), HasSubstr("alembic/more/"));
}

}  // namespace
}  // namespace onehead::testing
