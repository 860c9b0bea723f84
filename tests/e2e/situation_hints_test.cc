// Every kind of refusal, and that what its message says to do works when it is typed.
#include "e2e/hint_runner.h"
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::size_t kNone = 0;  // rightly: nobody but its author knows what the file should say

struct HintCase {
  const char* name;
  const char* setup;    // in dev, on main
  const char* command;  // prints the message
  const char* says;     // which has this in it
  std::size_t repairs;  // the least number of true hints that repair
  const char* never = "";
  HintGoal goal = {};
};

const HintGoal kFeature = {"git push -q -f origin HEAD:feature", "feature"};
const char kPushMain[] = "git push origin main";

// Main has m1, and f1 was merged into it by somebody else's hand.
#define OTHERS_FEATURE                                                                    \
  "git checkout -q -b feature; add f1 r1; git checkout -q main; add m1 r1; git push -q; " \
  "git checkout -q feature; git merge -q -s ort --no-edit main"
#define SPOIL(file, expression) \
  "sed -i \"" expression "\" alembic/versions/" file ".py; git commit -qam spoil"
#define LABEL(file, label) SPOIL(file, "s/^branch_labels.*/branch_labels = '" label "'/")

const HintCase kHeads[] = {
    {"NewBranch", "git checkout -q -b feature; add f1 r1; add g1 r1", "git push origin feature",
     "multiple-heads", 1, "", kFeature},
    {"NewBranchBesideMain", OTHERS_FEATURE, "git push origin feature", "multiple-heads", 1,
     "m1.py:16", kFeature},
    {"PushedBranch",
     "git checkout -q -b feature; git push -q -u origin feature; add f1 r1; add g1 r1",
     "git push origin feature", "multiple-heads", 1, "", kFeature},
    {"Main", "add f1 r1; add g1 r1", kPushMain, "multiple-heads", 1},
    {"MainAndOneOfMine", OTHERS_FEATURE "; git checkout -q main; git merge -q -s ort feature",
     kPushMain, "multiple-heads", 1, "m1.py:16"},
    // The file that comes first by name was added last.
    {"TwoOnOneParent", "add zz r1; add bb r1", kPushMain, "multiple-heads", 1},
    {"OneOnTheFormerHead", "add b1 r1; git push -q; add d1 r1; add c1 b1", kPushMain,
     "multiple-heads", 1, "c1.py:16"},
    {"ThreeOnOneParent", "add f1 r1; add h1 r1; add g1 r1", kPushMain, "multiple-heads", 1},
    {"SeveralChains",
     "git checkout -q -b feature; add f1 r1; add f2 f1; git checkout -q -b other main; add g1 r1;"
     "add g2 g1; git checkout -q main; add m1 r1; git push -q; git merge -q -s ort --no-edit "
     "feature;"
     "git merge -q -s ort --no-edit other",
     kPushMain, "multiple-heads", 1, "m1.py:16"},
    {"MergeRevisionOverMine",
     "git checkout -q -b feature; add f1 r1; add g1 r1; add j f1 g1; git checkout -q main; add m1 "
     "r1;"
     "git push -q; git merge -q -s ort --no-edit feature",
     kPushMain, "multiple-heads", 1, "m1.py:16"},
    {"MergeRevisionThatMissesOne", "add f1 r1; add g1 r1; add h1 r1; add j f1 g1", kPushMain,
     "multiple-heads", 1},
    {"TwoMergeRevisions",
     "add b1 r1; add c1 r1; unchecked git push -q; git checkout -q -b other; add z_join b1 c1;"
     "git push -q origin HEAD:main; git checkout -q main; add a_join c1 b1;"
     "git merge -q -s ort --no-edit other",
     kPushMain, "multiple-heads", 1, "z_join.py;"},
    {"LabelledHeads",
     "git config onehead.labelledHeads true; git -C ../server.git config onehead.labelledHeads "
     "true;"
     "add e1 r1; " LABEL("e1", "expand") "; add c1 r1; " LABEL("c1",
                                                               "contract") "; git push -q;"
                                                                           "add c2 c1; add c3 c1",
     kPushMain,
     "multiple-heads",
     1,
     "e1",
     {"git push -q origin HEAD:main", "main", "", 2}},
    {"OtherDirectory",
     "add f1 r1; add g1 r1; mkdir backend; git mv alembic alembic.ini backend; git commit -qm move",
     kPushMain, "multiple-heads", 1},
    {"SeveralEnvironments",
     "mkdir billing; cp -r alembic/env.py alembic/versions billing; git add -A; git commit -qm "
     "billing;"
     "git push -q; add f1 r1; add g1 r1",
     kPushMain, "multiple-heads", 1},
    {"EmptyServer", "git -C ../server.git update-ref -d refs/heads/main; add f1 r1; add g1 r1",
     kPushMain, "onehead.maxHeads", kNone},
    {"OnGitLab", "add f1 r1; add g1 r1", "GL_ID=user-1 git push origin main", "GL-HOOK-ERR", 1},
    {"BeforeThePush", "onehead install --client --hooks; add f1 r1; add g1 r1", kPushMain,
     "multiple-heads", 1},

    // No one history: a merge revision or another parent would make one of them.
    {"SecondBase", "add s1", kPushMain, "onehead.maxHeads", kNone, "down_revision ="},
    {"SecondBaseChain", "add s1; add s2 s1", kPushMain, "onehead.maxHeads", kNone, "alembic merge"},
    {"SecondLabelledBase", "add s1; " LABEL("s1", "other"), kPushMain, "onehead.labelledHeads",
     kNone, "alembic merge"},
};

