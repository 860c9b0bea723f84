// Each thing that makes a branch a published one counts in each part of the program: a table of
// sources, and a test for each part that goes wrong when it ignores any of them.
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;

const std::string kLive = "git push -q --no-verify origin pub^0:refs/heads/live && git fetch -q";
const std::string kCanon =
    "git clone -q --bare ../server.git ../canon.git && git remote add canon ../canon.git && ";

// Each makes the commit of the tag `pub` a published one, in one way only; nothing else does.
const std::vector<Way> kSources = {
    {"OriginHead", kLive + " && git remote set-head origin live"},
    {"HeadOfAnotherRemote", kCanon +
                                "git push -q canon pub^0:refs/heads/live && git fetch -q canon && "
                                "git remote set-head canon live"},
    {"MainOfAnotherRemote",
     kCanon + "git push -q -f canon pub^0:refs/heads/main && git fetch -q canon"},
    {"UpstreamAtRemote", kLive + " && git config onehead.upstream origin/live"},
    {"UpstreamLocal", "git branch live pub && git config onehead.upstream live"},
    {"LocalMain", "git branch -f main pub"},
    {"LocalMaster", "git branch master pub"},
    {"DefaultBranchLocal", "git branch live pub && git config init.defaultBranch live"},
    {"DefaultBranchAtRemote", kLive + " && git config init.defaultBranch live"},
    {"PublishedRefsLocal", "git branch live pub && git config onehead.publishedRefs live"},
    {"PublishedRefsAtRemote", kLive + " && git config onehead.publishedRefs 'li.*'"},
    {"UsualNameLocal", "git branch release/9 pub"},
    {"UsualNameAtRemote",
     "git push -q --no-verify origin pub^0:refs/heads/release/9 && git fetch -q"}};
const std::vector<Way> kNoSources = {
    {"UnusualNames", kLive + " && git branch hotfix/9 pub && git branch live pub"}};

// The tag pub (and the branch topic, which is not published) has p1, my branch has f1; on mine.
class SituationSources : public SituationTest {
 protected:
  SituationSources() {
    // f1 comes before p1, by commit and by name, where nothing else decides.
    Play(
        "git checkout -q -b mine; add f1 r1; git checkout -q -b topic main; add p1 r1; git tag pub;"
        "git checkout -q mine");
  }
  // `text` for each source where p1 is published, and `otherwise` where nothing says that it is.
  template <typename Outcome>
  void ExpectEverywhere(const std::string& text, const std::string& otherwise, Outcome outcome) {
    InEachWay(kSources, [&](const RunResult& made) {
      EXPECT_EQ(made.exit_code, 0) << All(made);
      EXPECT_EQ(outcome(), text);
    });
    InEachWay(kNoSources, [&](const RunResult&) { EXPECT_EQ(outcome(), otherwise); });
  }
  // How a migration differs from that of `rev`.
  std::string Is(const std::string& name, const std::string& rev) {
    const std::string path = World::FileOf(name);
    return Type("git diff --quiet " + rev + " HEAD -- " + path).exit_code == 0 ? "stays" : "moves";
  }
};

TEST_F(SituationSources, StrategyInAMerge) {
  ExpectEverywhere("r1 p1 f1", "r1 f1 p1", [&] {
    Type("git merge --no-edit topic");
    return Chain();
  });
}

TEST_F(SituationSources, StrategyInARebase) {
  Play("git checkout -q topic");
  ExpectEverywhere("stays", "moves", [&] {
    Type("git rebase mine");
    return Is("p1", "pub");
  });
}

TEST_F(SituationSources, StrategyInACherryPick) {
  ExpectEverywhere("--new-ids", "r1 f1 p1", [&] {
    const RunResult picked = Type("git cherry-pick topic");
    const bool named = All(picked).find("--new-ids") != std::string::npos;
    const std::string chain = Chain();
    return named && chain != "r1 f1 p1" ? "--new-ids" : chain;
  });
}

