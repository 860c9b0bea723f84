// What a rewrite says about databases that have run what moves: its commands are typed on SQLite,
// with real Alembic, and afterwards every table has to be there.
#include <sstream>

#include "e2e/client_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    box_.InitWork("work");
    box_.WriteExecutable("bin/alembic",
                         "#!/bin/sh\nexec /usr/bin/python3 -W ignore -m alembic.config \"$@\"\n");
    box_.environment()["PYTHONDONTWRITEBYTECODE"] = "1";
    box_.WriteFile("work/.gitignore", "*.db\n");
    box_.WriteFile("work/alembic.ini",
                   "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///dev.db\n");
    box_.WriteFile("work/alembic/env.py",
                   "from alembic import context\n"
                   "from sqlalchemy import create_engine\n"
                   "url = context.config.get_main_option('sqlalchemy.url')\n"
                   "with create_engine(url).connect() as connection:\n"
                   "    context.configure(connection=connection)\n"
                   "    with context.begin_transaction():\n"
                   "        context.run_migrations()\n");
    Add("r1", "None");
  }

  static std::string PathOf(const std::string& id) { return "alembic/versions/" + id + ".py"; }

  // Creates the table t_<id>. Commits.
  void Add(const std::string& id, const std::string& parent) {
    box_.WriteFile("work/" + PathOf(id),
                   "\"\"\"create " + id + "\n\nRevision ID: " + id + "\nRevises: " + parent +
                       "\n\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n"
                       "revision = '" +
                       id +
                       "'\ndown_revision = " + (parent == "None" ? parent : "'" + parent + "'") +
                       "\nbranch_labels = None\ndepends_on = None\n\n\n"
                       "def upgrade():\n    op.create_table('t_" +
                       id +
                       "', sa.Column('id', sa.Integer(), primary_key=True))\n\n\n"
                       "def downgrade():\n    op.drop_table('t_" +
                       id + "')\n");
    box_.CommitAll("work", "add " + id);
  }
  void Git(const std::vector<std::string>& args) { box_.MustGit(args, "work"); }

  // As a person types it: a line for the shell.
  RunResult Type(const std::string& line) {
    return box_.Run({"sh", "-c", "PATH='" + box_.Path("bin") + "':$PATH\n" + line}, "work");
  }
  void MustType(const std::string& line) {
    const RunResult result = Type(line);
    ASSERT_EQ(result.exit_code, 0) << line << "\n" << result.out << result.err;
  }
  RunResult Onehead(std::vector<std::string> args) {
    args.insert(args.begin(), ONEHEAD_PROGRAM);
    return box_.Run(args, "work");
  }

  // "t_a t_b: b": the tables, and what the database has as its revisions.
  std::string Database() {
    const RunResult result =
        box_.Run({"/usr/bin/python3", "-c",
                  "import sqlite3\n"
                  "c = sqlite3.connect('dev.db')\n"
                  "q = lambda text: ' '.join(sorted(row[0] for row in c.execute(text)))\n"
                  "print(q(\"select name from sqlite_master where name like 't\\\\_%' escape "
                  "'\\\\'\") + ': '"
                  " + q('select version_num from alembic_version'))\n"},
                 "work");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out.substr(0, result.out.find('\n'));
  }

  // What the hint that holds `words` says to type.
  static std::string Hinted(const RunResult& result, const std::string& words) {
    std::istringstream lines(result.err);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t at = line.find(": alembic ");
      if (line.rfind("hint: ", 0) == 0 && line.find(words) != line.npos && at != line.npos) {
        return line.substr(at + 2);
      }
    }
    ADD_FAILURE() << "no hint with \"" << words << "\" in\n" << result.err;
    return "false";
  }

  // main: r1 <- m1 <- m2. feature: f1 (<- f2) on r1, as a rebase without the strategy leaves it.
  // The database has run `ran` of the feature's before.
  void Fork(const std::vector<std::string>& feature, const std::string& ran) {
    Git({"checkout", "-q", "-b", "feature"});
    std::string parent = "r1";
    for (const std::string& id : feature) {
      Add(id, parent);
      parent = id;
    }
    MustType("alembic upgrade " + ran);
    Git({"checkout", "-q", "main"});
    Add("m1", "r1");
    Add("m2", "m1");
    Git({"checkout", "-q", "feature"});
    Git({"rebase", "-q", "main"});
  }

  GitSandbox box_;
};

TEST_F(DatabaseTest, UpgradeAloneSkipsWhatIsBelow) {
  Fork({"f1"}, "head");
  ASSERT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  MustType("alembic upgrade head");
  EXPECT_EQ(Database(), "t_f1 t_r1: f1");
}

TEST_F(DatabaseTest, RebaseOfOne) {
  Fork({"f1"}, "head");
  const RunResult result = Onehead({"rebase", "main"});
  EXPECT_EQ(result.err,
            "warning: databases that already ran f1 will skip 2 migrations now below it: m1, m2\n"
            "hint: on one that ran f1, dropping and recreating what it created: "
            "alembic downgrade m2 && alembic stamp r1 && alembic upgrade head\n");
  MustType(Hinted(result, "on one that ran f1"));
  EXPECT_EQ(Database(), "t_f1 t_m1 t_m2 t_r1: f1");
  MustType("alembic upgrade head");
}

