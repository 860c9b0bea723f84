// Writing what a command has planned into the work tree, and staging or committing it if asked.
//
// Here: what rebase, move and merge have in common once it is known what to write. Not here: the
// plan, the writing itself (work_file_writer.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "commands/rewrite/rewrite_output.h"
#include "onehead/git/files/work_file_writer.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

struct ApplyOptions {
  enum class After { kNothing, kStage, kCommit };
  bool dry_run = false;
  After after = After::kNothing;
};

// --dry-run, --stage, --commit.
void AddApplyOptions(Arguments* arguments, ApplyOptions* options);

struct PlannedFiles {
  std::vector<git::WorkFileChange> files;
  Lines lines;                 // what happens to each of them: "x.py: down_revision a -> b"
  std::string dry_run_prefix;  // "would rewrite "
  Lines notes;                 // warnings and hints about it
  std::string commit_message;
  // Called once the files are written, before they are staged. What fails is a warning.
  std::function<Status()> when_written = {};
};

// Writes all of it or nothing. What --stage and --commit would take along beside it, or could not
// do, is found out before anything is written. Prints, and returns the exit code.
int ApplyFiles(const git::Repository& repository, const PlannedFiles& plan,
               const ApplyOptions& options, RewriteOutput* output);

}  // namespace onehead
