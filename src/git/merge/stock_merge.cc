#include "onehead/git/merge/stock_merge.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/process/process.h"
#include "onehead/git/process/version.h"
#include "onehead/git/repository/repository.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

using Outcome = StockMerge::Outcome;

constexpr char kInside[] = "ONEHEAD_INSIDE_STOCK_MERGE";
constexpr std::size_t kMaxMessageBytes = std::size_t{16} << 20;

Result<ProcessResult> Git(std::vector<std::string> args) {
  args.insert(args.begin(), "git");
  ProcessOptions options;
  options.environment = {std::string(kInside) + "=1"};
  return RunProcess(args, options);
}

// Since 2.34 stock Git merges with ort, and takes it by this name.
bool HasOrt() {
  const std::optional<std::string> version = GitVersion();
  if (!version) return false;
  const auto parts = Split(*version, '.');
  const int major = std::atoi(std::string(parts[0]).c_str());
  const int minor = parts.size() < 2 ? 0 : std::atoi(std::string(parts[1]).c_str());
  return major > 2 || (major == 2 && minor >= 34);
}

// The lines that `git rev-parse ARGS` prints; empty when it fails.
std::vector<std::string> RevParse(std::vector<std::string> args) {
  args.insert(args.begin(), "rev-parse");
  const Result<ProcessResult> result = Git(std::move(args));
  std::vector<std::string> lines;
  if (!result || result->status != 0) return lines;
  for (const std::string_view line : Split(Trim(result->out), '\n')) lines.emplace_back(line);
  return lines;
}

// The first of `names` that leads to the commit, else its id.
std::string NameOf(const std::string& commit, std::vector<std::string> names) {
  if (const char* given = std::getenv(("GITHEAD_" + commit).c_str())) names.emplace_back(given);
  for (const std::string& name : names) {
    if (name.empty() || name[0] == '-') continue;
    const auto found = RevParse({"--verify", "-q", name + "^{commit}"});
    if (found == std::vector<std::string>{commit}) return name;
  }
  return commit;
}

// `git` with what must not count here: rerere comes after this, once.
std::vector<std::string> Command(const char* name, const std::vector<std::string>& options) {
  std::vector<std::string> args = {"-c", "rerere.enabled=false", name};
  for (const std::string& option : options) {
    args.insert(args.end(), {"-X", option.substr(std::min<std::size_t>(2, option.size()))});
  }
  return args;
}

// `text` without its last line, if that holds `word`.
std::string WithoutLastLine(std::string text, std::string_view word) {
  if (text.empty()) return text;
  const std::size_t newline = text.size() < 2 ? text.npos : text.rfind('\n', text.size() - 2);
  const std::size_t line = newline == text.npos ? 0 : newline + 1;
  if (text.find(word, line) != text.npos) text.erase(line);
  return text;
}

// `text` up to the line that says that `commit` could not be applied ("1a2b3c4... subject", in any
// language): the command around says that itself, and what to do.
std::string BeforeFailure(const std::string& text, const std::string& commit) {
  const std::string abbreviated = commit.substr(0, 4);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.find(abbreviated) != line.npos && line.find("... ") != line.npos) {
      return text.substr(0, at);
    }
    at = end;
  }
  return text;
}

// MERGE_MSG of the command around, kept aside while another one writes its own.
class KeptMessage {
 public:
  explicit KeptMessage(const std::string& git_dir)
      : path_(git_dir + "/MERGE_MSG"), aside_(path_ + ".onehead") {
    there_ = std::rename(path_.c_str(), aside_.c_str()) == 0;
  }
  KeptMessage(const KeptMessage&) = delete;
  KeptMessage& operator=(const KeptMessage&) = delete;
  // Renaming needs no room on the disk; without room for it the list of conflicts is left out.
  ~KeptMessage() {
    if (!there_) return;
    if (conflicts_) {
      const Result<std::string> text = ReadSmallFile(path_, kMaxMessageBytes);
      if (text) std::ofstream(aside_, std::ios::binary | std::ios::app) << ConflictsHint(*text);
    }
    std::rename(aside_.c_str(), path_.c_str());
  }
  void AddConflicts() { conflicts_ = true; }

 private:
  std::string path_;
  std::string aside_;
  bool there_ = false;
  bool conflicts_ = false;
};

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// True if the configuration in `file`, or in one that it includes, may set diff.algorithm.
bool MayNameAlgorithm(const std::string& file, int depth = 0) {
  const Result<std::string> text = ReadSmallFile(file, kMaxMessageBytes);
  if (!text) return false;
  const std::string lower = LowerCase(*text);
  if (depth > 5 || lower.find("algorithm") != lower.npos) return true;
  if (lower.find("[include") == lower.npos) return false;
  for (std::string_view line : Split(*text, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos || LowerCase(std::string(Trim(line.substr(0, equals)))) != "path") {
      continue;
    }
    std::string path(Trim(line.substr(equals + 1)));
    if (path.find_first_of("\"\\#;") != path.npos) return true;  // not in the usual form
    if (path.starts_with("~/")) path = Variable("HOME") + path.substr(1);
    if (MayNameAlgorithm(PathFrom(std::string(DirName(file)), path), depth + 1)) return true;
  }
  return false;
}

