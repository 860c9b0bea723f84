#include "core/rules/rule.h"

namespace onehead::rules {

void DuplicateRevision(const RuleInput& input, std::vector<Finding>* findings) {
  for (const DuplicateId& duplicate : input.state.graph.duplicates()) {
    std::vector<std::string> paths;
    for (const MigrationPtr& migration : duplicate.migrations) paths.push_back(migration->path);
    const Migration& last = *duplicate.migrations.back();
    Finding finding = About("duplicate-revision", last, last.revision.line,
                            Quoted(duplicate.id) + " is the revision of " +
                                Count(paths.size(), "file") + ": " + QuotedList(paths));
    finding.fix =
        "give all but one of them another id, and name it in the down_revision of what "
        "follows; a merge revision does not help";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
