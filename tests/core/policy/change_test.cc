#include "onehead/core/policy/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onehead/core/policy/head_repair.h"
#include "support/state_builder.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Revisions;
using testing::StateOf;
using testing::StateOfFiles;

// "error multiple-heads c", one per finding.
std::vector<std::string> Dump(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    const char* level = finding.level == Level::kError     ? "error "
                        : finding.level == Level::kWarning ? "warning "
                                                           : "note ";
    lines.push_back(level + finding.rule + " " + finding.revision);
  }
  return lines;
}

std::vector<std::string> Judge(const Comparison& comparison, const Settings& settings = {}) {
  return Dump(JudgeChange(comparison, settings));
}

const Revisions kOne = {{"a", {}}};
const Revisions kTwoHeads = {{"a", {}}, {"b", {"a"}}, {"c", {"a"}}};

TEST(JudgeChange, SecondHeadIsBlamed) {
  EXPECT_THAT(Judge({StateOf(kTwoHeads), StateOf(kOne)}), ElementsAre("error multiple-heads c"));
  EXPECT_THAT(Judge({StateOf(kTwoHeads)}), ElementsAre("error multiple-heads c"));
}

TEST(JudgeChange, HeadsThatWereThereAreToldAndNotBlamed) {
  EXPECT_THAT(Judge({StateOf(kTwoHeads), StateOf(kTwoHeads)}),
              ElementsAre("warning multiple-heads c"));
  EXPECT_THAT(Judge({StateOf(kTwoHeads), StateOf(kOne), {StateOf(kTwoHeads)}}),
              ElementsAre("warning multiple-heads c"));
}

TEST(JudgeChange, MoreThanBeforeIsBlamed) {
  EXPECT_THAT(
      Judge({StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"a"}}}), StateOf(kTwoHeads)}),
      ElementsAre("error multiple-heads d"));
}

TEST(JudgeChange, AllowedHeads) {
  Settings settings;
  settings.max_heads = 2;
  EXPECT_THAT(Judge({StateOf(kTwoHeads), StateOf(kOne)}, settings), IsEmpty());
}

TEST(JudgeChange, OnlyNewDefectsAreBlamed) {
  const Revisions dangling = {{"a", {}}, {"b", {"nowhere"}}};
  EXPECT_THAT(Judge({StateOf(dangling), StateOf(kOne)}), ElementsAre("error missing-parent b"));
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {"b", {"nowhere"}}, {"c", {"a"}}}), StateOf(dangling)}),
              IsEmpty());
  // Mended by a fork: the fork was not there.
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}}), StateOf(dangling)}),
              ElementsAre("error multiple-heads c"));
  // The same revision with another missing parent is another finding.
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {"b", {"elsewhere"}}}), StateOf(dangling)}),
              ElementsAre("error missing-parent b"));
}

TEST(JudgeChange, AMissingParentIsNamedWhereItLastWas) {
  const auto fix = [](const Comparison& comparison) {
    const std::vector<Finding> findings = JudgeChange(comparison, {});
    return findings.size() == 1 ? findings[0].fix : std::string("?");
  };
  const StatePtr three = StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}});
  EXPECT_EQ(fix({StateOf({{"a", {}}, {"c", {"b"}}}), three}),
            "restore alembic/versions/b.py, which declared it before this");
  const StatePtr without = StateOf({{"a", {}}, {"d", {"b"}}});
  const std::string bring =
      "bring alembic/versions/b.py along, which declares it on another branch";
  EXPECT_EQ(fix({without, StateOf(kOne), {three}}), bring);
  Comparison comparison{without, StateOf(kOne)};
  EXPECT_EQ(fix(comparison), "add the file that declares it, or name a revision that exists");
  comparison.target = three;
  EXPECT_EQ(fix(comparison), bring);
  comparison.target = nullptr;
  comparison.published_tips = {three};
  EXPECT_EQ(fix(comparison), bring);
}

