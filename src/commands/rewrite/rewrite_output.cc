#include "commands/rewrite/rewrite_output.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/process/text_diff.h"

namespace onehead {

void RewriteOutput::Print(const Lines& lines) {
  if (options_.quiet || is_json()) return;
  for (const std::string& line : lines) io_.out << line << '\n';
}

void RewriteOutput::PrintErrors(const Lines& lines) {
  PrintColored(lines, options_.color, STDERR_FILENO, io_.err);
}

void RewriteOutput::Warn(const std::string& warning) {
  document_.warnings.push_back(warning);
  PrintErrors({"warning: " + warning});
}

Status RewriteOutput::PrintDiff(const std::vector<git::WorkFileChange>& files) {
  if (is_json()) return {};
  const bool color = ColorFor(options_.color, STDOUT_FILENO) == Color::kOn;
  ONEHEAD_ASSIGN_OR_RETURN(std::string diff,
                           git::DiffOf(files, color ? git::DiffColor::kOn : git::DiffColor::kOff));
  io_.out << diff;
  return {};
}

void RewriteOutput::AddEdits(const std::vector<MigrationEdit>& edits) {
  for (const MigrationEdit& edit : edits) {
    RewriteDocument::File file;
    file.path = edit.path();
    if (!edit.change.new_path.empty()) file.new_path = edit.change.new_path;
    file.revision = edit.change.migration->id();
    if (!edit.change.new_id.empty()) file.new_revision = edit.change.new_id;
    file.parents_before = edit.change.migration->down_revision.ids;
    if (!edit.change.removed) file.parents_after = edit.change.parents;
    document_.changed.push_back(std::move(file));
  }
}

DatabaseEffect RewriteOutput::AddEnvironment(const EnvironmentState& state,
                                             const std::vector<MigrationEdit>& edits,
                                             Databases databases) {
  std::vector<MigrationChange> changes;
  for (const MigrationEdit& edit : edits) {
    if (IsInVersions(state.environment, edit.path())) changes.push_back(edit.change);
  }
  RewriteDocument::InEnvironment item;
  item.environment = state.environment;
  item.databases = databases;
  std::optional<Graph> after;
  if (!changes.empty()) {
    after = Graph::Build(MigrationsAfter(state.migrations, changes));
    item.effect = EffectOnDatabases(state.migrations, changes);
  }
  const Graph& graph = after ? *after : state.graph;
  for (const NodeIndex head : graph.heads()) {
    item.heads.push_back(graph.nodes()[static_cast<std::size_t>(head)].id());
  }
  document_.environments.push_back(item);
  return std::move(item.effect);
}

int RewriteOutput::Finish(int code) {
  if (is_json()) io_.out << RewriteJson(document_) << '\n';
  return code;
}

int RewriteOutput::Stop(const Error& error, int code, Written written) {
  if (written == Written::kNothing) {
    document_.changed.clear();
    document_.environments.clear();
  }
  PrintErrors(RenderError(error, Level::kError));
  document_.error = (error.path.empty() ? "" : error.path + ": ") + error.message;
  return Finish(code);
}

}  // namespace onehead
