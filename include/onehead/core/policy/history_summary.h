// What is enough to know of a faultless history to tell that a new migration continues it.
//
// A history is faultless when no rule finds anything in it, it has one head, no labels, no links,
// and lies in plain version locations. Adding migrations that follow the head one after the other
// keeps it faultless: so the next push needs the head, and which ids are taken, and not the files.
// Not here: where summaries are kept (git/disposable_cache.h), when they are believed (commands).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/migration/migration.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

struct HistorySummary {
  std::string head;
  // A line for each revision, sorted: its id and those of its parents, sorted, a space between two.
  // An id with a character that is no visible one is in no summary.
  std::string revisions;
  std::size_t count = 0;  // of revisions
  friend bool operator==(const HistorySummary&, const HistorySummary&) = default;
};

// Null: it is not faultless.
std::optional<HistorySummary> Summarize(const EnvironmentState& state);

// With the added migrations, in whatever order they come. Null: they do not simply follow the head,
// or one of them is not faultless itself.
std::optional<HistorySummary> Continue(const HistorySummary& summary,
                                       const std::vector<MigrationPtr>& added);

// The history that `added` continues to `summary`. Null: they do not simply do that.
std::optional<HistorySummary> Without(const HistorySummary& summary,
                                      const std::vector<MigrationPtr>& added);

// True if `whole` has every revision of `part`, with the same parents.
bool Includes(const HistorySummary& whole, const HistorySummary& part);

// Names the content of the version locations in this tree, and `reader`, who says what is declared
// there: a program and how it is set. Empty: there is nothing to name, or not by content.
[[nodiscard]] Result<std::string> SummaryKey(const SourceTree& tree, const Environment& environment,
                                             std::string_view reader);

// For keeping one (cache_record.h).
std::string WriteSummary(const HistorySummary& summary, std::string_view key);
std::optional<HistorySummary> ReadSummary(std::string_view bytes, std::string_view key);

}  // namespace onehead
