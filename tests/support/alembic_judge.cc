#include "support/alembic_judge.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace onehead::testing {
namespace {

class Judge {
 public:
  Judge() {
    int questions[2];
    int answers[2];
    // Close-on-exec: no program that a test starts may keep the judge waiting for its end.
    if (pipe2(questions, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      dup2(questions[0], STDIN_FILENO);
      dup2(answers[1], STDOUT_FILENO);
      const char* script = ONEHEAD_SOURCE_DIR "/tests/e2e/alembic_judge.py";
      execl("/usr/bin/python3", "python3", "-B", script, static_cast<char*>(nullptr));
      _exit(127);
    }
    close(questions[0]);
    close(answers[1]);
    in_.reset(fdopen(questions[1], "w"));
    out_.reset(fdopen(answers[0], "r"));
  }
  ~Judge() {
    in_.reset();
    waitpid(child_, nullptr, 0);
  }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  std::string Ask(const std::string& question) {
    std::fputs((question + "\n").c_str(), in_.get());
    std::fflush(in_.get());
    std::string answer;
    for (int c = std::fgetc(out_.get()); c != '\n'; c = std::fgetc(out_.get())) {
      if (c == EOF) return "no answer from Alembic";
      answer += static_cast<char>(c);
    }
    return answer;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  pid_t child_ = -1;
  std::unique_ptr<std::FILE, Close> in_;
  std::unique_ptr<std::FILE, Close> out_;
};

}  // namespace

std::string AlembicChain(const std::string& directory, const std::string& rev) {
  static Judge judge;
  return judge.Ask(directory + "\t" + rev);
}

}  // namespace onehead::testing
