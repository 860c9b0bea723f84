#include "commands/rebase/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "commands/published/added_order.h"
#include "commands/rebase/picks.h"
#include "commands/report/change_text.h"
#include "onehead/base/text.h"
#include "onehead/core/policy/rules.h"

namespace onehead {
namespace {

constexpr int kReflogEntries = 20;  // looked at for migrations that a rebase has dropped

using Kind = RebaseFailure::Kind;

tl::unexpected<RebaseFailure> Stop(Kind kind, Error error) {
  return tl::make_unexpected(RebaseFailure{kind, std::move(error)});
}
tl::unexpected<RebaseFailure> Stop(Error error) { return Stop(Kind::kError, std::move(error)); }

// What a plan or a rewrite refuses is about the migrations; anything else is trouble.
tl::unexpected<RebaseFailure> Refuse(Error error) {
  const bool verdict = error.kind == ErrorKind::kInvalid || error.kind == ErrorKind::kUnsupported;
  return Stop(verdict ? Kind::kRefused : Kind::kError, std::move(error));
}

std::string HeadList(const Graph& graph) {
  std::string list;
  for (const NodeIndex head : graph.heads()) {
    list += (list.empty() ? "" : ", ") +
            Printable(graph.nodes()[static_cast<std::size_t>(head)].id(), 80);
  }
  return list;
}

// The chain that leads to `head` and is not beneath `other`: its first migration. Null: it has
// none, or several.
const Node* RootOf(const Graph& graph, NodeIndex head, NodeIndex other) {
  const std::vector<char> chain = graph.Ancestors({head});
  const std::vector<char> beneath = graph.Ancestors({other});
  const auto is_beneath = [&](NodeIndex i) { return beneath[static_cast<std::size_t>(i)] != 0; };
  const Node* root = nullptr;
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    if (chain[i] == 0 || beneath[i] != 0) continue;
    if (!std::all_of(node.parents.begin(), node.parents.end(), is_beneath)) continue;
    if (root != nullptr) return nullptr;
    root = &node;
  }
  return root;
}

// What leaves one head where nothing local can be moved.
std::string JoinHint(const Graph& graph) {
  const std::string merge = "join the heads: onehead merge";
  if (graph.heads().size() != 2) return merge;
  const NodeIndex first = graph.heads()[0];
  const NodeIndex second = graph.heads()[1];
  const Node* root = RootOf(graph, second, first);
  if (root == nullptr) return merge;
  const std::string& head = graph.nodes()[static_cast<std::size_t>(first)].id();
  return merge + "\nor put one chain onto the other: onehead move " + ShellWord(root->id()) +
         " --onto " + ShellWord(head) + " --published";
}

bool SameChange(const MigrationChange& a, const MigrationChange& b) {
  return a.parents == b.parents && a.new_id == b.new_id && a.depends_on == b.depends_on &&
         a.new_path == b.new_path && a.removed == b.removed;
}

}  // namespace

std::string RandomRevisionId() {
  std::random_device source;
  std::string id;
  for (int i = 0; i < 12; ++i) id += "0123456789abcdef"[source() % 16];
  return id;
}

Planned<void> RebasePlanner::Start(TreeChoice choice) {
  const git::Repository& repository = *workspace_.repository;
  if (repository.IsBare()) {
    return Stop(Kind::kUsage, {ErrorKind::kUsage, "a bare repository has no work tree",
                               "run it in a clone with a work tree"});
  }
  Result<ContentId> head = repository.ResolveCommit("HEAD");
  if (!head) return Stop(std::move(head.error()));
  head_ = *head;
  Result<PublishedRefs> published = PublishedRefs::Find(repository, workspace_.settings);
  if (!published) return Stop(std::move(published.error()));
  published_.emplace(std::move(*published));
  Result<Upstream> upstream =
      FindUpstream(repository, workspace_.settings, *published_, options_.upstream);
  if (!upstream) return Stop(std::move(upstream.error()));
  upstream_ = std::move(*upstream);
  Status status = FindCommits();
  if (!status) return Stop(std::move(status.error()));
  Result<Snapshot> snapshot = ReadSnapshotOf(workspace_, choice, "HEAD", loader_);
  if (!snapshot) return Stop(std::move(snapshot.error()));
  snapshot_ = std::move(*snapshot);
  if (options_.onto && snapshot_.states.size() > 1) {
    return Stop(Kind::kUsage, {ErrorKind::kUsage,
                               "there are several Alembic environments, and --onto is about one",
                               "name it with -n SECTION or --script-location DIR"});
  }
  for (const StatePtr& state : snapshot_.states) {
    status = AddScope(state);
    if (!status) return Stop(std::move(status.error()));
  }
  return {};
}

