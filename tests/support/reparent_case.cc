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

// As if the id were all that a file says.
ContentId ContentOf(const std::string& id) {
  ContentId content;
  content.size = 20;
  std::copy_n(id.begin(), std::min<std::size_t>(id.size(), 20), content.bytes.begin());
  return content;
}

std::string Line(const MigrationChange& change) {
  if (change.removed) return change.migration->id() + " gone";
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
                              std::string_view stale) {
  ReparentCase c;
  for (const MigrationPtr& m : Migrations(published)) {
    auto copy = std::make_shared<Migration>(*m);
    if (m->has_id()) copy->content = ContentOf(m->id());
    c.input.migrations.push_back(std::move(copy));
  }
  for (const MigrationPtr& m : Migrations(local)) {
    auto copy = std::make_shared<Migration>(*m);
    const char mark = m->path[m->path.size() - 4];
    std::string name(BaseName(m->path));
    if (mark == '~' || mark == '%') {
      copy->revision.ids.front().pop_back();
      name.erase(name.size() - 4, 1);
      copy->title = "add " + copy->id();
    }
    copy->path = "local/" + name;
    if (mark == '~') c.input.empty_merges.insert(copy->path);
    if (mark == '%') copy->content = ContentOf(copy->id());
    c.input.local_paths.insert(copy->path);
    c.input.migrations.push_back(std::move(copy));
  }
  for (const MigrationPtr& m : Migrations(stale)) c.input.stale[m->id()] = m->down_revision.ids;
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

std::string SecondPlan(const ReparentCase& c) {
  const Result<ReparentPlan> plan = PlanReparent(c.input, c.options);
  if (!plan) return "!" + plan.error().message;
  return Plan({Applied(c.input, *plan), c.options});
}

ReparentInput Applied(const ReparentInput& input, const ReparentPlan& plan) {
  std::map<MigrationPtr, const MigrationChange*> changes;
  for (const MigrationChange& change : plan.changes) changes[change.migration] = &change;
  ReparentInput after = input;
  after.migrations.clear();
  for (MigrationPtr m : input.migrations) {
    const auto found = changes.find(m);
    if (found == changes.end()) {
      after.migrations.push_back(std::move(m));
      continue;
    }
    const MigrationChange& change = *found->second;
    if (change.removed) {
      after.local_paths.erase(m->path);
      continue;
    }
    auto copy = std::make_shared<Migration>(*m);
    copy->down_revision.ids = change.parents;
    copy->depends_on.ids = change.depends_on;
    if (!change.new_id.empty()) copy->revision.ids = {change.new_id};
    if (!change.new_path.empty()) copy->path = change.new_path;
    if (after.local_paths.erase(m->path) != 0) after.local_paths.insert(copy->path);
    if (after.empty_merges.erase(m->path) != 0) after.empty_merges.insert(copy->path);
    if (const auto added = input.added_at.find(m->path); added != input.added_at.end()) {
      after.added_at[copy->path] = added->second;
    }
    after.migrations.push_back(std::move(copy));
  }
  return after;
}

}  // namespace onehead::testing
