#include "core/policy/rules/rule.h"

namespace onehead::rules {
namespace {

// Do the heads depend on it? Without labels that are kept apart, branch_labels and depends_on
// change none.
bool Matters(const Migration& migration, const Settings& settings) {
  return migration.revision.doubtful || migration.down_revision.doubtful ||
         (settings.labelled_heads && migration.branch_labels.doubtful);
}

}  // namespace

// What is written counts everywhere, so that old files do no harm; but who brings such a file may
// want it to be misread. It is the same finding for the same text only: which of its lines do what
// is doubted is not known.
void DoubtfulMigration(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    if (!migration->doubtful()) continue;
    Finding finding = About("doubtful-migration", *migration, migration->doubts.front().line,
                            Described(migration->doubts));
    finding.level = input.purpose == RulePurpose::kChange ? Level::kError : Level::kWarning;
    if (!Matters(*migration, input.settings)) finding.level = Level::kNote;
    finding.names = migration->content.known() ? migration->content.Hex() : std::string();
    finding.fix =
        "move that code into upgrade() or another module, or assign revision and down_revision "
        "behind it";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
