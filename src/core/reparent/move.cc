#include "onehead/core/reparent/move.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/history/graph.h"
#include "onehead/core/history/head_count.h"
#include "onehead/core/reparent/database_effect.h"
#include "onehead/core/settings/settings.h"

namespace onehead {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

std::string Quoted(const std::string& id) { return "\"" + id + "\""; }

std::vector<NodeIndex> Above(const Graph& graph, NodeIndex from) {
  std::vector<char> seen(graph.nodes().size(), 0);
  std::vector<NodeIndex> found = {from};
  seen[At(from)] = 1;
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const NodeIndex child : graph.nodes()[At(found[next])].children) {
      if (seen[At(child)] != 0) continue;
      seen[At(child)] = 1;
      found.push_back(child);
    }
  }
  return found;
}

class Mover {
 public:
  Mover(const std::vector<MigrationPtr>& migrations, const MoveRequest& request)
      : migrations_(migrations), request_(request), graph_(Graph::Build(migrations)) {}

  Result<ReparentPlan> Run() {
    ONEHEAD_TRY(CheckReadable());
    for (const std::string& id : {request_.id, request_.onto}) {
      if (graph_.Find(id) == nullptr) {
        return Fail(ErrorKind::kNotFound, "there is no revision " + Quoted(id));
      }
    }
    id_ = *graph_.IndexOf(request_.id);
    onto_ = *graph_.IndexOf(request_.onto);
    below_onto_ = graph_.Ancestors({onto_});
    ONEHEAD_TRY(CheckCycle());
    const bool follows = graph_.Ancestors({id_})[At(onto_)] != 0;
    if (follows && Gone().empty()) return ReparentPlan{};
    ONEHEAD_TRY(CheckParents());
    ONEHEAD_TRY(CheckLabels());
    Result<ReparentPlan> plan = Plan();
    if (!plan) return plan;
    ONEHEAD_TRY(CheckHeads(*plan));
    return plan;
  }

 private:
  const Node& NodeAt(NodeIndex i) const { return graph_.nodes()[At(i)]; }

  tl::unexpected<Error> Refuse(std::string message, std::string hint) const {
    const Migration& migration = *NodeAt(id_).migration;
    return Fail(Error{ErrorKind::kInvalid, std::move(message), std::move(hint), migration.path,
                      migration.down_revision.line});
  }

  // Whoever moves something must know what there is.
  Status CheckReadable() const {
    if (graph_.heads_uncertain()) {
      for (const MigrationPtr& m : graph_.unreadable()) {
        if (m->has_id() && m->down_revision.known()) continue;
        return Fail(Error{ErrorKind::kInvalid, "cannot be read, so the heads are not certain",
                          "repair that first: see onehead check --worktree", m->path,
                          m->defects.empty() ? 0 : m->defects.front().line});
      }
    }
    if (!graph_.duplicates().empty()) {
      const DuplicateId& duplicate = graph_.duplicates().front();
      const Migration& last = *duplicate.migrations.back();
      return Fail(Error{ErrorKind::kInvalid,
                        "revision id " + Quoted(duplicate.id) + " is also declared by " +
                            duplicate.migrations.front()->path,
                        "give one of the two another id first", last.path, last.revision.line});
    }
    return {};
  }

  Status CheckCycle() const {
    if (id_ == onto_) return Refuse("a migration cannot follow itself", "");
    if (below_onto_[At(id_)] == 0) return {};
    return Refuse(
        Quoted(request_.onto) + " stands on " + Quoted(request_.id) + ", so that would be a cycle",
        "");
  }

  // Parents that no file declares.
  std::vector<std::string> Gone() const {
    std::vector<std::string> gone;
    for (const std::string& parent : NodeAt(id_).migration->down_revision.ids) {
      if (graph_.Find(parent) == nullptr) gone.push_back(parent);
    }
    return gone;
  }

  bool HasParentBelowOnto(const Node& node) const {
    return std::any_of(node.parents.begin(), node.parents.end(),
                       [&](NodeIndex parent) { return below_onto_[At(parent)] != 0; });
  }