Status RebasePlanner::AddScope(const StatePtr& state) {
  const WantedEnvironment wanted{state->environment, *state, head_};
  ONEHEAD_ASSIGN_OR_RETURN(StatePtr upstream, finder_.At(upstream_.commit, wanted));
  ONEHEAD_ASSIGN_OR_RETURN(PublishedRevisions revisions,
                           PublishedRevisions::Read(*published_, wanted, &finder_));
  ONEHEAD_ASSIGN_OR_RETURN(
      PublishedPast past,
      PublishedPast::Read(*workspace_.repository, *published_, state->environment));
  scopes_.push_back({state, std::move(upstream), std::move(revisions), std::move(past), {}});
  return FindAdded(&scopes_.back());
}

// What the upstream has is what is built on; all else came to it.
std::set<std::string> RebasePlanner::Scope::LocalPaths(const StatePtr& result) const {
  std::set<std::string> paths =
      onehead::LocalPaths({upstream, result, result, MergeOperation::kReplay}, published);
  for (const MigrationPtr& migration : result->migrations) {
    if (past.Had(*migration)) paths.erase(migration->path);
  }
  return paths;
}

// A merge that is not committed yet has two tips: HEAD, and what is being merged.
Status RebasePlanner::FindCommits() {
  const git::Repository& repository = *workspace_.repository;
  std::vector<ContentId> tips = {head_};
  if (const auto merged = MergeHead(repository)) tips.push_back(*merged);
  bool below = false;
  for (const ContentId& tip : tips) {
    ONEHEAD_ASSIGN_OR_RETURN(bool is_below, repository.IsAncestor(upstream_.commit, tip));
    below = below || is_below;
  }
  if (!below) {
    const std::string name = Printable(upstream_.name, 200);
    return Fail(ErrorKind::kInvalid, "'" + name + "' is not in the history of HEAD",
                "bring it in first: git rebase " + name + ", or git merge " + name);
  }
  for (const ContentId& tip : tips) {
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<ContentId> added,
                             repository.NewCommits(tip, {upstream_.commit}));
    for (const ContentId& commit : added) {
      const bool known = std::find(commits_.begin(), commits_.end(), commit) != commits_.end();
      if (!known) commits_.push_back(commit);
    }
  }
  return {};
}

Status RebasePlanner::FindAdded(Scope* scope) {
  std::set<std::string> ids;
  const std::set<std::string> local = scope->LocalPaths(scope->state);
  for (const MigrationPtr& migration : scope->state->migrations) {
    if (local.count(migration->path) != 0 && migration->has_id()) ids.insert(migration->id());
  }
  Result<std::map<std::string, int>> order =
      AddedOrder(commits_, scope->state->environment, std::move(ids), &trees_, loader_);
  if (!order) return Fail(std::move(order.error()));
  scope->added_at = std::move(*order);
  return {};
}

Planned<std::vector<MigrationEdit>> RebasePlanner::Plan(const SourceTree& tree) {
  std::map<std::string, MigrationChange> changes;
  std::vector<StatePtr> states;
  warnings_.clear();
  for (const Scope& scope : scopes_) {
    Result<StatePtr> state = loader_->Load(tree, scope.state->environment);
    if (!state) return Stop(std::move(state.error()));
    states.push_back(*state);
    Planned<std::vector<MigrationChange>> planned = PlanIn(scope, tree, *state);
    if (!planned) return tl::make_unexpected(std::move(planned.error()));
    std::map<std::string, MigrationChange> here;
    for (MigrationChange& change : *planned) here.emplace(change.migration->path, change);
    // A file of this environment and of an earlier one: both must want the same.
    for (std::size_t i = 0; i + 1 < states.size(); ++i) {
      for (const MigrationPtr& migration : states[i]->migrations) {
        if (!IsInVersions(scope.state->environment, migration->path)) continue;
        const auto before = changes.find(migration->path);
        const auto now = here.find(migration->path);
        const bool same = before == changes.end()
                              ? now == here.end()
                              : now != here.end() && SameChange(before->second, now->second);
        if (same) continue;
        return Stop(Kind::kRefused,
                    {ErrorKind::kInvalid,
                     "it is in two environments, and they want different parents for it",
                     "name one of them with -n or --script-location, or join the heads: "
                     "onehead merge",
                     migration->path});
      }
    }
    changes.insert(here.begin(), here.end());
  }
  std::vector<MigrationEdit> edits;
  for (auto& [path, change] : changes) {
    Result<MigrationEdit> edit =
        EditMigration(tree, std::move(change), workspace_.settings.max_file_bytes);
    if (!edit) return Refuse(std::move(edit.error()));
    edits.push_back(std::move(*edit));
  }
  return edits;
}

