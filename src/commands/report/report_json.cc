#include "commands/report/report_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json OrNull(int line) { return line == 0 ? Json(nullptr) : Json(line); }
Json OrNull(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

// ASCII alone, so that it is safe on a terminal too. Bytes that are not UTF-8 are replaced; a
// document is always valid.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

const char* LevelName(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kNote:
      return "note";
  }
  return "error";
}

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kError:
      return "error";
  }
  return "error";
}

std::string FixOf(const Finding& finding, const EnvironmentReport& environment) {
  const auto repair = environment.repairs.find(finding.names);
  if (finding.rule != "multiple-heads" || repair == environment.repairs.end()) return finding.fix;
  std::string fix;
  for (const ParentEdit& edit : repair->second.edits) {
    if (!fix.empty()) fix += "; ";
    fix += edit.migration->path + ":" + std::to_string(edit.migration->down_revision.line) + ": " +
           DownRevisionLine(edit);
  }
  for (const MigrationPtr& migration : repair->second.deletions) {
    fix += (fix.empty() ? "" : "; ") + std::string("delete ") + migration->path;
  }
  if (!fix.empty()) return fix;
  return repair->second.command.empty() ? finding.fix : repair->second.command;
}

Json FindingJson(const Finding& finding, const EnvironmentReport& environment) {
  return {{"rule", finding.rule},
          {"level", LevelName(finding.level)},
          {"message", finding.message},
          {"path", OrNull(finding.path)},
          {"line", OrNull(finding.line)},
          {"revision", OrNull(finding.revision)},
          {"fix", OrNull(FixOf(finding, environment))}};
}

Json EnvironmentJson(const EnvironmentReport& environment) {
  Json findings = Json::array();
  for (const Finding& finding : environment.findings) {
    findings.push_back(FindingJson(finding, environment));
  }
  return {{"script_location", environment.environment.script_location},
          {"version_locations", environment.environment.version_locations},
          {"revisions", environment.revisions},
          {"heads", environment.heads},
          {"findings", std::move(findings)}};
}

// Those that refuse; those that only warn are among the warnings.
Json ErrorText(const CheckReport& report) {
  std::string text;
  for (const ReportedError& error : report.errors) {
    if (error.level != Level::kError) continue;
    if (!text.empty()) text += "; ";
    if (!error.error.path.empty()) text += error.error.path + ": ";
    text += error.error.message;
  }
  return OrNull(text);
}

Json WarningsJson(const CheckReport& report) {
  Json warnings = Json::array();
  for (const ReportedError& reported : report.errors) {
    const Error& error = reported.error;
    if (reported.level == Level::kError) continue;
    std::string place = error.path;
    if (!place.empty() && error.line > 0) place += ":" + std::to_string(error.line);
    warnings.push_back((place.empty() ? "" : place + ": ") + error.message);
  }
  for (const std::string& warning : report.warnings) warnings.push_back(warning);
  return warnings;
}

Json HintsJson(const CheckReport& report) {
  Json hints = Json::array();
  if (std::string hint = ImportHint(report); !hint.empty()) hints.push_back(std::move(hint));
  for (const std::string& hint : report.hints) hints.push_back(hint);
  return hints;
}

Json IdsOrNull(const Binding& binding) {
  if (binding.state == Binding::State::kAbsent) return Json::array();
  return binding.known() ? Json(binding.ids) : Json(nullptr);
}

Json RevisionJson(const Node& node) {
  const Migration& m = *node.migration;
  const bool no_parent = m.down_revision.state == Binding::State::kAbsent;
  return {{"revision", m.id()},
          {"path", m.path},
          {"line", OrNull(m.revision.line)},
          {"down_revision", no_parent ? Json(nullptr) : IdsOrNull(m.down_revision)},
          {"branch_labels", IdsOrNull(m.branch_labels)},
          {"depends_on", IdsOrNull(m.depends_on)},
          {"title", m.title},
          {"is_head", node.is_head},
          {"is_base", node.is_base},
          {"is_branch_point", node.is_branch_point},
          {"is_merge_point", node.is_merge_point}};
}

