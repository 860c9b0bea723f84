#include "commands/merge/replay_alignment.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "commands/app/settings_use.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "onehead/core/migration/rewrite.h"
#include "onehead/core/policy/change_scope.h"
#include "onehead/core/reparent/reparent.h"

namespace onehead {
namespace {

using Names = std::map<std::string, std::string>;  // old id -> new id

// A migration of the base, and what an earlier pick has made of it.
struct Rewritten {
  MigrationPtr before;
  MigrationPtr now;
};

RewriteRequest RequestFor(const Migration& from, const Migration& to) {
  RewriteRequest request;
  if (from.down_revision.ids != to.down_revision.ids) request.parents = to.down_revision.ids;
  if (from.id() != to.id()) request.id = to.id();
  if (from.depends_on.ids != to.depends_on.ids) request.depends_on = to.depends_on.ids;
  return request;
}

bool IsReadable(const Migration& migration) {
  return migration.has_id() && migration.down_revision.known() &&
         (migration.depends_on.known() || migration.depends_on.state == Binding::State::kAbsent);
}

std::vector<std::string> Renamed(const Names& names, std::vector<std::string> ids) {
  for (std::string& id : ids) {
    const auto found = names.find(id);
    if (found != names.end()) id = found->second;
  }
  return ids;
}

MigrationPtr AtPath(const EnvironmentState& state, const std::string& path) {
  for (const MigrationPtr& migration : state.migrations) {
    if (migration->path == path) return migration;
  }
  return nullptr;
}

class Aligner {
 public:
  Aligner(const MergeContext& context, const ContentId& base, const ReplayTrees& trees,
          git::ObjectWriter* writer)
      : context_(context),
        base_commit_(base),
        trees_(trees),
        base_(git::MakeTreeView(context.repository.objects(), trees.base)),
        ours_(git::MakeTreeView(context.repository.objects(), trees.ours)),
        theirs_(git::MakeTreeView(context.repository.objects(), trees.theirs)),
        writer_(writer),
        loader_(LimitsFrom(context.settings)),
        commit_trees_(context.repository),
        finder_(&commit_trees_, context.discovery, &loader_) {}

  Result<std::optional<ReplayTrees>> Run() {
    const ScopeOptions options{context_.discovery, context_.settings.max_file_bytes};
    ONEHEAD_ASSIGN_OR_RETURN(Scope scope, FindScope(base_.get(), *theirs_, options, &loader_));
    for (const ScopedEnvironment& item : scope.environments) {
      if (!item.before) continue;
      ONEHEAD_TRY(AlignEnvironment(item));
    }
    if (base_edits_.empty() && theirs_edits_.empty()) return std::nullopt;
    ReplayTrees aligned = trees_;
    for (const auto& [tree, edits] :
         {std::pair(&aligned.base, &base_edits_), std::pair(&aligned.theirs, &theirs_edits_)}) {
      if (edits->empty()) continue;
      ONEHEAD_ASSIGN_OR_RETURN(
          *tree, git::EditTree(context_.repository.objects(), writer_, *tree, *edits));
    }
    return aligned;
  }

