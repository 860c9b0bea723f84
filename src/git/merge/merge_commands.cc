#include "onehead/git/merge/merge_commands.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/process/process.h"

namespace onehead::git {
namespace {

constexpr int kConflicts = 1;

Result<GitRun> Run(std::vector<std::string> args, std::string input = {},
                   std::vector<std::string> environment = {}) {
  args.insert(args.begin(), "git");
  ProcessOptions options;
  options.input = std::move(input);
  options.environment = std::move(environment);
  ONEHEAD_ASSIGN_OR_RETURN(ProcessResult result, RunProcess(args, options));
  return GitRun{result.status, std::move(result.out), std::move(result.err)};
}

// Its standard output; kInvalid with Git's own first line when it fails.
Result<std::string> Output(std::vector<std::string> args, std::string input = {}) {
  const std::string name = args.front();
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run, Run(std::move(args), std::move(input)));
  if (run.status != 0) {
    const std::string_view why = Trim(run.err);
    return Fail(ErrorKind::kInvalid,
                "git " + name + " failed: " + Printable(why.substr(0, why.find('\n')), 300));
  }
  return std::move(run.out);
}

// Pieces that each end in NUL.
std::vector<std::string> Records(std::string_view text) {
  std::vector<std::string> records;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    records.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return records;
}

void SortUnique(std::vector<std::string>* texts) {
  std::sort(texts->begin(), texts->end());
  texts->erase(std::unique(texts->begin(), texts->end()), texts->end());
}

std::vector<std::string> Literally(std::vector<std::string> args,
                                   const std::vector<std::string>& paths) {
  args.insert(args.begin(), "--literal-pathspecs");
  args.push_back("--");
  args.insert(args.end(), paths.begin(), paths.end());
  return args;
}

// "100644 <id> 0\t<path>" by path.
Result<std::map<std::string, std::string>> ModesOf(const std::vector<std::string>& paths) {
  ONEHEAD_ASSIGN_OR_RETURN(std::string listed, Output(Literally({"ls-files", "-s", "-z"}, paths)));
  std::map<std::string, std::string> modes;
  for (const std::string& record : Records(listed)) {
    const std::size_t tab = record.find('\t');
    if (tab != record.npos) modes[record.substr(tab + 1)] = record.substr(0, record.find(' '));
  }
  return modes;
}

std::string IndexInfo(const std::vector<IndexEdit>& edits,
                      const std::map<std::string, std::string>& modes) {
  std::string lines;
  for (const IndexEdit& edit : edits) {
    const auto mode = modes.find(edit.path);
    if (mode == modes.end()) continue;
    if (!edit.blob.known()) continue;
    const std::string& target = edit.new_path.empty() ? edit.path : edit.new_path;
    if (target != edit.path) {
      lines += "0 " + std::string(edit.blob.size * 2u, '0') + "\t" + edit.path + '\0';
    }
    lines += mode->second + " " + edit.blob.Hex() + "\t" + target + '\0';
  }
  return lines;
}

}  // namespace

Result<MergeTreeResult> MergeTree(const std::string& ours, const std::string& theirs,
                                  const std::string& base) {
  std::vector<std::string> args = {"merge-tree", "--write-tree", "--messages",
                                   "--allow-unrelated-histories"};
  if (!base.empty()) args.push_back("--merge-base=" + base);
  args.insert(args.end(), {ours, theirs});
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run, Run(std::move(args)));
  MergeTreeResult result;
  const std::string_view out = run.out;
  const std::size_t end = std::min(out.find('\n'), out.size());
  const std::optional<ContentId> tree = ContentId::FromHex(out.substr(0, end));
  if (!tree || run.status > kConflicts) return result;
  result.tree = *tree;
  if (run.status == kConflicts) {
    result.outcome = MergeTreeResult::Outcome::kConflict;
    return result;
  }
  result.outcome = MergeTreeResult::Outcome::kClean;
  // An empty line stands between the tree and the messages.
  result.messages = std::string(out.substr(std::min(end + 2, out.size())));
  return result;
}

Result<GitRun> ReadTree(const std::string& from, const std::string& to) {
  return Run({"read-tree", "-m", "-u", from, to}, "", {"LC_ALL=C"});
}

Result<bool> WouldRefuse(const std::string& from, const std::string& to) {
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run, Run({"read-tree", "-n", "-m", "-u", from, to}));
  return run.status != 0;
}

Status WriteAutoMerge(const std::string& git_dir, const ContentId& tree) {
  std::ofstream out(git_dir + "/AUTO_MERGE", std::ios::binary | std::ios::trunc);
  out << tree.Hex() << '\n' << std::flush;
  if (out.good()) return {};
  return Fail(ErrorKind::kIo, "cannot write AUTO_MERGE");
}

Result<GitRun> MergeRecursive(const std::vector<std::string>& args) {
  std::vector<std::string> all = {"merge-recursive"};
  all.insert(all.end(), args.begin(), args.end());
  return Run(std::move(all));
}