TEST_F(DatabaseTest, RebaseOfTwo) {
  Fork({"f1", "f2"}, "head");
  MustType(Hinted(Onehead({"rebase", "main"}), "on one that ran f1, f2"));
  EXPECT_EQ(Database(), "t_f1 t_f2 t_m1 t_m2 t_r1: f2");
}

TEST_F(DatabaseTest, RebaseOfTwoOfWhichOneHasRun) {
  Fork({"f1", "f2"}, "f1");
  MustType(Hinted(Onehead({"rebase", "main"}), "on one that ran f1, f2"));
  EXPECT_EQ(Database(), "t_f1 t_f2 t_m1 t_m2 t_r1: f2");
}

TEST_F(DatabaseTest, ADatabaseThatHasRunNoneOfThemIsLeftAlone) {
  Fork({"f1", "f2"}, "r1");
  EXPECT_NE(Type(Hinted(Onehead({"rebase", "main"}), "on one that ran f1, f2")).exit_code, 0);
  EXPECT_EQ(Database(), "t_r1: r1");
  MustType("alembic upgrade head");
  EXPECT_EQ(Database(), "t_f1 t_f2 t_m1 t_m2 t_r1: f2");
}

TEST_F(DatabaseTest, NewIds) {
  Fork({"f1", "f2"}, "head");
  const RunResult result = Onehead({"rebase", "--new-ids", "main"});
  EXPECT_THAT(result.err, HasSubstr("warning: databases that already ran f1, f2 know them by ids "
                                    "that no migration has any more: Alembic stops there\n"));
  const RunResult stopped = Type("alembic upgrade head");
  EXPECT_NE(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err + stopped.out, HasSubstr("Can't locate revision identified by 'f2'"));
  MustType(Hinted(result, "on one that ran f2"));
  EXPECT_EQ(Database().substr(0, 26), "t_f1 t_f2 t_m1 t_m2 t_r1: ") << Database();
  MustType("alembic upgrade head");
}

// The other ways of the README.
TEST_F(DatabaseTest, DowngradeBefore) {
  Git({"checkout", "-q", "-b", "feature"});
  Add("f1", "r1");
  Add("f2", "f1");
  MustType("alembic upgrade head");
  Git({"checkout", "-q", "main"});
  Add("m1", "r1");
  Git({"checkout", "-q", "feature"});
  MustType("alembic downgrade r1");
  Git({"rebase", "-q", "main"});
  ASSERT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  MustType("alembic upgrade head");
  EXPECT_EQ(Database(), "t_f1 t_f2 t_m1 t_r1: f2");
}

TEST_F(DatabaseTest, KeepingTheData) {
  Fork({"f1", "f2"}, "head");
  ASSERT_EQ(Onehead({"rebase", "main"}).exit_code, 0);
  MustType("alembic stamp r1 && alembic upgrade m2 && alembic stamp f2");
  EXPECT_EQ(Database(), "t_f1 t_f2 t_m1 t_m2 t_r1: f2");
  MustType("alembic upgrade head");
}

// ---- A fork that is on main already. ---------------------------------------------------------

class MovedDatabaseTest : public DatabaseTest {
 protected:
  // main: r1 <- a1 <- a2, and r1 <- b1 <- b2. The database has run `ran`.
  RunResult MoveAfter(const std::string& ran, const std::vector<std::string>& options = {}) {
    Add("a1", "r1");
    Add("a2", "a1");
    Add("b1", "r1");
    Add("b2", "b1");
    Git({"update-ref", "refs/remotes/origin/main", "main"});
    MustType("alembic upgrade " + ran);
    std::vector<std::string> args = {"move", "b1", "--onto", "a2", "--published"};
    args.insert(args.end(), options.begin(), options.end());
    RunResult result = Onehead(args);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result;
  }
};

TEST_F(MovedDatabaseTest, ThatRanTheMovedChain) {
  const RunResult result = MoveAfter("b2");
  EXPECT_EQ(
      result.err,
      "warning: databases that already ran b1, b2 will skip 2 migrations now below them: "
      "a1, a2\n"
      "hint: on one that ran b2 but not a2: alembic stamp r1 && alembic upgrade a2 && alembic "
      "stamp b2\n"
      "hint: on one that ran both: alembic stamp --purge b2\n");
  MustType(Hinted(result, "but not a2"));
  EXPECT_EQ(Database(), "t_a1 t_a2 t_b1 t_b2 t_r1: b2");
  MustType("alembic upgrade head");
}

TEST_F(MovedDatabaseTest, ThatRanBoth) {
  const RunResult result = MoveAfter("heads");
  EXPECT_NE(Type("alembic upgrade head").exit_code, 0);
  MustType(Hinted(result, "ran both"));
  EXPECT_EQ(Database(), "t_a1 t_a2 t_b1 t_b2 t_r1: b2");
  MustType("alembic upgrade head");
}

TEST_F(MovedDatabaseTest, ThatRanTheOtherChain) {
  MoveAfter("a2");
  MustType("alembic upgrade head");
  EXPECT_EQ(Database(), "t_a1 t_a2 t_b1 t_b2 t_r1: b2");
}

TEST_F(MovedDatabaseTest, WithNewIds) {
  const RunResult result = MoveAfter("b2", {"--new-ids"});
  MustType(Hinted(result, "but not a2"));
  EXPECT_EQ(Database().substr(0, 26), "t_a1 t_a2 t_b1 t_b2 t_r1: ");
  MustType("alembic upgrade head");
}

}  // namespace
}  // namespace onehead::testing
