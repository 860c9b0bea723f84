#include "core/policy/rules/rule.h"

namespace onehead::rules {

void NoRevisionId(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    if (migration->revision.state != Binding::State::kAbsent) continue;
    Finding finding = About("no-revision-id", *migration, 0,
                            "Alembic would load this file, and it declares no revision");
    finding.fix = "set revision in it, or move it out of the versions directory";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
