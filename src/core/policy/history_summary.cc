#include "onehead/core/policy/history_summary.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "onehead/core/policy/cache_record.h"
#include "onehead/core/policy/change.h"

namespace onehead {
namespace {

constexpr std::string_view kMagic = "onehead history 3\n";

std::string LineOf(const std::string& id, const std::vector<std::string>& parents) {
  std::vector<std::string_view> sorted(parents.begin(), parents.end());
  std::sort(sorted.begin(), sorted.end());
  std::size_t size = id.size() + 1;
  for (const std::string_view parent : sorted) size += 1 + parent.size();
  std::string line;
  line.reserve(size);
  line += id;
  for (const std::string_view parent : sorted) line.append(1, ' ').append(parent);
  return line.append(1, '\n');
}

std::string_view IdOf(std::string_view line) {
  std::size_t end = 0;
  while (end != line.size() && line[end] != ' ' && line[end] != '\n') ++end;
  return line.substr(0, end);
}

// The line that begins at `begin`, with its end.
std::string_view LineAt(std::string_view lines, std::size_t begin) {
  return lines.substr(begin, lines.find('\n', begin) + 1 - begin);
}

// Where the first line begins whose id is not less than `id`.
std::size_t LowerBound(std::string_view lines, std::string_view id) {
  std::size_t begin = 0;
  for (std::size_t end = lines.size(); begin < end;) {
    const std::size_t half = begin + (end - begin) / 2;
    const std::size_t before = half == 0 ? std::string_view::npos : lines.rfind('\n', half - 1);
    const std::size_t line = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view text = LineAt(lines, line);
    if (IdOf(text) < id) {
      begin = line + text.size();
    } else {
      end = line;
    }
  }
  return begin;
}

// The lines with `added`, which is sorted, among them; null: an id would be there twice.
std::optional<std::string> Merged(std::string_view lines, const std::vector<std::string>& added) {
  std::string merged;
  std::size_t copied = 0;
  std::string_view last;
  for (const std::string& line : added) {
    const std::string_view id = IdOf(line);
    const std::size_t at = LowerBound(lines, id);
    if (id == last || (at != lines.size() && IdOf(LineAt(lines, at)) == id)) return std::nullopt;
    merged.append(lines.substr(copied, at - copied)).append(line);
    copied = at;
    last = id;
  }
  return merged.append(lines.substr(copied));
}

// How many bytes of whole lines both begin with.
std::size_t SameLines(std::string_view a, std::string_view b) {
  const std::size_t same = CommonPrefix(a, b);
  return same == 0 ? 0 : a.rfind('\n', same - 1) + 1;  // npos + 1 is 0
}

bool IsVisible(const std::string& id) {
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return static_cast<unsigned char>(c) > ' '; });
}

bool IsEmpty(const Binding& binding) {
  return binding.state == Binding::State::kAbsent || (binding.known() && binding.ids.empty());
}

// Told to who brings it (see Continue()), and of no matter afterwards.
constexpr std::string_view kLongId = "long-revision-id";

// A revision like most: an id, parents, and nothing else that could matter to others.
bool IsPlain(const Migration& migration) {
  const std::vector<std::string>& parents = migration.down_revision.ids;
  return migration.defects.empty() && migration.doubts.empty() && !migration.unread &&
         !migration.refused && migration.has_id() && IllegalIdCharacters(migration.id()).empty() &&
         IsVisible(migration.id()) && migration.down_revision.known() &&
         std::all_of(parents.begin(), parents.end(), IsVisible) && IsEmpty(migration.branch_labels);
}

}  // namespace

std::optional<HistorySummary> Summarize(const EnvironmentState& state) {
  const Environment& environment = state.environment;
  const bool is_plain = !environment.recursive && !environment.sourceless && !state.has_links &&
                        state.errors.empty() && state.graph.heads().size() == 1;
  if (!is_plain) return std::nullopt;
  std::vector<std::string> lines;
  for (const MigrationPtr& migration : state.migrations) {
    if (!IsPlain(*migration)) return std::nullopt;
    lines.push_back(LineOf(migration->id(), migration->down_revision.ids));
  }
  // By the strictest settings: whatever others allow, there is nothing to allow.
  for (const Finding& finding : JudgeState(state, Settings())) {
    if (finding.level != Level::kNote && finding.rule != kLongId) return std::nullopt;
  }
  // Alembic begins the names of files with the id, and they are listed in order.
  if (!std::is_sorted(lines.begin(), lines.end())) std::sort(lines.begin(), lines.end());
  std::optional<std::string> revisions = Merged("", lines);
  if (!revisions) return std::nullopt;
  const Node& head = state.graph.nodes()[static_cast<std::size_t>(state.graph.heads().front())];
  return HistorySummary{head.id(), std::move(*revisions), lines.size()};
}

