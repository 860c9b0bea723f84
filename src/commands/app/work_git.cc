#include "commands/app/work_git.h"

#include <cstdlib>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {

WorkGit::WorkGit(const git::Repository& repository) : directory_(repository.WorkDir()) {
  start_ = {"git"};
  // A relative GIT_DIR would mean another directory from there.
  if (std::getenv("GIT_DIR") == nullptr && std::getenv("GIT_WORK_TREE") == nullptr) return;
  start_.push_back("--git-dir=" + repository.GitDir());
  start_.push_back("--work-tree=" + directory_);
}

Result<git::ProcessResult> WorkGit::Try(const std::vector<std::string>& args,
                                        const std::string& input,
                                        const std::vector<std::string>& environment) const {
  std::vector<std::string> argv = start_;
  argv.insert(argv.end(), args.begin(), args.end());
  git::ProcessOptions options;
  options.directory = directory_;
  options.input = input;
  options.environment = environment;
  for (const char* name : {"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
                           "GIT_ICASE_PATHSPECS"}) {
    options.environment.emplace_back(name);
  }
  return git::RunProcess(argv, options);
}

Result<std::string> WorkGit::Run(const std::vector<std::string>& args, const std::string& input,
                                 const std::vector<std::string>& environment) const {
  ONEHEAD_ASSIGN_OR_RETURN(git::ProcessResult result, Try(args, input, environment));
  if (result.status != 0) {
    const std::string said = Printable(Trim(result.err.empty() ? result.out : result.err), 400);
    return Fail(ErrorKind::kIo,
                "git " + args.front() + " failed" + (said.empty() ? "" : ": ") + said);
  }
  std::string out = std::move(result.out);
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::string LiteralPathspec(const std::string& path) { return ":(literal)" + path; }

}  // namespace onehead