TEST(JudgeChange, ALongIdIsToldToWhoBringsIt) {
  const std::string id(33, 'd');
  const Revisions after = {{"a", {}}, {id, {"a"}}};
  EXPECT_THAT(Judge({StateOf(after), StateOf({{"a", {}}})}),
              ElementsAre("warning long-revision-id " + id));
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {id, {"a"}}, {"e", {id}}}), StateOf(after)}), IsEmpty());
}

TEST(JudgeChange, AWarningIsToldOnce) {
  std::map<std::string, std::string> files = {
      {"a.py", testing::MigrationText("a", {})},
      {"b.py", "revision = 'b'\ndown_revision = 'a'\ndepends_on = get()\n"}};
  const StatePtr before = StateOfFiles(files);
  EXPECT_THAT(Judge({before, StateOf({{"a", {}}})}), ElementsAre("warning unreadable-migration b"));
  files["c.py"] = testing::MigrationText("c", {"b"});
  EXPECT_THAT(Judge({StateOfFiles(files), before}), IsEmpty());
}

TEST(JudgeChange, PublishedChanges) {
  const StatePtr before = StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}});
  const StatePtr reordered = StateOf({{"a", {}}, {"c", {"a"}}, {"b", {"c"}}});
  EXPECT_THAT(Judge({reordered, before, {}, before}), ElementsAre("warning published-changed b"));
  EXPECT_THAT(Judge({reordered, before}), IsEmpty());
  Settings settings;
  settings.published = Settings::Response::kReject;
  EXPECT_THAT(Judge({reordered, before, {}, before}, settings),
              ElementsAre("error published-changed b"));
  settings.published = Settings::Response::kIgnore;
  EXPECT_THAT(Judge({reordered, before, {}, before}, settings), IsEmpty());
}

TEST(JudgeChange, RepairsMayChangeWhatIsPublished) {
  const StatePtr forked = StateOf(kTwoHeads);
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}}), forked, {}, forked}),
              IsEmpty());
  const StatePtr dangling = StateOf({{"a", {}}, {"b", {"nowhere"}}});
  EXPECT_THAT(Judge({StateOf({{"a", {}}, {"b", {"a"}}}), dangling, {}, dangling}), IsEmpty());
}

// What it mends, and nothing besides.
TEST(JudgeChange, ARepairExcusesNoOtherChange) {
  const auto changes = [](const Revisions& after, const StatePtr& before) {
    std::vector<std::string> names;
    for (const Finding& finding : JudgeChange({StateOf(after), before, {}, before}, {})) {
      if (finding.rule == "published-changed") names.push_back(finding.names);
    }
    return names;
  };
  const Revisions forked = {{"a", {}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {"b"}}};
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {"c"}}}, StateOf(forked)),
              IsEmpty());
  // The fork is mended, and what is below it is another one now.
  EXPECT_THAT(changes({{"b", {}}, {"c", {"b"}}, {"d", {"c"}}}, StateOf(forked)),
              ElementsAre("a, b"));
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}}, StateOf(forked)), ElementsAre("d"))
      << "a head that is deleted is no repair";
  // Of two merge revisions of the same heads one may go.
  const Revisions merged = {
      {"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"m", {"b", "c"}}, {"n", {"b", "c"}}};
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"m", {"b", "c"}}}, StateOf(merged)),
              IsEmpty());
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}, {"m", {"b"}}}, StateOf(merged)),
              ElementsAre("c, n"));
  // A missing parent, a cycle.
  const Revisions dangling = {{"a", {}}, {"x", {"a"}}, {"b", {"nowhere"}}};
  EXPECT_THAT(changes({{"a", {}}, {"x", {"a"}}, {"b", {"x"}}}, StateOf(dangling)), IsEmpty());
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}}, StateOf(dangling)), ElementsAre("x"));
  const Revisions cycle = {{"a", {}}, {"b", {"c"}}, {"c", {"b"}}, {"d", {"c"}}};
  EXPECT_THAT(changes({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {"c"}}}, StateOf(cycle)),
              IsEmpty());
  // A doubled id, what stands on it, and what does not.
  const StatePtr doubled = StateOfFiles({{"a.py", testing::MigrationText("a", {})},
                                         {"b.py", testing::MigrationText("b", {"a"})},
                                         {"b2.py", testing::MigrationText("b", {"a"})},
                                         {"c.py", testing::MigrationText("c", {"b"})}});
  const Revisions renamed = {{"a", {}}, {"b", {"a"}}, {"b2", {"b"}}, {"c", {"b2"}}};
  EXPECT_THAT(changes(renamed, doubled), IsEmpty());
  EXPECT_THAT(changes({{"b", {}}, {"b2", {"b"}}, {"c", {"b2"}}}, doubled), ElementsAre("a"));
}

