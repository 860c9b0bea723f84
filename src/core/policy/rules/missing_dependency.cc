#include "core/policy/rules/rule.h"

namespace onehead::rules {

void MissingDependency(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.settings.external_revisions) return;
  for (const DanglingReference& reference : input.state.graph.missing_dependencies()) {
    const Migration& migration = *reference.migration;
    Finding finding = About("missing-dependency", migration, migration.depends_on.line,
                            "depends_on " + Quoted(reference.id) + OfRevision(migration) +
                                " is neither a revision nor a branch label");
    finding.names = reference.id;
    finding.fix = "name a revision or a branch label that exists";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
