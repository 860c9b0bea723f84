#include "support/git_sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <system_error>

// libgit2 1.5 forgets a piece of memory whenever pcre2 finds no match; seen when it opens a
// repository with extensions.
#define ONEHEAD_LEAKS "leak:libpcre2\n"
extern "C" const char* __lsan_default_suppressions() { return ONEHEAD_LEAKS; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

std::string EnvironmentOr(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : fallback;
}

std::string MakeScratch() {
  std::string name = EnvironmentOr("TMPDIR", "/tmp") + "/onehead-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    std::perror(name.c_str());
    std::abort();
  }
  // Git prints real paths, and on some systems the scratch directory is behind a link.
  return fs::canonical(name).string();
}

// Standard input and output are unlinked files: no pipe can fill up, and nothing waits for a
// grandchild that keeps one open.
class Stream {
 public:
  explicit Stream(std::string_view text = "") : file_(std::tmpfile(), &std::fclose) {
    if (!file_) std::abort();
    std::fwrite(text.data(), 1, text.size(), file_.get());
    std::rewind(file_.get());
  }
  int fd() const { return fileno(file_.get()); }
  std::string Text() const {
    std::rewind(file_.get());
    std::string text;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file_.get())) {
      text.append(buffer, got);
    }
    return text;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

RunResult Spawn(std::vector<std::string> argv, const std::string& dir, const std::string& input,
                const Environment& environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const std::vector<char*> arguments = Pointers(argv);
  const std::vector<char*> settings = Pointers(variables);
  const Stream in(input);
  const Stream out;
  const Stream err;
  const pid_t child = fork();
  if (child == 0) {
    dup2(in.fd(), STDIN_FILENO);
    dup2(out.fd(), STDOUT_FILENO);
    dup2(err.fd(), STDERR_FILENO);
    environ = const_cast<char**>(settings.data());  // so that its PATH is searched, not ours
    if (chdir(dir.c_str()) == 0) execvp(arguments[0], arguments.data());
    _exit(127);
  }
  if (child < 0) return {};
  const int exit_code = WaitFor(child);
  return {exit_code, out.Text(), err.Text()};
}

}  // namespace

const char* ProgramOr(const char* built) {
  const char* other = std::getenv("ONEHEAD_PROGRAM");
  return other != nullptr && *other != '\0' ? other : built;
}

GitSandbox::GitSandbox() : root_(MakeScratch()) {
  environment_ = {
      {"PATH", EnvironmentOr("PATH", "/usr/local/bin:/usr/bin:/bin")},
      {"HOME", Path("home")},
      {"TMPDIR", Path("tmp")},
      {"LSAN_OPTIONS", "print_suppressions=0:suppressions=" + Path("home/leaks")},
      {"TZ", "UTC"},
      {"LC_ALL", "C"},
      {"GIT_CONFIG_GLOBAL", "/dev/null"},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"GIT_TERMINAL_PROMPT", "0"},
      {"GIT_EDITOR", "true"},
      {"GIT_AUTHOR_NAME", "Ada Author"},
      {"GIT_AUTHOR_EMAIL", "ada@example.com"},
      {"GIT_COMMITTER_NAME", "Carl Committer"},
      {"GIT_COMMITTER_EMAIL", "carl@example.com"},
  };
  // The same tests, with repositories of another kind.
  for (const char* kind : {"GIT_DEFAULT_HASH", "GIT_DEFAULT_REF_FORMAT"}) {
    if (const char* value = std::getenv(kind)) environment_[kind] = value;
  }
  WriteFile("home/leaks", ONEHEAD_LEAKS);
  MakeDirs("tmp");
}

