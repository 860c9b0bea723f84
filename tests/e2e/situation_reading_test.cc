// Where something cannot be read, or Git asks nobody: partial clones, doubtful files, octopus
// merges.
#include "e2e/hint_runner.h"
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// ---- Partial clones. -------------------------------------------------------------------------

class SituationPartial : public SituationTest {
 protected:
  // part has f1 on feature, and of m1 and m2, which are new on main, no blob.
  SituationPartial() {
    Play(
        "git -C ../server.git config uploadpack.allowFilter true;"
        "git -C ../server.git config uploadpack.allowAnySHA1InWant true;"
        "git clone -q --filter=blob:none file://$(cd ../server.git && pwd) ../part; in part;"
        "onehead install --client; git checkout -q -b feature; add f1 r1;"
        "in dev; add m1 r1; add m2 m1; git push -q; in part; git fetch -q");
    EXPECT_THAT(Type("git rev-list --objects --all --missing=print").out, HasSubstr("?"));
  }
};

TEST_F(SituationPartial, MissingBlobsAreFetched) {
  for (const char* command :
       {"git rebase -q origin/main", "git merge -q --no-edit origin/main",
        "git merge -q -s ort --no-edit origin/main && onehead rebase -q --commit",
        "git checkout -q --detach origin/main && git merge -q --no-edit feature"}) {
    SCOPED_TRACE(command);
    Play("in dev; rm -rf ../again; cp -a ../part ../again; in again");
    const RunResult result = Type(command);
    EXPECT_EQ(result.exit_code, 0) << All(result);
    EXPECT_EQ(Chain(), "r1 m1 m2 f1");
  }
}

TEST_F(SituationPartial, CheckReadsWhatIsMissing) {
  const RunResult checked = Type("onehead check origin/main");
  EXPECT_EQ(checked.exit_code, 0) << All(checked);
  EXPECT_THAT(All(checked), HasSubstr("3 revisions"));
  EXPECT_EQ(Type("onehead heads origin/main").out, "m2 (head)\n");
  EXPECT_EQ(Type("onehead check --against origin/main").exit_code, 1);
}

TEST_F(SituationPartial, WithoutTheServerItIsOneError) {
  Play("in dev; mv ../server.git ../gone; in part");
  const RunResult checked = Type("onehead check origin/main");
  EXPECT_EQ(checked.exit_code, 128);
  EXPECT_THAT(All(checked), HasSubstr("error: "));
  EXPECT_THAT(All(checked), Not(HasSubstr("ok: ")));
  const RunResult merged = Type("onehead heads origin/main");
  EXPECT_EQ(merged.exit_code, 128);
  EXPECT_EQ(merged.out, "");
}

// ---- Old files that cannot be read in full. --------------------------------------------------

const std::vector<Way> kWays = {
    {"Rebase", "git rebase origin/main"},
    {"Merge", "git merge --no-edit origin/main"},
    {"IntoMain", "git checkout -q main && git merge --no-edit feature"},
    {"PlainMerge", "git merge -q -s ort --no-edit origin/main && onehead rebase --commit"}};

class SituationUnread : public SituationTest {
 protected:
  // `spoil` changes the old migration d1; then main gets m1 and feature f1, on `parent`. On
  // feature.
  void Spoil(const std::string& spoil, const std::string& parent) {
    Play("add d1 r1; " + spoil + "; git commit -qam spoil; " +
         (parent == "d1" ? "" : "add " + parent + " d1; ") +
         "unchecked git push -q; git checkout -q -b feature; add f1 " + parent +
         "; git checkout -q main; add m1 " + parent +
         "; unchecked git push -q; git checkout -q feature");
  }
};

// Its names are plainly assigned, but something might change them: the plain value counts.
TEST_F(SituationUnread, DoubtfulOldMigration) {
  const std::pair<const char*, const char*> forms[] = {
      {"a call at module level", "def register(names):\\n    pass\\n\\nregister(globals())\\n"},
      {"globals() in a function", "def tables():\\n    return globals()\\n"},
      {"an imported function is called", "import logging\\nlogging.getLogger(__name__)\\n"}};
  const World start = world_;
  for (const auto& [what, text] : forms) {
    SCOPED_TRACE(what);
    world_ = start.Copy();
    Spoil(std::string("printf '") + text + "' >> alembic/versions/d1.py", "d1");
    LandsInEachWay(kWays, "r1 d1 m1 f1");
  }
}

TEST_F(SituationUnread, DoubtIsOneNote) {
  Spoil(
      "printf 'def register(names):\\n    pass\\n\\nregister(globals())\\n' >> "
      "alembic/versions/d1.py",
      "d1");
  InEachWay(kWays, [&](const RunResult& result) {
    const std::string text = All(result);
    const std::size_t first = text.find("d1.py");
    EXPECT_NE(first, std::string::npos) << text;
    EXPECT_EQ(text.find("d1.py", first + 1), std::string::npos) << text;
    EXPECT_THAT(text, Not(HasSubstr("uncertain")));
  });
}

// Nobody can tell its id without Python; only what could stand on it is uncertain.
TEST_F(SituationUnread, OldMigrationThatHidesItsId) {
  Spoil("sed -i \"s/^revision.*/revision = 'D1'.lower()/\" alembic/versions/d1.py", "e1");
  LandsInEachWay(kWays, "r1 d1 e1 m1 f1");
}

TEST_F(SituationUnread, OldMigrationThatHidesItsParent) {
  Spoil("sed -i \"s/^down_revision.*/down_revision = 'R1'.lower()/\" alembic/versions/d1.py", "e1");
  // The server says what it said before: that r1 may be a head.
  InEachWay(kWays, [&](const RunResult&) {
    EXPECT_THAT(State("origin/main", "main"), StartsWith("r1 d1 e1 m1 f1"));
  });
}

// ---- Git's octopus asks no strategy. ---------------------------------------------------------

TEST_F(SituationTest, OctopusMergeThenTheLineOfTheReadme) {
  const std::string readme = box_.ReadFile(std::string(ONEHEAD_SOURCE_DIR) + "/README.md");
  const std::size_t at = readme.find("octopus");
  ASSERT_NE(at, std::string::npos);
  EXPECT_NE(readme.find("`onehead rebase`", at), std::string::npos);
  Play(
      "git checkout -q -b f; add f1 r1; git checkout -q -b g main; add g1 r1; git checkout -q "
      "main");
  EXPECT_EQ(Type("git merge -q --no-edit f g").exit_code, 0);
  EXPECT_EQ(Chain(), "2 heads: r1 f1 g1");
  EXPECT_EQ(Type("onehead rebase").exit_code, 0);
  Play("git commit -qam repaired");
  ExpectLands("r1 f1 g1");
}

TEST_F(SituationTest, OctopusMergeWithMain) {
  Play(
      "git checkout -q -b f; add f1 r1; git checkout -q -b g main; add g1 r1; git checkout -q main;"
      "add m1 r1; git push -q; git checkout -q f");
  EXPECT_EQ(Type("git merge -q --no-edit g origin/main").exit_code, 0);
  EXPECT_EQ(Type("onehead rebase -q --commit").exit_code, 0);
  ExpectLands("r1 m1 f1 g1");
}

}  // namespace
}  // namespace onehead::testing
