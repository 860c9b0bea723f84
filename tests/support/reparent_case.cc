#include "support/reparent_case.h"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "onehead/base/text.h"
#include "support/graph_builder.h"

namespace onehead::testing {
namespace {

std::string Join(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

std::string Line(const MigrationChange& change) {
  std::string text = change.migration->id();
  if (!change.new_id.empty()) text += " > " + change.new_id;
  text += " <- " + Join(change.parents);
  if (change.depends_on != change.migration->depends_on.ids)
    text += " + " + Join(change.depends_on);
  if (!change.new_path.empty()) text += " @ " + change.new_path;
  return text;
}

}  // namespace

ReparentCase ReparentCase::Of(std::string_view published, std::string_view local,
                              std::string_view dropped) {
  ReparentCase c;
  c.input.migrations = Migrations(published);
  for (const MigrationPtr& m : Migrations(local)) {
    auto copy = std::make_shared<Migration>(*m);
    copy->path = "local/" + std::string(BaseName(m->path));
    c.input.local_paths.insert(copy->path);
    c.input.migrations.push_back(std::move(copy));
  }
  for (const std::string_view id : Split(dropped, ',')) {
    if (!Trim(id).empty()) c.input.dropped.insert(std::string(Trim(id)));
  }
  return c;
}

std::string Plan(const ReparentCase& c) {
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  if (!plan) return "!" + plan.error().message + " | " + plan.error().hint;
  std::vector<std::string> lines;
  for (const MigrationChange& change : plan->changes) lines.push_back(Line(change));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text.empty() ? "-" : text;
}

ReparentInput Applied(const ReparentInput& input, const ReparentPlan& plan) {
  std::map<MigrationPtr, const MigrationChange*> changes;
  for (const MigrationChange& change : plan.changes) changes[change.migration] = &change;
  ReparentInput after = input;
  for (MigrationPtr& m : after.migrations) {
    const auto found = changes.find(m);
    if (found == changes.end()) continue;
    const MigrationChange& change = *found->second;
    auto copy = std::make_shared<Migration>(*m);
    copy->down_revision.ids = change.parents;
    copy->depends_on.ids = change.depends_on;
    if (!change.new_id.empty()) copy->revision.ids = {change.new_id};
    if (!change.new_path.empty()) copy->path = change.new_path;
    if (after.local_paths.erase(m->path) != 0) after.local_paths.insert(copy->path);
    m = std::move(copy);
  }
  return after;
}

}  // namespace onehead::testing
