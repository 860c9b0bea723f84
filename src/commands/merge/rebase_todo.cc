#include "commands/merge/rebase_todo.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "onehead/base/text.h"
#include "onehead/git/files/atomic_file.h"
#include "onehead/git/support/files.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxListBytes = std::size_t{256} << 20;
constexpr char kDone[] = "/rebase-merge/done";
constexpr char kTodo[] = "/rebase-merge/git-rebase-todo";

std::string LastLine(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t newline = text.rfind('\n');
  return std::string(newline == text.npos ? text : text.substr(newline + 1));
}

// True if a line "pick 1a2b3c4 subject" (or edit, reword, fixup -C ...) names `id`.
bool Picks(std::string_view line, std::string_view id) {
  for (const std::string_view word : Split(line, ' ')) {
    if (word.size() >= 4 && id.substr(0, word.size()) == word) return true;
  }
  return false;
}

// "merge -C 1a2b3c4 label # subject"
bool Merges(std::string_view line) { return line.starts_with("merge ") || line.starts_with("m "); }

// The rebase names what it merges by the whole id, a user rarely. (Should a user do so while the
// rebase has stopped at a merge, then at worst that merge is tried once more.)
bool IsOfRebase(const std::string& commit) {
  const char* name = std::getenv(("GITHEAD_" + commit).c_str());
  return name != nullptr && name == commit;
}

// Of "merge -C 1a2b3c4 label # subject" the label.
std::string LabelOf(std::string_view line) {
  const auto words = Split(line, ' ');
  const bool has_message = words.size() > 1 && (words[1] == "-C" || words[1] == "-c");
  const std::size_t at = has_message ? 3 : 1;
  return at < words.size() ? std::string(words[at]) : "";
}

Status Blocked(const std::string& why) {
  return Fail(ErrorKind::kIo, "the commit is not picked: " + why,
              "git rebase --continue will stop, so that the commit is not lost. Make room on the "
              "disk, then run\n"
              "  d=$(git rev-parse --git-path rebase-merge)\n"
              "  (tail -n 1 $d/done; cat $d/git-rebase-todo.onehead) > $d/git-rebase-todo\n"
              "  git rebase --continue\n"
              "or give up with git rebase --abort");
}

}  // namespace

bool IsRebasing(const std::string& git_dir) {
  return access((git_dir + "/rebase-merge").c_str(), F_OK) == 0;
}

bool IsRemakingMerge(const std::string& git_dir) {
  const Result<std::string> done = git::ReadSmallFile(git_dir + kDone, kMaxListBytes);
  return done && Merges(LastLine(*done));
}

std::string GitDirHere() {
  const char* given = std::getenv("GIT_DIR");
  const std::string path = given != nullptr ? given : ".git";
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return "";
  if (S_ISDIR(status.st_mode)) return path;
  // "gitdir: /repository/.git/worktrees/name" in a linked work tree or a submodule.
  const Result<std::string> text = git::ReadSmallFile(path, std::size_t{1} << 16);
  constexpr std::string_view kPrefix = "gitdir: ";
  if (!text || text->compare(0, kPrefix.size(), kPrefix) != 0) return "";
  return std::string(Trim(std::string_view(*text).substr(kPrefix.size())));
}

Status RebaseStep::Keep(const std::string& git_dir, const std::string& commit, bool is_merge) {
  const Result<std::string> done = git::ReadSmallFile(git_dir + kDone, kMaxListBytes);
  const std::string todo = git_dir + kTodo;
  const Result<std::string> rest = git::ReadSmallFile(todo, kMaxListBytes);
  if (!done || !rest) return {};
  const std::string line = LastLine(*done);
  if (is_merge ? !Merges(line) || !IsOfRebase(commit) : !Picks(line, commit)) return {};
  const std::string aside = todo + ".onehead";
  unlink(aside.c_str());
  // The list without the step stays under another name: no room is needed to have it back. Where
  // there are no hard links, a rebase without a list cannot go on either.
  if (link(todo.c_str(), aside.c_str()) != 0 && std::rename(todo.c_str(), aside.c_str()) != 0) {
    return Blocked("cannot rename the list of the rebase");
  }
  if (Status written = ReplaceFile(todo, line + "\n" + *rest); !written) {
    unlink(todo.c_str());
    return Blocked(written.error().message);
  }
  if (is_merge) label_ = LabelOf(line);
  list_ = todo;
  aside_ = aside;
  return {};
}

void RebaseStep::Done() {
  if (!list_.empty()) std::rename(aside_.c_str(), list_.c_str());
  list_.clear();
}

RebaseStep::~RebaseStep() {
  if (!list_.empty()) unlink(aside_.c_str());
}

}  // namespace onehead