TEST(JudgeChange, EmptyingAnEnvironmentIsNoRepair) {
  const StatePtr before = StateOf(kTwoHeads);
  EXPECT_THAT(Judge({StateOf({}), before, {}, before}), ElementsAre("warning published-changed a"));
}

TEST(JudgeChange, HeadThatIsOneOnlyBecauseOfAnUnreadableFile) {
  const std::map<std::string, std::string> before = {
      {"a.py", testing::MigrationText("a", {})},
      {"u.py", "revision = 'u'\ndown_revision = get()\n"}};
  std::map<std::string, std::string> after = before;
  after["b.py"] = testing::MigrationText("b", {"a"});
  EXPECT_THAT(Judge({StateOfFiles(after), StateOfFiles(before)}),
              ElementsAre("warning unreadable-migration b", "warning multiple-heads u"));
}

std::string Doubtful(const std::string& id, const std::string& parent, const std::string& code) {
  return "revision = '" + id + "'\ndown_revision = '" + parent + "'\n" + code;
}

TEST(JudgeDoubtful, RefusedWhenItIsNew) {
  const StatePtr one = StateOf(kOne);
  const std::string a = testing::MigrationText("a", {});
  const StatePtr two = StateOfFiles({{"a.py", a}, {"b.py", Doubtful("b", "a", "exec(x)\n")}});
  EXPECT_THAT(Judge({two, one}), ElementsAre("error doubtful-migration b"));
  EXPECT_THAT(Judge({two}), ElementsAre("error doubtful-migration b"));
  EXPECT_THAT(Dump(JudgeState(*two, Settings())), ElementsAre("warning doubtful-migration b"));
  // Only branch_labels and depends_on are in doubt.
  const std::string star = "from x import *\n" + Doubtful("b", "a", "");
  EXPECT_THAT(Judge({StateOfFiles({{"a.py", a}, {"b.py", star}}), one}), IsEmpty());
}

TEST(JudgeDoubtful, WhatIsWrittenCountsOnceItIsThere) {
  std::map<std::string, std::string> files = {{"a.py", testing::MigrationText("a", {})},
                                              {"b.py", Doubtful("b", "a", "exec(x)\n")}};
  const StatePtr before = StateOfFiles(files);
  EXPECT_THAT(Judge({before, StateOf(kOne), {before}}), IsEmpty());
  files["c.py"] = testing::MigrationText("c", {"b"});
  EXPECT_THAT(Judge({StateOfFiles(files), before}), IsEmpty());
  files["d.py"] = testing::MigrationText("d", {"a"});
  EXPECT_THAT(Judge({StateOfFiles(files), before}), ElementsAre("error multiple-heads d"));
  files.erase("d.py");
  files["moved.py"] = files["b.py"];
  files.erase("b.py");
  EXPECT_THAT(Judge({StateOfFiles(files), before}), IsEmpty());
}

