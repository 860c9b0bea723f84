#include "core/policy/rules/rule.h"

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
