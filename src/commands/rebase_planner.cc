#include "commands/rebase_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "commands/work_git.h"
#include "onehead/base/text.h"
#include "onehead/core/rewrite.h"
#include "onehead/core/rules.h"

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

std::string NameOf(const Environment& environment) {
  return environment.script_location.empty() ? "." : Printable(environment.script_location, 200);
}

std::string HeadList(const Graph& graph) {
  std::string list;
  for (const NodeIndex head : graph.heads()) {
    list += (list.empty() ? "" : ", ") +
            Printable(graph.nodes()[static_cast<std::size_t>(head)].id(), 80);
  }
  return list;
}

bool SameChange(const MigrationChange& a, const MigrationChange& b) {
  return a.parents == b.parents && a.new_id == b.new_id && a.depends_on == b.depends_on &&
         a.new_path == b.new_path;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at != text.npos) text.replace(at, from.size(), to);
  return text;
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
  Result<Upstream> upstream = FindUpstream(repository, workspace_.settings, options_.upstream);
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
  Result<StayingCommits> published = FindStayingCommits(workspace_, upstream_);
  if (!published) return Stop(std::move(published.error()));
  published_ = std::move(*published);
  for (const StatePtr& state : snapshot_.states) {
    Result<PublishedRevisions> revisions =
        PublishedRevisions::Read(workspace_, published_, *state, loader_);
    if (!revisions) return Stop(std::move(revisions.error()));
    scopes_.push_back({state, std::move(*revisions), {}});
    status = FindAdded(&scopes_.back());
    if (!status) return Stop(std::move(status.error()));
  }
  return {};
}

Status RebasePlanner::FindCommits() {
  const std::string name = Printable(upstream_.name, 200);
  Result<bool> below = workspace_.repository->IsAncestor(upstream_.commit, head_);
  if (!below) return Fail(std::move(below.error()));
  if (!*below) {
    return Fail(ErrorKind::kInvalid, "'" + name + "' is not in the history of HEAD",
                "bring it in first: git rebase " + name + ", or git merge " + name);
  }
  Result<std::string> list = WorkGit(*workspace_.repository)
                                 .Run({"rev-list", "--topo-order", "--reverse", head_.Hex(),
                                       "^" + upstream_.commit.Hex()});
  if (!list) return Fail(std::move(list.error()));
  for (const std::string_view line : Split(*list, '\n')) {
    if (const auto commit = ContentId::FromHex(line)) commits_.push_back(*commit);
  }
  return {};
}

// Rule 4: several roots are put one after the other by the commit that added them. By id, so that a
// file that was renamed later keeps its place.
Status RebasePlanner::FindAdded(Scope* scope) {
  std::set<std::string> wanted;
  const auto local = scope->published.LocalPaths(*scope->state, options_.branch_upstream);
  for (const MigrationPtr& migration : scope->state->migrations) {
    if (local.count(migration->path) != 0 && migration->has_id()) wanted.insert(migration->id());
  }
  if (wanted.size() < 2) return {};  // no order to find out
  for (std::size_t i = 0; i < commits_.size() && !wanted.empty(); ++i) {
    Result<std::unique_ptr<SourceTree>> tree = workspace_.repository->CommitTree(commits_[i]);
    if (!tree) return Fail(std::move(tree.error()));
    Result<StatePtr> state = loader_->Load(**tree, scope->state->environment);
    if (!state) return Fail(std::move(state.error()));
    for (auto id = wanted.begin(); id != wanted.end();) {
      if ((*state)->graph.Find(*id) == nullptr) {
        ++id;
        continue;
      }
      scope->added_at.emplace(*id, static_cast<int>(i));
      id = wanted.erase(id);
    }
  }
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
    Planned<std::vector<MigrationChange>> planned = PlanIn(scope, **state);
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
    Planned<MigrationEdit> edit = EditOf(tree, std::move(change));
    if (!edit) return tl::make_unexpected(std::move(edit.error()));
    edits.push_back(std::move(*edit));
  }
  return edits;
}

