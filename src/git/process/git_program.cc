#include "git/process/git_program.h"

#include "onehead/base/text.h"

namespace onehead::git {

std::vector<std::string> GitProgram::CommandLine(const std::vector<std::string>& args) const {
  std::vector<std::string> argv = {"git", "--git-dir=" + git_dir_};
  if (!work_dir_.empty()) argv.push_back("--work-tree=" + work_dir_);
  argv.insert(argv.end(), args.begin(), args.end());
  return argv;
}

ProcessOptions GitProgram::Options() const {
  ProcessOptions options;
  options.directory = work_dir_.empty() ? git_dir_ : work_dir_;
  // A partial clone would fetch what is missing; Git before 2.45 knows only the last of these two.
  options.environment = {"GIT_NO_REPLACE_OBJECTS=1",
                         "GIT_OPTIONAL_LOCKS=0",
                         "LC_ALL=C",
                         "GIT_NO_LAZY_FETCH=1",
                         "GIT_ALLOW_PROTOCOL=none",
                         "GIT_CONFIG"};  // which only `git config` would obey
  return options;
}

Result<ProcessResult> GitProgram::Run(const std::vector<std::string>& args,
                                      std::string input) const {
  ONEHEAD_TRY(deadline_->Check());
  ProcessOptions options = Options();
  options.input = std::move(input);
  return RunProcess(CommandLine(args), options);
}

Result<ProcessResult> GitProgram::RunWithNetwork(const std::vector<std::string>& args,
                                                 std::string input) const {
  ONEHEAD_TRY(deadline_->Check());
  ProcessOptions options = Options();
  std::erase_if(options.environment, [](const std::string& variable) {
    return variable.starts_with("GIT_NO_LAZY_FETCH=") ||
           variable.starts_with("GIT_ALLOW_PROTOCOL=");
  });
  options.input = std::move(input);
  return RunProcess(CommandLine(args), options);
}

Result<std::string> GitProgram::Ask(const std::vector<std::string>& args, std::string input) const {
  ONEHEAD_ASSIGN_OR_RETURN(ProcessResult result, Run(args, std::move(input)));
  if (result.status == 0) return std::move(result.out);
  std::string why(Trim(result.err));
  const std::string here = git_dir_ + "/";
  for (std::size_t at; (at = why.find(here)) != why.npos;) why.erase(at, here.size());
  return Fail(ErrorKind::kInvalid,
              "git " + args[0] + " failed: " + Printable(why.substr(0, why.find('\n'))));
}

}  // namespace onehead::git
