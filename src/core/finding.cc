#include "onehead/core/finding.h"

#include <algorithm>
#include <tuple>

namespace onehead {

bool SameFinding(const Finding& a, const Finding& b) {
  if (a.rule != b.rule || a.names != b.names || a.revision != b.revision) return false;
  return !a.revision.empty() || a.path == b.path;
}

bool Contains(const std::vector<Finding>& findings, const Finding& finding) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& other) { return SameFinding(other, finding); });
}

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
