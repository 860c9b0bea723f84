#include "onehead/core/reparent/reparent.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/reparent/work.h"

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

// Refuses to put anything on a published head that may be none, since a file that only Python could
// read may follow it already, and to leave anything beside a head whose id is not known.
class PublishedCheck {
 public:
  PublishedCheck(const ReparentInput& input, const ReparentPlan& plan) : input_(input) {
    for (const MigrationPtr& m : input.migrations) {
      if (input.local_paths.count(m->path) == 0) published_.push_back(m);
    }
    for (const MigrationChange& change : plan.changes) {
      if (change.parents_changed) parents_.emplace(change.migration->path, &change.parents);
    }
  }

  Status Run() {
    const auto uncertain = [](const MigrationPtr& m) {
      return IdUnknown(*m) || ParentsUnknown(*m);
    };
    if (std::none_of(published_.begin(), published_.end(), uncertain)) return {};
    graph_ = Graph::Build(published_);
    for (const MigrationPtr& m : input_.migrations) {
      if (input_.local_paths.count(m->path) == 0) continue;
      const auto moved = parents_.find(m->path);
      const bool moves = moved != parents_.end();
      for (const std::string& id : moves ? *moved->second : m->down_revision.ids) {
        const auto index = graph_.IndexOf(id);
        if (!index) continue;
        ONEHEAD_TRY(moves ? CheckHead(*index) : Status());
        ONEHEAD_TRY(CheckAbove(*index));
      }
    }
    return {};
  }

 private:
  static bool IdUnknown(const Migration& m) { return m.revision.state == Binding::State::kUnknown; }
  static bool ParentsUnknown(const Migration& m) { return !m.down_revision.known(); }

  const Node& At(NodeIndex i) const { return graph_.nodes()[static_cast<std::size_t>(i)]; }

  Status CheckHead(NodeIndex head) const {
    if (!At(head).head_uncertain) return {};
    for (const MigrationPtr& m : published_) {
      if (!ParentsUnknown(*m)) continue;
      if (graph_.Descendants(*m)[static_cast<std::size_t>(head)] != 0) continue;
      return Refuse(*m, "its down_revision cannot be read, and may be \"" + At(head).id() + "\"",
                    "name the id to follow: onehead rebase --onto ID");
    }
    return {};
  }

  // A file without a known id stands on `from`, where no head does.
  Status CheckAbove(NodeIndex from) const {
    const std::vector<char> above = graph_.Descendants(*At(from).migration);
    const auto is_above = [&](NodeIndex i) { return above[static_cast<std::size_t>(i)] != 0; };
    if (std::any_of(graph_.heads().begin(), graph_.heads().end(), is_above)) return {};
    for (const MigrationPtr& m : published_) {
      if (!IdUnknown(*m)) continue;
      for (const std::string& id : m->down_revision.ids) {
        const auto parent = graph_.IndexOf(id);
        if (!parent || !is_above(*parent)) continue;
        return Refuse(*m, "it follows \"" + id + "\", and its id cannot be read",
                      "see onehead check");
      }
    }
    return {};
  }

  static Status Refuse(const Migration& m, const std::string& why, const char* hint) {
    const int line = m.defects.empty() ? 0 : m.defects.front().line;
    return Fail(
        {ErrorKind::kInvalid, "the published head is uncertain: " + why, hint, m.path, line});
  }

  const ReparentInput& input_;
  std::vector<MigrationPtr> published_;
  std::map<std::string_view, const std::vector<std::string>*> parents_;  // new ones, by path
  Graph graph_;
};

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
  ONEHEAD_ASSIGN_OR_RETURN(reparent::Work work, reparent::MakeWork(input, options));
  if (Status placed = reparent::PlaceRoots(input, options, &work); !placed) {
    return Fail(placed.error());
  }
  reparent::ReduceMerges(input, options, &work);
  if (Status named = reparent::GiveNames(input, options, &work); !named) {
    return Fail(named.error());
  }
  ReparentPlan plan = reparent::ToPlan(work);
  if (Status verified = reparent::Verify(input, options, work); !verified) {
    return Fail(verified.error());
  }
  if (!options.onto) {
    if (Status readable = reparent::PublishedCheck(input, plan).Run(); !readable) {
      return Fail(readable.error());
    }
  }
  if (plan.changes.empty()) return plan;
  ONEHEAD_TRY(reparent::CheckPaths(input, plan));
  return plan;
}

}  // namespace onehead
