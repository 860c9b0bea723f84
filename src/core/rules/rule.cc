#include "core/rules/rule.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {

namespace rules {

std::string Quoted(std::string_view text) { return "'" + Printable(text, 120) + "'"; }

std::string QuotedList(const std::vector<std::string>& ids) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < kMost; ++i) {
    out += (i == 0 ? "" : ", ") + Quoted(ids[i]);
  }
  if (ids.size() > kMost) out += " and " + std::to_string(ids.size() - kMost) + " more";
  return out;
}

std::string OfRevision(const Migration& migration) {
  return migration.has_id() ? " of " + Quoted(migration.id()) : std::string();
}

std::string Described(const std::vector<ReadDefect>& defects) {
  const ReadDefect& first = defects.front();
  std::string text = first.reason;
  if (!first.expression.empty()) text += ": " + Printable(first.expression, 120);
  if (defects.size() > 1) text += " (and " + std::to_string(defects.size() - 1) + " more)";
  return text;
}

std::string Count(std::size_t number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

Finding About(const char* rule, const Migration& migration, int line, std::string message) {
  Finding finding;
  finding.rule = rule;
  finding.message = std::move(message);
  finding.path = migration.path;
  finding.line = line;
  if (migration.has_id()) finding.revision = migration.id();
  return finding;
}

}  // namespace rules

namespace {

// How many of `heads` are heads only because files are missing. Each missing parent may have stood
// on one of them: on any that is not above it itself.
int HeadsForWantOfAFile(const Graph& graph, const std::vector<std::size_t>& heads) {
  constexpr std::size_t kMost = 100;  // each costs a walk
  if (graph.missing_parents().size() > kMost) return 0;
  std::map<std::string_view, std::vector<char>> above;  // by missing id: what stands on it
  for (const DanglingReference& missing : graph.missing_parents()) {
    std::vector<char>& all = above[missing.id];
    const std::vector<char> more = graph.Descendants(*missing.migration);
    all.resize(more.size());
    std::transform(all.begin(), all.end(), more.begin(), all.begin(), std::bit_or<char>());
  }
  std::size_t could_join = 0;
  for (const auto& [id, stands_on_it] : above) {
    const auto is_above = [&standing = stands_on_it](std::size_t head) {
      return standing[head] != 0;
    };
    could_join += std::any_of(heads.begin(), heads.end(), is_above) &&
                          !std::all_of(heads.begin(), heads.end(), is_above)
                      ? 1
                      : 0;
  }
  return static_cast<int>(std::min(could_join, heads.size() - 1));
}

}  // namespace

std::string HeadGroup(const Node& head, const Settings& settings) {
  if (!settings.labelled_heads) return "";
  std::vector<std::string> labels = head.labels;
  std::sort(labels.begin(), labels.end());
  std::string group;
  for (const std::string& label : labels) group += (group.empty() ? "" : ", ") + label;
  return group;
}

HeadCounts CountHeads(const Graph& graph, const Settings& settings) {
  HeadCounts counts;
  std::map<std::string, std::vector<std::size_t>> groups;
  for (const NodeIndex index : graph.heads()) {
    const auto head = static_cast<std::size_t>(index);
    groups[HeadGroup(graph.nodes()[head], settings)].push_back(head);
  }
  for (const auto& [group, heads] : groups) {
    counts[group] = static_cast<int>(heads.size());
    if (heads.size() > 1 && !settings.external_revisions) {
      counts[group] -= HeadsForWantOfAFile(graph, heads);
    }
  }
  // Their labels are not known.
  if (graph.unread_heads() > 0) counts[""] += graph.unread_heads();
  return counts;
}

int HeadAllowance::For(const std::string& group) const {
  const auto found = at_most.find(group);
  return found == at_most.end() ? per_group : std::max(per_group, found->second);
}

void HeadAllowance::Include(const HeadCounts& counts) {
  for (const auto& [group, count] : counts) {
    int& most = at_most[group];
    most = std::max(most, count);
  }
}

const std::vector<Rule>& AllRules() {
  static const auto* all = new std::vector<Rule>{
      {"multiple-heads", "an environment has more heads than allowed", rules::MultipleHeads},
      {"duplicate-revision", "two files declare one id", rules::DuplicateRevision},
      {"missing-parent", "a down_revision names an id that no file declares", rules::MissingParent},
      {"missing-dependency", "depends_on names nothing known", rules::MissingDependency},
      {"cycle", "revisions depend on themselves", rules::CycleRule},
      {"unreadable-migration", "a value cannot be known without running Python",
       rules::UnreadableMigration},
      {"doubtful-migration", "code might change what is plainly written", rules::DoubtfulMigration},
      {"no-revision-id", "a file that Alembic would load declares no id", rules::NoRevisionId},
      {"ignored-migration", "Alembic loads a file that Git ignores or does not track",
       rules::IgnoredMigration},
      {"illegal-revision-id", "an id that Alembic does not accept", rules::IllegalRevisionId},
      {"long-revision-id", "an id that the column of alembic_version does not hold",
       rules::LongRevisionId},
      {"label-clash", "a branch label is declared twice, or is an id", rules::LabelClashRule},
      {"published-changed", "a migration that others may have run was changed",
       rules::PublishedChanged},
      {"revises-mismatch", "the docstring disagrees with the variables", rules::RevisesMismatch},
  };
  return *all;
}

std::vector<Finding> RunRules(const RuleInput& input) {
  std::vector<Finding> findings;
  for (const Rule& rule : AllRules()) rule.find(input, &findings);
  SortFindings(&findings);
  return findings;
}

}  // namespace onehead
