// The exit codes of the program (contract, "Exit codes").
#pragma once

#include "onehead/core/policy/report.h"

namespace onehead {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFindings = 1;  // a finding of level error; a refusal by a verdict
inline constexpr int kExitError = 128;   // it could not be found out
inline constexpr int kExitUsage = 129;   // the arguments make no sense

inline int ExitCodeOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return kExitOk;
    case Verdict::kFail:
      return kExitFindings;
    case Verdict::kError:
      return kExitError;
  }
  return kExitError;
}

}  // namespace onehead
