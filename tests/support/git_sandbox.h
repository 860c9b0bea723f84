// A scratch directory in which the real git and other programs run with an emptied environment.
//
// Nothing of the machine is seen: no configuration but the repositories' own, HOME and TMPDIR are
// in the scratch directory, names and dates are fixed, so object ids are the same in every run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace onehead::testing {

struct RunResult {
  int exit_code = -1;  // 128 + the number of a signal; 127: could not be started
  std::string out;
  std::string err;
};

// The program under test: what the variable ONEHEAD_PROGRAM names, else `built`. Tests write
// ONEHEAD_PROGRAM for it, which the build defines to be this.
const char* ProgramOr(const char* built);

using Environment = std::map<std::string, std::string>;

class GitSandbox {
 public:
  // The directory is removed at the end, but kept and named when the test has failed.
  GitSandbox();
  ~GitSandbox();
  GitSandbox(const GitSandbox&) = delete;
  GitSandbox& operator=(const GitSandbox&) = delete;

  // Every `dir` and `path` below is relative to root(), or absolute.
  const std::string& root() const { return root_; }
  std::string Path(std::string_view path) const;

  // What every program is started with, in addition to the dates; tests may change it.
  Environment& environment() { return environment_; }

  // Each call is one minute later than the one before. `extra` overrides environment().
  RunResult Run(const std::vector<std::string>& argv, const std::string& dir = "",
                const std::string& input = "", const Environment& extra = {});
  RunResult Git(const std::vector<std::string>& args, const std::string& dir = "",
                const std::string& input = "", const Environment& extra = {});
  // Its standard output without the final newline; anything but exit 0 fails the test.
  std::string MustGit(const std::vector<std::string>& args, const std::string& dir = "",
                      const std::string& input = "", const Environment& extra = {});

  // Directories above are made. Overwrites.
  void WriteFile(const std::string& path, std::string_view text);
  void WriteExecutable(const std::string& path, std::string_view text);
  // "" and a failed test when it cannot be read.
  std::string ReadFile(const std::string& path) const;
  bool Exists(const std::string& path) const;
  void MakeDirs(const std::string& path) const;

  // A new repository (branch main, no commit); the absolute path of its top directory.
  std::string InitWork(const std::string& dir);
  std::string InitBare(const std::string& dir);
  // Adds all files and commits, also when nothing changed; the new commit's id.
  std::string CommitAll(const std::string& dir, const std::string& message);
  // Writes the file and commits all.
  std::string CommitFile(const std::string& dir, const std::string& path, std::string_view text);
  // Links of these names to `program`, in bin/, which comes first on PATH from now on.
  void PutOnPath(const std::string& program, const std::vector<std::string>& names);
  // `script` is the body of a sh script.
  void WriteHook(const std::string& git_dir, const std::string& name, std::string_view script);

 private:
  std::string root_;
  Environment environment_;
  std::int64_t clock_ = 1'700'000'000;  // seconds since the epoch
};

}  // namespace onehead::testing