const HintCase kDefects[] = {
    {"DuplicateRevision",
     "git checkout -q -b feature; add mine=0123456789ab r1; git checkout -q main;"
     "add yours=0123456789ab r1; git push -q; git merge -q -s ort --no-edit feature",
     kPushMain, "duplicate-revision", 1, "alembic merge"},
    {"DuplicateNumber",
     "add 0001 r1; git push -q; git checkout -q -b feature; add 0002_a=0002 0001; git checkout -q "
     "main;"
     "add 0002_x=0002 0001; git push -q; git merge -q -s ort --no-edit feature",
     kPushMain, "duplicate-revision", 1, "alembic merge"},
    {"SameMigrationTwice",
     "add cart=0123456789ab r1; git push -q; cp alembic/versions/cart.py "
     "alembic/versions/basket.py;"
     "git add -A; git commit -qm copy",
     kPushMain, "duplicate-revision", 1, "alembic merge"},
    {"MissingParentThatMainHasDropped",
     "add p1 r1; git push -q; git checkout -q -b feature; add f1 p1; git checkout -q main; drop p1;"
     "git push -q; git merge -q -s ort --no-edit feature",
     kPushMain, "missing-parent", kNone, "alembic merge"},
    {"MissingParentThatThePushRemoves", "add p1 r1; add f1 p1; git push -q; add g1 f1; drop p1",
     kPushMain, " removed: git checkout ", 1, "alembic merge"},
    {"MissingParentThatAMergeRemoves",
     "add p1 r1; add f1 p1; git push -q; git checkout -q -b feature; drop p1; git checkout -q main;"
     "git commit -q --allow-empty -m other; git merge -q -s ort --no-edit feature",
     kPushMain, " removed: git checkout ", 1, "alembic merge"},
    {"MissingParentThatNeverWas", "add f1 nothing", kPushMain, "missing-parent", kNone,
     "alembic merge"},
    {"MissingParentIsAFile", "add 0aa_first=aaaa11112222 r1; git push -q; add f1 0aa_first",
     kPushMain, "aaaa11112222", kNone, "alembic merge"},
    {"MissingDependency", "add f1 r1; " SPOIL("f1", "s/^depends_on.*/depends_on = 'nothing'/"),
     kPushMain, "missing-dependency", kNone},
    {"Cycle", "add f1 f2; add f2 f1", kPushMain, "cycle", kNone, "alembic merge"},
    {"Loop", "add f1 f1", kPushMain, "cycle", kNone, "alembic merge"},
    {"UnreadableRevision", "add f1 r1; " SPOIL("f1", "s/^revision.*/revision = 'F1'.lower()/"),
     kPushMain, "unreadable-migration", kNone},
    {"UnreadableParent",
     "add f1 r1; " SPOIL("f1", "s/^down_revision.*/down_revision = 'R1'.lower()/"), kPushMain,
     "unreadable-migration", kNone},
    {"NoParent", "add f1 r1; " SPOIL("f1", "/^down_revision/d"), kPushMain, "unreadable-migration",
     kNone},
    {"ConflictMarker", "add f1 r1; " SPOIL("f1", "16i <<<<<<< HEAD"), kPushMain,
     "unreadable-migration", kNone},
    {"Doubtful",
     "add f1 r1; printf 'def keep(names):\\n    pass\\n\\nkeep(globals())\\n' >> "
     "alembic/versions/f1.py;"
     "git commit -qam doubt",
     kPushMain, "doubtful-migration", kNone},
    {"NoRevisionId",
     "printf 'x = 1\\n' > alembic/versions/helper.py; git add -A; git commit -qm helper", kPushMain,
     "no-revision-id", kNone},
    {"IllegalId", "add f=a+b r1", kPushMain, "illegal-revision-id", kNone},
    {"NumberAsId", "add f1 r1; " SPOIL("f1", "s/^revision.*/revision = 5/"), kPushMain,
     "illegal-revision-id", kNone},
    {"LabelClash", "add f1 r1; " LABEL("f1", "x") "; add f2 f1; " LABEL("f2", "x"), kPushMain,
     "label-clash", kNone},
    {"HeadsThatAreUncertain",
     "add d1 r1; " SPOIL(
         "d1", "s/^revision.*/revision = 'D1'.lower()/") "; unchecked git push -q; add f1 r1",
     kPushMain, "", kNone, "alembic merge"},
};