std::optional<HistorySummary> Continue(const HistorySummary& summary,
                                       const std::vector<MigrationPtr>& added) {
  std::unordered_map<std::string_view, const Migration*> by_parent;
  std::vector<std::string> lines;
  for (const MigrationPtr& migration : added) {
    const std::vector<std::string>& parents = migration->down_revision.ids;
    if (!IsPlain(*migration) || !IsEmpty(migration->depends_on) || parents.size() != 1) {
      return std::nullopt;
    }
    if (HasLongId(migration)) return std::nullopt;
    if (!by_parent.emplace(parents.front(), migration.get()).second) return std::nullopt;
    lines.push_back(LineOf(migration->id(), parents));
  }
  HistorySummary result{summary.head, "", summary.count + added.size()};
  for (std::size_t i = 0; i < added.size(); ++i) {
    const auto next = by_parent.find(result.head);
    if (next == by_parent.end()) return std::nullopt;
    result.head = next->second->id();
    by_parent.erase(next);
  }
  std::sort(lines.begin(), lines.end());
  std::optional<std::string> revisions = Merged(summary.revisions, lines);
  if (!revisions) return std::nullopt;
  result.revisions = std::move(*revisions);
  return result;
}

std::optional<HistorySummary> Without(const HistorySummary& summary,
                                      const std::vector<MigrationPtr>& added) {
  std::unordered_set<std::string_view> ids;
  for (const MigrationPtr& migration : added) {
    if (!IsPlain(*migration)) return std::nullopt;
    ids.insert(migration->id());
  }
  HistorySummary before{summary.head, "", summary.count - added.size()};
  before.revisions.reserve(summary.revisions.size());
  for (std::string_view rest = summary.revisions; !rest.empty();) {
    const std::string_view line = LineAt(rest, 0);
    if (ids.count(IdOf(line)) == 0) before.revisions += line;
    rest.remove_prefix(line.size());
  }
  // The one that follows none of them.
  for (const MigrationPtr& migration : added) {
    const std::vector<std::string>& parents = migration->down_revision.ids;
    if (parents.size() == 1 && ids.count(parents.front()) == 0) before.head = parents.front();
  }
  if (Continue(before, added) != summary) return std::nullopt;
  return before;
}

bool Includes(const HistorySummary& whole, const HistorySummary& part) {
  if (&whole == &part) return true;
  std::string_view has = whole.revisions;
  std::string_view wanted = part.revisions;
  while (!wanted.empty()) {
    const std::size_t same = SameLines(has, wanted);
    has.remove_prefix(same);
    wanted.remove_prefix(same);
    if (wanted.empty()) return true;
    if (has.empty() || LineAt(wanted, 0) < LineAt(has, 0)) return false;
    has.remove_prefix(LineAt(has, 0).size());  // only there
  }
  return true;
}

Result<std::string> SummaryKey(const SourceTree& tree, const Environment& environment,
                               std::string_view reader) {
  if (environment.recursive || environment.sourceless) return std::string();
  std::string key = std::string(reader) + "\n";
  for (const std::string& location : environment.version_locations) {
    if (IsCacheDirectory(location)) return std::string();
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree.Find(location));
    if (!entry || entry->kind != EntryKind::kDirectory || !entry->content.known()) {
      return std::string();
    }
    key += std::to_string(location.size()) + ":" + location + "\n" + entry->content.Hex() + "\n";
  }
  return environment.version_locations.empty() ? std::string() : key;
}

std::string WriteSummary(const HistorySummary& summary, std::string_view key) {
  RecordWriter to(kMagic, key);
  to.Text(summary.head);
  to.Text(summary.revisions);
  to.Number(summary.count);
  return to.Finish();
}

std::optional<HistorySummary> ReadSummary(std::string_view bytes, std::string_view key) {
  RecordReader from(bytes, kMagic, key);
  HistorySummary summary;
  summary.head = from.Text();
  summary.revisions = from.Text();
  summary.count = from.Number();
  if (!from.AtEnd()) return std::nullopt;
  return summary;
}

}  // namespace onehead