 private:
  Status AlignEnvironment(const ScopedEnvironment& item) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr base, loader_.Load(*base_, *item.before));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr theirs, loader_.Load(*theirs_, item.after));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr ours,
                             finder_.At(context_.ours, {*item.before, *base, base_commit_}));
    if (!ours) return {};
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<Rewritten> rewritten, FindRewritten(*base, *ours));
    if (rewritten.empty()) return {};
    for (const Rewritten& each : rewritten) {
      Status added = AddEdit(*base_, *each.before, RequestFor(*each.before, *each.now),
                             each.now->path, &base_edits_);
      if (!added) return added;
    }
    return AlignTheirs(*base, *ours, *theirs, rewritten);
  }

  // What the base has of this branch and "ours" has otherwise, though nobody has edited it.
  Result<std::vector<Rewritten>> FindRewritten(const EnvironmentState& base,
                                               const EnvironmentState& ours) {
    std::vector<MigrationPtr> changed;
    for (const MigrationPtr& migration : base.migrations) {
      const MigrationPtr same = AtPath(ours, migration->path);
      if (same && SameContent(same->content, migration->content)) continue;
      if (IsReadable(*migration)) changed.push_back(migration);
    }
    std::vector<Rewritten> rewritten;
    if (changed.empty()) return rewritten;
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRefs refs,
                             PublishedRefs::Find(context_.repository, context_.settings));
    ONEHEAD_ASSIGN_OR_RETURN(
        PublishedRevisions published,
        PublishedRevisions::Read(refs, {ours.environment, ours, context_.ours}, &finder_));
    for (const MigrationPtr& migration : changed) {
      if (published.HasAt(*migration)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(MigrationPtr now, RewriteOf(migration, base, ours));
      if (now) rewritten.push_back({migration, std::move(now)});
    }
    return rewritten;
  }

  // The migration of "ours" that a rewrite of `migration` gives byte for byte; else, with its id,
  // the one that somebody has edited on the way. Null: there is none.
  Result<MigrationPtr> RewriteOf(const MigrationPtr& migration, const EnvironmentState& base,
                                 const EnvironmentState& ours) {
    ONEHEAD_ASSIGN_OR_RETURN(std::string text,
                             base_->Read(migration->path, context_.settings.max_file_bytes));
    MigrationPtr by_id;
    for (const MigrationPtr& candidate : ours.migrations) {
      if (!IsReadable(*candidate)) continue;
      const MigrationPtr was = AtPath(base, candidate->path);
      if (was && was != migration) continue;  // it is what has become of another file
      const bool same_place =
          candidate->path == migration->path && candidate->id() == migration->id();
      if (same_place) by_id = candidate;
      // Without a known rewrite nearly every file differs in length by more than a few ids.
      const Result<std::string> made =
          RewriteMigration(*migration, text, RequestFor(*migration, *candidate));
      if (!made) continue;
      ONEHEAD_ASSIGN_OR_RETURN(std::string now,
                               ours_->Read(candidate->path, context_.settings.max_file_bytes));
      if (*made == now) return candidate;
    }
    if (by_id && by_id->down_revision.ids != migration->down_revision.ids) return by_id;
    return MigrationPtr();
  }

  // "theirs" in the names of "ours": what this pick does not change has the parents that it has
  // there. Where the pick itself gives one of these other parents, its own order counts: the whole
  // branch is placed again, as it stands after this pick.
  Status AlignTheirs(const EnvironmentState& base, const EnvironmentState& ours,
                     const EnvironmentState& theirs, const std::vector<Rewritten>& rewritten) {
    Names names;
    for (const Rewritten& each : rewritten) {
      if (each.before->id() != each.now->id()) names[each.before->id()] = each.now->id();
    }
    std::vector<Target> targets;
    bool reparents = false;
    for (const MigrationPtr& migration : theirs.migrations) {
      if (!IsReadable(*migration)) continue;
      Target target{migration, std::make_shared<Migration>(*migration)};
      target.wanted->depends_on.ids = Renamed(names, migration->depends_on.ids);
      target.wanted->down_revision.ids = Renamed(names, migration->down_revision.ids);
      const Rewritten* known = FindIn(rewritten, *migration, theirs);
      const MigrationPtr was = AtPath(base, migration->path);
      if (known != nullptr) {
        reparents = TakeOver(*known, &target) || reparents;
      } else if (was && was->down_revision.ids != migration->down_revision.ids) {
        reparents = true;
      } else if (was || AtPath(ours, migration->path)) {
        continue;  // it is none of this branch, or as it was
      }
      targets.push_back(std::move(target));
    }
    if (reparents) {
      for (Target& target : targets) {
        target.wanted->down_revision.ids = Renamed(names, target.original->down_revision.ids);
      }
      if (!PlaceAgain(ours, &targets)) {
        base_edits_.clear();  // as Git merges it
        return {};
      }
    }
    for (const Target& target : targets) {
      Status added =
          AddEdit(*theirs_, *target.original, RequestFor(*target.original, *target.wanted),
                  target.wanted->path, &theirs_edits_);
      if (!added) return added;
    }
    return {};
  }

  // A migration of "theirs", and what it shall declare and be called.
  struct Target {
    MigrationPtr original;
    std::shared_ptr<Migration> wanted;
  };

  // By path, or by its id where this pick has given the file another name.
  static const Rewritten* FindIn(const std::vector<Rewritten>& rewritten,
                                 const Migration& migration, const EnvironmentState& theirs) {
    for (const Rewritten& each : rewritten) {
      if (each.before->path == migration.path) return &each;
      const bool renamed =
          each.before->id() == migration.id() && !AtPath(theirs, each.before->path);
      if (renamed) return &each;
    }
    return nullptr;
  }

  // Makes it what the earlier pick has made of it. True: this pick gives it other parents itself.
  static bool TakeOver(const Rewritten& known, Target* target) {
    const Migration& migration = *target->original;
    if (migration.id() == known.before->id()) target->wanted->revision.ids = {known.now->id()};
    if (migration.path == known.before->path) target->wanted->path = known.now->path;
    if (migration.down_revision.ids != known.before->down_revision.ids) return true;
    target->wanted->down_revision.ids = known.now->down_revision.ids;
    return false;
  }

  // False: there is no place for them.
  bool PlaceAgain(const EnvironmentState& ours, std::vector<Target>* targets) const {
    ReparentInput input;
    std::map<std::string, int> depth;
    for (const NodeIndex i : ours.graph.HistoryOrder()) {
      depth.emplace(ours.graph.nodes()[static_cast<std::size_t>(i)].id(),
                    -static_cast<int>(depth.size()));
    }
    for (const Target& target : *targets) {
      input.migrations.push_back(target.wanted);
      input.local_paths.insert(target.wanted->path);
      const auto at = depth.find(target.wanted->id());
      input.added_at[target.wanted->path] = at == depth.end() ? 1 : at->second;
    }
    for (const MigrationPtr& migration : ours.migrations) {
      if (input.local_paths.count(migration->path) == 0) input.migrations.push_back(migration);
    }
    ReparentOptions options;
    const Settings& settings = context_.settings.For(ours.environment);
    options.labelled_heads = settings.labelled_heads;
    options.max_heads = settings.max_heads;
    const Result<ReparentPlan> plan = PlanReparent(input, options);
    if (!plan) return false;
    for (const MigrationChange& change : plan->changes) {
      for (Target& target : *targets) {
        if (target.wanted == change.migration) target.wanted->down_revision.ids = change.parents;
      }
    }
    return true;
  }

  // Nothing where the file says so already.
  Status AddEdit(const SourceTree& tree, const Migration& migration, const RewriteRequest& request,
                 const std::string& path, std::vector<git::TreeEdit>* edits) {
    const bool moves = path != migration.path;
    if (!request.parents && !request.id && !request.depends_on && !moves) return {};
    ONEHEAD_ASSIGN_OR_RETURN(std::string text,
                             tree.Read(migration.path, context_.settings.max_file_bytes));
    ONEHEAD_ASSIGN_OR_RETURN(std::string rewritten, RewriteMigration(migration, text, request));
    ONEHEAD_ASSIGN_OR_RETURN(ContentId blob, writer_->Write(git::ObjectType::kBlob, rewritten));
    edits->push_back({migration.path, blob, moves ? path : ""});
    return {};
  }

  const MergeContext& context_;
  const ContentId base_commit_;
  const ReplayTrees trees_;
  const std::unique_ptr<SourceTree> base_;
  const std::unique_ptr<SourceTree> ours_;
  const std::unique_ptr<SourceTree> theirs_;
  git::ObjectWriter* writer_;
  StateLoader loader_;
  CommitTrees commit_trees_;
  EnvironmentFinder finder_;
  std::vector<git::TreeEdit> base_edits_;
  std::vector<git::TreeEdit> theirs_edits_;
};

}  // namespace

Result<std::optional<ReplayTrees>> AlignReplay(const MergeContext& context, const ContentId& base,
                                               const ReplayTrees& trees,
                                               git::ObjectWriter* writer) {
  return Aligner(context, base, trees, writer).Run();
}

}  // namespace onehead
