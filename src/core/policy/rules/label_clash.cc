#include "core/policy/rules/rule.h"

namespace onehead::rules {

void LabelClashRule(const RuleInput& input, std::vector<Finding>* findings) {
  for (const LabelClash& clash : input.state.graph.label_clashes()) {
    const Migration& migration = *clash.migration;
    Finding finding =
        About("label-clash", migration, migration.branch_labels.line,
              "the branch label " + Quoted(clash.label) +
                  " is already a label or the revision of " + Quoted(clash.other->path));
    finding.names = clash.label;
    finding.fix = "give one of them another label";
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