Planned<std::vector<MigrationChange>> RebasePlanner::PlanIn(const Scope& scope,
                                                            const EnvironmentState& state) {
  ReparentInput input;
  input.migrations = state.migrations;
  input.local_paths = scope.published.LocalPaths(state, options_.branch_upstream);
  if (input.local_paths.empty()) {
    Planned<void> heads = CheckHeads(scope, state, input.local_paths);
    if (!heads) return tl::make_unexpected(std::move(heads.error()));
    return std::vector<MigrationChange>();
  }
  if (!state.errors.empty()) return Refuse(state.errors.front());
  for (const MigrationPtr& migration : state.migrations) {
    if (input.local_paths.count(migration->path) == 0 || !migration->has_id()) continue;
    const auto found = scope.added_at.find(migration->id());
    input.added_at[migration->path] = found != scope.added_at.end()
                                          ? found->second
                                          : static_cast<int>(commits_.size());  // not committed yet
  }
  Result<std::set<std::string>> dropped = Dropped(state, input.local_paths);
  if (!dropped) return Stop(std::move(dropped.error()));
  input.dropped = std::move(*dropped);
  Result<ReparentPlan> plan = PlanReparent(input, OptionsFor(state));
  if (!plan) {
    const std::string hint = HeldBackHint(scope, state);
    if (!hint.empty()) plan.error().hint += (plan.error().hint.empty() ? "" : "\n") + hint;
    return Refuse(std::move(plan.error()));
  }
  if (plan->changes.empty()) {
    Planned<void> heads = CheckHeads(scope, state, input.local_paths);
    if (!heads) return tl::make_unexpected(std::move(heads.error()));
  }
  UseKeptIds(&plan->changes);
  return std::move(plan->changes);
}

ReparentOptions RebasePlanner::OptionsFor(const EnvironmentState& state) const {
  ReparentOptions options;
  options.labelled_heads = workspace_.settings.labelled_heads;
  options.max_heads = workspace_.settings.max_heads;
  options.onto = options_.onto;
  options.renumber = options_.renumber || workspace_.settings.renumber;
  if (options_.new_ids || workspace_.settings.new_ids) {
    options.new_id = [&state] {
      std::string id = RandomRevisionId();
      while (state.graph.Find(id) != nullptr) id = RandomRevisionId();
      return id;
    };
  }
  return options;
}

// Nothing is to be rewritten, and still there are too many heads: whose are they?
Planned<void> RebasePlanner::CheckHeads(const Scope& scope, const EnvironmentState& state,
                                        const std::set<std::string>& local) {
  HeadAllowance allowance;
  allowance.per_group = static_cast<int>(workspace_.settings.max_heads);
  const HeadCounts counts = CountHeads(state.graph, workspace_.settings);
  const auto too_many = [&] {
    return std::any_of(counts.begin(), counts.end(), [&](const auto& group) {
      return group.second > allowance.For(group.first);
    });
  };
  if (!too_many()) return {};
  const std::string what = fmt::format("{} has {} heads: {}", NameOf(state.environment),
                                       state.graph.heads().size(), HeadList(state.graph));
  if (scope.published.ours()) {
    allowance.Include(CountHeads(scope.published.ours()->graph, workspace_.settings));
  }
  if (!too_many()) {
    warnings_.push_back(what + "; " + Printable(upstream_.name, 100) + " has them too");
    return {};
  }
  std::string hint = HeldBackHint(scope, state);
  hint += (hint.empty() ? "" : "\n") + std::string("join the heads: onehead merge");
  const char* why = local.empty() ? ", and all of their migrations are published"
                                  : ", and no local migration can be moved";
  return Stop(Kind::kRefused, {ErrorKind::kInvalid, what + why, hint});
}

// Named when it is only the branch's own upstream that keeps a migration where it is.
std::string RebasePlanner::HeldBackHint(const Scope& scope, const EnvironmentState& state) const {
  if (options_.branch_upstream == OwnUpstream::kMayChange) return "";
  const auto now = scope.published.LocalPaths(state, OwnUpstream::kStays);
  const auto then = scope.published.LocalPaths(state, OwnUpstream::kMayChange);
  if (now == then) return "";
  return fmt::format(
      "{} of these migrations stay because {} has them; if nobody else has built on that or has "
      "run them: onehead rebase --force",
      then.size() - now.size(), Printable(scope.published.branch_upstream_name(), 100));
}