// Who changes such a file may change what is doubted.
TEST(JudgeDoubtful, AnotherTextIsNew) {
  const std::string a = testing::MigrationText("a", {});
  const StatePtr before = StateOfFiles({{"a.py", a}, {"b.py", Doubtful("b", "a", "exec(x)\n")}});
  const StatePtr other = StateOfFiles({{"a.py", a}, {"b.py", Doubtful("b", "a", "exec(y)\n")}});
  EXPECT_THAT(Judge({other, before}), ElementsAre("error doubtful-migration b"));
  EXPECT_THAT(Judge({other, before, {other}}), IsEmpty());
  const StatePtr mended = StateOfFiles({{"a.py", a}, {"b.py", Doubtful("b", "a", "")}});
  EXPECT_THAT(Judge({mended, before}), IsEmpty());
}

TEST(JudgeDoubtful, ATextWithoutAContentIdIsTheOneThatWasThere) {
  const StatePtr before = StateOfFiles({{"b.py", Doubtful("b", "a", "exec(x)\n")}});
  EnvironmentState copy = *before;
  for (MigrationPtr& migration : copy.migrations) {
    auto unknown = std::make_shared<Migration>(*migration);
    unknown->content = {};
    migration = std::move(unknown);
  }
  copy.graph = Graph::Build(copy.migrations);
  const auto work_tree = std::make_shared<const EnvironmentState>(std::move(copy));
  EXPECT_THAT(Judge({work_tree, before}), IsEmpty());
  EXPECT_THAT(Judge({work_tree}),
              ElementsAre("error missing-parent b", "error doubtful-migration b"));
}

// The files of these revisions, of which those in `unread` cannot be had.
StatePtr StateWithUnread(const Revisions& revisions, const std::vector<std::string>& unread) {
  testing::MemoryTree tree;
  const std::string versions = std::string(testing::kVersions) + "/";
  for (const auto& [id, down] : revisions) {
    tree.AddFile(versions + id + ".py", testing::MigrationText(id, down));
  }
  for (const std::string& id : unread) tree.MakeUnreadable(versions + id + ".py");
  StateLoader loader({});
  return *loader.Load(tree, testing::AlembicEnvironment());
}

const Revisions kLine = {{"a", {}}, {"b", {"a"}}};
const Revisions kLongLine = {{"a", {}}, {"b", {"a"}}, {"c", {"b"}}};

Revisions With(Revisions revisions, const Revisions& more) {
  revisions.insert(revisions.end(), more.begin(), more.end());
  return revisions;
}

TEST(JudgeUnread, WhatIsPutOnAFileThatCannotBeReadIsNotBlamed) {
  const StatePtr before = StateWithUnread(kLine, {"b"});
  EXPECT_EQ(before->errors.size(), 1u);
  EXPECT_THAT(Judge({StateWithUnread(kLongLine, {"b"}), before}),
              ElementsAre("warning multiple-heads c"));
  const StatePtr longer = StateWithUnread(kLongLine, {"b"});
  EXPECT_THAT(Judge({StateWithUnread(With(kLongLine, {{"d", {"c"}}}), {"b"}), longer}),
              ElementsAre("warning multiple-heads d"));
}

// The files of these revisions, and u_x.py, whose id and parent cannot be read.
StatePtr StateWithUnreadable(const Revisions& revisions) {
  std::map<std::string, std::string> files = {{"u_x.py", "revision = f()\ndown_revision = g()\n"}};
  for (const auto& [id, down] : revisions) files[id + ".py"] = testing::MigrationText(id, down);
  return StateOfFiles(files);
}