std::vector<NodeIndex> Listed(const Graph& graph, ListingKind kind) {
  if (kind == ListingKind::kHeads) return graph.heads();
  std::vector<NodeIndex> all = graph.HistoryOrder();
  if (kind == ListingKind::kBranches) {
    std::erase_if(all, [&](NodeIndex index) {
      return !graph.nodes()[static_cast<std::size_t>(index)].is_branch_point;
    });
  }
  return all;
}

std::vector<std::string> IdsOf(const Graph& graph, const std::vector<NodeIndex>& indexes) {
  std::vector<std::string> ids;
  for (const NodeIndex i : indexes) ids.push_back(graph.nodes()[static_cast<std::size_t>(i)].id());
  return ids;
}

const char* SchemaOf(ListingKind kind) {
  switch (kind) {
    case ListingKind::kHeads:
      return "onehead.heads/1";
    case ListingKind::kBranches:
      return "onehead.branches/1";
    case ListingKind::kHistory:
      return "onehead.history/1";
  }
  return "";
}

Json OrNull(const std::optional<std::vector<std::string>>& ids) {
  return ids ? Json(*ids) : Json(nullptr);
}

Json FileJson(const RewriteDocument::File& file) {
  return {{"path", file.path},
          {"new_path", OrNull(file.new_path)},
          {"revision", OrNull(file.revision)},
          {"new_revision", OrNull(file.new_revision)},
          {"down_revision_before", OrNull(file.parents_before)},
          {"down_revision_after", OrNull(file.parents_after)},
          {"removed", !file.parents_after}};
}

Json DatabasesJson(const RewriteDocument::InEnvironment& item) {
  const DatabaseEffect& effect = item.effect;
  return {{"ran", effect.ran},
          {"skip", effect.is_certain ? Json(effect.skipped) : Json(nullptr)},
          {"commands", DatabaseCommands(effect, item.databases)}};
}

Json HistoryJson(const std::optional<RewriteDocument::History>& history) {
  if (!history) return nullptr;
  return {{"old_tip", history->old_tip},
          {"new_tip", history->new_tip},
          {"rewritten", history->rewritten}};
}

}  // namespace

std::string CheckJson(const CheckReport& report) {
  Json environments = Json::array();
  for (const EnvironmentReport& e : report.environments) environments.push_back(EnvironmentJson(e));
  return Dump({{"schema", "onehead.check/1"},
               {"ref", OrNull(report.ref)},
               {"commit", OrNull(report.commit)},
               {"verdict", VerdictName(VerdictOf(report))},
               {"error", ErrorText(report)},
               {"environments", std::move(environments)},
               {"warnings", WarningsJson(report)},
               {"hints", HintsJson(report)}});
}

std::string ListingJson(const ListingDocument& document) {
  Json environments = Json::array();
  for (const ListedEnvironment& item : document.environments) {
    const Graph& graph = *item.graph;
    Json revisions = Json::array();
    for (const NodeIndex index : Listed(graph, document.kind)) {
      revisions.push_back(RevisionJson(graph.nodes()[static_cast<std::size_t>(index)]));
    }
    environments.push_back({{"script_location", item.environment.script_location},
                            {"version_locations", item.environment.version_locations},
                            {"heads", IdsOf(graph, graph.heads())},
                            {"bases", IdsOf(graph, graph.bases())},
                            {"revisions", std::move(revisions)}});
  }
  return Dump({{"schema", SchemaOf(document.kind)},
               {"rev", OrNull(document.rev)},
               {"commit", OrNull(document.commit)},
               {"error", OrNull(document.error)},
               {"environments", std::move(environments)}});
}

std::string RewriteJson(const RewriteDocument& document) {
  Json changed = Json::array();
  for (const RewriteDocument::File& file : document.changed) changed.push_back(FileJson(file));
  Json environments = Json::array();
  for (const RewriteDocument::InEnvironment& item : document.environments) {
    environments.push_back({{"script_location", item.environment.script_location},
                            {"version_locations", item.environment.version_locations},
                            {"heads", item.heads},
                            {"databases", DatabasesJson(item)}});
  }
  Json json = {{"schema", "onehead." + document.command + "/1"},
               {"error", OrNull(document.error)},
               {"dry_run", document.dry_run},
               {"changed", std::move(changed)},
               {"environments", std::move(environments)},
               {"warnings", document.warnings}};
  if (document.command == "rebase") json["history"] = HistoryJson(document.history);
  return Dump(json);
}

}  // namespace onehead