// q1 has another parent on both sides. Git asks the driver about it, and no strategy.
TEST_F(SituationSources, Driver) {
  Play(
      "git checkout -q -b start main; add q1 r1; git checkout -q -b topic2; add p1 r1; reparent q1 "
      "p1;"
      "git tag -f pub; git checkout -q -b mine2 start; add f1 r1; reparent q1 f1");
  ExpectEverywhere("p1", "f1", [&] {
    Type("git merge -s ort --no-edit topic2");
    const bool theirs = world_.Text("q1").find("None] = 'p1'") != std::string::npos;
    const bool ours = world_.Text("q1").find("None] = 'f1'") != std::string::npos;
    return theirs == ours ? "undecided" : theirs ? "p1" : "f1";
  });
}

// My own branch is named as the upstream, so that p1 alone is in question.
TEST_F(SituationSources, RebaseCommand) {
  Play("git branch before; git merge -q -s ort --no-edit topic");
  ExpectEverywhere("stays", "moves", [&] {
    Type("onehead rebase --commit before");
    return Is("p1", "pub");
  });
}

TEST_F(SituationSources, RebaseHistoryCommand) {
  Play("git branch before; git rebase -q -s ort mine topic");
  ExpectEverywhere("stays", "moves", [&] {
    Type("onehead rebase --history before");
    return Is("p1", "pub");
  });
}

TEST_F(SituationSources, MoveCommand) {
  Play("git merge -q -s ort --no-edit topic");
  ExpectEverywhere("refused", "moves", [&] {
    const RunResult moved = Type("onehead move p1 --onto f1");
    if (moved.exit_code == 1 && All(moved).find("--published") != std::string::npos)
      return "refused";
    return moved.exit_code == 0 ? "moves" : "failed";
  });
}

// The published branch has joined the same heads already.
TEST_F(SituationSources, MergeCommand) {
  Play(
      "git merge -q -s ort --no-edit topic; git checkout -q -b joined; add g p1 f1; git tag -f pub;"
      "git checkout -q mine");
  ExpectEverywhere("1", "0", [&] { return std::to_string(Type("onehead merge").exit_code); });
}

TEST_F(SituationSources, CheckAgainst) {
  Play("git branch before main; git merge -q -s ort --no-edit topic");
  ExpectEverywhere("f1", "p1", [&] {
    const std::string text = All(Type("onehead check --against before"));
    const bool f1 = text.find("f1.py:16: down_revision = 'p1'") != std::string::npos;
    const bool p1 = text.find("p1.py:16: down_revision = 'f1'") != std::string::npos;
    return f1 == p1 ? text : f1 ? "f1" : "p1";
  });
}

const std::vector<std::string> kUsualNames = {
    "master",    "trunk",      "develop",  "dev",     "staging",   "production", "prod",
    "release/9", "releases/9", "stable/9", "maint/9", "release-9", "stable-9",   "release/a/b"};
const std::vector<std::string> kUnusualNames = {"hotfix/9", "feature/main", "mainline",
                                                "release",  "my-release-9", "devs"};

TEST_F(SituationSources, NamesOfDeployedBranches) {
  Play("git remote add other ../server.git");
  const auto merge = [&](const std::string& ref) {
    Type("git update-ref " + ref +
         " pub; git checkout -q -B work mine; git merge -q --no-edit topic;"
         "git update-ref -d " +
         ref);
    return Is("p1", "pub");
  };
  EXPECT_EQ(merge("refs/remotes/other/release/9"), "stays");
  for (const std::string prefix : {"refs/heads/", "refs/remotes/origin/"}) {
    for (const std::string& name : kUsualNames)
      EXPECT_EQ(merge(prefix + name), "stays") << prefix << name;
    for (const std::string& name : kUnusualNames)
      EXPECT_EQ(merge(prefix + name), "moves") << prefix << name;
  }
}

// The own setting replaces the usual names.
TEST_F(SituationSources, PublishedRefsReplacesTheUsualNames) {
  Play(
      "git config onehead.publishedRefs live; git branch release/9 pub; git merge -q --no-edit "
      "topic");
  EXPECT_EQ(Chain(), "r1 f1 p1");
}

// ---- The branch itself, and its own copy at the remote. --------------------------------------

