#include "onehead/core/policy/finding.h"

#include <algorithm>
#include <tuple>

namespace onehead {

namespace {

std::array<std::string, 4> KeyOf(const Finding& finding) {
  return {finding.rule, finding.names, finding.revision,
          finding.revision.empty() ? finding.path : std::string()};
}

}  // namespace

FindingSet::FindingSet(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) Add(finding);
}

void FindingSet::Add(const Finding& finding) { keys_.insert(KeyOf(finding)); }

bool FindingSet::Contains(const Finding& finding) const { return keys_.count(KeyOf(finding)) != 0; }

void SortFindings(std::vector<Finding>* findings) {
  std::stable_sort(findings->begin(), findings->end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.path, a.line, a.rule, a.revision, a.names) <
           std::tie(b.path, b.line, b.rule, b.revision, b.names);
  });
}

bool HasErrors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.level == Level::kError; });
}

}  // namespace onehead
