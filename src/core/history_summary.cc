#include "onehead/core/history_summary.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "onehead/core/policy.h"

namespace onehead {
namespace {

constexpr std::string_view kMagic = "onehead history 1\n";
constexpr std::uint64_t kByteOrder = 0x0102030405060708;

constexpr std::uint64_t kHashStart = 14695981039346656037U;  // FNV-1a
constexpr std::uint64_t kHashFactor = 1099511628211U;

std::uint64_t Hash(std::string_view text, std::uint64_t hash = kHashStart) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kHashFactor;
  return hash;
}

std::uint64_t DefinitionOf(const std::string& id, std::vector<std::string> parents) {
  std::sort(parents.begin(), parents.end());
  std::uint64_t hash = Hash(id);
  // An id can hold any character; its length keeps two of them apart.
  for (const std::string& parent : parents) {
    hash = Hash(parent, Hash(std::to_string(parent.size()) + ":", hash));
  }
  return hash;
}

bool IsEmpty(const Binding& binding) {
  return binding.state == Binding::State::kAbsent || (binding.known() && binding.ids.empty());
}

// A revision like most: an id, parents, and nothing else that could matter to others.
bool IsPlain(const Migration& migration) {
  return migration.defects.empty() && !migration.unread && !migration.refused &&
         migration.has_id() && IllegalIdCharacters(migration.id()).empty() &&
         migration.down_revision.known() && IsEmpty(migration.branch_labels);
}

bool Contains(const std::vector<std::uint64_t>& sorted, std::uint64_t hash) {
  return std::binary_search(sorted.begin(), sorted.end(), hash);
}

void Insert(std::vector<std::uint64_t>* sorted, std::uint64_t hash) {
  sorted->insert(std::lower_bound(sorted->begin(), sorted->end(), hash), hash);
}

void PutNumber(std::string* out, std::uint64_t number) {
  out->append(reinterpret_cast<const char*>(&number), sizeof number);
}

void PutText(std::string* out, std::string_view text) {
  PutNumber(out, text.size());
  out->append(text);
}

void PutHashes(std::string* out, const std::vector<std::uint64_t>& hashes) {
  PutNumber(out, hashes.size());
  out->append(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof hashes[0]);
}

// Takes from the front; everything is null once something was missing.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}

  std::string_view Bytes(std::uint64_t count) {
    if (count > rest_.size()) ok_ = false;
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::uint64_t Number() {
    std::uint64_t number = 0;
    const std::string_view bytes = Bytes(sizeof number);
    if (ok_) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }
  std::string_view Text() { return Bytes(Number()); }
  std::vector<std::uint64_t> Hashes() {
    const std::uint64_t count = Number();
    if (count > rest_.size() / sizeof(std::uint64_t)) ok_ = false;
    if (!ok_) return {};
    std::vector<std::uint64_t> hashes(count);
    const std::string_view bytes = Bytes(count * sizeof(std::uint64_t));
    if (count != 0) std::memcpy(hashes.data(), bytes.data(), bytes.size());
    return hashes;
  }
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::uint64_t HashOf(std::string_view text) { return Hash(text); }

std::optional<HistorySummary> Summarize(const EnvironmentState& state) {
  const Environment& environment = state.environment;
  const bool is_plain = !environment.recursive && !environment.sourceless && !state.has_links &&
                        state.errors.empty() && state.graph.heads().size() == 1;
  if (!is_plain) return std::nullopt;
  HistorySummary summary;
  for (const MigrationPtr& migration : state.migrations) {
    if (!IsPlain(*migration)) return std::nullopt;
    summary.ids.push_back(Hash(migration->id()));
    summary.definitions.push_back(DefinitionOf(migration->id(), migration->down_revision.ids));
  }
  // By the strictest settings: whatever others allow, there is nothing to allow.
  for (const Finding& finding : JudgeState(state, Settings())) {
    if (finding.level != Level::kNote) return std::nullopt;
  }
  std::sort(summary.ids.begin(), summary.ids.end());
  std::sort(summary.definitions.begin(), summary.definitions.end());
  summary.head = state.graph.nodes()[static_cast<std::size_t>(state.graph.heads().front())].id();
  return summary;
}

std::optional<HistorySummary> Continue(HistorySummary summary, std::vector<Migration> added) {
  while (!added.empty()) {
    const auto next = std::find_if(added.begin(), added.end(), [&](const Migration& migration) {
      return migration.down_revision.ids == std::vector<std::string>{summary.head};
    });
    if (next == added.end() || !IsPlain(*next) || !IsEmpty(next->depends_on)) return std::nullopt;
    const std::uint64_t id = Hash(next->id());
    if (Contains(summary.ids, id)) return std::nullopt;
    Insert(&summary.ids, id);
    Insert(&summary.definitions, DefinitionOf(next->id(), next->down_revision.ids));
    summary.head = next->id();
    added.erase(next);
  }
  return summary;
}

bool Includes(const HistorySummary& whole, const HistorySummary& part) {
  return std::includes(whole.definitions.begin(), whole.definitions.end(), part.definitions.begin(),
                       part.definitions.end());
}

Result<std::string> SummaryKey(const SourceTree& tree, const Environment& environment,
                               std::string_view reader) {
  if (environment.recursive || environment.sourceless) return std::string();
  std::string key = std::string(reader) + "\n";
  for (const std::string& location : environment.version_locations) {
    Result<std::optional<TreeEntry>> entry = tree.Find(location);
    if (!entry) return Fail(std::move(entry.error()));
    if (!*entry || (*entry)->kind != EntryKind::kDirectory || !(*entry)->content.known()) {
      return std::string();
    }
    key += std::to_string(location.size()) + ":" + location + "\n" + (*entry)->content.Hex() + "\n";
  }
  return environment.version_locations.empty() ? std::string() : key;
}

std::string WriteSummary(const HistorySummary& summary, std::string_view key) {
  std::string out(kMagic);
  PutNumber(&out, kByteOrder);
  PutText(&out, key);
  PutText(&out, summary.head);
  PutHashes(&out, summary.ids);
  PutHashes(&out, summary.definitions);
  PutNumber(&out, Hash(out));
  return out;
}

std::optional<HistorySummary> ReadSummary(std::string_view bytes, std::string_view key) {
  constexpr std::size_t kSumBytes = sizeof(std::uint64_t);
  if (bytes.size() < kSumBytes || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - kSumBytes);
  if (Taker(bytes.substr(body.size())).Number() != Hash(body)) return std::nullopt;
  Taker from(body.substr(kMagic.size()));
  const bool is_ours = from.Number() == kByteOrder && from.Text() == key;
  HistorySummary summary;
  summary.head = from.Text();
  summary.ids = from.Hashes();
  summary.definitions = from.Hashes();
  if (!is_ours || !from.AtEnd()) return std::nullopt;
  return summary;
}

}  // namespace onehead