Result<GitRun> MergeOctopus(const std::vector<std::string>& args) {
  std::vector<std::string> all = {"merge-octopus"};
  all.insert(all.end(), args.begin(), args.end());
  return Run(std::move(all));
}

Result<bool> IndexDiffers(const std::string& commit) {
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run, Run({"diff-index", "--cached", "--quiet", commit, "--"}));
  return run.status != 0;
}

Result<bool> HasTrackedFile(const std::vector<std::string>& pathspecs) {
  std::vector<std::string> args = {"ls-files", "-z", "--"};
  args.insert(args.end(), pathspecs.begin(), pathspecs.end());
  ONEHEAD_ASSIGN_OR_RETURN(std::string listed, Output(std::move(args)));
  return !listed.empty();
}

Result<std::vector<std::string>> UnmergedPaths() {
  ONEHEAD_ASSIGN_OR_RETURN(std::string listed, Output({"ls-files", "-u", "-z"}));
  std::vector<std::string> paths;
  for (const std::string& record : Records(listed)) {
    const std::size_t tab = record.find('\t');
    if (tab != record.npos) paths.push_back(record.substr(tab + 1));
  }
  SortUnique(&paths);
  return paths;
}

Result<std::vector<std::string>> ModifiedPaths(const std::vector<std::string>& paths) {
  ONEHEAD_ASSIGN_OR_RETURN(std::string listed,
                           Output(Literally({"diff-files", "--name-only", "-z"}, paths)));
  std::vector<std::string> modified = Records(listed);
  SortUnique(&modified);
  return modified;
}

Status StageAndCheckOut(const std::vector<IndexEdit>& edits) {
  std::vector<std::string> paths;
  std::vector<std::string> targets;
  std::vector<std::string> moved;
  std::string removed;
  for (const IndexEdit& edit : edits) {
    paths.push_back(edit.path);
    if (!edit.blob.known()) {
      moved.push_back(edit.path);
      removed += edit.path + '\0';
      continue;
    }
    const bool moves = !edit.new_path.empty() && edit.new_path != edit.path;
    targets.push_back(moves ? edit.new_path : edit.path);
    if (moves) moved.push_back(edit.path);
  }
  const auto modes = ModesOf(paths);
  if (!modes) return Fail(modes.error());
  Result<std::string> done =
      Output({"update-index", "-z", "--index-info"}, IndexInfo(edits, *modes));
  if (!done) return Fail(std::move(done.error()));
  if (!removed.empty()) {
    done = Output({"update-index", "--force-remove", "-z", "--stdin"}, removed);
    if (!done) return Fail(std::move(done.error()));
  }
  std::string list;
  for (const std::string& target : targets) list += target + '\0';
  done = Output({"checkout-index", "-f", "-u", "-z", "--stdin"}, list);
  if (!done) return Fail(std::move(done.error()));
  for (const std::string& path : moved) std::remove(path.c_str());
  return {};
}

Result<std::vector<std::string>> ConflictedPaths(const std::string& ours,
                                                 const std::string& theirs) {
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run,
                           Run({"merge-tree", "--write-tree", "-z", "--name-only", "--no-messages",
                                "--allow-unrelated-histories", ours, theirs}));
  std::vector<std::string> paths = Records(run.out);
  if (run.status > kConflicts || paths.empty()) {
    return Fail(ErrorKind::kInvalid, "git merge-tree failed");
  }
  paths.erase(paths.begin());  // the tree
  SortUnique(&paths);
  return paths;
}

Status TakeFromTree(const ContentId& tree, const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(std::string entries,
                           Output(Literally({"ls-tree", "-z", tree.Hex()}, paths)));
  std::string lines;
  for (const std::string& path : paths) {
    lines += "0 " + std::string(tree.size * 2u, '0') + '\t' + path + '\0';
  }
  Result<std::string> done = Output({"update-index", "-z", "--index-info"}, lines + entries);
  if (!done) return Fail(std::move(done.error()));
  std::vector<std::string> gone = paths;
  std::string there;
  for (const std::string& record : Records(entries)) {
    const std::string path = record.substr(record.find('\t') + 1);
    there += path + '\0';
    std::erase(gone, path);
  }
  done = Output({"checkout-index", "-f", "-u", "-z", "--stdin"}, there);
  if (!done) return Fail(std::move(done.error()));
  for (const std::string& path : gone) std::remove(path.c_str());
  return {};
}

Result<FileMerge> MergeFile(const FileMergeInput& input) {
  std::vector<std::string> args = {"merge-file", "-p", "-q",
                                   "--marker-size=" + std::to_string(input.marker_size)};
  for (const std::string& label : input.labels) args.insert(args.end(), {"-L", label});
  args.insert(args.end(), {input.ours, input.base, input.theirs});
  ONEHEAD_ASSIGN_OR_RETURN(GitRun run, Run(std::move(args)));
  // The number of conflicts, at most 127; above that it is an error.
  if (run.status > 127) {
    return Fail(ErrorKind::kUnsupported, "git merge-file cannot merge these files");
  }
  return FileMerge{std::move(run.out), run.status == 0};
}

}  // namespace onehead::git