// A parent that no file declares, that the branch had before it was rebased and the common history
// did not: a migration that the rebase has dropped.
Result<std::set<std::string>> RebasePlanner::Dropped(const EnvironmentState& state,
                                                     const std::set<std::string>& local) const {
  std::set<std::string> missing;
  for (const DanglingReference& dangling : state.graph.missing_parents()) {
    if (local.count(dangling.migration->path) != 0) missing.insert(dangling.id);
  }
  std::set<std::string> dropped;
  if (missing.empty()) return dropped;
  const git::Repository& repository = *workspace_.repository;
  std::vector<std::string> places = {"ORIG_HEAD"};
  for (int i = 1; i <= kReflogEntries; ++i) places.push_back("HEAD@{" + std::to_string(i) + "}");
  for (const std::string& place : places) {
    const Result<ContentId> commit = repository.ResolveCommit(place);
    if (!commit) continue;
    Result<std::optional<ContentId>> base = repository.MergeBase(*commit, upstream_.commit);
    if (!base) return Fail(std::move(base.error()));
    Result<StatePtr> old = StateInCommit(workspace_, *commit, state, loader_);
    if (!old) return Fail(std::move(old.error()));
    Result<StatePtr> common = StatePtr();
    if (*base) common = StateInCommit(workspace_, **base, state, loader_);
    if (!common) return Fail(std::move(common.error()));
    for (const std::string& id : missing) {
      const bool was_there = *old && (*old)->graph.Find(id) != nullptr;
      const bool was_common = *common && (*common)->graph.Find(id) != nullptr;
      if (was_there && !was_common) dropped.insert(id);
    }
    if (dropped.size() == missing.size()) break;
  }
  return dropped;
}

void RebasePlanner::KeepIds(const std::vector<MigrationEdit>& edits) {
  for (const MigrationEdit& edit : edits) {
    if (edit.change.new_id.empty()) continue;
    kept_ids_.emplace(edit.change.migration->id(), edit.change.new_id);
  }
  // What does not move in the end keeps its id where it moves on the way.
  for (const Scope& scope : scopes_) {
    const auto local = scope.published.LocalPaths(*scope.state, options_.branch_upstream);
    for (const MigrationPtr& migration : scope.state->migrations) {
      if (local.count(migration->path) == 0 || !migration->has_id()) continue;
      kept_ids_.emplace(migration->id(), migration->id());
    }
  }
}

void RebasePlanner::UseKeptIds(std::vector<MigrationChange>* changes) const {
  std::map<std::string, std::string> renames;  // made just now -> kept
  for (const MigrationChange& change : *changes) {
    if (change.new_id.empty() || !change.migration->has_id()) continue;
    const auto kept = kept_ids_.find(change.migration->id());
    if (kept != kept_ids_.end()) renames.emplace(change.new_id, kept->second);
  }
  const auto rename = [&](std::string* id) {
    const auto found = renames.find(*id);
    if (found != renames.end()) *id = found->second;
  };
  for (MigrationChange& change : *changes) {
    if (!change.new_path.empty() && renames.count(change.new_id) != 0) {
      const std::string name(BaseName(change.new_path));
      change.new_path = JoinPath(DirName(change.new_path),
                                 Replaced(name, change.new_id, renames.at(change.new_id)));
    }
    rename(&change.new_id);
    if (change.migration->has_id() && change.new_id == change.migration->id()) {
      change.new_id.clear();
      change.new_path.clear();
    }
    for (std::string& parent : change.parents) rename(&parent);
    for (std::string& dependency : change.depends_on) rename(&dependency);
  }
}

Planned<MigrationEdit> RebasePlanner::EditOf(const SourceTree& tree, MigrationChange change) const {
  const Migration& migration = *change.migration;
  Result<std::optional<TreeEntry>> entry = tree.Find(migration.path);
  if (!entry) return Stop(std::move(entry.error()));
  if (!*entry || (*entry)->kind != EntryKind::kFile) {
    return Stop(Kind::kRefused,
                {ErrorKind::kUnsupported, "is a link, and nothing is written through one",
                 "change it where it stands", migration.path});
  }
  Result<std::string> text = tree.Read(migration.path, workspace_.settings.max_file_bytes);
  if (!text) return Stop(std::move(text.error()));
  RewriteRequest request;
  if (change.parents_changed) request.parents = change.parents;
  if (!change.new_id.empty()) request.id = change.new_id;
  if (change.depends_on != migration.depends_on.ids) request.depends_on = change.depends_on;
  Result<std::string> after = RewriteMigration(migration, *text, request);
  if (!after) return Refuse(std::move(after.error()));
  return MigrationEdit{std::move(change), std::move(*text), std::move(*after)};
}

}  // namespace onehead
