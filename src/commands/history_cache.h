// Summaries of faultless histories, kept in the repository from one push to the next.
#pragma once

#include <optional>
#include <string>

#include "git/disposable_cache.h"
#include "onehead/core/history_summary.h"

namespace onehead {

class HistoryCache {
 public:
  explicit HistoryCache(const std::string& common_dir) : files_(common_dir) {}

  // Null: not known, for whatever reason.
  std::optional<HistorySummary> Find(const SourceTree& tree, const Environment& environment) const;
  void Keep(const SourceTree& tree, const Environment& environment,
            const HistorySummary& summary) const;
  // The summary of the state in this tree, if it has one and is not known already.
  void Keep(const SourceTree& tree, const EnvironmentState& state) const;

 private:
  git::DisposableCache files_;
};

}  // namespace onehead
