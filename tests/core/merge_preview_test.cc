#include "onehead/core/merge_preview.h"

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

}  // namespace
}  // namespace onehead
