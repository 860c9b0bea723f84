#include "onehead/core/policy/report.h"

#include <algorithm>
#include <utility>

namespace onehead {

Verdict VerdictOf(const CheckReport& report) {
  const bool error = std::any_of(report.errors.begin(), report.errors.end(),
                                 [](const ReportedError& e) { return e.level == Level::kError; });
  if (error) return Verdict::kError;
  const bool fail = std::any_of(report.environments.begin(), report.environments.end(),
                                [](const EnvironmentReport& e) { return HasErrors(e.findings); });
  return fail ? Verdict::kFail : Verdict::kPass;
}

std::string ImportHint(const CheckReport& report) {
  if (!report.nothing_to_compare || VerdictOf(report) != Verdict::kFail) return "";
  return "there was nothing to compare with; for an import, an administrator can raise "
         "onehead.maxHeads, or allow git push -o onehead.override with onehead.override";
}

EnvironmentReport MakeEnvironmentReport(const Environment& shown, const Comparison& comparison,
                                        std::vector<Finding> findings, const Settings& settings) {
  EnvironmentReport report;
  report.environment = shown;
  const Graph& graph = comparison.after->graph;
  report.revisions = static_cast<int>(graph.nodes().size());
  for (const NodeIndex head : graph.heads()) {
    report.heads.push_back(graph.nodes()[static_cast<std::size_t>(head)].id());
  }
  for (const Finding& finding : findings) {
    if (finding.rule != "multiple-heads") continue;
    report.repairs[finding.names] = PlanHeadRepair(comparison, settings, finding.names);
  }
  report.findings = std::move(findings);
  return report;
}

}  // namespace onehead
