#include "core/policy/rules/rule.h"

namespace onehead::rules {

void LongRevisionId(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    if (!HasLongId(migration)) continue;
    Finding finding = About("long-revision-id", *migration, migration->revision.line,
                            "the revision " + Quoted(migration->id()) + " has " +
                                std::to_string(CountCharacters(migration->id())) +
                                " characters, and alembic_version.version_num is VARCHAR(" +
                                std::to_string(kMaxIdCharacters) +
                                "): PostgreSQL and "
                                "others refuse it when it is deployed");
    finding.level = Level::kWarning;
    finding.fix = "give it an id of at most 32 characters, here and where it is named";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
