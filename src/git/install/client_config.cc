#include "onehead/git/install/client_config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "onehead/base/text.h"
#include "onehead/git/process/run_git.h"

namespace onehead::git {
namespace {

constexpr int kNotSet = 1;  // exit code of `git config --get`

std::string FirstLine(const std::string& text) {
  return Printable(text.substr(0, text.find('\n')), 300);
}

const char* Flag(ConfigScope scope) {
  return scope == ConfigScope::kGlobal ? "--global" : "--local";
}

Result<GitOutput> Config(const ConfigPlace& place, std::vector<std::string> args) {
  args.insert(args.begin(), "config");
  return RunGit({std::move(args), place.directory});
}

tl::unexpected<Error> CannotRead(const GitOutput& output) {
  return Fail(ErrorKind::kInvalid, "git cannot read its configuration: " + FirstLine(output.err));
}

bool IsExecutableFile(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Result<std::optional<ConfigValue>> EffectiveValue(const ConfigPlace& place,
                                                  const std::string& key) {
  ONEHEAD_ASSIGN_OR_RETURN(GitOutput output, Config(place, {"--show-origin", "-z", "--get", key}));
  if (output.exit_code == kNotSet) return std::nullopt;
  const std::vector<std::string_view> fields = Split(output.out, '\0');
  if (output.exit_code != 0 || fields.size() < 2) return CannotRead(output);
  return ConfigValue{std::string(fields[1]), std::string(fields[0])};
}

Result<std::optional<std::string>> ValueInScope(const ConfigPlace& place, const std::string& key) {
  ONEHEAD_ASSIGN_OR_RETURN(GitOutput output,
                           Config(place, {Flag(place.scope), "-z", "--get", key}));
  if (output.exit_code == kNotSet) return std::nullopt;
  if (output.exit_code != 0) return CannotRead(output);
  return std::string(Split(output.out, '\0').front());
}

Status WriteValue(const ConfigPlace& place, const std::string& key,
                  const std::optional<std::string>& value) {
  std::vector<std::string> args = {Flag(place.scope)};
  if (value) {
    args.insert(args.end(), {key, *value});
  } else {
    args.insert(args.end(), {"--unset", key});
  }
  ONEHEAD_ASSIGN_OR_RETURN(GitOutput output, Config(place, std::move(args)));
  if (output.exit_code == 0) return {};
  return Fail(ErrorKind::kIo,
              "git config cannot " + std::string(value ? "set " : "unset ") + key + ": " +
                  FirstLine(output.err),
              "is another git running, or has the setting several values?");
}

Result<Clone> FindClone(const std::string& directory) {
  Result<GitOutput> output = RunGit({{"rev-parse", "--show-toplevel"}, directory});
  if (!output) return Fail(std::move(output.error()));
  if (output->exit_code != 0) {
    return Fail(ErrorKind::kNotFound,
                "no work tree of a Git repository here: " + FirstLine(output->err),
                "--client is for the clone of a developer, --server for the repository that is "
                "pushed to");
  }
  Clone clone;
  clone.work_dir = output->out.substr(0, output->out.size() - 1);
  output = RunGit({{"rev-parse", "--git-common-dir"}, clone.work_dir});
  if (!output) return Fail(std::move(output.error()));
  if (output->exit_code != 0) return Fail(ErrorKind::kInvalid, FirstLine(output->err));
  const std::string given = output->out.substr(0, output->out.size() - 1);
  clone.common_dir = given.front() == '/' ? given : clone.work_dir + "/" + given;
  return clone;
}

Result<std::string> GlobalAttributesFile(const ConfigPlace& place) {
  ONEHEAD_ASSIGN_OR_RETURN(GitOutput output,
                           Config(place, {"--type=path", "-z", "--get", "core.attributesFile"}));
  if (output.exit_code == 0) return std::string(Split(output.out, '\0').front());
  if (output.exit_code != kNotSet) return CannotRead(output);
  if (const std::string xdg = Variable("XDG_CONFIG_HOME"); !xdg.empty()) {
    return xdg + "/git/attributes";
  }
  const std::string home = Variable("HOME");
  return home.empty() ? "" : home + "/.config/git/attributes";
}

std::string FindOnPath(const std::string& file) {
  const std::string search = Variable("PATH");
  for (const std::string_view directory : Split(search, ':')) {
    std::string path = std::string(directory) + "/" + file;
    if (!directory.empty() && IsExecutableFile(path)) return path;
  }
  return "";
}

std::string FindGitProgram(const std::string& name) {
  const std::string file = "git-" + name;
  const Result<GitOutput> answer = RunGit({{"--exec-path"}, "/"});
  if (answer && answer->exit_code == 0) {
    std::string path = answer->out.substr(0, answer->out.find('\n')) + "/" + file;
    if (IsExecutableFile(path)) return path;
  }
  return FindOnPath(file);
}

}  // namespace onehead::git
