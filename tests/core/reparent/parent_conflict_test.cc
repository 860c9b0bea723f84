#include "onehead/core/reparent/parent_conflict.h"

#include <gtest/gtest.h>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using testing::MigrationText;

constexpr const char* kPath = "versions/m.py";

MigrationTexts Texts(const std::string& base, const std::string& ours, const std::string& theirs) {
  return {MigrationText("m", {base}), MigrationText("m", {ours}), MigrationText("m", {theirs})};
}

TEST(FindParentConflict, ByIdAndParents) {
  EXPECT_EQ(FindParentConflict(kPath, Texts("a", "p", "p")), ParentConflict::kNone);
  EXPECT_EQ(FindParentConflict(kPath, Texts("a", "p", "a")), ParentConflict::kParents);
  MigrationTexts two = {"", MigrationText("m", {"a"}), MigrationText("n", {"a"})};
  EXPECT_EQ(FindParentConflict(kPath, two), ParentConflict::kDifferentIds);
  // One side gave the migration a new id: that is an edit like any other.
  two.base = two.ours;
  EXPECT_EQ(FindParentConflict(kPath, two), ParentConflict::kNone);
}

TEST(FindParentConflict, SaysNothingAboutWhatItCannotRead) {
  for (const std::string garbage :
       {"", "\xff\xfe", "revision = f()\n", "revision = 'm'\n", "'''"}) {
    MigrationTexts texts = Texts("a", "p", "q");
    texts.theirs = garbage;
    EXPECT_EQ(FindParentConflict(kPath, texts), ParentConflict::kNone) << garbage;
  }
}

TEST(StayingSide, IsThePublishedOne) {
  using Parents = std::vector<std::string>;
  const MigrationTexts texts = Texts("a", "p", "q");
  const auto replay = MergeOperation::kReplay;
  EXPECT_EQ(StayingSide(kPath, texts, Parents{"q"}, replay), MergeSide::kTheirs);
  EXPECT_EQ(StayingSide(kPath, texts, Parents{"p"}, replay), MergeSide::kOurs);
  // Neither is: ours.
  EXPECT_EQ(StayingSide(kPath, texts, Parents{"a"}, replay), MergeSide::kOurs);
  EXPECT_EQ(StayingSide(kPath, texts, std::nullopt, replay), MergeSide::kOurs);
  EXPECT_EQ(StayingSide(kPath, texts, std::nullopt, MergeOperation::kMerge), MergeSide::kOurs);
  EXPECT_EQ(StayingSide(kPath, texts, std::nullopt, MergeOperation::kMergeOfPublished),
            MergeSide::kTheirs);
  // Only one side has changed it, as in any three-way merge; but never what is published.
  const MigrationTexts theirs_moved = Texts("a", "a", "q");
  const MigrationTexts ours_moved = Texts("a", "p", "a");
  EXPECT_EQ(StayingSide(kPath, theirs_moved, std::nullopt, replay), MergeSide::kTheirs);
  EXPECT_EQ(StayingSide(kPath, theirs_moved, Parents{"a"}, replay), MergeSide::kOurs);
  EXPECT_EQ(StayingSide(kPath, ours_moved, std::nullopt, MergeOperation::kMergeOfPublished),
            MergeSide::kOurs);
  EXPECT_EQ(StayingSide(kPath, ours_moved, Parents{"a"}, replay), MergeSide::kTheirs);
  // What is known to be published counts before what the merge is called.
  EXPECT_EQ(StayingSide(kPath, texts, Parents{"p"}, MergeOperation::kMergeOfPublished),
            MergeSide::kOurs);
}

TEST(AlignParents, ChangesTheParentsAndNothingElse) {
  MigrationTexts texts = Texts("a", "p", "q");
  texts.theirs += "# edited\n";
  const auto ours = AlignParents(kPath, texts, MergeSide::kOurs);
  ASSERT_TRUE(ours);
  EXPECT_EQ(ours->base, MigrationText("m", {"p"}));
  EXPECT_EQ(ours->ours, texts.ours);
  EXPECT_EQ(ours->theirs, MigrationText("m", {"p"}) + "# edited\n");
  const auto theirs = AlignParents(kPath, texts, MergeSide::kTheirs);
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->base, MigrationText("m", {"q"}));
  EXPECT_EQ(theirs->ours, MigrationText("m", {"q"}));
  EXPECT_EQ(theirs->theirs, texts.theirs);
}

TEST(AlignParents, AddedOnBothSidesHasNoBase) {
  MigrationTexts texts = Texts("a", "p", "q");
  texts.base.clear();
  const auto aligned = AlignParents(kPath, texts, MergeSide::kOurs);
  ASSERT_TRUE(aligned);
  EXPECT_EQ(aligned->base, "");
  EXPECT_EQ(aligned->theirs, texts.ours);
}

TEST(AlignParents, NothingWhenTheBaseCannotBeRead) {
  MigrationTexts texts = Texts("a", "p", "q");
  texts.base = "down_revision = f()\n";
  EXPECT_FALSE(AlignParents(kPath, texts, MergeSide::kOurs));
}

}  // namespace
}  // namespace onehead
