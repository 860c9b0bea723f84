#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {

// Alembic, Revision.verify_rev_id: none of these four may stand in an id.
void IllegalRevisionId(const RuleInput& input, std::vector<Finding>* findings) {
  constexpr const char* kRule = "illegal-revision-id";
  for (const MigrationPtr& migration : input.state.migrations) {
    const Binding& revision = migration->revision;
    if (revision.state == Binding::State::kIllegal) {
      findings->push_back(About(kRule, *migration, revision.line,
                                "revision is not a string: " + Printable(revision.text, 120)));
    } else if (revision.known() && !IllegalIdCharacters(migration->id()).empty()) {
      findings->push_back(About(
          kRule, *migration, revision.line,
          "the revision " + Quoted(migration->id()) + " holds one of the characters @ - + :"));
    }
    if (migration->down_revision.state == Binding::State::kIllegal) {
      Finding finding = About(kRule, *migration, migration->down_revision.line,
                              "down_revision is neither None nor made of strings: " +
                                  Printable(migration->down_revision.text, 120));
      finding.names = migration->down_revision.text;
      findings->push_back(std::move(finding));
    }
  }
}

}  // namespace onehead::rules
