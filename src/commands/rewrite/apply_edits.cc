#include "commands/rewrite/apply_edits.h"

#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/work_git.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

using After = ApplyOptions::After;

std::vector<std::string> PathspecsOf(const PlannedFiles& plan) {
  std::vector<std::string> paths;
  for (const git::WorkFileChange& file : plan.files) {
    paths.push_back(LiteralPathspec(file.path));
    if (!file.new_path.empty()) paths.push_back(LiteralPathspec(file.new_path));
  }
  return paths;
}

Status CheckBeforeWriting(const WorkGit& git, const PlannedFiles& plan, After after) {
  if (after == After::kNothing) return {};
  std::vector<std::string> args = {
      "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignored", "--"};
  for (const git::WorkFileChange& file : plan.files) args.push_back(LiteralPathspec(file.path));
  ONEHEAD_ASSIGN_OR_RETURN(std::string status, git.Run(args));
  for (const std::string_view entry : Split(status, '\0')) {
    if (entry.size() < 4) continue;
    if (entry.starts_with("!!")) {
      return Fail({ErrorKind::kInvalid, "is ignored by Git, and was never added",
                   "run it without that option, or git add -f the file first",
                   std::string(entry.substr(3))});
    }
    const bool unstaged = entry[1] != ' ' && entry[1] != '?';
    if (!unstaged && after == After::kStage) continue;
    return Fail({ErrorKind::kInvalid,
                 after == After::kStage
                     ? "has changes that are not staged, and --stage would take them along"
                     : "is not committed as it is, and --commit would take that along",
                 "run it without that option, or commit the file first",
                 std::string(entry.substr(3))});
  }
  return {};
}

Status Record(const WorkGit& git, const PlannedFiles& plan, After after) {
  if (after == After::kNothing) return {};
  const std::vector<std::string> paths = PathspecsOf(plan);
  std::vector<std::string> add = {"add", "-A", "--"};
  add.insert(add.end(), paths.begin(), paths.end());
  Result<std::string> done = git.Run(add);
  if (done && after == After::kCommit) {
    std::vector<std::string> commit = {"commit", "-q", "--only", "-F", "-", "--"};
    commit.insert(commit.end(), paths.begin(), paths.end());
    done = git.Run(commit, plan.commit_message);
  }
  if (done) return {};
  done.error().hint = "the files are written as shown above; only recording them failed";
  return Fail(std::move(done.error()));
}

int ShowOnly(const PlannedFiles& plan, RewriteOutput* output) {
  Lines lines = plan.lines;
  for (std::string& line : lines) line.insert(0, plan.dry_run_prefix);
  output->Print(lines);
  if (Status shown = output->PrintDiff(plan.files); !shown) {
    return output->Stop(shown.error(), kExitError);
  }
  output->PrintErrors(plan.notes);
  return output->Finish(kExitOk);
}

}  // namespace

void AddApplyOptions(Arguments* arguments, ApplyOptions* options) {
  arguments->Flag("--dry-run", &options->dry_run, "Show what would change, and write nothing");
  arguments->Flag(
      "--stage", [options] { options->after = After::kStage; }, "git add the written files");
  arguments->Flag(
      "--commit", [options] { options->after = After::kCommit; },
      "Commit the written files, and nothing else");
  arguments->Excludes("--stage", {"--commit"});
}

int ApplyFiles(const git::Repository& repository, const PlannedFiles& plan,
               const ApplyOptions& options, RewriteOutput* output) {
  output->document().dry_run = options.dry_run;
  if (options.dry_run) return ShowOnly(plan, output);
  const WorkGit git(repository);
  if (Status status = CheckBeforeWriting(git, plan, options.after); !status) {
    return output->Stop(status.error(), kExitError);
  }
  if (Status status = git::WriteFiles(repository.WorkDir(), plan.files); !status) {
    if (status.error().hint.empty()) status.error().hint = "nothing has been changed; run it again";
    return output->Stop(status.error(), kExitError);
  }
  if (plan.when_written) {
    if (Status status = plan.when_written(); !status) {
      output->PrintErrors(RenderError(status.error(), Level::kWarning));
    }
  }
  output->Print(plan.lines);
  output->PrintErrors(plan.notes);
  if (Status status = Record(git, plan, options.after); !status) {
    return output->Stop(status.error(), kExitError, RewriteOutput::Written::kAll);
  }
  return output->Finish(kExitOk);
}

}  // namespace onehead