#define REJECT \
  "git -C ../server.git config onehead.published reject; add m1 r1; add m2 m1; git push -q; "
const HintCase kPublished[] = {
    {"PublishedGone", REJECT "drop m2", kPushMain, "published-changed", kNone},
    {"PublishedRenamedId", REJECT "git rm -q alembic/versions/m2.py; add n2 m1", kPushMain,
     "published-changed", kNone},
    {"PublishedReparented", REJECT "git rm -q alembic/versions/m1.py; reparent m2 r1; add m1 m2",
     kPushMain, "published-changed", kNone},
};

// Main has m1; on feature, which has f1 and not m1.
#define BEHIND                                                                            \
  "git checkout -q -b feature; add f1 r1; git checkout -q main; add m1 r1; git push -q; " \
  "git checkout -q feature"
const HintGoal kAgain = {"git push -q origin HEAD:main", "main", "onehead rebase --commit"};

const HintCase kByHand[] = {
    {"Check", "add f1 r1; add g1 r1", "onehead check", "multiple-heads", 1},
    {"CheckOfTwoMergeRevisions",
     "add b1 r1; add c1 r1; unchecked git push -q; git checkout -q -b other; add z_join b1 c1;"
     "git push -q origin HEAD:main; git checkout -q main; add a_join c1 b1;"
     "git merge -q -s ort --no-edit other",
     "onehead check", "multiple-heads", 1, "z_join.py;"},
    {"CheckAgainstWhatIsAhead", BEHIND, "onehead check --against origin/main",
     "git rebase origin/main", 1, "= 'm1'"},
    {"CheckAgainstWhatIsMerged", BEHIND "; git merge -q -s ort --no-edit main",
     "onehead check --against origin/main", "multiple-heads", 1, "m1.py:16"},
    {"CheckPublishedFork", "add b1 r1; add c1 r1; unchecked git push -q", "onehead check",
     "multiple-heads", 1, "down_revision ="},
    {"RebaseWithoutUpstream", BEHIND, "onehead rebase", "origin/main", 2, "", kAgain},
    {"RebaseHistoryWithoutUpstream", BEHIND, "onehead rebase --history", "origin/main", 1, "",
     kAgain},
    {"RebaseThatFindsNoUpstream",
     "git checkout -q -b feature; add f1 r1; add g1 r1; git update-ref -d refs/remotes/origin/main;"
     "git remote set-head -d origin; git branch -m main trunk9",
     "onehead rebase", "upstream", kNone, "", kAgain},
    {"MergeOfOneHead", "", "onehead merge", "nothing to merge", kNone},
    {"MergeThatCannotRead",
     "add d1 r1; add e1 r1; " SPOIL("d1", "s/^revision.*/revision = 'D1'.lower()/"),
     "onehead merge", "d1.py", kNone},
    {"MergeThatUpstreamHas",
     "add b1 r1; add c1 r1; unchecked git push -q; git checkout -q -b work; git checkout -q main;"
     "add g b1 c1; git push -q; git checkout -q work",
     "onehead merge", "git merge", 1},
    {"MergeInSeveralEnvironments",
     "mkdir billing; cp -r alembic/env.py alembic/versions billing; git add -A; git commit -qm "
     "billing;"
     "git push -q; add f1 r1; add g1 r1",
     "onehead merge", "--script-location", kNone},
    {"EditThatIsNotCommitted",
     "git checkout -q -b feature; add f1 r1; git checkout -q main; add m1 r1; git push -q;"
     "git checkout -q feature; echo '# mine' >> alembic/versions/f1.py",
     "git merge --no-edit origin/main", "onehead rebase", 1},
    {"OneFileForTwoMigrations",
     "git checkout -q -b feature; add new=f1 r1; git checkout -q main; add new=m1 r1; git push -q;"
     "git checkout -q feature",
     "git merge --no-edit origin/main", "new.py", kNone},
    {"Ignored",
     "echo 'x*.py' > .gitignore; git add -A; git commit -qm ignore;"
     "sed 's/r1/x1/' alembic/versions/r1.py > alembic/versions/x1.py;"
     "sed -i \"s/^down_revision.*/down_revision = 'r1'/\" alembic/versions/x1.py",
     "onehead check --worktree", "ignored-migration", 1},
    {"DoctorWithoutTheStrategy", "git config --unset pull.twohead", "onehead doctor",
     "pull.twohead", 1},
    {"DoctorWithoutTheDriver", "git config --unset merge.onehead.driver", "onehead doctor",
     "driver", 1},
};

