#include "onehead/git/merge/half_checkout.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "onehead/base/text.h"
#include "onehead/git/process/process.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

// Null: it failed.
std::optional<std::string> Output(std::vector<std::string> args, std::string input = {}) {
  args.insert(args.begin(), "git");
  ProcessOptions options;
  options.input = std::move(input);
  Result<ProcessResult> result = RunProcess(args, options);
  if (!result || result->status != 0) return std::nullopt;
  return std::move(result->out);
}

bool IsBeginningOf(const std::string& path, const std::string& mode, const std::string& id) {
  std::error_code error;
  if (mode == "120000") {
    const auto target = Output({"cat-file", "blob", id});
    return target && fs::read_symlink(path, error).string() == *target;
  }
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const Result<std::string> text = ReadSmallFile(path, kMaxFileBytes);
  const auto whole = Output({"cat-file", "--filters", "--path=" + path, id});
  return text && whole && whole->compare(0, text->size(), *text) == 0;
}

void RemoveWithDirectories(const std::string& path) {
  if (unlink(path.c_str()) != 0) return;
  for (std::string above(DirName(path)); !above.empty(); above = DirName(above)) {
    if (rmdir(above.c_str()) != 0) return;
  }
}

}  // namespace

bool StoppedWhileWriting(const std::string& error) {
  for (const char* text : {"unable to write", "unable to create", "write error", "No space left",
                           "Out of diskspace", "Disk quota exceeded"}) {
    if (error.find(text) != error.npos) return error.find("index.lock': File exists") == error.npos;
  }
  return false;
}

void UndoHalfCheckout(const std::string& from, const std::string& to) {
  const auto changes = Output({"diff-tree", "-r", "-z", "--raw", "--no-renames", from, to});
  if (!changes) return;
  std::string others;
  // ":<mode> <mode> <id> <id> <kind>" and the path, in turn.
  const auto fields = Split(*changes, '\0');
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const auto words = Split(fields[i], ' ');
    const std::string path(fields[i + 1]);
    if (words.size() < 5) return;
    if (words[4] != "A") {
      others += path + '\0';
    } else if (IsBeginningOf(path, std::string(words[1]), std::string(words[3]))) {
      RemoveWithDirectories(path);
    }
  }
  Output({"checkout-index", "-f", "-q", "-z", "--stdin"}, others);
}

}  // namespace onehead::git
