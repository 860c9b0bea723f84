#include "core/policy/rules/rule.h"

namespace onehead::rules {

void CycleRule(const RuleInput& input, std::vector<Finding>* findings) {
  for (const Cycle& cycle : input.state.graph.cycles()) {
    const bool by_parent = cycle.kind == Cycle::Kind::kDownRevision;
    const std::string name = by_parent ? "down_revision" : "depends_on";
    const Migration& first = *cycle.migration;
    std::string message =
        cycle.is_loop ? Quoted(first.id()) + " names itself in " + name
                      : "revisions form a cycle through " + name + ": " + QuotedList(cycle.ids);
    Finding finding =
        About("cycle", first, by_parent ? first.down_revision.line : first.depends_on.line,
              std::move(message));
    for (const std::string& id : cycle.ids) {
      finding.names += (finding.names.empty() ? "" : ", ") + id;
    }
    finding.fix = "give one of them a " + name + " outside of the cycle";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
