#include "onehead/git/process/text_diff.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "git/support/error.h"
#include "onehead/git/process/process.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    std::string name = (error ? fs::path("/tmp") : parent) / "onehead-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }  // empty: it could not be made

  Status Write(const std::string& file, std::string_view text) const {
    std::error_code error;
    const fs::path full = fs::path(path_) / file;
    fs::create_directories(full.parent_path(), error);
    std::ofstream out(full, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) return Fail(ErrorKind::kIo, "cannot write a temporary file for the diff");
    return {};
  }

 private:
  std::string path_;
};

// "a/x a/x" (the file goes) and "b/x b/x" (it is new) as "a/x b/x", as Git has it elsewhere.
std::string BothSides(std::string_view names) {
  const std::size_t half = names.size() / 2;
  std::string text(names);
  if (names.size() < 3 || names.substr(0, half) != names.substr(half + 1)) return text;
  text[0] = 'a';
  text[half + 1] = 'b';
  return text;
}

// Git names the two directories as if they were part of the paths. Lines of a file begin with
// another character than those of a header.
std::string WithPlainPaths(std::string_view diff) {
  constexpr std::string_view kBold = "\033[1m";
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {"rename from a/", "rename from "}, {"rename to b/", "rename to "}};
  constexpr std::string_view kStart = "diff --git ";
  std::string out;
  while (!diff.empty()) {
    std::string_view line = diff.substr(0, std::min(diff.find('\n'), diff.size() - 1) + 1);
    diff.remove_prefix(line.size());
    if (line.substr(0, kBold.size()) == kBold) {
      out += kBold;
      line.remove_prefix(kBold.size());
    }
    if (line.substr(0, kStart.size()) == kStart) {
      const std::size_t end = line.find_first_of("\033\n");  // a colour ends before the line does
      out += kStart;
      out += BothSides(line.substr(kStart.size(), end - kStart.size()));
      line.remove_prefix(std::min(end, line.size()));
    }
    for (const auto& [header, plain] : kHeaders) {
      if (line.substr(0, header.size()) != header) continue;
      out += plain;
      line.remove_prefix(header.size());
    }
    out += line;
  }
  return out;
}

}  // namespace

Result<std::string> DiffOf(const std::vector<WorkFileChange>& changes, DiffColor color) {
  const TemporaryDirectory scratch;
  if (scratch.path().empty()) {
    return Fail(FromErrno(errno, "cannot make a temporary directory for the diff"));
  }
  std::error_code ignored;
  fs::create_directory(scratch.path() + "/a", ignored);
  fs::create_directory(scratch.path() + "/b", ignored);
  for (const WorkFileChange& change : changes) {
    const std::string& target = change.new_path.empty() ? change.path : change.new_path;
    Status status = change.after ? scratch.Write("b/" + target, *change.after) : Status();
    if (status && change.before) status = scratch.Write("a/" + change.path, *change.before);
    if (!status) return Fail(std::move(status.error()));
  }
  ProcessOptions options;
  options.directory = scratch.path();
  ONEHEAD_ASSIGN_OR_RETURN(
      const ProcessResult result,
      RunProcess({"git", "-c", "core.quotePath=false", "diff", "--no-index", "--no-prefix", "-M",
                  "--no-ext-diff", "--no-textconv",
                  color == DiffColor::kOn ? "--color=always" : "--color=never", "a", "b"},
                 options));
  if (result.status > 1) return Fail(ErrorKind::kIo, "git diff --no-index failed");
  return WithPlainPaths(result.out);
}

}  // namespace onehead::git