// What stands on it says its id: what was the last head before may be below it.
TEST(JudgeUnreadable, WhatStandsOnItIsNoSecondHead) {
  const StatePtr before = StateWithUnreadable(kOne);
  const StatePtr on_it = StateWithUnreadable({{"a", {}}, {"c", {"u"}}});
  EXPECT_THAT(Judge({on_it, before}), IsEmpty());
  EXPECT_THAT(Judge({StateWithUnreadable({{"a", {}}, {"c", {"u"}}, {"d", {"c"}}}), on_it}),
              IsEmpty());
  // Another head is one: of what is new nothing old is the parent.
  for (const char* parent : {"u", "a"}) {
    EXPECT_THAT(Judge({StateWithUnreadable({{"a", {}}, {"c", {"u"}}, {"d", {parent}}}), on_it}),
                ::testing::Contains("error multiple-heads d"))
        << parent;
  }
  // Nor does a name excuse that no file has.
  EXPECT_THAT(Judge({StateWithUnreadable({{"a", {}}, {"c", {"v"}}}), before}),
              ::testing::Contains("error multiple-heads c"));
}

TEST(JudgeUnread, TheFileItselfIsNoFinding) {
  EXPECT_THAT(Dump(JudgeState(*StateWithUnread(kLine, {"b"}), Settings())), IsEmpty());
  EXPECT_THAT(Judge({StateWithUnread(kLine, {"b"}), StateOf(kOne)}), IsEmpty());
}

TEST(JudgeUnread, ASecondHeadBesideItGetsAWarning) {
  const StatePtr before = StateWithUnread(kLongLine, {"b"});
  EXPECT_THAT(Judge({StateWithUnread(With(kLongLine, {{"d", {"a"}}}), {"b"}), before}),
              ElementsAre("warning multiple-heads d", "warning unreadable-migration d"));
  EXPECT_THAT(
      Judge({StateWithUnread(With(kLine, {{"d", {"a"}}}), {"b"}), StateWithUnread(kLine, {"b"})}),
      ElementsAre("warning unreadable-migration d"));
}

TEST(JudgeUnread, MoreHeadsThanOnePerFileAreBlamed) {
  EXPECT_THAT(Judge({StateWithUnread(With(kLongLine, {{"d", {"c"}}, {"e", {"c"}}}), {"b"}),
                     StateWithUnread(kLongLine, {"b"})}),
              ElementsAre("error multiple-heads e"));
  EXPECT_THAT(Judge({StateWithUnread(With(kLine, {{"d", {"a"}}, {"e", {"a"}}}), {"b"}),
                     StateWithUnread(kLine, {"b"})}),
              ::testing::Contains("error multiple-heads e"));
}

TEST(JudgeUnread, OneFileStandsForOneMissingParent) {
  EXPECT_THAT(Judge({StateWithUnread(With(kLongLine, {{"d", {"nowhere"}}}), {"b"}),
                     StateWithUnread(kLongLine, {"b"})}),
              ElementsAre("error multiple-heads d", "error missing-parent d"));
}

TEST(PlanHeadRepair, NoEditsWhileAFileCannotBeRead) {
  EXPECT_TRUE(PlanHeadRepair({StateWithUnread(With(kLongLine, {{"d", {"c"}}, {"e", {"c"}}}), {"b"}),
                              StateWithUnread(kLongLine, {"b"})},
                             Settings(), "")
                  .edits.empty());
}

HeadRepair Plan(const Revisions& after, const Revisions& before) {
  return PlanHeadRepair({StateOf(after), StateOf(before)}, Settings(), "");
}

std::vector<std::string> EditsOf(const HeadRepair& repair) {
  std::vector<std::string> edits;
  for (const ParentEdit& edit : repair.edits) {
    edits.push_back(edit.migration->id() + " after " + edit.parents.front());
  }
  return edits;
}

TEST(PlanHeadRepair, NewChainGoesOnTopOfWhatWasThere) {
  const HeadRepair repair =
      Plan({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"c"}}}, {{"a", {}}, {"b", {"a"}}});
  EXPECT_THAT(EditsOf(repair), ElementsAre("c after b"));
  EXPECT_EQ(repair.diverge, "a");
  ASSERT_EQ(repair.heads.size(), 2u);
  EXPECT_EQ(repair.heads[0].migration->id(), "b");
  EXPECT_FALSE(repair.heads[0].is_new);
  EXPECT_TRUE(repair.heads[1].is_new);
}

