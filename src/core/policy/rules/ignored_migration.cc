#include "core/policy/rules/rule.h"

namespace onehead::rules {

void IgnoredMigration(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.unshared == nullptr) return;
  for (const MigrationPtr& migration : input.state.migrations) {
    const auto found = input.unshared->find(migration->path);
    if (found == input.unshared->end()) continue;
    Finding finding = About("ignored-migration", *migration, 0,
                            std::string("Alembic loads this file, which Git ") +
                                (found->second.is_ignored ? "ignores" : "does not track") +
                                ": nobody else gets it");
    finding.level = Level::kWarning;
    finding.fix = "git add -f " + found->second.word;
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