Planned<std::vector<MigrationChange>> RebasePlanner::PlanIn(const Scope& scope,
                                                            const SourceTree& tree,
                                                            const StatePtr& state) {
  ReparentInput input;
  input.migrations = state->migrations;
  input.local_paths = scope.LocalPaths(state);
  Result<bool> picked = AddPicks(scope, *state, &input);
  if (!picked) return Stop(std::move(picked.error()));
  if (input.local_paths.empty()) {
    Planned<void> heads = CheckHeads(scope, *state, input.local_paths);
    if (!heads) return tl::make_unexpected(std::move(heads.error()));
    return std::vector<MigrationChange>();
  }
  if (!state->errors.empty()) return Refuse(state->errors.front());
  for (const MigrationPtr& migration : state->migrations) {
    if (input.local_paths.count(migration->path) == 0 || !migration->has_id()) continue;
    const auto found = scope.added_at.find(migration->id());
    input.added_at[migration->path] = found != scope.added_at.end()
                                          ? found->second
                                          : static_cast<int>(commits_.size());  // not committed yet
  }
  Result<std::map<std::string, std::vector<std::string>>> stale =
      Stale(scope, *state, input.local_paths);
  if (!stale) return Stop(std::move(stale.error()));
  input.stale = std::move(*stale);
  input.empty_merges = DroppableMerges(tree, *state, input.local_paths, scope.published,
                                       workspace_.settings.max_file_bytes);
  if (Status status = TakeWhatComes(*state, &input); !status) {
    return Stop(std::move(status.error()));
  }
  input.known_ids = known_ids_;
  input.known_paths = known_paths_;
  ReparentOptions options = OptionsFor(*state);
  options.same_text = [&](const Migration& one, const Migration& other) {
    const Result<std::string> text = tree.Read(one.path, workspace_.settings.max_file_bytes);
    return text && text == tree.Read(other.path, workspace_.settings.max_file_bytes);
  };
  Result<ReparentPlan> plan = PlanReparent(input, options);
  if (!plan) return Refuse(std::move(plan.error()));
  if (plan->changes.empty()) {
    Planned<void> heads = CheckHeads(scope, *state, input.local_paths);
    if (!heads) return tl::make_unexpected(std::move(heads.error()));
  } else if (std::string note = DoubtNote(state->migrations); !note.empty()) {
    warnings_.push_back(std::move(note));
  }
  return std::move(plan->changes);
}

// What a published branch has and this one has not: it came by a cherry-pick, and is no merge's
// gift. It is local here, but never gets a second parent under its own id.
Result<bool> RebasePlanner::AddPicks(const Scope& scope, const EnvironmentState& state,
                                     ReparentInput* input) {
  bool any = false;
  for (const MigrationPtr& migration : state.migrations) {
    if (!migration->has_id() || input->local_paths.count(migration->path) != 0) continue;
    const std::string& id = migration->id();
    if (scope.upstream && scope.upstream->graph.Find(id) != nullptr) continue;
    ONEHEAD_ASSIGN_OR_RETURN(const Migration* there, PickedFrom(scope, state, id));
    if (there == nullptr || !there->down_revision.known()) continue;
    input->published_parents[id] = there->down_revision.ids;
    input->local_paths.insert(migration->path);
    any = true;
  }
  return any;
}

// Null: no published branch has it, or one that has it is in the history of this one.
Result<const Migration*> RebasePlanner::PickedFrom(const Scope& scope,
                                                   const EnvironmentState& state,
                                                   const std::string& id) {
  const Migration* found = nullptr;
  for (const PublishedRevisions::AtRef& at : scope.published.states()) {
    const Node* node = at.state->graph.Find(id);
    if (node == nullptr) continue;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> base,
                             workspace_.repository->MergeBase(at.ref.commit, head_));
    Result<StatePtr> common = StatePtr();
    if (base) common = finder_.At(*base, {state.environment, state, head_});
    if (!common) return Fail(std::move(common.error()));
    if (*common && (*common)->graph.Find(id) != nullptr) return nullptr;
    found = node->migration.get();
  }
  return found;
}

// In a rebase that has stopped: what later picks bring.
Status RebasePlanner::TakeWhatComes(const EnvironmentState& state, ReparentInput* input) {
  const git::Repository& repository = *workspace_.repository;
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> last, LastPick(repository));
  if (!last) return {};
  ONEHEAD_ASSIGN_OR_RETURN(StatePtr tip, finder_.At(*last, {state.environment, state, head_}));
  if (!tip) return {};
  for (const MigrationPtr& migration : tip->migrations) {
    input->taken_paths.insert(migration->path);
    if (migration->has_id()) input->taken_ids.insert(migration->id());
  }
  return {};
}