GitSandbox::~GitSandbox() {
  if (::testing::Test::HasFailure()) {
    std::cerr << "scratch directory kept: " << root_ << "\n";
    return;
  }
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string GitSandbox::Path(std::string_view path) const {
  if (path.empty()) return root_;
  if (path.front() == '/') return std::string(path);
  return root_ + "/" + std::string(path);
}

RunResult GitSandbox::Run(const std::vector<std::string>& argv, const std::string& dir,
                          const std::string& input, const Environment& extra) {
  clock_ += 60;
  Environment all = extra;  // insert() keeps what is there
  const std::string date = std::to_string(clock_) + " +0000";
  all.insert({{"GIT_AUTHOR_DATE", date}, {"GIT_COMMITTER_DATE", date}});
  all.insert(environment_.begin(), environment_.end());
  return Spawn(argv, Path(dir), input, all);
}

RunResult GitSandbox::Git(const std::vector<std::string>& args, const std::string& dir,
                          const std::string& input, const Environment& extra) {
  // No maintenance in the background: it would change a repository under a test.
  std::vector<std::string> argv = {"git",
                                   "-c",
                                   "init.defaultBranch=main",
                                   "-c",
                                   "gc.auto=0",
                                   "-c",
                                   "maintenance.auto=false",
                                   "-c",
                                   "protocol.file.allow=always"};
  argv.insert(argv.end(), args.begin(), args.end());
  return Run(argv, dir, input, extra);
}

std::string GitSandbox::MustGit(const std::vector<std::string>& args, const std::string& dir,
                                const std::string& input, const Environment& extra) {
  RunResult result = Git(args, dir, input, extra);
  if (result.exit_code != 0) {
    std::string command = "git";
    for (const std::string& arg : args) command += " " + arg;
    ADD_FAILURE() << command << "\nexit " << result.exit_code << "\n" << result.out << result.err;
  }
  if (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
  return result.out;
}

void GitSandbox::WriteFile(const std::string& path, std::string_view text) {
  const std::string full = Path(path);
  MakeDirs(fs::path(full).parent_path().string());
  std::ofstream out(full, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  EXPECT_TRUE(out) << "cannot write " << full;
}

void GitSandbox::WriteExecutable(const std::string& path, std::string_view text) {
  WriteFile(path, text);
  EXPECT_EQ(chmod(Path(path).c_str(), 0755), 0) << path;
}

std::string GitSandbox::ReadFile(const std::string& path) const {
  std::ifstream in(Path(path), std::ios::binary);
  EXPECT_TRUE(in) << "cannot read " << Path(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool GitSandbox::Exists(const std::string& path) const {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(Path(path), ignored));
}

void GitSandbox::MakeDirs(const std::string& path) const {
  std::error_code error;
  fs::create_directories(Path(path), error);
  EXPECT_FALSE(error) << path << ": " << error.message();
}

std::string GitSandbox::InitWork(const std::string& dir) {
  MustGit({"init", "-q", Path(dir)});
  return Path(dir);
}

std::string GitSandbox::InitBare(const std::string& dir) {
  MustGit({"init", "-q", "--bare", Path(dir)});
  return Path(dir);
}

std::string GitSandbox::CommitAll(const std::string& dir, const std::string& message) {
  MustGit({"add", "-A"}, dir);
  MustGit({"commit", "-q", "--allow-empty", "-m", message}, dir);
  return MustGit({"rev-parse", "HEAD"}, dir);
}

std::string GitSandbox::CommitFile(const std::string& dir, const std::string& path,
                                   std::string_view text) {
  WriteFile(dir + "/" + path, text);
  return CommitAll(dir, "write " + path);
}

void GitSandbox::PutOnPath(const std::string& program, const std::vector<std::string>& names) {
  MakeDirs("bin");
  for (const std::string& name : names) fs::create_symlink(program, Path("bin/" + name));
  environment_["PATH"] = Path("bin") + ":" + environment_["PATH"];
}

void GitSandbox::WriteHook(const std::string& git_dir, const std::string& name,
                           std::string_view script) {
  WriteExecutable(git_dir + "/hooks/" + name, "#!/bin/sh\n" + std::string(script));
}

}  // namespace onehead::testing
