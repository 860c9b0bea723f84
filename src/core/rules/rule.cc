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

// A parent of which no file is known but those that stand on it.
struct AbsentParent {
  std::vector<char> above;  // which nodes stand on it
  bool may_be_new = true;   // false: its file is there, so that it stands on nothing new
};

// Files that are missing, and files whose id cannot be read and whose name says it. By id.
std::map<std::string_view, AbsentParent> AbsentParents(const Graph& graph) {
  std::map<std::string_view, AbsentParent> parents;
  const auto add = [&](const DanglingReference& reference, bool may_be_new) {
    AbsentParent& parent = parents[reference.id];
    parent.may_be_new = may_be_new;
    const std::vector<char> more = graph.Descendants(*reference.migration);
    parent.above.resize(more.size());
    std::transform(parent.above.begin(), parent.above.end(), more.begin(), parent.above.begin(),
                   std::bit_or<char>());
  };
  constexpr std::size_t kMost = 100;  // each costs a walk
  if (graph.missing_parents().size() + graph.uncertain_references().size() > kMost) return parents;
  for (const DanglingReference& reference : graph.missing_parents()) add(reference, true);
  for (const DanglingReference& reference : graph.uncertain_references()) {
    const std::vector<std::string>& ids = reference.migration->down_revision.ids;
    if (std::find(ids.begin(), ids.end(), reference.id) == ids.end()) continue;
    const auto says_it = [&](const MigrationPtr& m) {
      return !m->unread && m->revision.state == Binding::State::kUnknown && !reference.id.empty() &&
             BaseName(m->path).find(reference.id) != std::string_view::npos;
    };
    const std::vector<MigrationPtr>& files = graph.unreadable();
    if (std::any_of(files.begin(), files.end(), says_it)) add(reference, false);
  }
  return parents;
}

// How many of `heads` are heads only for want of a file. Each absent parent may stand on one of
// them that is not above it itself.
int HeadsForWantOfAFile(const Graph& graph, const Graph* before,
                        const std::vector<std::size_t>& heads) {
  const auto was_there = [&](std::size_t head) {
    return before == nullptr || before->Find(graph.nodes()[head].id()) != nullptr;
  };
  std::size_t could_join = 0;
  for (const auto& [id, parent] : AbsentParents(graph)) {
    const auto is_above = [&above = parent.above](std::size_t head) { return above[head] != 0; };
    const auto may_be_below = [&, &absent = parent](std::size_t head) {
      return !is_above(head) && (absent.may_be_new || was_there(head));
    };
    could_join += std::any_of(heads.begin(), heads.end(), is_above) &&
                          std::any_of(heads.begin(), heads.end(), may_be_below)
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

HeadCounts CountHeads(const Graph& graph, const Settings& settings, const Graph* before) {
  HeadCounts counts;
  std::map<std::string, std::vector<std::size_t>> groups;
  for (const NodeIndex index : graph.heads()) {
    const auto head = static_cast<std::size_t>(index);
    groups[HeadGroup(graph.nodes()[head], settings)].push_back(head);
  }
  for (const auto& [group, heads] : groups) {
    counts[group] = static_cast<int>(heads.size());
    if (heads.size() > 1 && !settings.external_revisions) {
      counts[group] -= HeadsForWantOfAFile(graph, before, heads);
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
