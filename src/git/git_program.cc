#include "git/git_program.h"

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
  options.environment = {"GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C",
                         "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none"};
  return options;
}

Result<ProcessResult> GitProgram::Run(const std::vector<std::string>& args,
                                      std::string input) const {
  if (Status time = deadline_->Check(); !time) return Fail(std::move(time.error()));
  ProcessOptions options = Options();
  options.input = std::move(input);
  return RunProcess(CommandLine(args), options);
}

Result<std::string> GitProgram::Ask(const std::vector<std::string>& args, std::string input) const {
  Result<ProcessResult> result = Run(args, std::move(input));
  if (!result) return Fail(std::move(result.error()));
  if (result->status == 0) return std::move(result->out);
  const std::string_view why = Trim(result->err);
  return Fail(ErrorKind::kIo,
              "git " + args[0] + " failed: " + Printable(why.substr(0, why.find('\n'))));
}

// Each setting is "<scope> NUL <key> LF <value> NUL", without LF and value for a key without "=".
Result<std::vector<ConfigEntry>> AskOneheadConfig(const GitProgram& git, bool with_global) {
  const Result<std::string> text = git.Ask({"config", "-z", "--show-scope", "--list"});
  if (!text) return Fail(text.error());
  constexpr std::string_view kSection = "onehead.";
  std::vector<ConfigEntry> entries;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view scope = TakeUntil(&rest, '\0');
    std::string_view value = TakeUntil(&rest, '\0');
    const bool has_value = value.find('\n') != value.npos;
    const std::string_view key = TakeUntil(&value, '\n');
    const bool counts = scope == "system" || scope == "local" || scope == "worktree" ||
                        (scope == "global" && with_global);
    if (!counts || key.substr(0, kSection.size()) != kSection) continue;
    std::optional<std::string> text_value;
    if (has_value) text_value = std::string(value);
    entries.push_back({std::string(key), std::move(text_value)});
  }
  return entries;
}

}  // namespace onehead::git