  // A parent that would be lost beneath it stays, or the whole chain has to move.
  Status CheckParents() const {
    const Node& node = NodeAt(id_);
    if (node.parents.empty() || HasParentBelowOnto(node) || !Gone().empty()) return {};
    std::vector<std::string> roots;
    const std::vector<char> beneath = graph_.Ancestors({id_});
    for (std::size_t i = 0; i < beneath.size(); ++i) {
      const Node& other = graph_.nodes()[i];
      if (beneath[i] == 0 || below_onto_[i] != 0) continue;
      if (HasParentBelowOnto(other)) roots.push_back(other.id());
    }
    std::string hint = "join the two: onehead merge";
    if (roots.size() == 1) {
      MoveRequest whole = request_;
      whole.id = roots.front();
      hint = "move the whole chain: " + MoveCommandLine(whole);
    }
    return Refuse(Quoted(request_.id) + " stands on " + Quoted(NodeAt(node.parents.front()).id()) +
                      ", which " + Quoted(request_.onto) + " does not stand on",
                  hint);
  }

  // Contract, rule 7.
  Status CheckLabels() const {
    const auto labels = [&](NodeIndex i) {
      return std::set<std::string>(NodeAt(i).labels.begin(), NodeAt(i).labels.end());
    };
    if (labels(id_) == labels(onto_)) return {};
    return Refuse(Quoted(request_.id) + " and " + Quoted(request_.onto) +
                      " have other branch labels, and labelled branches stay apart",
                  "put both into a merge revision: onehead merge, or change branch_labels first");
  }

  Result<ReparentPlan> Plan() const {
    ReparentInput input;
    input.migrations = migrations_;
    // What stands on it has to change only where ids do.
    const bool ids_change = request_.new_id || request_.renumber;
    input.local_paths = ids_change ? ChainPaths(graph_, request_.id)
                                   : std::set<std::string>{NodeAt(id_).migration->path};
    for (const std::string& gone : Gone()) input.stale[gone];
    // A base stands on nothing: for the plan, on something that is gone.
    const MigrationPtr original = NodeAt(id_).migration;
    MigrationPtr base;
    if (original->down_revision.ids.empty()) {
      auto copy = std::make_shared<Migration>(*original);
      copy->down_revision.ids = {""};
      base = copy;
      std::replace(input.migrations.begin(), input.migrations.end(), original, base);
      input.stale[""];
    }
    ReparentOptions options;
    options.labelled_heads = request_.labelled_heads;
    options.max_heads = graph_.heads().size();
    options.onto = request_.onto;
    options.only_below_onto = true;
    options.new_id = request_.new_id;
    options.renumber = request_.renumber;
    Result<ReparentPlan> plan = PlanReparent(input, options);
    if (!plan) return plan;
    for (MigrationChange& change : plan->changes) {
      if (base && change.migration == base) change.migration = original;
    }
    return plan;
  }

  Status CheckHeads(const ReparentPlan& plan) const {
    Settings settings;
    settings.labelled_heads = request_.labelled_heads;
    HeadAllowance allowance;
    allowance.Include(CountHeads(graph_, settings));
    const Graph after = Graph::Build(MigrationsAfter(migrations_, plan.changes));
    for (const auto& [group, count] : CountHeads(after, settings)) {
      if (count <= allowance.For(group)) continue;
      return Refuse("there would be more heads than now", "");
    }
    return {};
  }

  const std::vector<MigrationPtr>& migrations_;
  const MoveRequest& request_;
  Graph graph_;
  NodeIndex id_ = 0;
  NodeIndex onto_ = 0;
  std::vector<char> below_onto_;
};

}  // namespace

std::set<std::string> ChainPaths(const Graph& graph, const std::string& id) {
  std::set<std::string> paths;
  const std::optional<NodeIndex> from = graph.IndexOf(id);
  if (!from) return paths;
  for (const NodeIndex i : Above(graph, *from)) paths.insert(graph.nodes()[At(i)].migration->path);
  return paths;
}

std::string MoveCommandLine(const MoveRequest& request) {
  return "onehead move " + Printable(ShellWord(request.id), 100) + " --onto " +
         Printable(ShellWord(request.onto), 100) + request.options;
}

Result<ReparentPlan> PlanMove(const std::vector<MigrationPtr>& migrations,
                              const MoveRequest& request) {
  return Mover(migrations, request).Run();
}

}  // namespace onehead
