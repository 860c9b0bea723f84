// What is told about one commit, as a value: the verdict and everything that explains it.
//
// Not here: text and JSON (commands/report_text, commands/report_json).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/policy/finding.h"
#include "onehead/core/policy/head_repair.h"

namespace onehead {

enum class Verdict { kPass, kFail, kError };

// The two are never mixed: an error is not a finding, even where it only warns.
struct ReportedError {
  Error error;
  Level level = Level::kError;  // kWarning: it does not refuse
};

struct EnvironmentReport {
  Environment environment;
  int revisions = 0;
  std::vector<std::string> heads;
  std::vector<Finding> findings;
  std::map<std::string, HeadRepair> repairs;  // by head group, for each multiple-heads finding
};

struct CheckReport {
  std::string ref;      // as given by hand; the full name in the hook
  std::string subject;  // how the text names it: the ref, or "this merge"; empty: not at all
  std::optional<std::string> commit;
  std::vector<EnvironmentReport> environments;
  std::vector<ReportedError> errors;
  std::vector<std::string> warnings;  // one printable line each
  std::vector<std::string> hints;     // one printable line each
  bool nothing_to_compare = false;    // nothing was there before: all of it counts as new
};

Verdict VerdictOf(const CheckReport& report);

// What helps with an import that is refused although nothing was there before: one printable line,
// once per report. Empty: does not apply.
std::string ImportHint(const CheckReport& report);

// What `state` is, with what was found in it.
EnvironmentReport MakeEnvironmentReport(const Environment& shown, const Comparison& comparison,
                                        std::vector<Finding> findings, const Settings& settings);

}  // namespace onehead
