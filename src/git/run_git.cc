#include "git/run_git.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string_view>

extern char** environ;

namespace onehead::git {
namespace {

constexpr int kCannotEnter = 126;  // of the child: chdir failed
constexpr int kCannotStart = 127;  // of the child: exec failed

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

std::vector<std::string> EnvironmentFor(const GitInvocation& invocation) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == text.npos) continue;
    variables[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  for (const std::string_view name : kLocalVariables) variables.erase(std::string(name));
  variables["LC_ALL"] = "C";
  for (const auto& [name, value] : invocation.environment) variables[name] = value;
  std::vector<std::string> lines;
  lines.reserve(variables.size());
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts->size() + 1);
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Both ends of a pipe; closed at the end of the scope.
class Pipe {
 public:
  Pipe() {
    if (pipe(ends_.data()) != 0) ends_ = {-1, -1};
    for (const int end : ends_) fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  ~Pipe() {
    CloseWriter();
    if (reader() >= 0) close(reader());
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void CloseWriter() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

// Only calls that are allowed between fork and exec.
[[noreturn]] void BecomeGit(char* const* argv, char** variables, const char* directory, int out,
                            int err) {
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (chdir(directory) != 0) _exit(kCannotEnter);
  environ = variables;
  execvp(argv[0], argv);
  _exit(kCannotStart);
}

// Reads both to their end, whichever has something, so that neither can fill up.
void ReadBoth(int out, int err, GitOutput* output) {
  std::array<pollfd, 2> waiting = {pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  std::array<std::string*, 2> texts = {&output->out, &output->err};
  std::array<char, 4096> buffer;
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
      const ssize_t got = read(waiting[i].fd, buffer.data(), buffer.size());
      if (got > 0) texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) waiting[i].fd = -1;
    }
  }
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return kCannotStart;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<GitOutput> RunGit(const GitInvocation& invocation) {
  std::vector<std::string> arguments = {"git"};
  arguments.insert(arguments.end(), invocation.args.begin(), invocation.args.end());
  std::vector<std::string> lines = EnvironmentFor(invocation);
  const std::vector<char*> argv = Pointers(&arguments);
  std::vector<char*> variables = Pointers(&lines);
  Pipe out;
  Pipe err;
  if (out.reader() < 0 || err.reader() < 0) {
    return Fail(ErrorKind::kIo, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  const pid_t child = fork();
  if (child < 0) return Fail(ErrorKind::kIo, std::string("cannot fork: ") + std::strerror(errno));
  if (child == 0) {
    BecomeGit(argv.data(), variables.data(), invocation.directory.c_str(), out.writer(),
              err.writer());
  }
  out.CloseWriter();
  err.CloseWriter();
  GitOutput output;
  ReadBoth(out.reader(), err.reader(), &output);
  output.exit_code = WaitFor(child);
  if (output.exit_code == kCannotEnter) {
    return Fail(ErrorKind::kIo, "cannot enter the directory " + invocation.directory);
  }
  if (output.exit_code == kCannotStart) {
    return Fail(ErrorKind::kIo, "cannot run git", "install git, or put it on PATH");
  }
  return output;
}

}  // namespace onehead::git