TEST_F(SituationSources, OwnCopyPublishesOnlyWhatItsNameDoes) {
  for (const std::string name : {"topic9", "release/9"}) {
    Play("git push -q origin pub^0:refs/heads/" + name + "; git fetch -q; git checkout -q -b " +
         name + " origin/" + name + "; git merge -q --no-edit mine");
    EXPECT_EQ(Chain(), "r1 p1 f1") << name;  // ours stays anyway
    Play("git reset -q --hard origin/" + name + "; git rebase -q mine || git rebase --abort");
    EXPECT_EQ(Is("p1", "pub"), name == "topic9" ? "moves" : "stays") << name;
  }
}

TEST_F(SituationSources, BranchThatIsRebasedIsNotPublishedByItself) {
  Play("git branch -f main pub; git checkout -q main; git rebase -q mine");
  EXPECT_EQ(Chain(), "r1 f1 p1");
}

// ---- A setting that names nothing. -----------------------------------------------------------

TEST_F(SituationSources, UpstreamThatDoesNotExistIsNamedAndNothingIsRewritten) {
  Play(
      "git branch before; git checkout -q -b both; git merge -q -s ort --no-edit topic;"
      "git checkout -q mine; git config onehead.upstream origin/nothing");
  InEachWay({{"Merge", "git merge --no-edit topic"},
             {"Rebase", "git rebase topic"},
             {"CherryPick", "git cherry-pick topic"},
             {"RebaseCommand", "git checkout -q both && onehead rebase --commit"},
             {"RebaseCommandNamed", "git checkout -q both && onehead rebase --commit before"},
             {"MoveCommand", "git checkout -q both && onehead move p1 --onto f1"},
             {"MergeCommand", "git checkout -q both && onehead merge"},
             {"CheckAgainst", "git checkout -q both && onehead check --against before"}},
            [&](const RunResult& result) {
              EXPECT_THAT(All(result), HasSubstr("onehead.upstream"));
              EXPECT_EQ(Type("git diff --exit-code --diff-filter=M pub -- alembic").exit_code, 0);
              EXPECT_EQ(Type("git diff --exit-code --diff-filter=M before -- alembic").exit_code,
                        0);
            });
}

TEST_F(SituationSources, DriverNamesAnUpstreamThatDoesNotExist) {
  Play(
      "git checkout -q -b start main; add q1 r1; git checkout -q -b topic2; add p1 r1; reparent q1 "
      "p1;"
      "git checkout -q -b mine2 start; add f1 r1; reparent q1 f1;"
      "git config onehead.upstream origin/nothing");
  EXPECT_THAT(All(Type("git merge -s ort --no-edit topic2")), HasSubstr("onehead.upstream"));
}

// ---- The server. -----------------------------------------------------------------------------

// Both heads are new to the branch that is pushed; f1 is to move where p1 is published.
TEST_F(SituationSources, Hook) {
  Play("git merge -q -s ort --no-edit topic");
  const auto advice = [&] {
    const std::string text = Type("git push origin mine").err;
    const bool f1 = text.find("f1.py:16: down_revision = 'p1'") != std::string::npos;
    const bool p1 = text.find("p1.py:16: down_revision = 'f1'") != std::string::npos;
    return f1 == p1 ? text : std::string(f1 ? "f1" : "p1");
  };
  const std::string set = "git push -q origin pub^0:refs/heads/live && git -C ../server.git ";
  InEachWay({{"DefaultBranch", set + "symbolic-ref HEAD refs/heads/live"},
             {"PublishedRefs", set + "config onehead.publishedRefs live"}},
            [&](const RunResult& made) {
              EXPECT_EQ(made.exit_code, 0) << All(made);
              EXPECT_EQ(advice(), "f1");
            });
  EXPECT_EQ(advice(), "p1");
  for (const std::string& name : kUsualNames) {
    Play("git push -q origin pub^0:refs/heads/" + name);
    EXPECT_EQ(advice(), "f1") << name;
    Play("git -C ../server.git update-ref -d refs/heads/" + name);
  }
}

}  // namespace
}  // namespace onehead::testing