TEST(PlanHeadRepair, SeveralNewChainsFollowEachOther) {
  const Revisions before = {{"a", {}}, {"b", {"a"}}};
  EXPECT_THAT(EditsOf(Plan({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"a"}}}, before)),
              ElementsAre("c after b", "d after c"));
}

TEST(PlanHeadRepair, NoMoreHeadsThanTheBranchThatItGoesTo) {
  const StatePtr target = StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}});
  const StatePtr after =
      StateOf({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"b"}}, {"e", {"b"}}});
  EXPECT_THAT(EditsOf(PlanHeadRepair({after, nullptr, {}, nullptr, target}, Settings(), "")),
              ElementsAre("e after d"));
}

TEST(PlanHeadRepair, FollowsTheOrderOfTheCommits) {
  Comparison comparison{StateOf({{"a", {}}, {"b", {"a"}}, {"z", {"a"}}}), StateOf(kOne)};
  EXPECT_THAT(EditsOf(PlanHeadRepair(comparison, Settings(), "")), ElementsAre("z after b"));
  comparison.added_at = {{"z", 0}, {"b", 1}};
  EXPECT_THAT(EditsOf(PlanHeadRepair(comparison, Settings(), "")), ElementsAre("b after z"));
}

TEST(PlanHeadRepair, NeverNamesWhatAPublishedBranchHas) {
  Comparison comparison{StateOf({{"a", {}}, {"b", {"a"}}, {"h", {"a"}}}),
                        StateOf({{"a", {}}, {"b", {"a"}}})};
  EXPECT_THAT(EditsOf(PlanHeadRepair(comparison, Settings(), "")), ElementsAre("h after b"));
  comparison.published_tips = {StateOf({{"a", {}}, {"h", {"a"}}})};
  const HeadRepair repair = PlanHeadRepair(comparison, Settings(), "");
  EXPECT_THAT(EditsOf(repair), IsEmpty());
  EXPECT_TRUE(repair.merge_helps);
}

TEST(PlanHeadRepair, HistoriesWithoutACommonAncestorAreIndependent) {
  EXPECT_TRUE(Plan({{"a", {}}, {"b", {}}}, {{"a", {}}}).independent);
  EXPECT_FALSE(Plan(kTwoHeads, kOne).independent);
}

TEST(PlanHeadRepair, MergeDoesNotHelpBesideAMissingParent) {
  const Revisions after = {{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"gone"}}};
  EXPECT_FALSE(Plan(after, kOne).merge_helps);
  Settings settings;
  settings.external_revisions = true;
  EXPECT_TRUE(PlanHeadRepair({StateOf(after), StateOf(kOne)}, settings, "").merge_helps);
}

TEST(PublishedChanged, MigrationOfAPublishedTipThatWasEditedOnTheWay) {
  Comparison comparison{StateOf({{"a", {}}, {"b", {"a"}}, {"h", {"b"}}}),
                        StateOf({{"a", {}}, {"b", {"a"}}})};
  comparison.published = comparison.before;
  EXPECT_THAT(Judge(comparison), IsEmpty());
  comparison.published_tips = {StateOf({{"a", {}}, {"h", {"a"}}})};
  EXPECT_THAT(Judge(comparison), ElementsAre("warning published-changed h"));
}

TEST(PlanHeadRepair, NoEditsWhereOnlyAMergeHelps) {
  EXPECT_THAT(EditsOf(Plan(kTwoHeads, {})), IsEmpty());
  EXPECT_THAT(EditsOf(Plan({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"c"}}, {"e", {"c"}}},
                           {{"a", {}}, {"b", {"a"}}})),
              IsEmpty());
}

}  // namespace
}  // namespace onehead
