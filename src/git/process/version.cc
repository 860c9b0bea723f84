#include "onehead/git/process/version.h"

#include <git2.h>

#include "onehead/base/text.h"
#include "onehead/git/process/process.h"

namespace onehead::git {

std::optional<std::string> GitVersion() {
  const Result<ProcessResult> result = RunProcess({"git", "--version"});
  if (!result || result->status != 0) return std::nullopt;
  // "git version 2.39.5 (Apple Git-154)"
  constexpr std::string_view kPrefix = "git version ";
  std::string_view text = Trim(result->out);
  if (text.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  return Printable(text.substr(0, text.find(' ')));
}

std::string Libgit2Version() {
  int major = 0;
  int minor = 0;
  int revision = 0;
  git_libgit2_version(&major, &minor, &revision);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(revision);
}

}  // namespace onehead::git
