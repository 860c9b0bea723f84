// The short way of a push that simply continues a faultless history.
#include <algorithm>
#include <utility>

#include "commands/hook/judge_case.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

// The entries of a version location that are only in the new tree. Null: an old one is gone or has
// changed.
Result<std::optional<std::vector<TreeEntry>>> AddedEntries(const SourceTree& before,
                                                           const SourceTree& after,
                                                           const std::string& location) {
  ONEHEAD_ASSIGN_OR_RETURN(const SharedListing old_entries, before.List(location));
  ONEHEAD_ASSIGN_OR_RETURN(const SharedListing new_entries, after.List(location));
  if (!old_entries || !new_entries) return std::nullopt;
  std::optional<std::vector<TreeEntry>> added(std::in_place);
  CompareListings(
      *old_entries, *new_entries,
      [&](std::size_t b, std::size_t a) {
        if (b != old_entries->size()) added.reset();
        if (added) added->push_back((*new_entries)[a]);
      },
      [](std::size_t, std::size_t) {});
  return added;
}

// The migrations that were added to an environment which is configured as before. Null: more than
// that has changed.
Result<std::optional<std::vector<MigrationPtr>>> OnlyAdded(const ScopedEnvironment& item,
                                                           const SourceTree& before,
                                                           const SourceTree& after,
                                                           StateLoader* loader) {
  if (!item.before || *item.before != item.after || item.shown != item.after) return std::nullopt;
  std::optional<std::vector<MigrationPtr>> migrations(std::in_place);
  for (const std::string& location : item.after.version_locations) {
    const auto added = AddedEntries(before, after, location);
    if (!added) return Fail(added.error());
    if (!*added) return std::nullopt;
    for (const TreeEntry& entry : **added) {
      if (entry.kind != EntryKind::kFile || IsBrokenMigrationName(entry.name)) return std::nullopt;
      if (!IsMigrationFileName(entry.name)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(MigrationPtr migration, loader->LoadFile(after, location, entry));
      migrations->push_back(std::move(migration));
    }
  }
  return migrations;
}

HistoryCache::Worth WorthOf(RefKind kind) {
  return kind == RefKind::kOther ? HistoryCache::Worth::kWhileThereIsRoom
                                 : HistoryCache::Worth::kAlways;
}

}  // namespace

Result<bool> PushJudge::ContinuesHistory(const ScopedEnvironment& item, Case* c) {
  if (history_ == nullptr || c->before == nullptr || c->scope.attributes_changed) return false;
  if (c->kind != RefKind::kOther && !c->old_commit) return false;
  const SummaryPtr before = history_->Find(*c->before, item.after);
  if (!before) return false;
  const auto added = OnlyAdded(item, *c->before, *c->after, &loader_);
  if (!added) return Fail(added.error());
  if (!*added || before->count + (*added)->size() > settings_.max_files) return false;
  std::optional<HistorySummary> after = Continue(*before, **added);
  if (!after) return false;
  if (c->kind == RefKind::kOther) {
    const Result<bool> others = ContinuesOthers(item, *after, c);
    if (!others || !*others) return others;
  } else {
    const Result<bool> elsewhere = AnyAtOtherTips(**added, *c);
    if (!elsewhere || *elsewhere) return elsewhere ? Result<bool>(false) : elsewhere;
  }
  history_->Keep(*c->after, item.after, std::move(*after), WorthOf(c->kind));
  return true;
}

// The same of a history that nothing was known of. What has no fault as a whole has none that the
// push could be blamed for, and nothing that was there has changed.
Result<bool> PushJudge::IsFaultlessWithMore(const ScopedEnvironment& item,
                                            const EnvironmentState& after, Case* c) {
  const bool may_be_known = history_ != nullptr && !c->scope.attributes_changed;
  if (!may_be_known || c->kind == RefKind::kOther || !c->old_commit) return false;
  const auto added = OnlyAdded(item, *c->before, *c->after, &loader_);
  if (!added) return Fail(added.error());
  if (!*added || std::any_of((*added)->begin(), (*added)->end(), HasLongId)) return false;
  std::optional<HistorySummary> summary = Summarize(after);
  if (!summary) return false;
  const Result<bool> elsewhere = AnyAtOtherTips(**added, *c);
  if (!elsewhere || *elsewhere) return elsewhere ? Result<bool>(false) : elsewhere;
  // Another hook may refuse this push; then the next one starts from here again.
  if (std::optional<HistorySummary> before = Without(*summary, **added)) {
    history_->Keep(*c->before, item.after, std::move(*before), HistoryCache::Worth::kAlways);
  }
  history_->Keep(*c->after, item.after, std::move(*summary), HistoryCache::Worth::kAlways);
  return true;
}

// Has another published branch a file of this name with another content? Whoever merged it may have
// edited it on the way, which is to be said.
Result<bool> PushJudge::AnyAtOtherTips(const std::vector<MigrationPtr>& added, const Case& c) {
  if (added.empty()) return false;
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<ContentId>* tips, PublishedTips());
  for (const ContentId& tip : *tips) {
    if (tip == c.old_commit) continue;
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(tip));
    for (const MigrationPtr& migration : added) {
      ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree->Find(migration->path));
      if (entry && !SameContent(entry->content, migration->content)) return true;
    }
  }
  return false;
}

// A branch is also compared with where it left the default branch (nothing that is published may
// have changed), and with the default branch as it is now (is it behind?).
Result<bool> PushJudge::ContinuesOthers(const ScopedEnvironment& item, const HistorySummary& after,
                                        Case* c) {
  if (!default_commit_) return true;
  ONEHEAD_TRY(FindPublished(c));
  if (!c->published_commit) return false;
  SummaryPtr known[2];
  for (int i = 0; i < 2; ++i) {
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree,
                             trees_.Of(i == 0 ? *c->published_commit : *default_commit_));
    known[i] = history_->Find(*tree, item.after);
    if (!known[i]) return false;
  }
  const auto& [base, target] = known;
  return Includes(after, *base) && Includes(after, *target) && Includes(*target, *base);
}

void PushJudge::KeepHistory(const Comparison& comparison, const Case& c) {
  if (history_ == nullptr) return;
  const HistoryCache::Worth worth = WorthOf(c.kind);
  history_->Keep(*c.after, *comparison.after, worth);
  // Another hook may refuse this push; then the next one starts from here again.
  if (comparison.before) history_->Keep(*c.before, *comparison.before, worth);
  if (c.kind != RefKind::kOther || !comparison.published || !c.published_commit) return;
  const Result<const SourceTree*> tree = trees_.Of(*c.published_commit);
  if (tree) history_->Keep(**tree, *comparison.published, HistoryCache::Worth::kAlways);
}

}  // namespace onehead
