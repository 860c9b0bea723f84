// Running git in the work tree of a repository, for what changes it: the index, refs, commits.
#pragma once

#include <string>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/process/process.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

class WorkGit {
 public:
  explicit WorkGit(const git::Repository& repository);

  // `args` after "git".
  [[nodiscard]] Result<git::ProcessResult> Try(
      const std::vector<std::string>& args, const std::string& input = "",
      const std::vector<std::string>& environment = {}) const;
  // Its standard output without the final newline. kIo when it fails: the message has what git
  // says.
  [[nodiscard]] Result<std::string> Run(const std::vector<std::string>& args,
                                        const std::string& input = "",
                                        const std::vector<std::string>& environment = {}) const;

 private:
  std::vector<std::string> start_;
  std::string directory_;
};

// A pathspec that means this path and nothing else. (Git's --literal-pathspecs would reach the
// hooks that it runs.)
std::string LiteralPathspec(const std::string& path);

}  // namespace onehead
