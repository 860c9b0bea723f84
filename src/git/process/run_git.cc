#include "onehead/git/process/run_git.h"

#include <array>
#include <string_view>

#include "onehead/git/process/process.h"

namespace onehead::git {
namespace {

// As `git rev-parse --local-env-vars` lists them.
constexpr std::array<std::string_view, 16> kLocalVariables = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                                              "GIT_CONFIG",
                                                              "GIT_CONFIG_PARAMETERS",
                                                              "GIT_CONFIG_COUNT",
                                                              "GIT_OBJECT_DIRECTORY",
                                                              "GIT_DIR",
                                                              "GIT_WORK_TREE",
                                                              "GIT_IMPLICIT_WORK_TREE",
                                                              "GIT_GRAFT_FILE",
                                                              "GIT_INDEX_FILE",
                                                              "GIT_NO_REPLACE_OBJECTS",
                                                              "GIT_REPLACE_REF_BASE",
                                                              "GIT_PREFIX",
                                                              "GIT_SHALLOW_FILE",
                                                              "GIT_COMMON_DIR",
                                                              "GIT_QUARANTINE_PATH"};

}  // namespace

Result<GitOutput> RunGit(const GitInvocation& invocation) {
  std::vector<std::string> argv = {"git"};
  argv.insert(argv.end(), invocation.args.begin(), invocation.args.end());
  ProcessOptions options;
  options.directory = invocation.directory;
  options.environment.assign(kLocalVariables.begin(), kLocalVariables.end());
  options.environment.push_back("LC_ALL=C");
  for (const auto& [name, value] : invocation.environment) {
    std::erase(options.environment, name);
    options.environment.push_back(name + "=" + value);
  }
  Result<ProcessResult> result = RunProcess(argv, options);
  if (!result) {
    result.error().hint = "install git, or put it on PATH";
    return Fail(std::move(result.error()));
  }
  return GitOutput{result->status, std::move(result->out), std::move(result->err)};
}

}  // namespace onehead::git
