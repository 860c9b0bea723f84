#include "commands/merge_reschedule.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string_view>

#include "onehead/base/text.h"

namespace onehead {
namespace {

bool ReadAll(const std::string& path, std::string* text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  std::ostringstream all;
  all << in.rdbuf();
  *text = all.str();
  return true;
}

std::string LastLine(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t newline = text.rfind('\n');
  return std::string(newline == text.npos ? text : text.substr(newline + 1));
}

// Does a line "pick 1a2b3c4 subject" (or edit, reword, fixup -C ...) name `id`?
bool Picks(std::string_view line, std::string_view id) {
  for (const std::string_view word : Split(line, ' ')) {
    if (word.size() >= 4 && id.substr(0, word.size()) == word) return true;
  }
  return false;
}

bool Replace(const std::string& path, const std::string& text) {
  const std::string scratch = path + ".onehead";
  std::ofstream out(scratch, std::ios::binary | std::ios::trunc);
  out << text << std::flush;
  const bool written = out.good();
  out.close();
  if (written && std::rename(scratch.c_str(), path.c_str()) == 0) return true;
  std::remove(scratch.c_str());
  return false;
}

}  // namespace

bool IsRebasing(const std::string& git_dir) {
  return access((git_dir + "/rebase-merge").c_str(), F_OK) == 0;
}

bool IsRemakingMerge(const std::string& git_dir) {
  std::string done;
  if (!ReadAll(git_dir + "/rebase-merge/done", &done)) return false;
  const std::string step = LastLine(done);
  return step.rfind("merge ", 0) == 0 || step.rfind("m ", 0) == 0;
}

bool Reschedule(const std::string& git_dir, const std::string& id) {
  std::string done;
  std::string todo;
  if (!ReadAll(git_dir + "/rebase-merge/done", &done)) return false;
  if (!ReadAll(git_dir + "/rebase-merge/git-rebase-todo", &todo)) return false;
  const std::string line = LastLine(done);
  if (!Picks(line, id)) return false;
  return Replace(git_dir + "/rebase-merge/git-rebase-todo", line + "\n" + todo);
}

}  // namespace onehead
