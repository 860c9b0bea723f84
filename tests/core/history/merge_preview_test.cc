#include "onehead/core/history/merge_preview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/state_builder.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using testing::Revisions;
using testing::StateOf;

std::vector<std::string> HeadsOfMerge(const Revisions& base, const Revisions& ours,
                                      const Revisions& theirs) {
  const Graph graph = Graph::Build(PreviewMerge(
      StateOf(base)->migrations, StateOf(ours)->migrations, StateOf(theirs)->migrations));
  std::vector<std::string> ids;
  for (const NodeIndex head : graph.heads()) {
    ids.push_back(graph.nodes()[static_cast<std::size_t>(head)].id());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

const Revisions kBase = {{"a", {}}};

TEST(PreviewMerge, BothSidesAdd) {
  EXPECT_THAT(HeadsOfMerge(kBase, {{"a", {}}, {"b", {"a"}}}, {{"a", {}}, {"c", {"a"}}}),
              ElementsAre("b", "c"));
}

TEST(PreviewMerge, OneSideBuildsOnTheOther) {
  EXPECT_THAT(
      HeadsOfMerge(kBase, {{"a", {}}, {"b", {"a"}}}, {{"a", {}}, {"b", {"a"}}, {"c", {"b"}}}),
      ElementsAre("c"));
}

TEST(PreviewMerge, WhatOneSideRemovedOrReparentedCounts) {
  const Revisions base = {{"a", {}}, {"b", {"a"}}, {"c", {"a"}}};
  EXPECT_THAT(HeadsOfMerge(base, base, {{"a", {}}, {"b", {"a"}}}), ElementsAre("b"));
  EXPECT_THAT(HeadsOfMerge(base, {{"a", {}}, {"b", {"a"}}, {"c", {"b"}}}, base), ElementsAre("c"));
}

TEST(PreviewMerge, WhatBothChangedIsTakenFromTheirs) {
  const Revisions base = {{"a", {}}, {"b", {"a"}}, {"x", {"a"}}};
  EXPECT_THAT(HeadsOfMerge(base, {{"a", {}}, {"b", {"a"}}, {"x", {}}},
                           {{"a", {}}, {"b", {"a"}}, {"x", {"b"}}}),
              ElementsAre("x"));
}

std::vector<std::string> PathsOf(const std::vector<MigrationPtr>& migrations) {
  std::vector<std::string> paths;
  for (const MigrationPtr& migration : migrations) {
    paths.push_back(migration->path.substr(std::string(testing::kVersions).size() + 1));
  }
  return paths;
}

using Files = std::map<std::string, std::string>;

std::vector<std::string> MergedPaths(const Files& base, const Files& ours, const Files& theirs) {
  return PathsOf(PreviewMerge(testing::StateOfFiles(base)->migrations,
                              testing::StateOfFiles(ours)->migrations,
                              testing::StateOfFiles(theirs)->migrations));
}

TEST(PreviewMerge, TwoAddedFilesWithOneIdStayTwo) {
  const std::string a = testing::MigrationText("a", {});
  const std::string b = testing::MigrationText("b", {"a"});
  EXPECT_THAT(MergedPaths({{"a.py", a}}, {{"a.py", a}, {"b2.py", b}}, {{"a.py", a}, {"b1.py", b}}),
              ElementsAre("a.py", "b1.py", "b2.py"));
  EXPECT_THAT(MergedPaths({}, {{"a.py", a}}, {{"a.py", a}}), ElementsAre("a.py"));
}

TEST(PreviewMerge, ARenamedFileIsOne) {
  const std::string a = testing::MigrationText("a", {});
  const std::string b = testing::MigrationText("b", {"a"});
  const std::string moved = testing::MigrationText("b", {});
  const Files base = {{"a.py", a}, {"b.py", b}};
  const Files renamed = {{"a.py", a}, {"c.py", b}};
  EXPECT_EQ(MergedPaths(base, renamed, base).size(), 2u);
  EXPECT_EQ(MergedPaths(base, base, renamed).size(), 2u);
  EXPECT_THAT(MergedPaths(base, {{"a.py", a}}, renamed), ElementsAre("a.py"));
  EXPECT_THAT(MergedPaths(base, {{"a.py", a}, {"b.py", moved}}, renamed),
              ElementsAre("a.py", "b.py"));
  // Another file has taken the old name.
  EXPECT_THAT(MergedPaths(base, base,
                          {{"a.py", a}, {"b.py", testing::MigrationText("n", {"b"})}, {"c.py", b}})
                  .size(),
              3u);
}

}  // namespace
}  // namespace onehead
