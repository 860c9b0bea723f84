#include "commands/history_cache.h"

#include <fmt/format.h>

namespace onehead {
namespace {

// Another version may read the same files in another way.
constexpr std::string_view kReader = "onehead " ONEHEAD_VERSION;

std::string KeyOf(const SourceTree& tree, const Environment& environment) {
  return SummaryKey(tree, environment, kReader).value_or("");
}

std::string NameOf(const std::string& key) { return fmt::format("{:016x}", HashOf(key)); }

}  // namespace

std::optional<HistorySummary> HistoryCache::Find(const SourceTree& tree,
                                                 const Environment& environment) const {
  const std::string key = KeyOf(tree, environment);
  if (key.empty()) return std::nullopt;
  const std::optional<std::string> bytes = files_.Load(NameOf(key));
  if (!bytes) return std::nullopt;
  return ReadSummary(*bytes, key);
}

void HistoryCache::Keep(const SourceTree& tree, const Environment& environment,
                        const HistorySummary& summary) const {
  const std::string key = KeyOf(tree, environment);
  if (!key.empty()) files_.Store(NameOf(key), WriteSummary(summary, key));
}

void HistoryCache::Keep(const SourceTree& tree, const EnvironmentState& state) const {
  if (Find(tree, state.environment)) return;
  if (const auto summary = Summarize(state)) Keep(tree, state.environment, *summary);
}

}  // namespace onehead
