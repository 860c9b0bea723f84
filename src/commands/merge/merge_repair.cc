#include "commands/merge/merge_repair.h"

#include <algorithm>
#include <map>
#include <utility>

#include "commands/app/settings_use.h"
#include "commands/published/added_order.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "commands/published/published_past.h"
#include "commands/rebase/picks.h"
#include "commands/rebase/planner.h"
#include "commands/report/change_text.h"
#include "onehead/base/text.h"
#include "onehead/core/history/merge_preview.h"
#include "onehead/core/policy/change_scope.h"
#include "onehead/core/reparent/reparent.h"
#include "onehead/git/merge/merge_commands.h"

namespace onehead {
namespace {

std::string IdList(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + Printable(id, 80);
  return text.empty() ? "<base>" : text;
}

// One environment that both sides have changed.
struct ForkedEnvironment {
  StatePtr ours;
  StatePtr theirs;
  StatePtr merged;
};

bool HasDuplicate(const EnvironmentState& state, const std::string& id) {
  const auto& all = state.graph.duplicates();
  return std::any_of(all.begin(), all.end(),
                     [&](const DuplicateId& item) { return item.id == id; });
}

class RepairPlanner {
 public:
  RepairPlanner(const MergeContext& context, const SourceTree& ours, const SourceTree& theirs,
                const SourceTree& merged)
      : context_(context),
        ours_(ours),
        theirs_(theirs),
        merged_(merged),
        loader_(LimitsFrom(context.settings)),
        trees_(context.repository),
        finder_(&trees_, context.discovery, &loader_) {}

  Result<MergeRepair> Run() {
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<ForkedEnvironment> forked, FindForked());
    for (const ForkedEnvironment& item : forked) {
      if (!NeedsPlan(*item.merged)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(bool later, IsMendedLater(item));
      if (later || TellHopeless(*item.merged)) continue;
      ONEHEAD_TRY(Repair(item));
    }
    TakeEdits();
    return std::move(repair_);
  }

 private:
  // An environment can only be forked when it is not what either side had: the merge brought
  // something to each of them.
  Result<std::vector<ForkedEnvironment>> FindForked() {
    std::vector<ForkedEnvironment> forked;
    ScopeOptions options{context_.discovery, context_.settings.max_file_bytes};
    ONEHEAD_ASSIGN_OR_RETURN(Scope brought, FindScope(&ours_, merged_, options, &loader_));
    if (brought.environments.empty()) return forked;
    ONEHEAD_ASSIGN_OR_RETURN(Scope kept, FindScope(&theirs_, merged_, options, &loader_));
    for (const ScopedEnvironment& item : brought.environments) {
      for (const ScopedEnvironment& other : kept.environments) {
        if (!item.after.SameIdentity(other.after) || !item.before || !other.before) continue;
        ONEHEAD_ASSIGN_OR_RETURN(ForkedEnvironment loaded, LoadForked(item, other));
        forked.push_back(std::move(loaded));
        break;
      }
    }
    return forked;
  }

