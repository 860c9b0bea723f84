#include "onehead/core/reparent.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/reparent_work.h"

namespace onehead {
namespace reparent {

std::vector<MigrationPtr> Declare(const Work& work, Which which) {
  std::vector<MigrationPtr> migrations;
  for (const Item& item : work.items) {
    if (!item.local) {
      migrations.push_back(item.original);
    } else if (which == Which::kAll && !item.removed()) {
      auto copy = std::make_shared<Migration>(*item.original);
      copy->revision.ids = {item.id};
      copy->down_revision.ids = item.parents;
      if (copy->depends_on.known()) copy->depends_on.ids = item.depends_on;
      migrations.push_back(std::move(copy));
    }
  }
  return migrations;
}

std::string JoinIds(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

namespace {

bool Uncertain(const Migration& m) {
  return m.revision.state == Binding::State::kUnknown ||
         m.down_revision.state == Binding::State::kUnknown;
}

// A published file that only Python could read may be a child of the head that is followed.
Status CheckPublishedReadable(const ReparentInput& input) {
  for (const MigrationPtr& m : input.migrations) {
    if (input.local_paths.count(m->path) != 0 || !Uncertain(*m)) continue;
    const int line = m->defects.empty() ? 0 : m->defects.front().line;
    return Fail({ErrorKind::kInvalid, "the published head is uncertain: this file cannot be read",
                 "name the id to follow: onehead rebase --onto ID", m->path, line});
  }
  return {};
}

ReparentPlan ToPlan(const Work& work) {
  ReparentPlan plan;
  for (const Item& item : work.items) {
    if (!item.local) continue;
    const Migration& m = *item.original;
    MigrationChange change{item.original, item.parents, {}, item.depends_on, item.new_path};
    change.removed = item.removed();
    change.why_removed = item.why_removed;
    if (!change.removed) {
      change.parents_changed = item.parents != m.down_revision.ids;
      if (item.id != m.id()) change.new_id = item.id;
    }
    const bool depends_changed = m.depends_on.known() && item.depends_on != m.depends_on.ids;
    if (change.removed || change.parents_changed || depends_changed || !change.new_id.empty() ||
        !change.new_path.empty()) {
      plan.changes.push_back(std::move(change));
    }
  }
  std::sort(plan.changes.begin(), plan.changes.end(),
            [](const MigrationChange& a, const MigrationChange& b) {
              return a.migration->path < b.migration->path;
            });
  return plan;
}

Status CheckPaths(const ReparentInput& input, const ReparentPlan& plan) {
  std::set<std::string> paths;
  for (const MigrationPtr& m : input.migrations) paths.insert(m->path);
  for (const MigrationChange& change : plan.changes) {
    if (change.new_path.empty() || paths.insert(change.new_path).second) continue;
    return Fail({ErrorKind::kInvalid,
                 "it would be renamed to " + change.new_path + ", which exists",
                 "rename one of the two by hand", change.migration->path});
  }
  return {};
}

}  // namespace
}  // namespace reparent

Result<ReparentPlan> PlanReparent(const ReparentInput& input, const ReparentOptions& options) {
  Result<reparent::Work> work = reparent::MakeWork(input, options);
  if (!work) return Fail(work.error());
  if (Status placed = reparent::PlaceRoots(input, options, &*work); !placed) {
    return Fail(placed.error());
  }
  reparent::ReduceMerges(input, options, &*work);
  if (Status named = reparent::GiveNames(input, options, &*work); !named) {
    return Fail(named.error());
  }
  ReparentPlan plan = reparent::ToPlan(*work);
  if (Status verified = reparent::Verify(input, options, *work); !verified) {
    return Fail(verified.error());
  }
  if (plan.changes.empty()) return plan;
  if (!options.onto) {
    if (Status readable = reparent::CheckPublishedReadable(input); !readable) {
      return Fail(readable.error());
    }
  }
  if (Status paths = reparent::CheckPaths(input, plan); !paths) return Fail(paths.error());
  return plan;
}

}  // namespace onehead