std::string NameOf(const ::testing::TestParamInfo<HintCase>& info) { return info.param.name; }
void PrintTo(const HintCase& item, std::ostream* out) { *out << item.setup; }

class SituationHints : public SituationTest, public ::testing::WithParamInterface<HintCase> {};

TEST_P(SituationHints, WorkWhenTheyAreTyped) {
  const HintCase& item = GetParam();
  Play(item.setup);
  ASSERT_FALSE(HasFailure());
  const std::string text = All(Type(item.command));
  EXPECT_THAT(text, HasSubstr(item.says));
  if (*item.never != '\0') {
    EXPECT_THAT(text, Not(HasSubstr(item.never)));
  }
  const HintOutcome outcome = FollowHints(world_, text, item.goal);
  EXPECT_THAT(outcome.problems, IsEmpty()) << text;
  EXPECT_GE(outcome.repairs.size(), item.repairs) << text;
  // A command and the lines beside it are one advice.
  EXPECT_LE(outcome.chains.size(), 1u) << ::testing::PrintToString(outcome.chains) << text;
}

INSTANTIATE_TEST_SUITE_P(Heads, SituationHints, ::testing::ValuesIn(kHeads), NameOf);
INSTANTIATE_TEST_SUITE_P(Defects, SituationHints, ::testing::ValuesIn(kDefects), NameOf);
INSTANTIATE_TEST_SUITE_P(Published, SituationHints, ::testing::ValuesIn(kPublished), NameOf);
INSTANTIATE_TEST_SUITE_P(ByHand, SituationHints, ::testing::ValuesIn(kByHand), NameOf);

}  // namespace
}  // namespace onehead::testing
