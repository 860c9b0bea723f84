#include "commands/hook/history_cache.h"

#include <gtest/gtest.h>

#include <new>
#include <string>

#include "support/state_builder.h"

namespace onehead {
namespace {

// Whoever asks it for the content of a location runs out of memory.
class TreeWithoutMemory : public testing::MemoryTree {
 public:
  Result<std::optional<TreeEntry>> Find(std::string_view) const override { throw std::bad_alloc(); }
};

TEST(HistoryCache, WantOfMemoryIsAsIfNothingWereKnown) {
  HistoryCache cache("/nonexistent", LoadLimits());
  const TreeWithoutMemory tree;
  const StatePtr state = testing::StateOf({{"a", {}}});
  const auto worth = HistoryCache::Worth::kAlways;
  EXPECT_EQ(cache.Find(tree, state->environment), nullptr);
  EXPECT_NO_THROW(cache.Keep(tree, *state, worth));
  EXPECT_NO_THROW(cache.Keep(tree, state->environment, HistorySummary(), worth));
}

}  // namespace
}  // namespace onehead
