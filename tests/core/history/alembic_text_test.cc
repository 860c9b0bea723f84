#include "onehead/core/history/alembic_text.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/graph_builder.h"

namespace onehead {
namespace {

using testing::GraphOf;
using testing::Migrations;

constexpr ListingDetail kShort = ListingDetail::kShort;
constexpr ListingDetail kVerbose = ListingDetail::kVerbose;

// What Alembic 1.8.1 and 1.19 print for these files.
constexpr const char* kTree =
    "base1; left <- base1; right <- base1 = net; top <- left; other + right; end <- top, other";

TEST(ListHeadsTest, Short) {
  EXPECT_EQ(ListHeads(GraphOf(kTree), kShort),
            "right (net) (effective head)\n"
            "end (head)\n");
  EXPECT_EQ(ListHeads(GraphOf(""), kShort), "");
}

TEST(ListHeadsTest, ShowsNoBranchOrMergePoint) {
  EXPECT_EQ(ListHeads(GraphOf("a; b; m <- a, b"), kShort), "m (head)\n");
}

TEST(ListHeadsTest, Verbose) {
  EXPECT_EQ(ListHeads(GraphOf(kTree), kVerbose),
            "Rev: right (head)\n"
            "Parent: base1\n"
            "Branch names: net\n"
            "Path: versions/right.py\n"
            "\n"
            "    add right\n"
            "    \n"
            "    Revision ID: right\n"
            "\n"
            "Rev: end (head) (mergepoint)\n"
            "Merges: top, other\n"
            "Path: versions/end.py\n"
            "\n"
            "    add end\n"
            "    \n"
            "    Revision ID: end\n"
            "\n");
}

TEST(ListHistoryTest, Short) {
  EXPECT_EQ(ListHistory(GraphOf(kTree), kShort),
            "top, other -> end (head) (mergepoint), add end\n"
            "left -> top, add top\n"
            "base1 -> left, add left\n"
            "<base> (right) -> other, add other\n"
            "base1 -> right (net) (effective head), add right\n"
            "<base> -> base1 (branchpoint), add base1\n");
}

TEST(ListHistoryTest, DependsOnIsPrintedAsWritten) {
  EXPECT_EQ(ListHistory(GraphOf("a = l; b; c <- b + l, b"), kShort),
            "b (l, b) -> c (head), add c\n"
            "<base> -> b, add b\n"
            "<base> -> a (l) (effective head), add a\n");
}

TEST(ListHistoryTest, Verbose) {
  EXPECT_EQ(ListHistory(GraphOf("a = l; b <- a + a; c <- a"), kVerbose),
            "Rev: b (head)\n"
            "Parent: a\n"
            "Also depends on: a\n"
            "Branch names: l\n"
            "Path: versions/b.py\n"
            "\n"
            "    add b\n"
            "    \n"
            "    Revision ID: b\n"
            "\n"
            "Rev: c (head)\n"
            "Parent: a\n"
            "Branch names: l\n"
            "Path: versions/c.py\n"
            "\n"
            "    add c\n"
            "    \n"
            "    Revision ID: c\n"
            "\n"
            "Rev: a (branchpoint)\n"
            "Parent: <base>\n"
            "Branches into: b, c\n"
            "Branch names: l\n"
            "Path: versions/a.py\n"
            "\n"
            "    add a\n"
            "    \n"
            "    Revision ID: a\n"
            "\n");
}

TEST(ListHistoryTest, AValueThatCannotBeReadIsCalledUnknown) {
  EXPECT_EQ(ListHistory(GraphOf("b <- ?"), kShort), "<unknown> -> b (head), add b\n");
}

TEST(ListBranchesTest, Short) {
  EXPECT_EQ(
      ListBranches(GraphOf("long; b <- long = l; c <- long; d <- c; e <- c, b; f <- d"), kShort),
      "c (branchpoint)\n"
      "  -> d\n"
      "  -> e (l) (head) (mergepoint)\n"
      "\n"
      "long (branchpoint)\n"
      "     -> b (l)\n"
      "     -> c (branchpoint)\n"
      "\n");
  EXPECT_EQ(ListBranches(GraphOf("a; b <- a"), kShort), "");
}

TEST(ListBranchesTest, Verbose) {
  EXPECT_EQ(ListBranches(GraphOf("a; b <- a; c <- a"), kVerbose),
            "Rev: a (branchpoint)\n"
            "Parent: <base>\n"
            "Branches into: b, c\n"
            "Path: versions/a.py\n"
            "\n"
            "    add a\n"
            "    \n"
            "    Revision ID: a\n"
            "\n"
            "  -> b (head), add b\n"
            "  -> c (head), add c\n"
            "\n");
}

TEST(ListBranchesTest, IndentCountsCharacters) {
  EXPECT_EQ(ListBranches(GraphOf("é\x01; b <- é\x01; c <- é\x01"), kShort),
            "é\\x01 (branchpoint)\n      -> b (head)\n      -> c (head)\n\n");
}

Graph WithDoc(const std::string& title, const std::string& doc) {
  auto m = std::make_shared<Migration>(*Migrations("a = l").front());
  m->title = title;
  m->doc = doc;
  return Graph::Build({m});
}

TEST(ListingTextTest, TitleKeepsItsLinesAndLosesControlCharacters) {
  EXPECT_EQ(ListHistory(WithDoc("two\n\tlines\x1b[31m\r", ""), kShort),
            "<base> -> a (l) (head), two\n\tlines\\x1b[31m\\x0d\n");
  EXPECT_EQ(ListHistory(WithDoc("", ""), kShort), "<base> -> a (l) (head), \n");
}

std::string DocPart(const std::string& doc) {
  const std::string text = ListHeads(WithDoc("", doc), kVerbose);
  const std::string start = "Path: versions/a.py\n\n";
  return text.substr(text.find(start) + start.size());
}

TEST(ListingTextTest, DocIsSplitLikePythonSplitsLines) {
  EXPECT_EQ(DocPart(""), "\n\n");
  EXPECT_EQ(DocPart("one"), "    one\n\n");
  EXPECT_EQ(DocPart("one\n"), "    one\n\n");
  EXPECT_EQ(DocPart("one\n\ntwo"), "    one\n    \n    two\n\n");
  EXPECT_EQ(DocPart("a\r\nb\rc\vd\fe\x1c"
                    "f\x1eg"),
            "    a\n    b\n    c\n    d\n    e\n    f\n    g\n\n");
  EXPECT_EQ(DocPart("a\u0085b\u2028c\u2029d"), "    a\n    b\n    c\n    d\n\n");
  EXPECT_EQ(DocPart("a\x1f"
                    "b\u2027c\xC2"),
            "    a\\x1fb\u2027c\\xc2\n\n");
}

TEST(ListingTextTest, IdsLabelsAndPathsArePrintable) {
  auto m = std::make_shared<Migration>(*Migrations("a = l").front());
  m->revision.ids = {"a\nerror: x"};
  m->branch_labels.ids = {"l\x1b"};
  m->path = "versions/\x07.py";
  const Graph graph = Graph::Build({m});
  EXPECT_EQ(ListHeads(graph, kShort), "a\\x0aerror: x (l\\x1b) (head)\n");
  const std::string verbose = ListHeads(graph, kVerbose);
  EXPECT_NE(verbose.find("Branch names: l\\x1b\nPath: versions/\\x07.py\n"), std::string::npos)
      << verbose;
}

struct Failure {
  const char* text;
  std::vector<std::string> expected;
};

TEST(LoadFailuresTest, NamesFileLineAndWhy) {
  const Failure failures[] = {
      {"", {}},
      {"a; b <- a; b <- a; c", {}},
      {"b <- z", {"versions/b.py:4: down_revision of b names z, which no file declares"}},
      {"a <- z; a", {"versions/a.py:4: down_revision of a names z, which no file declares"}},
      {"b + z",
       {"versions/b.py:6: depends_on of b names z, which is no revision and no branch label"}},
      {"a <- a", {"versions/a.py:4: a names itself in down_revision"}},
      {"a + a", {"versions/a.py:6: a names itself in depends_on"}},
      {"a <- b; b <- a; c <- b", {"versions/a.py:4: cycle of down_revision: a, b"}},
      {"a + b; b <- a", {"versions/a.py:6: cycle of down_revision and depends_on: a, b"}},
      {"a = l; b = l",
       {"versions/b.py:5: branch label l of b is already used by a (versions/a.py)"}},
      {"a-b@", {"versions/a-b@.py:3: character(s) '-, @' not allowed in revision id a-b@"}},
      {"!a", {"versions/a.py: declares no revision id"}},
      {"!a <- !", {"versions/a.py: declares no revision id"}},
      {"b <- !", {"versions/b.py: down_revision of b is absent"}},
      {"?a; b <- ?; c <- z", {}},
      {"b <- z; a <- y",
       {"versions/a.py:4: down_revision of a names y, which no file declares",
        "versions/b.py:4: down_revision of b names z, which no file declares"}},
  };
  for (const Failure& failure : failures) {
    EXPECT_EQ(LoadFailures(GraphOf(failure.text)), failure.expected) << failure.text;
  }
}

TEST(LoadFailuresTest, ValuesThatAreNoStrings) {
  auto id = std::make_shared<Migration>(*Migrations("a").front());
  id->revision = {Binding::State::kIllegal, {}, false, 3, {}, "5"};
  auto down = std::make_shared<Migration>(*Migrations("b").front());
  down->down_revision = {Binding::State::kIllegal, {}, false, 4, {}, "7\n"};
  EXPECT_EQ(LoadFailures(Graph::Build({id, down})),
            (std::vector<std::string>{
                "versions/a.py:3: the revision id is not a string: 5",
                "versions/b.py:4: down_revision of b is not None, a string or strings: 7\\x0a"}));
}

TEST(LoadFailuresTest, AFileThatIsNoPython) {
  auto m = std::make_shared<Migration>(*Migrations("a").front());
  m->defects.push_back({9, "a conflict marker starts the line", "<<<<<<<"});
  EXPECT_EQ(LoadFailures(Graph::Build({m})),
            std::vector<std::string>{
                "versions/a.py:9: cannot be read: a conflict marker starts the line"});
}

TEST(LoadFailuresTest, LongCyclesAndLongIdsAreCut) {
  std::string text = "c00 <- c12";
  for (int i = 1; i < 13; ++i) {
    const auto id = [](int n) { return (n < 10 ? "c0" : "c") + std::to_string(n); };
    text += "; " + id(i) + " <- " + id(i - 1);
  }
  EXPECT_EQ(LoadFailures(GraphOf(text)),
            std::vector<std::string>{"versions/c00.py:4: cycle of down_revision: c00, c01, c02, "
                                     "c03, c04, c05, c06, c07, c08, c09 and 3 more"});
  const std::string line = LoadFailures(GraphOf("a <- " + std::string(300, 'x'))).front();
  EXPECT_EQ(line, "versions/a.py:4: down_revision of a names " + std::string(200, 'x') +
                      "..., which no file declares");
}

}  // namespace
}  // namespace onehead