  Result<ForkedEnvironment> LoadForked(const ScopedEnvironment& brought,
                                       const ScopedEnvironment& kept) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr ours, loader_.Load(ours_, *brought.before));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr theirs, loader_.Load(theirs_, *kept.before));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr merged, loader_.Load(merged_, brought.after));
    return ForkedEnvironment{ours, theirs, merged};
  }

  // Most merges that bring migrations leave one head all the same.
  bool NeedsPlan(const EnvironmentState& merged) const {
    const Graph& graph = merged.graph;
    return graph.heads().size() > 1 || !graph.missing_parents().empty() ||
           !graph.duplicates().empty() || !graph.cycles().empty() || !merged.errors.empty() ||
           Renumbers() || AnyNeedlessMerge(graph);
  }

  // Numbers can be wrong where the graph is right.
  bool Renumbers() const {
    return context_.settings.renumber || ChoicesOf(context_.repository).renumber;
  }

  // True if a merge revision names a parent that is beneath another of its parents.
  static bool AnyNeedlessMerge(const Graph& graph) {
    return std::any_of(graph.nodes().begin(), graph.nodes().end(), [&](const Node& node) {
      if (node.parents.size() < 2) return false;
      return std::any_of(node.parents.begin(), node.parents.end(), [&](NodeIndex parent) {
        std::vector<NodeIndex> others = node.parents;
        std::erase(others, parent);
        return graph.Ancestors(others)[static_cast<std::size_t>(parent)] != 0;
      });
    });
  }

  // Has the branch itself, in a later commit of this rebase, the parents that leave one head on
  // what it is put onto? Then what its author has written stays as it is, in every commit: a
  // migration that is re-parented by hand, or deleted again.
  Result<bool> IsMendedLater(const ForkedEnvironment& item) {
    if (!context_.is_replay || !context_.base) return false;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> last,
                             LastPick(context_.repository, context_.theirs));
    if (!last) return false;
    const WantedEnvironment wanted{item.theirs->environment, *item.theirs, context_.theirs};
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr base, finder_.At(*context_.base, wanted));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr tip, finder_.At(*last, wanted));
    if (!base || !tip) return false;
    const Graph end =
        Graph::Build(PreviewMerge(base->migrations, item.ours->migrations, tip->migrations));
    return end.heads().size() <= SettingsFor(item).max_heads && end.missing_parents().empty() &&
           end.duplicates().empty() && end.cycles().empty() && end.unreadable().empty();
  }

  // What no other parents of local migrations can mend. Never silently: this merge may have forked.
  bool TellHopeless(const EnvironmentState& merged) {
    if (!merged.errors.empty()) {
      const Lines lines = RenderError(merged.errors.front(), Level::kWarning);
      repair_.lines.insert(repair_.lines.end(), lines.begin(), lines.end());
      repair_.lines.push_back(
          "hint: a migration could not be read, so nothing was rewritten: see onehead check, then "
          "onehead rebase");
      return true;
    }
    if (merged.graph.cycles().empty()) return false;
    repair_.lines.push_back(
        "warning: after this merge revisions form a cycle through down_revision: " +
        IdList(merged.graph.cycles().front().ids) + ": nothing was rewritten");
    repair_.lines.push_back("hint: give one of them the parent that it has on the other side");
    return true;
  }

  Status Repair(const ForkedEnvironment& item) {
    ONEHEAD_TRY(FindPublished());
    ONEHEAD_ASSIGN_OR_RETURN(ReparentInput input, MakeInput(item));
    const Result<ReparentPlan> plan = PlanReparent(input, MakeOptions(item));
    if (!plan) {
      Refuse(item, plan.error());
      return {};
    }
    for (const MigrationChange& change : plan->changes) Add(change);
    const DatabaseEffect effect = EffectOnDatabases(item.merged->migrations, plan->changes);
    const Lines databases = DatabaseLines(effect, Databases::kOfDeveloper);
    repair_.databases.insert(repair_.databases.end(), databases.begin(), databases.end());
    if (plan->changes.empty()) {
      WarnOfFork(item);
    } else if (const std::string note = DoubtNote(item.merged->migrations); !note.empty()) {
      repair_.lines.push_back("note: " + note);
    }
    return {};
  }

  Status FindPublished() {
    if (published_) return {};
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRefs found,
                             PublishedRefs::Find(context_.repository, context_.settings));
    published_.emplace(std::move(found));
    operation_ = MergeOperation::kReplay;
    if (context_.is_replay) return {};
    ONEHEAD_ASSIGN_OR_RETURN(
        operation_, published_->OperationOf(context_.repository, context_.theirs,
                                            NameOfMerged(context_.repository, context_.theirs)));
    return {};
  }

  // All of it is published on one side or the other: only a merge revision joins that.
  void WarnOfFork(const ForkedEnvironment& item) {
    const std::size_t heads = item.merged->graph.heads().size();
    const std::size_t allowed =
        std::max({item.ours->graph.heads().size(), item.theirs->graph.heads().size(),
                  SettingsFor(item).max_heads});
    if (heads <= allowed) return;
    if (TellMissingParents(*item.merged)) return;
    repair_.lines.push_back("warning: " + NameOf(item.merged->environment) + ": " +
                            std::to_string(heads) +
                            " heads after this merge, and what both sides have is published: "
                            "nothing was rewritten");
    repair_.lines.push_back("hint: join them with a merge revision: onehead merge");
  }

  // One side has removed what the other builds on.
  bool TellMissingParents(const EnvironmentState& merged) {
    for (const DanglingReference& missing : merged.graph.missing_parents()) {
      repair_.lines.push_back("warning: " + Printable(missing.migration->path, 200) +
                              ": no file declares its parent \"" + Printable(missing.id, 80) +
                              "\" after this merge: nothing was rewritten");
    }
    return !merged.graph.missing_parents().empty();
  }

  Result<ReparentInput> MakeInput(const ForkedEnvironment& item) {
    const WantedEnvironment wanted{item.merged->environment, *item.merged, context_.ours};
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRevisions published,
                             PublishedRevisions::Read(*published_, wanted, &finder_));
    ONEHEAD_ASSIGN_OR_RETURN(
        PublishedPast past,
        PublishedPast::Read(context_.repository, *published_, item.merged->environment));
    ReparentInput input;
    input.migrations = item.merged->migrations;
    input.local_paths = LocalPaths({item.ours, item.theirs, item.merged, operation_}, published);
    for (const MigrationPtr& migration : item.merged->migrations) {
      if (past.Had(*migration)) input.local_paths.erase(migration->path);
    }
    if (context_.is_replay) AddPicksOfPublished(item, published, &input);
    input.stale = Removed(item);
    input.empty_merges = DroppableMerges(merged_, *item.merged, input.local_paths, published,
                                         context_.settings.max_file_bytes);
    ONEHEAD_TRY(TakeWhatComes(item, &input));
    if (context_.is_replay || input.local_paths.size() < 2) return input;
    return WithOrder(item, std::move(input));
  }

  // No number and no name is given that a later pick of this rebase brings.
  Status TakeWhatComes(const ForkedEnvironment& item, ReparentInput* input) {
    if (!context_.is_replay) return {};
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> last,
                             LastPick(context_.repository, context_.theirs));
    if (!last) return {};
    ONEHEAD_ASSIGN_OR_RETURN(
        StatePtr tip, finder_.At(*last, {item.theirs->environment, *item.theirs, context_.theirs}));
    if (!tip) return {};
    for (const MigrationPtr& migration : tip->migrations) {
      input->taken_paths.insert(migration->path);
      if (migration->has_id()) input->taken_ids.insert(migration->id());
    }
    return {};
  }

  // A pick of what is published elsewhere is local here, but never gets a second parent.
  static void AddPicksOfPublished(const ForkedEnvironment& item,
                                  const PublishedRevisions& published, ReparentInput* input) {
    for (const MigrationPtr& migration : item.merged->migrations) {
      if (!migration->has_id() || item.ours->graph.Find(migration->id()) != nullptr) continue;
      const Migration* there = published.Find(migration->id());
      if (there == nullptr || !there->down_revision.known()) continue;
      input->published_parents[migration->id()] = there->down_revision.ids;
      input->local_paths.insert(migration->path);
    }
  }

  // What either side had and the result has no more: a migration that the rebase has left out, or
  // one that the other side has squashed, renumbered or replaced.
  static std::map<std::string, std::vector<std::string>> Removed(const ForkedEnvironment& item) {
    std::map<std::string, std::vector<std::string>> removed;
    for (const StatePtr& side : {item.ours, item.theirs}) {
      for (const Node& node : side->graph.nodes()) {
        if (item.merged->graph.Find(node.id()) != nullptr) continue;
        removed.emplace(node.id(), node.migration->down_revision.ids);
      }
    }
    return removed;
  }

  Result<ReparentInput> WithOrder(const ForkedEnvironment& item, ReparentInput input) {
    const bool ours_moves = operation_ == MergeOperation::kMergeOfPublished;
    const ContentId& local = ours_moves ? context_.ours : context_.theirs;
    const ContentId& other = ours_moves ? context_.theirs : context_.ours;
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<ContentId> commits,
                             context_.repository.NewCommits(local, {other}));
    std::set<std::string> ids;
    for (const MigrationPtr& migration : input.migrations) {
      if (input.local_paths.count(migration->path) != 0 && migration->has_id()) {
        ids.insert(migration->id());
      }
    }
    Result<std::map<std::string, int>> order =
        AddedOrder(commits, item.merged->environment, std::move(ids), &trees_, &loader_);
    if (!order) return Fail(std::move(order.error()));
    for (const MigrationPtr& migration : input.migrations) {
      if (input.local_paths.count(migration->path) == 0 || !migration->has_id()) continue;
      const auto at = order->find(migration->id());
      if (at != order->end()) input.added_at.emplace(migration->path, at->second);
    }
    return input;
  }

  const Settings& SettingsFor(const ForkedEnvironment& item) const {
    return context_.settings.For(item.merged->environment);
  }

  ReparentOptions MakeOptions(const ForkedEnvironment& item) const {
    ReparentOptions options;
    options.labelled_heads = SettingsFor(item).labelled_heads;
    options.max_heads = SettingsFor(item).max_heads;
    options.renumber = Renumbers();
    if (context_.settings.new_ids || ChoicesOf(context_.repository).new_ids) {
      options.new_id = RandomRevisionId;
    }
    return options;
  }

  void Refuse(const ForkedEnvironment& item, Error error) {
    // What is picked onto a branch is put onto that branch, whatever it would follow else.
    constexpr std::string_view kNewIds = "onehead rebase --new-ids";
    const std::size_t at = error.hint.find(kNewIds);
    if (context_.is_replay && at != error.hint.npos) {
      error.hint.insert(at + kNewIds.size(), " " + context_.ours.Hex().substr(0, 12));
    }
    Lines lines = RenderError(error, Level::kWarning);
    repair_.lines.insert(repair_.lines.end(), lines.begin(), lines.end());
    for (const DuplicateId& duplicate : item.merged->graph.duplicates()) {
      const bool was_there = HasDuplicate(*item.ours, duplicate.id);
      repair_.needs_user = repair_.needs_user || !was_there;
    }
  }

  void Add(const MigrationChange& change) {
    Result<MigrationEdit> edit = EditMigration(merged_, change, context_.settings.max_file_bytes);
    if (!edit) {
      const Lines lines = RenderError(edit.error(), Level::kWarning);
      repair_.lines.insert(repair_.lines.end(), lines.begin(), lines.end());
      failed_ = true;
      return;
    }
    const auto [at, added] = edits_.emplace(edit->path(), *edit);
    if (added || at->second.after == edit->after) return;
    repair_.lines.push_back("warning: " + Printable(edit->path(), 200) +
                            ": two environments want different parents for this file");
    failed_ = true;
  }

  // Half of a plan would leave something that nobody planned.
  void TakeEdits() {
    if (failed_) {
      repair_.databases.clear();
      repair_.lines.push_back("hint: nothing was rewritten; see onehead rebase --dry-run");
      return;
    }
    for (auto& [path, edit] : edits_) repair_.edits.push_back(std::move(edit));
    for (const std::string& line : RewriteLines(repair_.edits)) {
      repair_.rewritten.push_back("onehead: " + line);
    }
  }

  const MergeContext& context_;
  const SourceTree& ours_;
  const SourceTree& theirs_;
  const SourceTree& merged_;
  StateLoader loader_;
  CommitTrees trees_;
  EnvironmentFinder finder_;
  std::optional<PublishedRefs> published_;
  MergeOperation operation_ = MergeOperation::kMerge;
  std::map<std::string, MigrationEdit> edits_;  // by path
  bool failed_ = false;
  MergeRepair repair_;
};

}  // namespace

Result<MergeRepair> PlanMergeRepair(const MergeContext& context, const SourceTree& ours,
                                    const SourceTree& theirs, const SourceTree& merged) {
  return RepairPlanner(context, ours, theirs, merged).Run();
}

}  // namespace onehead
