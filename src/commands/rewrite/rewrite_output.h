// What rebase, move and merge print: text for people, or one JSON document.
#pragma once

#include <string>
#include <vector>

#include "commands/app/options.h"
#include "commands/app/streams.h"
#include "commands/edits/migration_edit.h"
#include "commands/report/report_json.h"
#include "onehead/base/result.h"
#include "onehead/core/history/environment_state.h"

namespace onehead {

class RewriteOutput {
 public:
  // `command`: "rebase". Borrows the others.
  RewriteOutput(std::string command, const CommonOptions& options, Streams& io)
      : options_(options), io_(io) {
    document_.command = std::move(command);
  }

  // To standard output, unless --quiet or a document is asked for.
  void Print(const Lines& lines);
  // Warnings and hints, to standard error.
  void PrintErrors(const Lines& lines);
  // A warning without its "warning: ", also into the document.
  void Warn(const std::string& warning);
  // The diff of a dry run, unless a document is asked for.
  [[nodiscard]] Status PrintDiff(const std::vector<git::WorkFileChange>& files);

  // Into the document.
  void AddEdits(const std::vector<MigrationEdit>& edits);
  // What `state`, as it is before the edits, will be after them.
  DatabaseEffect AddEnvironment(const EnvironmentState& state,
                                const std::vector<MigrationEdit>& edits, Databases databases);
  RewriteDocument& document() { return document_; }

  // The last call: prints the document, if that is asked for. Both return the exit code.
  int Finish(int code);
  enum class Written { kNothing, kAll };
  int Stop(const Error& error, int code, Written written = Written::kNothing);

 private:
  bool is_json() const { return options_.format == OutputFormat::kJson; }

  const CommonOptions& options_;
  Streams& io_;
  RewriteDocument document_;
};

}  // namespace onehead