ReparentOptions RebasePlanner::OptionsFor(const EnvironmentState& state) const {
  ReparentOptions options;
  const Settings& settings = workspace_.settings.For(state.environment);
  options.labelled_heads = settings.labelled_heads;
  options.max_heads = settings.max_heads;
  options.onto = options_.onto;
  const RebaseChoices earlier = ChoicesOf(*workspace_.repository);
  options.renumber = options_.renumber || workspace_.settings.renumber || earlier.renumber;
  if (options_.new_ids || workspace_.settings.new_ids || earlier.new_ids) {
    options.new_id = [&state] {
      std::string id = RandomRevisionId();
      while (state.graph.Find(id) != nullptr) id = RandomRevisionId();
      return id;
    };
  }
  return options;
}

// Nothing is to be rewritten, and still there are too many heads: says whose they are.
Planned<void> RebasePlanner::CheckHeads(const Scope& scope, const EnvironmentState& state,
                                        const std::set<std::string>& local) {
  const Settings& settings = workspace_.settings.For(state.environment);
  HeadAllowance allowance;
  allowance.per_group = static_cast<int>(settings.max_heads);
  const HeadCounts counts = CountHeads(state.graph, settings);
  const auto too_many = [&] {
    return std::any_of(counts.begin(), counts.end(), [&](const auto& group) {
      return group.second > allowance.For(group.first);
    });
  };
  if (!too_many()) return {};
  const std::string what = fmt::format("{} has {} heads: {}", NameOf(state.environment),
                                       state.graph.heads().size(), HeadList(state.graph));
  if (scope.upstream) {
    allowance.Include(CountHeads(scope.upstream->graph, settings));
  }
  const std::string hint = JoinHint(state.graph);
  if (!too_many()) {
    const std::string too = what + "; " + Printable(upstream_.name, 100) + " has them too";
    if (local.empty()) return Stop(Kind::kRefused, {ErrorKind::kInvalid, too, hint});
    warnings_.push_back(too);
    return {};
  }
  const char* why = local.empty() ? ", and all of their migrations are published"
                                  : ", and no local migration can be moved";
  return Stop(Kind::kRefused, {ErrorKind::kInvalid, what + why, hint});
}

// A parent that no file declares any more, and the parents it had: published history has removed it
// (squashed, renumbered), or the branch had it before it was rebased and the common history did
// not.
Result<std::map<std::string, std::vector<std::string>>> RebasePlanner::Stale(
    const Scope& scope, const EnvironmentState& state, const std::set<std::string>& local) {
  std::set<std::string> missing;
  std::map<std::string, std::vector<std::string>> stale;
  for (const DanglingReference& dangling : state.graph.missing_parents()) {
    if (local.count(dangling.migration->path) == 0) continue;
    if (const auto parents = scope.past.ParentsOf(dangling.id)) {
      stale.emplace(dangling.id, *parents);
    } else {
      missing.insert(dangling.id);
    }
  }
  if (missing.empty()) return stale;
  const git::Repository& repository = *workspace_.repository;
  const WantedEnvironment wanted{state.environment, state, head_};
  std::vector<std::string> places = {"ORIG_HEAD"};
  for (int i = 1; i <= kReflogEntries; ++i) places.push_back("HEAD@{" + std::to_string(i) + "}");
  for (const std::string& place : places) {
    const Result<ContentId> commit = repository.ResolveCommit(place);
    if (!commit) continue;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> base,
                             repository.MergeBase(*commit, upstream_.commit));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr old, finder_.At(*commit, wanted));
    Result<StatePtr> common = StatePtr();
    if (base) common = finder_.At(*base, wanted);
    if (!common) return Fail(std::move(common.error()));
    std::erase_if(missing, [&](const std::string& id) {
      const Node* was = old ? old->graph.Find(id) : nullptr;
      const bool was_common = *common && (*common)->graph.Find(id) != nullptr;
      if (was == nullptr || was_common) return false;
      stale.emplace(id, was->migration->down_revision.ids);
      return true;
    });
    if (missing.empty()) break;
  }
  return stale;
}

void RebasePlanner::KeepIds(const std::vector<MigrationEdit>& edits) {
  for (const MigrationEdit& edit : edits) {
    if (edit.change.new_id.empty()) continue;
    known_ids_.emplace(edit.change.migration->id(), edit.change.new_id);
    known_paths_.emplace(edit.path(), edit.target());
  }
  // What does not move in the end keeps its id where it moves on the way.
  for (const Scope& scope : scopes_) {
    const std::set<std::string> local = scope.LocalPaths(scope.state);
    for (const MigrationPtr& migration : scope.state->migrations) {
      if (local.count(migration->path) == 0 || !migration->has_id()) continue;
      known_ids_.emplace(migration->id(), migration->id());
    }
  }
}

}  // namespace onehead
