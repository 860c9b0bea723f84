// Summaries of faultless histories, kept in the repository from one push to the next.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "onehead/core/history/load.h"
#include "onehead/core/policy/history_summary.h"
#include "onehead/git/files/disposable_cache.h"

namespace onehead {

using SummaryPtr = std::shared_ptr<const HistorySummary>;

class HistoryCache {
 public:
  // What the summaries are of depends on the limits.
  HistoryCache(const std::string& common_dir, const LoadLimits& limits);

  // Null: not known, for whatever reason.
  SummaryPtr Find(const SourceTree& tree, const Environment& environment);

  // What follows is kept for this process at once, and in the repository by Write. The files are
  // few, and next time the branch that all others start from matters most.
  enum class Worth { kAlways, kWhileThereIsRoom };
  void Keep(const SourceTree& tree, const Environment& environment, HistorySummary summary,
            Worth worth);
  // The summary of the state in this tree, if it has one and is not known already.
  void Keep(const SourceTree& tree, const EnvironmentState& state, Worth worth);

  void Write();

 private:
  std::string KeyOf(const SourceTree& tree, const Environment& environment) const;
  SummaryPtr Remember(const std::string& key, HistorySummary summary);

  std::string reader_;
  git::DisposableCache files_;
  std::map<std::string, SummaryPtr> known_;  // of this process
  std::size_t known_bytes_ = 0;
  std::deque<std::pair<std::string, SummaryPtr>> unwritten_;  // by their keys, the oldest first
  std::size_t unwritten_bytes_ = 0;
  int written_ = 0;
};

}  // namespace onehead