StockMerge Told(ProcessResult result) {
  StockMerge merge;
  merge.outcome = result.status == 0   ? Outcome::kClean
                  : result.status == 1 ? Outcome::kConflicts
                                       : Outcome::kRefused;
  merge.out = std::move(result.out);
  merge.err = std::move(result.err);
  return merge;
}

}  // namespace

std::string ConflictsHint(const std::string& text) {
  // "\n# Conflicts:\n#\tpath\n"; with commit.cleanup=scissors after a line of scissors.
  std::size_t line = text.rfind(" Conflicts:\n");
  if (line == text.npos) return "";
  line = text.rfind('\n', line) + 1;  // 0 when there is none
  const std::size_t scissors = text.rfind(" >8 ", line);
  const std::string between = scissors == text.npos ? "" : text.substr(scissors, line - scissors);
  // Nothing but comments stands between the scissors and the list.
  if (!between.empty() && between.find("\n\n") == between.npos) {
    line = text.rfind('\n', scissors) + 1;
  }
  return text.substr(line == 0 ? 0 : line - 1);
}

Result<StockMerge> PickAsStockGit(const std::string& commit, const std::string& base,
                                  const std::vector<std::string>& options) {
  const std::vector<std::string> known = RevParse({"--absolute-git-dir", commit + "^@"});
  if (known.empty() || !HasOrt()) return StockMerge{};
  std::vector<std::string> args = Command("cherry-pick", options);
  args.insert(args.end(), {"--no-commit", "--strategy=ort"});
  const auto parent = std::find(known.begin() + 1, known.end(), base);
  if (parent == known.end() && (!base.empty() || known.size() > 1)) return StockMerge{};
  if (known.size() > 2) {
    args.insert(args.end(), {"-m", std::to_string(parent - known.begin())});
  }
  args.push_back(commit);
  KeptMessage message(known.front());
  ONEHEAD_ASSIGN_OR_RETURN(ProcessResult result, Git(std::move(args)));
  StockMerge merge = Told(std::move(result));
  if (merge.outcome == Outcome::kConflicts) message.AddConflicts();
  merge.err = merge.outcome == Outcome::kRefused
                  ? WithoutLastLine(std::move(merge.err), "cherry-pick")
                  : BeforeFailure(merge.err, commit);
  return merge;
}

Result<StockMerge> MergeAsStockGit(const std::string& commit, std::vector<std::string> names,
                                   const std::vector<std::string>& options) {
  const std::vector<std::string> known =
      RevParse({"--absolute-git-dir", "--symbolic-full-name", "HEAD"});
  if (known.empty() || !HasOrt()) return StockMerge{};
  std::vector<std::string> args = {"-c", "merge.verifySignatures=false"};
  constexpr std::string_view kBranches = "refs/heads/";
  if (known.size() > 1 && known[1].compare(0, kBranches.size(), kBranches) == 0) {
    const std::string branch = known[1].substr(kBranches.size());
    args.insert(args.end(), {"-c", "branch." + branch + ".mergeOptions="});
  }
  const std::vector<std::string> command = Command("merge", options);
  args.insert(args.end(), command.begin(), command.end());
  for (const char* option :
       {"--strategy=ort", "--no-commit", "--no-ff", "--no-squash", "--no-autostash", "--no-stat",
        "--no-log", "--no-edit", "--allow-unrelated-histories", "-m", "merge"}) {
    args.emplace_back(option);
  }
  args.push_back(NameOf(commit, std::move(names)));
  ONEHEAD_ASSIGN_OR_RETURN(ProcessResult result, Git(std::move(args)));
  for (const char* file : {"/MERGE_HEAD", "/MERGE_MODE", "/MERGE_MSG"}) {
    std::remove((known.front() + file).c_str());
  }
  StockMerge merge = Told(std::move(result));
  // How it ended is said by the `git merge` around.
  if (merge.outcome == Outcome::kConflicts) merge.out = WithoutLastLine(std::move(merge.out), "");
  if (merge.outcome == Outcome::kClean) merge.err = WithoutLastLine(std::move(merge.err), "");
  if (merge.outcome == Outcome::kRefused) {
    merge.err = WithoutLastLine(std::move(merge.err), "ort");
  }
  return merge;
}

bool HasDiffAlgorithm(const std::string& git_dir, const std::string& common_dir) {
  const std::string home = Variable("HOME");
  const std::string xdg = Variable("XDG_CONFIG_HOME");
  bool may_be =
      LowerCase(Variable("GIT_CONFIG_PARAMETERS")).find("algorithm") != std::string::npos ||
      !Variable("GIT_CONFIG_COUNT").empty();
  for (const std::string& file :
       {common_dir + "/config", git_dir + "/config.worktree", home + "/.gitconfig",
        (xdg.empty() ? home + "/.config" : xdg) + "/git/config", std::string("/etc/gitconfig"),
        Variable("GIT_CONFIG_GLOBAL"), Variable("GIT_CONFIG_SYSTEM")}) {
    may_be = may_be || MayNameAlgorithm(file);
  }
  if (!may_be) return false;
  const Result<ProcessResult> value = Git({"config", "--get", "diff.algorithm"});
  return value && value->status == 0;
}

bool IsInsideStockMerge() { return std::getenv(kInside) != nullptr; }

}  // namespace onehead::git
