// The git program, asked about a repository that libgit2 cannot read: one with SHA-256 ids, with
// refs in a reftable, or with an extension that is younger than libgit2.
//
// Slower than libgit2 by some processes, and with the same answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "onehead/git/process/process.h"
#include "onehead/git/support/deadline.h"

namespace onehead::git {

class GitProgram {
 public:
  // `work_dir` is "" for a bare repository. Borrows `deadline`.
  GitProgram(std::string git_dir, std::string work_dir, const Deadline* deadline)
      : git_dir_(std::move(git_dir)), work_dir_(std::move(work_dir)), deadline_(deadline) {}

  // Runs `git ARGS` there. Replace refs do not count, nothing is fetched and nothing is locked.
  // kNotFound: there is no git program; kTimeout.
  [[nodiscard]] Result<ProcessResult> Run(const std::vector<std::string>& args,
                                          std::string input = {}) const;
  // Its standard output. Any exit code but 0 is kInvalid, with what it said (paths in the
  // repository from there: a pusher need not know where it is).
  [[nodiscard]] Result<std::string> Ask(const std::vector<std::string>& args,
                                        std::string input = {}) const;

  // The same where something is to be fetched.
  [[nodiscard]] Result<ProcessResult> RunWithNetwork(const std::vector<std::string>& args,
                                                     std::string input) const;

  std::vector<std::string> CommandLine(const std::vector<std::string>& args) const;
  ProcessOptions Options() const;
  const Deadline* deadline() const { return deadline_; }

 private:
  std::string git_dir_;
  std::string work_dir_;
  const Deadline* deadline_;
};

}  // namespace onehead::git
