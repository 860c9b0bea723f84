#include "onehead/git/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "git/support/error.h"
#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

extern char** environ;

namespace onehead::git {
namespace {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> MakePipe() {
  std::array<int, 2> fds = {-1, -1};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return Fail(FromErrno(errno, "cannot make a pipe"));
  return Pipe{Descriptor(fds[0]), Descriptor(fds[1])};
}

// Writing to a program that no longer reads must not end this one.
class IgnoreSigpipe {
 public:
  IgnoreSigpipe() {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoreSigpipe() { sigaction(SIGPIPE, &before_, nullptr); }
  IgnoreSigpipe(const IgnoreSigpipe&) = delete;
  IgnoreSigpipe& operator=(const IgnoreSigpipe&) = delete;

 private:
  struct sigaction before_ = {};
};

std::string_view NameOf(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

std::vector<std::string> ChildEnvironment(const std::vector<std::string>& changes) {
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    bool changed = false;
    for (const std::string& change : changes) changed |= NameOf(change) == NameOf(*variable);
    if (!changed) variables.emplace_back(*variable);
  }
  for (const std::string& change : changes) {
    if (change.find('=') != std::string::npos) variables.push_back(change);
  }
  return variables;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Ends {
  Pipe in;
  Pipe out;
  Pipe err;
};

}  // namespace

int Spawn(std::vector<std::string> argv, const ProcessOptions& options, const ChildEnds& ends,
          pid_t* child) {
  std::vector<std::string> variables = ChildEnvironment(options.environment);
  const std::vector<char*> arguments = Pointers(argv);
  const std::vector<char*> settings = Pointers(variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends.in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends.out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends.err, STDERR_FILENO);
  if (!options.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawnp(child, arguments[0], &actions, &attributes, arguments.data(), settings.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

Error CannotRun(int error, const std::string& program, const ProcessOptions& options) {
  const std::string& directory = options.directory;
  const bool reachable = directory.empty() || access(directory.c_str(), X_OK) == 0;
  return FromErrno(error,
                   reachable ? "cannot run " + program : "cannot go to " + Printable(directory));
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

namespace {

// Writes what the pipe takes; closes it at the end of the text or when nobody reads any more.
void Feed(Descriptor* to, std::string_view* text) {
  const ssize_t wrote = write(to->get(), text->data(), text->size());
  if (wrote > 0) text->remove_prefix(static_cast<std::size_t>(wrote));
  const bool again = wrote < 0 && (errno == EAGAIN || errno == EINTR);
  if (text->empty() || (wrote < 0 && !again)) *to = Descriptor();
}

void Drain(Descriptor* from, std::string* text) {
  char buffer[16384];
  const ssize_t got = read(from->get(), buffer, sizeof buffer);
  if (got > 0) text->append(buffer, static_cast<std::size_t>(got));
  const bool again = got < 0 && (errno == EAGAIN || errno == EINTR);
  if (got <= 0 && !again) *from = Descriptor();
}

// Moves the texts until both outputs end. False: more than `max_bytes` came.
bool Converse(Ends* ends, std::string_view input, std::size_t max_bytes, ProcessResult* result) {
  Descriptor in = std::move(ends->in.write_end);
  Descriptor out = std::move(ends->out.read_end);
  Descriptor err = std::move(ends->err.read_end);
  fcntl(in.get(), F_SETFL, O_NONBLOCK);
  if (input.empty()) in = Descriptor();
  while (out.ok() || err.ok()) {
    std::array<pollfd, 3> waits = {pollfd{in.get(), POLLOUT, 0}, pollfd{out.get(), POLLIN, 0},
                                   pollfd{err.get(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;  // EINTR
    if (waits[0].revents != 0) Feed(&in, &input);
    if (waits[1].revents != 0) Drain(&out, &result->out);
    if (waits[2].revents != 0) Drain(&err, &result->err);
    if (result->out.size() + result->err.size() > max_bytes) return false;
  }
  return true;
}

}  // namespace

Result<ProcessResult> RunProcess(const std::vector<std::string>& argv,
                                 const ProcessOptions& options) {
  Ends ends;
  for (Pipe* pipe : {&ends.in, &ends.out, &ends.err}) {
    ONEHEAD_ASSIGN_OR_RETURN(*pipe, MakePipe());
  }
  pid_t child = 0;
  const IgnoreSigpipe ignore;
  const ChildEnds given = {ends.in.read_end.get(), ends.out.write_end.get(),
                           ends.err.write_end.get()};
  const int error = Spawn(argv, options, given, &child);
  if (error != 0) return Fail(CannotRun(error, argv[0], options));
  ends.in.read_end = Descriptor();
  ends.out.write_end = Descriptor();
  ends.err.write_end = Descriptor();
  ProcessResult result;
  const bool complete = Converse(&ends, options.input, options.max_output_bytes, &result);
  if (!complete) kill(child, SIGKILL);
  result.status = WaitFor(child);
  if (!complete) return Fail(ErrorKind::kLimit, argv[0] + " wrote too much");
  return result;
}

}  // namespace onehead::git
