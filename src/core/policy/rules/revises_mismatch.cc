#include <algorithm>

#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

// "a, b" -> {a, b}; "None" and "" -> {}.
std::vector<std::string> DocIds(const std::string& text) {
  std::vector<std::string> ids;
  if (Trim(text) == "None") return ids;
  for (const std::string_view piece : Split(text, ',')) {
    const std::string_view id = Trim(piece);
    if (!id.empty()) ids.emplace_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Note(const Migration& migration, const DocLine& line, const char* name,
          std::vector<Finding>* findings) {
  Finding finding = About("revises-mismatch", migration, line.line,
                          std::string("the docstring's ") + name + ": " + Quoted(line.text) +
                              " disagrees with the variable");
  finding.level = Level::kNote;
  finding.names = name;
  findings->push_back(std::move(finding));
}

}  // namespace

void RevisesMismatch(const RuleInput& input, std::vector<Finding>* findings) {
  for (const MigrationPtr& migration : input.state.migrations) {
    const auto& doc_id = migration->doc_revision_id;
    if (doc_id && migration->has_id() && Trim(doc_id->text) != migration->id()) {
      Note(*migration, *doc_id, "Revision ID", findings);
    }
    const auto& revises = migration->doc_revises;
    if (!revises || !migration->down_revision.known()) continue;
    std::vector<std::string> parents = migration->down_revision.ids;
    if (parents.size() == 1 && Trim(revises->text) == parents.front()) continue;
    std::sort(parents.begin(), parents.end());
    if (DocIds(revises->text) != parents) Note(*migration, *revises, "Revises", findings);
  }
}

}  // namespace onehead::rules
