#include "commands/hook/history_cache.h"

#include <fmt/format.h>

#include <new>
#include <utility>

#include "onehead/core/migration/readings.h"
#include "onehead/core/policy/cache_record.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{32} << 20;  // in memory
constexpr int kRoom = 8;  // files that one push may write, other than those it always does

std::string NameOf(const std::string& key) { return fmt::format("{:016x}", HashOf(key)); }

}  // namespace

HistoryCache::HistoryCache(const std::string& common_dir, const LoadLimits& limits)
    : reader_(fmt::format("onehead " ONEHEAD_VERSION ", {}, {}, {}", kReadings,
                          limits.max_file_bytes, limits.max_files)),
      files_(common_dir) {}

std::string HistoryCache::KeyOf(const SourceTree& tree, const Environment& environment) const {
  return SummaryKey(tree, environment, reader_).value_or("");
}

SummaryPtr HistoryCache::Remember(const std::string& key, HistorySummary summary) {
  if (known_bytes_ + summary.revisions.size() > kMaxBytes) {
    known_.clear();
    known_bytes_ = 0;
  }
  known_bytes_ += summary.revisions.size();
  return known_[key] = std::make_shared<const HistorySummary>(std::move(summary));
}

SummaryPtr HistoryCache::Find(const SourceTree& tree, const Environment& environment) try {
  const std::string key = KeyOf(tree, environment);
  if (key.empty()) return nullptr;
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const std::optional<std::string> bytes = files_.Load(NameOf(key));
  std::optional<HistorySummary> summary;
  if (bytes) summary = ReadSummary(*bytes, key);
  return summary ? Remember(key, std::move(*summary)) : nullptr;
} catch (const std::bad_alloc&) {
  return nullptr;  // a large file of no use may lie there
}

void HistoryCache::Keep(const SourceTree& tree, const Environment& environment,
                        HistorySummary summary, Worth worth) try {
  const std::string key = KeyOf(tree, environment);
  if (key.empty()) return;
  const SummaryPtr kept = Remember(key, std::move(summary));
  if (worth == Worth::kWhileThereIsRoom && ++written_ > kRoom) return;
  unwritten_.emplace_back(key, kept);
  unwritten_bytes_ += kept->revisions.size();
  while (unwritten_.size() > git::DisposableCache::kMaxFiles || unwritten_bytes_ > kMaxBytes) {
    unwritten_bytes_ -= unwritten_.front().second->revisions.size();
    unwritten_.pop_front();
  }
} catch (const std::bad_alloc&) {
  // A push that was judged does not fail for this.
}

void HistoryCache::Write() try {
  for (const auto& [key, summary] : unwritten_) {
    files_.Store(NameOf(key), WriteSummary(*summary, key));
  }
  unwritten_.clear();
  unwritten_bytes_ = 0;
} catch (const std::bad_alloc&) {
  // As above.
}

void HistoryCache::Keep(const SourceTree& tree, const EnvironmentState& state, Worth worth) try {
  if (Find(tree, state.environment)) return;
  if (auto summary = Summarize(state)) Keep(tree, state.environment, std::move(*summary), worth);
} catch (const std::bad_alloc&) {
  // As above.
}

}  // namespace onehead
