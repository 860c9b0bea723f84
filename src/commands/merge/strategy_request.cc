#include "commands/merge/strategy_request.h"

#include <algorithm>

#include "commands/report/report_text.h"
#include "onehead/git/merge/merge_commands.h"

namespace onehead {

bool IsEmptyTree(const std::string& id) {
  return id == "4b825dc642cb6eb9a060e54bf8d69288fbee4904" ||
         id == "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";
}

std::optional<StrategyRequest> ParseRequest(const std::vector<std::string>& args) {
  StrategyRequest request;
  request.args = args;
  const auto dashes = std::find(args.begin(), args.end(), "--");
  if (args.end() - dashes != 3) return std::nullopt;
  for (auto arg = args.begin(); arg != dashes; ++arg) {
    (arg->starts_with("--") ? request.options : request.bases).push_back(*arg);
  }
  request.head = dashes[1];
  request.remote = dashes[2];
  return request;
}

int MergeOctopus(const std::vector<std::string>& args, Streams& io) {
  const Result<git::GitRun> run = git::MergeOctopus(args);
  if (!run) {
    PrintLines(RenderError(run.error(), Level::kError), Color::kOff, io.err);
    return kCannotHandle;
  }
  io.out << run->out << std::flush;
  io.err << run->err << std::flush;
  const Result<bool> alembic =
      git::HasTrackedFile({kMigrationFiles.begin(), kMigrationFiles.end()});
  if (run->status <= kConflicts && alembic && *alembic) {
    io.err << "warning: onehead does not look at merges of more than two branches: there may be "
              "several heads now\n"
              "hint: when the merge is committed: onehead heads; if there are several: onehead "
              "merge, and commit the file that it writes\n";
  }
  return std::min(run->status, kCannotHandle);
}

}  // namespace onehead
