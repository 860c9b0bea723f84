// A branch meets the main that has moved on: every situation in every way in which Git brings the
// two together, each with the same outcome.
#include "e2e/situation_fixture.h"

namespace onehead::testing {
namespace {

// The ways that differ in what the strategy is told: who is ours, how many commits at a time.
const std::vector<Way> kMainWays = {
    {"Rebase", "git rebase -q origin/main"},
    {"Merge", "git merge -q --no-edit origin/main"},
    {"IntoMain", "git checkout -q main && git merge -q --no-edit feature"},
    {"CherryPick",
     "git checkout -q main && git cherry-pick $(git rev-list --reverse --no-merges ..feature)"},
    {"PlainMerge",
     "git merge -q -s ort --no-edit origin/main && onehead rebase -q --commit origin/main"},
    {"PlainIntoMain",
     "git checkout -q main && git merge -q -s ort --no-edit feature && onehead rebase -q --commit "
     "origin/main"},
};

const std::vector<Way> kOtherWays = {
    {"RebaseMerges", "git rebase -q -r origin/main"},
    {"RebaseOnto", "git rebase -q --onto origin/main $(git merge-base HEAD origin/main)"},
    {"RebaseByName", "git checkout -q main && git rebase -q main feature"},
    {"MergeLocalMain", "git merge -q --no-edit main"},
    {"MergeById", "git merge -q --no-edit $(git rev-parse main)"},
    {"MergeFetchHead", "git fetch -q origin main && git merge -q --no-edit FETCH_HEAD"},
    {"Pull", "git pull -q --no-rebase --no-edit origin main"},
    {"PullRebase", "git pull -q --rebase origin main"},
    {"IntoMainFromRemote",
     "git checkout -q main && git push -q -f origin feature && git merge -q --no-edit "
     "origin/feature"},
    {"Squash", "git checkout -q main && git merge -q --squash feature && git commit -qm squashed"},
    {"SquashedFirst",
     "git reset -q --soft $(git merge-base HEAD main) && git commit -qm squashed && git rebase -q "
     "origin/main"},
    {"PlainRebaseNoUpstream", "git rebase -q -s ort origin/main && onehead rebase -q --commit"},
    {"PlainMergeNoUpstream",
     "git merge -q -s ort --no-edit origin/main && onehead rebase -q --commit"},
    {"RebaseHistory",
     "git rebase -q -s ort origin/main && onehead rebase -q --history origin/main"},
    {"Stage",
     "git merge -q -s ort --no-edit origin/main && onehead rebase -q --stage && git commit -qm "
     "repaired"},
};

// `base`, then `feature` on a branch of that name, then `main` on main, which is pushed.
struct Situation {
  const char* name;
  const char* base;
  const char* feature;
  const char* main;
  const char* chain;
  const char* holds;  // a command that has to succeed in the end, if any
};

const Situation kPushed = {"Pushed",    "",         "add f1 r1; git push -q -u origin feature",
                           "add m1 r1", "r1 m1 f1", ""};
const Situation kChain = {"Chain",          "", "add f1 r1; add f2 f1", "add m1 r1; add m2 m1",
                          "r1 m1 m2 f1 f2", ""};

const Situation kSituations[] = {
    kPushed,
    kChain,
    {"PushedChain", "", "add f1 r1; git push -q -u origin feature; add f2 f1", "add m1 r1",
     "r1 m1 f1 f2", ""},
    {"TwoRoots", "", "add z1 r1; add b2 r1", "add m1 r1", "r1 m1 z1 b2", ""},

    // A later commit of the branch changes what an earlier one has added.
    {"RecreatedUnderANewId", "", "add f1 r1; drop f1; add f2 r1", "add m1 r1", "r1 m1 f2", ""},
    {"RecreatedInOneCommit", "",
     "add f1 r1; git rm -q alembic/versions/f1.py; add f2 r1; add f3 f2", "add m1 r1",
     "r1 m1 f2 f3", ""},
    {"RenamedId", "",
     "add f1 r1; git mv alembic/versions/f1.py alembic/versions/f2.py;"
     "sed -i s/f1/f2/ alembic/versions/f2.py; git commit -qam rename",
     "add m1 r1", "r1 m1 f2", ""},
    {"RenamedFile", "",
     "add f1 r1; git mv alembic/versions/f1.py alembic/versions/x.py; git commit -qm rename",
     "add m1 r1", "r1 m1 f1", "test -e alembic/versions/x.py"},
    {"Deleted", "", "add f1 r1; drop f1", "add m1 r1", "r1 m1", ""},
    {"DeletedTop", "", "add f1 r1; add f2 f1; drop f2", "add m1 r1", "r1 m1 f1", ""},
    {"Reverted", "", "add f1 r1; git revert --no-edit HEAD", "add m1 r1", "r1 m1", ""},
    {"RevertedAndRestored", "", "add f1 r1; git revert --no-edit HEAD; git revert --no-edit HEAD",
     "add m1 r1", "r1 m1 f1", ""},
    {"EditedBelowTheParent", "",
     "add f1 r1; sed -i 's/^branch_labels.*/branch_labels = None  # mine/' alembic/versions/f1.py;"
     "git commit -qam edit",
     "add m1 r1", "r1 m1 f1", "grep -q mine alembic/versions/f1.py"},
    {"EditedAboveTheParent", "",
     "add f1 r1; sed -i 's/^revision.*/&  # mine/' alembic/versions/f1.py; git commit -qam edit",
     "add m1 r1", "r1 m1 f1", "grep -q mine alembic/versions/f1.py"},
    {"EditedDocstring", "",
     "add f1 r1; sed -i 's/^Create Date.*/Create Date: mine/' alembic/versions/f1.py; git commit "
     "-qam edit",
     "add m1 r1", "r1 m1 f1", "grep -q mine alembic/versions/f1.py"},
    {"ReparentedByHand", "", "add f1 r1; add f2 r1; reparent f1 f2", "add m1 r1", "r1 m1 f2 f1",
     "test -n \"$(git log -9 --grep '^reparent')\""},
    {"InsertedByHand", "", "add f1 r1; add f2 f1; add f3 f1; reparent f2 f3", "add m1 r1",
     "r1 m1 f1 f3 f2", "test -n \"$(git log -9 --grep '^reparent')\""},
    {"ReparentedOntoMainByHand", "", "add f1 r1; add f2 f1; reparent f1 m1", "add m1 r1",
     "r1 m1 f1 f2", ""},

    // Main does not have the parent any more.
    {"ParentReplaced", "add b2 r1; git push -q", "add c3 b2", "drop b2; add x2 r1; add b3 x2",
     "r1 x2 b3 c3", ""},
    {"ParentRenumbered", "add 0002_b=0002 r1; git push -q", "add c3 0002",
     "git rm -q alembic/versions/0002_b.py; add x=0002 r1; add 0003_b=0003 0002",
     "r1 x:0002 0003_b:0003 c3", ""},
    {"ParentReverted", "add p1 r1; git push -q", "add f1 p1",
     "git revert --no-edit HEAD; add m1 r1", "r1 m1 f1", ""},
    {"Squashed", "add r2 r1; add r3 r2; git push -q", "add n r2",
     "git rm -q alembic/versions/r*.py; add s1; add s2 s1", "s1 s2 n", ""},
    {"SquashedToTheLastId", "add r2 r1; add r3 r2; git push -q", "add n r2",
     "git rm -q alembic/versions/r1.py alembic/versions/r2.py; reparent r3", "r3 n", ""},
    {"SquashedChain", "add r2 r1; git push -q", "add n1 r2; add n2 n1",
     "git rm -q alembic/versions/r*.py; add s1", "s1 n1 n2", ""},

    // Main has had it before.
    {"RestoredOnMain", "add p1 r1; git revert --no-edit HEAD; git push -q", "add f1 r1",
     "git revert --no-edit HEAD", "r1 p1 f1", ""},

    {"RedundantMergeRevision", "add m1 r1; git push -q; git checkout -q -b start HEAD~1",
     "add f1 r1; git merge -q -s ort --no-edit main; add g f1 m1", "add m2 m1", "r1 m1 m2 f1 g",
     ""},
};

class SituationWays : public SituationTest, public ::testing::WithParamInterface<Situation> {
 protected:
  void Test(const std::vector<Way>& ways) {
    const Situation& situation = GetParam();
    Play(std::string(situation.base) + "; git checkout -q -b feature; " + situation.feature +
         "; git checkout -q main; " + situation.main +
         "; git push -q origin main; git checkout -q feature");
    ASSERT_FALSE(HasFailure());
    LandsInEachWay(ways, situation.chain, "origin/main", "main", situation.holds);
  }
};
std::string NameOf(const ::testing::TestParamInfo<Situation>& info) { return info.param.name; }
void PrintTo(const Situation& situation, std::ostream* out) { *out << situation.name; }

TEST_P(SituationWays, LeaveOneHead) { Test(kMainWays); }

INSTANTIATE_TEST_SUITE_P(Situation, SituationWays, ::testing::ValuesIn(kSituations), NameOf);

class SituationOtherWays : public SituationWays {};

TEST_P(SituationOtherWays, LeaveOneHead) { Test(kOtherWays); }

INSTANTIATE_TEST_SUITE_P(Situation, SituationOtherWays, ::testing::Values(kPushed, kChain), NameOf);

}  // namespace
}  // namespace onehead::testing
