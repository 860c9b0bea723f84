#include "onehead/core/history/graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/graph_builder.h"

namespace onehead {
namespace {

using testing::Dump;
using testing::DumpCycles;
using testing::DumpReferences;
using testing::GraphOf;
using testing::Ids;
using testing::Migrations;

struct Case {
  const char* name;
  const char* text;
  const char* expected;
};

std::string CaseName(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

std::string History(const Graph& graph) { return Ids(graph, graph.HistoryOrder()); }

class GraphDumpTest : public ::testing::TestWithParam<Case> {};

TEST_P(GraphDumpTest, Equals) { EXPECT_EQ(Dump(GraphOf(GetParam().text)), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Shapes, GraphDumpTest,
    ::testing::Values(Case{"Empty", "", ""},  //
                      Case{"One", "a", "a[hrb]"},
                      Case{"Line", "a; b <- a", "a[b] -> b; b[hr] <- a"},
                      Case{"ChildReadFirst", "b <- a; a", "b[hr] <- a; a[b] -> b"},
                      Case{"Branch", "a; c <- a; b <- a", "a[bB] -> c b; c[hr] <- a; b[hr] <- a"},
                      Case{"Merge", "a; b; m <- b, a", "a[b] -> m; b[b] -> m; m[hrM] <- b a"},
                      Case{"DependsOnId", "a; b + a", "a[hb] by b; b[hrb] + a"},
                      Case{"DependsOnLabel", "a = x; b + x", "a[hb] by b = x; b[hrb] + a"},
                      Case{"DependsOnIdAndLabelOnce", "a = x; b + a, x",
                           "a[hb] by b = x; b[hrb] + a"},
                      Case{"DependsOnParent", "a; b <- a + a", "a[b] -> b by b; b[hr] <- a + a"},
                      Case{"EmptyDependencyIsNone", "a; b <- a + ''", "a[b] -> b; b[hr] <- a"},
                      Case{"MissingParentIsNoBase", "b <- a", "b[hr]"},
                      Case{"MissingParentOfMerge", "a; m <- a, z", "a[b] -> m; m[hrM] <- a"},
                      Case{"EmptyParentIsNoBase", "a <- ''", "a[hr]"},
                      Case{"SelfLoop", "a <- a", "a[c] <- a -> a"},
                      Case{"UnknownParents", "a; b <- ?; c <- b", "a[hrb]; b[] -> c; c[hr] <- b"},
                      Case{"AbsentParents", "b <- !", "b[hr]"},
                      Case{"UnknownIdNamesItsParent", "a; ?b <- a + a", "a[b]"},
                      Case{"NoIdNamesItsDependency", "a; !b + a", "a[hb]"}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    Duplicates, GraphDumpTest,
    ::testing::Values(
        Case{"LastFileIsTheNode", "x; a; b; x <- b", "x[hr] <- b; a[hrb]; b[b] -> x"},
        Case{"FirstFileStillNamesItsParent", "a; b; x <- a; x <- b", "a[b]; b[b] -> x; x[hr] <- b"},
        Case{"FirstFileStillNamesItsDependency", "a; x <- a + a; x <- a", "a[b] -> x; x[hr] <- a"},
        Case{"FirstFileLabelsDoNotSpread", "x = l; x; b <- x", "x[b] -> b; b[hr] <- x"}),
    CaseName);

// Alembic, RevisionMap._add_branches; each checked with Alembic 1.8.1.
INSTANTIATE_TEST_SUITE_P(
    Labels, GraphDumpTest,
    ::testing::Values(
        Case{"ToDescendantsAndDownToTheBase", "a; b <- a = l; c <- b",
             "a[b] -> b = l; b[] <- a -> c = l; c[hr] <- b = l"},
        Case{"StopsBelowABranchPoint", "a; b <- a = l; c <- a",
             "a[bB] -> b c; b[hr] <- a = l; c[hr] <- a"},
        Case{"NotAcrossDependsOn", "a = l; b + a", "a[hb] by b = l; b[hrb] + a"},
        Case{"DependentMakesABranchPoint", "a; b <- a = l; c + a",
             "a[b] -> b by c; b[hr] <- a = l; c[hrb] + a"},
        Case{"ChildThatAlsoDependsMakesNone", "a; b <- a + a = l",
             "a[b] -> b by b = l; b[hr] <- a + a = l"},
        Case{"MergeBelowTheLabelStopsTheWalkUp",
             "R0; R05 <- R0; R1 <- R05 = l; R2 <- R1; R3; R4 <- R2, R3",
             "R0[b] -> R05; R05[] <- R0 -> R1; R1[] <- R05 -> R2 = l; R2[] <- R1 -> R4 = l; "
             "R3[b] -> R4; R4[hrM] <- R2 R3 = l"},
        Case{"InheritedLabelsSpreadToo", "a; b <- a = k; c <- b = l",
             "a[b] -> b = k l; b[] <- a -> c = k l; c[hr] <- b = l k"},
        Case{"Several", "a = k, l; b <- a", "a[b] -> b = k l; b[hr] <- a = k l"},
        Case{"InACycleEnds", "a <- b = l; b <- a", "a[c] <- b -> b = l; b[c] <- a -> a = l"}),
    CaseName);

class CycleTest : public ::testing::TestWithParam<Case> {};

TEST_P(CycleTest, Equals) { EXPECT_EQ(DumpCycles(GraphOf(GetParam().text)), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    All, CycleTest,
    ::testing::Values(
        Case{"None", "a; b <- a + a; c <- b, a", ""},  //
        Case{"Loop", "a <- a", "down-loop a"}, Case{"DependencyLoop", "a + a", "depends-loop a"},
        Case{"DependencyLoopByOwnLabel", "a + l = l", "depends-loop a"},
        Case{"Two", "b <- a; a <- b", "down a b"},
        Case{"WhatHangsOnItIsNotOnIt", "a <- c; b <- a; c <- b; d <- c; e <- d", "down a b c"},
        Case{"WhatItStandsOnIsNotOnIt", "z; a <- z, b; b <- a", "down a b"},
        Case{"Dependencies", "a + b; b + a", "depends a b"},
        Case{"MixedNeedsBothKinds", "a + c; b <- a; c <- b", "depends a b c"},
        Case{"BothKindsOverTheSameOnes", "a <- b + b; b <- a", "down a b"},
        Case{"LargerOneAroundADownCycle", "a <- b; b <- a + c; c <- a", "down a b; depends a b c"},
        Case{"TwoApart", "d <- c; c <- d; b <- a; a <- b", "down a b; down c d"},
        Case{"OfAShadowedFile", "x <- x; x", "down-loop x"}),
    CaseName);

TEST(GraphTest, NodesOnACycleAreFlaggedAndThoseAroundItAreNot) {
  EXPECT_EQ(Dump(GraphOf("z; a <- z, b; b <- a; d <- b")),
            "z[b] -> a; a[Mc] <- z b -> b; b[Bc] <- a -> a d; d[hr] <- b");
}

TEST(GraphTest, HeadsAreInReadingOrderAndDistinct) {
  EXPECT_EQ(Ids(GraphOf("c; x; a; x; b <- a"), GraphOf("c; x; a; x; b <- a").heads()), "c x b");
}

TEST(GraphTest, ADuplicateOnTheLineIsOneHead) {
  const Graph graph = GraphOf("a; b <- a; c <- b; b <- a");
  EXPECT_EQ(Ids(graph, graph.heads()), "c");
  ASSERT_EQ(graph.duplicates().size(), 1U);
  EXPECT_EQ(graph.duplicates()[0].id, "b");
  ASSERT_EQ(graph.duplicates()[0].migrations.size(), 2U);
  EXPECT_EQ(graph.duplicates()[0].migrations[0]->path, "versions/b.py");
  EXPECT_EQ(graph.duplicates()[0].migrations[1]->path, "versions/b_1.py");
  EXPECT_EQ(graph.Find("b")->migration->path, "versions/b_1.py");
}

TEST(GraphTest, ReportsMissingReferencesOfEveryFile) {
  const Graph graph = GraphOf("a <- y, z + w; a <- x; b + a, v; !c <- u");
  EXPECT_EQ(DumpReferences(graph.missing_parents()),
            "versions/a.py>y versions/a.py>z versions/a_1.py>x versions/c.py>u");
  EXPECT_EQ(DumpReferences(graph.missing_dependencies()), "versions/a.py>w versions/b.py>v");
  EXPECT_EQ(DumpReferences(graph.uncertain_references()), "");
}

TEST(GraphTest, AParentIsNeverALabel) {
  const Graph graph = GraphOf("a = l; b <- l");
  EXPECT_EQ(DumpReferences(graph.missing_parents()), "versions/b.py>l");
  EXPECT_EQ(Ids(graph, graph.heads()), "a b");
}

TEST(GraphTest, AnEmptyDependencyOfABaseIsMissing) {
  EXPECT_EQ(DumpReferences(GraphOf("a + ''").missing_dependencies()), "versions/a.py>");
  EXPECT_EQ(DumpReferences(GraphOf("a; b <- a + ''").missing_dependencies()), "");
  EXPECT_EQ(DumpReferences(GraphOf("a; b <- a + a, ''").missing_dependencies()), "versions/b.py>");
}

TEST(GraphTest, AnUnknownIdMakesReferencesUncertain) {
  const Graph graph = GraphOf("?a; b <- z + y");
  EXPECT_EQ(DumpReferences(graph.missing_parents()), "");
  EXPECT_EQ(DumpReferences(graph.missing_dependencies()), "");
  EXPECT_EQ(DumpReferences(graph.uncertain_references()), "versions/b.py>z versions/b.py>y");
}

TEST(GraphTest, AnUnknownLabelMakesOnlyDependenciesUncertain) {
  auto migrations = Migrations("b <- z + y");
  Migration unknown = *Migrations("a").front();
  unknown.branch_labels.state = Binding::State::kUnknown;
  migrations.push_back(std::make_shared<Migration>(unknown));
  const Graph graph = Graph::Build(migrations);
  EXPECT_EQ(DumpReferences(graph.missing_parents()), "versions/b.py>z");
  EXPECT_EQ(DumpReferences(graph.uncertain_references()), "versions/b.py>y");
}

std::string Clashes(const Graph& graph) {
  std::string out;
  for (const LabelClash& clash : graph.label_clashes()) {
    out += (out.empty() ? "" : " ") + clash.label + ":" + clash.migration->path + ":" +
           clash.other->path;
  }
  return out;
}

TEST(GraphTest, LabelClashes) {
  EXPECT_EQ(Clashes(GraphOf("a = l; b = k")), "");
  EXPECT_EQ(Clashes(GraphOf("a = l; b = l")), "l:versions/b.py:versions/a.py");
  EXPECT_EQ(Clashes(GraphOf("a = b; b")), "b:versions/a.py:versions/b.py");
  EXPECT_EQ(Clashes(GraphOf("a = a")), "a:versions/a.py:versions/a.py");
  EXPECT_EQ(Clashes(GraphOf("x = l; x = l")), "l:versions/x_1.py:versions/x.py");
}

TEST(GraphTest, UnreadableFilesMakeHeadsUncertain) {
  EXPECT_FALSE(GraphOf("a; b <- a").heads_uncertain());
  for (const char* text : {"?a", "a; b <- ?", "a; b <- !", "!a <- !"}) {
    const Graph graph = GraphOf(text);
    EXPECT_TRUE(graph.heads_uncertain()) << text;
    EXPECT_EQ(graph.unreadable().size(), 1U) << text;
  }
  // No id at all is a defect of its own, but nothing about it is unknown.
  EXPECT_FALSE(GraphOf("!a").heads_uncertain());
  EXPECT_EQ(GraphOf("!a").unreadable().size(), 1U);
}

// The heads that may be none, and what stands on the files that cannot be read.
std::string Uncertain(const char* text) {
  const auto migrations = Migrations(text);
  const Graph graph = Graph::Build(migrations);
  std::string out;
  for (const NodeIndex head : graph.heads()) {
    const Node& node = graph.nodes()[static_cast<std::size_t>(head)];
    out += (out.empty() ? "" : " ") + node.id() + (node.head_uncertain ? "?" : "");
  }
  for (const MigrationPtr& m : graph.unreadable()) {
    const std::vector<char> above = graph.Descendants(*m);
    out += ";";
    for (std::size_t i = 0; i < above.size(); ++i) {
      if (above[i] != 0) out += " " + graph.nodes()[i].id();
    }
  }
  return out;
}

TEST(GraphTest, WhichHeadsAreUncertain) {
  EXPECT_EQ(Uncertain("a; b <- a; c <- a"), "b c");
  EXPECT_EQ(Uncertain("a; b <- a; q <- ?"), "b? q; q");
  EXPECT_EQ(Uncertain("a; q <- ?; b <- q; c <- b"), "a? c; q b c");
  EXPECT_EQ(Uncertain("a; b <- a; ?q"), "b;");  // its parents are known
  EXPECT_EQ(Uncertain("a; ?q <- a"), ";");
  EXPECT_EQ(Uncertain("a; b <- a; q <- !"), "b q; q");  // Alembic would not load it
  EXPECT_EQ(Uncertain("a; q <- ?; p <- ?; b <- q"), "a? p? b?; q b; p");
}

TEST(GraphTest, ChildrenSayWhichIdAFileHas) {
  EXPECT_EQ(Uncertain("a; ?q <- ?; b <- f; c <- b"), "a? c; b c");
  EXPECT_EQ(Uncertain("a; ?q <- ?; b <- f; c <- f"), "a? b c; b c");
  EXPECT_EQ(Uncertain("a; ?q <- ?; b <- f; c <- g"), "a? b? c?;");
  EXPECT_EQ(Uncertain("a; ?q <- ?; b <- q; c <- g"), "a? b c?; b");  // the file is called q.py
  EXPECT_EQ(Uncertain("a; ?qq <- ?; b <- q; c <- g"), "a? b? c?;");
  EXPECT_EQ(Uncertain("a; ?q <- ?; ?p <- ?; b <- f"), "a? b?;;");
  EXPECT_EQ(Uncertain("a; ?q <- ?; b <- a + f"), "b?;");  // a dependency makes no child
}

TEST(GraphTest, OfManyUnreadableFilesEachHeadMayBeAParent) {
  const auto uncertain = [](int files) {
    std::string text;
    std::string merge = "m <- ";
    for (int i = 0; i < files; ++i) {
      text += "q" + std::to_string(i) + " <- ?; ";
      merge += (i == 0 ? "q" : ", q") + std::to_string(i);
    }
    return GraphOf(text + merge).Find("m")->head_uncertain;
  };
  EXPECT_FALSE(uncertain(16));
  EXPECT_TRUE(uncertain(17));  // nobody looks any closer
}

TEST(GraphTest, AFileWithADefectElsewhereIsUnreadableToo) {
  Migration broken = *Migrations("a").front();
  broken.defects.push_back({9, "a conflict marker", "<<<<<<<"});
  const Graph graph = Graph::Build({std::make_shared<Migration>(broken)});
  EXPECT_EQ(Dump(graph), "a[hrb]");
  EXPECT_TRUE(graph.heads_uncertain());
}

TEST(GraphTest, StaysWholeWhenTheFirstListIsGone) {
  auto graph = std::make_unique<Graph>(GraphOf("a; b <- a; b <- a; c <- b = l"));
  const Graph copy = *graph;
  const Graph moved = std::move(*graph);
  graph.reset();
  EXPECT_EQ(Dump(copy), Dump(moved));
  EXPECT_EQ(Dump(copy, "b"), "b[] <- a -> c = l");
  EXPECT_EQ(Dump(moved, "z"), "no z");
}

TEST(GraphTest, AncestorsIncludeTheStartAndFollowParentsOnly) {
  const Graph graph = GraphOf("a; b <- a; c <- a; d + b; e <- c + d; f <- f");
  const auto flags = [&](const char* id) {
    std::string out;
    for (char flag : graph.Ancestors({*graph.IndexOf(id)})) out += flag != 0 ? '1' : '0';
    return out;
  };
  EXPECT_EQ(flags("b"), "110000");
  EXPECT_EQ(flags("e"), "101010");
  EXPECT_EQ(flags("f"), "000001");
}

TEST(GraphTest, IllegalIdCharacters) {
  EXPECT_EQ(IllegalIdCharacters("0560_add.org é"), "");
  EXPECT_EQ(IllegalIdCharacters("a-b@c-d"), "-@");
  EXPECT_EQ(IllegalIdCharacters(":+@-"), "+-:@");
}

class HistoryTest : public ::testing::TestWithParam<Case> {};

TEST_P(HistoryTest, Equals) { EXPECT_EQ(History(GraphOf(GetParam().text)), GetParam().expected); }

// Each without a cycle or a duplicate is Alembic 1.8.1's order.
INSTANTIATE_TEST_SUITE_P(
    All, HistoryTest,
    ::testing::Values(
        Case{"Empty", "", ""},  //
        Case{"Line", "a; c <- b; b <- a", "c b a"}, Case{"HeadsInReadingOrder", "a; b; c", "a b c"},
        Case{"OneBranchThenTheOther", "a; b <- a; c <- b; d <- a; e <- d", "c b e d a"},
        Case{"StarLeavesThenTheMiddle", "a; b <- a; c <- a; d <- a", "b c d a"},
        Case{"MergeFirstParentFirst", "a; b <- a; c <- a; m <- c, b", "m c b a"},
        Case{"LaterBranchNeededByAnEarlierOne", "a; b <- a; c <- b; d <- b; e <- c", "d e c b a"},
        Case{"DependencyAfterItsDependents", "a; b; c <- b + a", "c b a"},
        Case{"DependencyIsNoHeadOfItsOwn", "a; b <- a; x; y <- x + b", "y x b a"},
        Case{"DependencyOfAnAncestorIsLeftOut", "d; a + d; b <- a + d; c <- b + d", "c b a d"},
        Case{"BackToThePreviousBranch", "a; b; c <- a; d <- b; e <- c, d; f <- a", "e c f a d b"},
        Case{"CycleListsAllOnce", "a <- b; b <- a; c <- b", "a c b"},
        Case{"CycleWithAWayInAndOut", "z; a <- z, b; b <- a; d <- b", "a z d b"},
        Case{"Duplicate", "a; b <- a; c <- b; b <- a", "c b a"}),
    CaseName);

std::vector<MigrationPtr> Numbered(int count, const std::string& tail) {
  std::string text = "r0";
  for (int i = 1; i < count; ++i) {
    std::string parent = tail == "chain" ? "r" + std::to_string(i - 1) : "r0";
    text += "; r" + std::to_string(i) + " <- " + parent;
  }
  return Migrations(text);
}

TEST(GraphTest, LongChainNeedsNoStack) {
  const Graph graph = Graph::Build(Numbered(20000, "chain"));
  EXPECT_EQ(Ids(graph, graph.heads()), "r19999");
  const std::vector<NodeIndex> order = graph.HistoryOrder();
  ASSERT_EQ(order.size(), 20000U);
  EXPECT_EQ(order.front(), 19999);
  EXPECT_EQ(order.back(), 0);
}

TEST(GraphTest, WideStarKeepsReadingOrder) {
  const Graph graph = Graph::Build(Numbered(20000, "star"));
  EXPECT_EQ(graph.heads().size(), 19999U);
  const std::vector<NodeIndex> order = graph.HistoryOrder();
  ASSERT_EQ(order.size(), 20000U);
  EXPECT_EQ(order.front(), 1);
  EXPECT_EQ(order[19998], 19999);
  EXPECT_EQ(order.back(), 0);
}

TEST(GraphTest, MoreLabelsThanAnyHonestHistoryAreCut) {
  std::string text = "r0 = l0";
  for (int i = 1; i < 6000; ++i) {
    text +=
        "; r" + std::to_string(i) + " <- r" + std::to_string(i - 1) + " = l" + std::to_string(i);
  }
  const Graph graph = GraphOf(text);
  EXPECT_TRUE(graph.labels_cut());
  EXPECT_EQ(Dump(graph, "r7"), "r7[] <- r6 -> r8 = l7");
  EXPECT_FALSE(GraphOf("a = l; b <- a = k").labels_cut());
}

// A comb (a leaf on each revision of a line) and braided branches make the exact order cost more
// than linear time.
TEST(GraphTest, BeyondTheBudgetHistoryIsStillAnOrder) {
  std::string text = "r0; l0 <- r0; x; y + r0; z <- x, y + l0";
  for (int i = 1; i < 30; ++i) {
    const std::string n = std::to_string(i);
    text += "; r" + n + " <- r" + std::to_string(i - 1) + "; l" + n + " <- r" + n + " + r0";
  }
  const Graph graph = GraphOf(text);
  for (std::size_t steps = 0; steps < 1500; ++steps) {
    std::vector<char> seen(graph.nodes().size(), 0);
    for (NodeIndex i : graph.HistoryOrder(steps)) {
      const Node& node = graph.nodes()[static_cast<std::size_t>(i)];
      for (const auto& above : {node.children, node.dependents}) {
        for (NodeIndex j : above) ASSERT_EQ(seen[static_cast<std::size_t>(j)], 1) << steps;
      }
      ASSERT_EQ(seen[static_cast<std::size_t>(i)], 0) << steps;
      seen[static_cast<std::size_t>(i)] = 1;
    }
    ASSERT_EQ(std::count(seen.begin(), seen.end(), 1), 63) << steps;
  }
  EXPECT_NE(graph.HistoryOrder(0), graph.HistoryOrder());
}

}  // namespace
}  // namespace onehead
