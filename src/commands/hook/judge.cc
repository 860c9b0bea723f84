#include "commands/hook/judge.h"

#include <algorithm>
#include <new>
#include <utility>

#include "commands/app/process_limits.h"
#include "commands/hook/judge_case.h"
#include "commands/published/added_order.h"
#include "commands/published/restored.h"
#include "onehead/base/text.h"
#include "onehead/core/environment/tree_diff.h"
#include "onehead/core/history/empty_merge.h"
#include "onehead/core/history/merge_preview.h"
#include "onehead/core/policy/change.h"

namespace onehead {
namespace {

std::string HeadList(const Graph& graph) {
  constexpr std::size_t kMost = 4;
  std::string out;
  for (std::size_t i = 0; i < graph.heads().size() && i < kMost; ++i) {
    const Node& head = graph.nodes()[static_cast<std::size_t>(graph.heads()[i])];
    out += (i == 0 ? "" : ", ") + Printable(head.id(), 60);
  }
  return graph.heads().size() > kMost ? out + ", ..." : out;
}

bool BringsAny(const EnvironmentState& after, const EnvironmentState& before) {
  const std::vector<Node>& nodes = after.graph.nodes();
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Node& node) { return before.graph.Find(node.id()) == nullptr; });
}

}  // namespace

bool TouchesNoMigrations(const std::vector<git::RefUpdate>& updates, CommitTrees* trees) {
  return std::all_of(updates.begin(), updates.end(), [trees](const git::RefUpdate& update) {
    if (update.new_id.IsZero() || update.new_id == update.old_id) return true;
    if (update.old_id.IsZero()) return false;
    Result<const SourceTree*> before = trees->Of(update.old_id);
    if (!before) return false;
    Result<const SourceTree*> after = trees->Of(update.new_id);
    if (!after) return false;
    const Result<bool> may_differ = MigrationsMayDiffer(**before, **after);
    return may_differ && !*may_differ;
  });
}

PushJudge::PushJudge(const git::Repository& repository, CommitTrees* trees,
                     const Settings& settings, const std::vector<git::RefUpdate>& updates)
    : repository_(repository),
      trees_(*trees),
      settings_(settings),
      updates_(updates),
      loader_(LimitsFrom(settings), &workers_),
      discovery_(DiscoveryFrom(settings)),
      finder_(trees, discovery_, &loader_) {}

PushJudge::~PushJudge() = default;

CheckReport PushJudge::Judge(const git::RefUpdate& update) {
  CheckReport report;
  Status status = started_ ? Status() : WithinMemory([this] { return Start(); });
  if (status) {
    // Many refs can name one commit. What there is to say of it does not depend on their names.
    const Judged key(KindOf(update.ref), update.old_id, update.new_id);
    const auto known = judged_.find(key);
    if (known == judged_.end()) {
      status = WithinMemory([&] { return JudgeInto(update, &report); });
      if (status) Remember(key, report);
    } else {
      report = known->second;
    }
  }
  if (!status) report.errors.push_back({std::move(status.error()), Level::kError});
  if (settings_.on_error == Settings::OnError::kAllow) {
    for (ReportedError& error : report.errors) error.level = Level::kWarning;
  }
  report.ref = update.ref;
  report.subject = update.ref;
  return report;
}

void PushJudge::Remember(const Judged& key, const CheckReport& report) {
  constexpr std::size_t kMaxJudged = 64;
  if (judged_.size() == kMaxJudged) judged_.clear();
  judged_.emplace(key, report);
}

template <typename Work>
Status PushJudge::WithinMemory(Work work) const {
  try {
    const MemoryLimit limit(settings_.max_memory_bytes);
    return work();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorKind::kLimit,
                "not enough memory (onehead.maxMemory allows " +
                    std::to_string(settings_.max_memory_bytes) +
                    " bytes, and the system may allow less)",
                "a larger onehead.maxMemory in the repository's configuration allows more");
  }
}

// Contract, "default branch": what HEAD names, else the only one of main and master.
Status PushJudge::Start() {
  const auto new_value = [&](const std::string& ref) -> const git::RefUpdate* {
    const auto found = std::find_if(updates_.begin(), updates_.end(),
                                    [&](const git::RefUpdate& u) { return u.ref == ref; });
    return found == updates_.end() ? nullptr : &*found;
  };
  struct Value {
    std::optional<ContentId> now;
    std::optional<ContentId> then;
  };
  const auto value_of = [&](const std::string& ref) -> Result<Value> {
    Value value;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> old, repository_.RefTarget(ref));
    value.now = old;
    value.then = old;
    if (const git::RefUpdate* update = new_value(ref)) {
      value.then.reset();
      if (!update->new_id.IsZero()) value.then = update->new_id;
    }
    return value;
  };
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> head, repository_.HeadRef());
  std::vector<std::pair<std::string, Value>> there;
  std::vector<std::string> names;
  if (head) names.push_back(*head);
  for (const char* name : {"refs/heads/main", "refs/heads/master"}) names.emplace_back(name);
  for (const std::string& name : names) {
    ONEHEAD_ASSIGN_OR_RETURN(Value value, value_of(name));
    if (!value.then) continue;
    const bool is_head = head && name == *head;
    if (is_head) there.clear();
    there.emplace_back(name, value);
    if (is_head) break;
  }
  if (there.size() == 1) {
    default_branch_ = there[0].first;
    for (const auto& [target, commit] : {std::pair{there[0].second.then, &default_commit_},
                                         std::pair{there[0].second.now, &default_old_commit_}}) {
      if (!target) continue;
      ONEHEAD_ASSIGN_OR_RETURN(*commit, repository_.PeelToCommit(*target));
    }
  }
  started_ = true;
  return {};
}

RefKind PushJudge::KindOf(const std::string& ref) const {
  if (default_branch_ && ref == *default_branch_) return RefKind::kDefault;
  constexpr std::string_view kBranches = "refs/heads/";
  const bool published =
      ref.starts_with(kBranches) && settings_.IsPublishedBranch(ref.substr(kBranches.size()));
  return published ? RefKind::kPublished : RefKind::kOther;
}

Status PushJudge::OpenTrees(const git::RefUpdate& update, Case* c) {
  c->kind = KindOf(update.ref);
  if (!update.old_id.IsZero()) {
    ONEHEAD_ASSIGN_OR_RETURN(c->old_commit, repository_.PeelToCommit(update.old_id));
  }
  c->scope_commit = c->old_commit;
  if (!c->scope_commit && c->kind != RefKind::kDefault) c->scope_commit = default_old_commit_;
  ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* after, trees_.Of(c->commit));
  c->after = after;
  if (!c->scope_commit) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* before, trees_.Of(*c->scope_commit));
  c->before = before;
  return {};
}

Status PushJudge::JudgeInto(const git::RefUpdate& update, CheckReport* report) {
  if (update.new_id.IsZero()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> commit,
                           repository_.PeelToCommit(update.new_id));
  if (!commit) return {};
  report->commit = commit->Hex();
  Case c;
  c.commit = *commit;
  ONEHEAD_TRY(OpenTrees(update, &c));
  // The hook asks that of a push of one ref before it judges it (TouchesNoMigrations).
  const bool check_for_change_first = updates_.size() > 1;
  const ScopeOptions options{discovery_, settings_.max_file_bytes, surveys_,
                             check_for_change_first};
  ONEHEAD_ASSIGN_OR_RETURN(Scope scope, FindScope(c.before, *c.after, options, &loader_));
  c.scope = std::move(scope);
  const SameScript same_script(c.scope.environments);
  for (const ScopedEnvironment& item : c.scope.environments) {
    const auto wholes = same_script.ThatReadMoreThan(item.shown);
    ONEHEAD_ASSIGN_OR_RETURN(const bool is_useless, NeverLoads(item, wholes, c));
    if (is_useless) continue;
    const std::size_t judged = report->environments.size();
    ONEHEAD_TRY(JudgeReadings(item, &c, report));
    if (judged == report->environments.size() ||
        !HasErrors(report->environments[judged].findings)) {
      continue;
    }
    std::string reading = WhichReading(item.shown, c.scope.environments);
    if (!reading.empty()) report->hints.push_back(std::move(reading));
  }
  ONEHEAD_TRY(AddErrors(&c, report));
  return JudgeStrays(&c, report);
}

Status PushJudge::FindPublished(Case* c) {
  if (c->published_known) return {};
  c->published_known = true;
  if (c->kind != RefKind::kOther && c->old_commit) {
    c->published_commit = c->old_commit;
    return {};
  }
  if (!default_commit_ || c->kind == RefKind::kDefault) return {};
  ONEHEAD_ASSIGN_OR_RETURN(c->published_commit, repository_.MergeBase(*default_commit_, c->commit));
  return {};
}

Status PushJudge::JudgeEnvironment(const ScopedEnvironment& item, Case* c, CheckReport* report) {
  if (const Result<bool> quick = ContinuesHistory(item, c); quick && *quick) return {};
  Comparison comparison;
  ONEHEAD_ASSIGN_OR_RETURN(StatePtr after, loader_.Load(*c->after, item.after));
  comparison.after = after;
  c->readings.emplace_back(item, after);
  if (const Result<bool> quick = IsFaultlessWithMore(item, *after, c); quick && *quick) return {};
  if (item.before && c->old_commit) {
    ONEHEAD_ASSIGN_OR_RETURN(comparison.before, loader_.Load(*c->before, *item.before));
  }
  ONEHEAD_TRY(FindPublished(c));
  if (c->published_commit && c->published_commit == c->old_commit) {
    comparison.published = comparison.before;
  } else if (c->published_commit) {
    ONEHEAD_ASSIGN_OR_RETURN(comparison.published,
                             finder_.At(*c->published_commit, Wanted(item, *after, *c)));
  }
  const bool is_there = !after->migrations.empty() || !after->errors.empty();
  if (!is_there && !comparison.before && !comparison.published) return {};
  // What a merge has brought to a branch that is deployed may have been edited on the way.
  if (c->kind != RefKind::kOther && comparison.before && BringsAny(*after, *comparison.before)) {
    ONEHEAD_TRY(LoadTips(item, *after, c, &comparison));
  }
  const Settings& settings = SettingsFor(item);
  std::vector<Finding> findings = JudgeChange(comparison, settings);
  if (HasErrors(findings)) {
    ONEHEAD_TRY(LoadOthers(item, *after, c, &comparison));
    ONEHEAD_TRY(LoadTips(item, *after, c, &comparison));
    findings = JudgeChange(comparison, settings);
    // Only which lines and commands are named depends on these.
    if (Status status = FindOrder(item, c, &comparison); !status) comparison.added_at.clear();
    static_cast<void>(NameRemovals(*c, comparison, &findings));
    // New merge revisions over what was there: see DroppableMerges.
    std::set<std::string> brought;
    const auto is_old = [&](const std::string& id) {
      return comparison.before && comparison.before->graph.Find(id) != nullptr;
    };
    for (const Node& node : after->graph.nodes()) {
      const std::vector<std::string>& parents = node.migration->down_revision.ids;
      const bool over_old = std::all_of(parents.begin(), parents.end(), is_old);
      if (over_old && !is_old(node.id())) brought.insert(node.migration->path);
    }
    comparison.empty_merges =
        EmptyMerges(*c->after, after->migrations, brought, settings_.max_file_bytes);
    comparison.repair_command = RepairCommand(*c);
    FindRestored(*c, &comparison);
  }
  const bool refused = HasErrors(findings);
  if (!refused) KeepHistory(comparison, *c);
  report->nothing_to_compare =
      report->nothing_to_compare || (refused && !comparison.before && !comparison.published &&
                                     !comparison.target && comparison.others.empty());
  report->environments.push_back(
      MakeEnvironmentReport(item.shown, comparison, std::move(findings), settings));
  // The advice is a courtesy: what cannot be found out for it refuses nothing.
  if (refused || c->kind != RefKind::kOther || !settings_.advice) return {};
  if (Status status = Advise(item, comparison, c, report); !status) return {};
  return {};
}

// The commits that were there already and that the pushed ones build on. Only for branches that
// nobody deploys: to the others a second head must not come in from a branch that has it.
Result<const std::vector<ContentId>*> PushJudge::OtherCommits(Case* c) {
  if (!c->others) {
    c->others.emplace();
    if (c->kind == RefKind::kOther) {
      ONEHEAD_ASSIGN_OR_RETURN(c->others, repository_.KnownBoundary(c->commit));
    } else if (!c->old_commit) {
      // A release branch that is cut from a default branch with two heads did not make them.
      ONEHEAD_TRY(FindPublished(c));
      if (c->published_commit) c->others->push_back(*c->published_commit);
    }
  }
  return &*c->others;
}

Status PushJudge::LoadOthers(const ScopedEnvironment& item, const EnvironmentState& after, Case* c,
                             Comparison* comparison) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<ContentId>* commits, OtherCommits(c));
  for (const ContentId& commit : *commits) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, finder_.AsDefinedAt(commit, Wanted(item, after, *c)));
    if (state) comparison->others.push_back(state);
  }
  if (c->kind != RefKind::kOther || !default_commit_) return {};
  ONEHEAD_ASSIGN_OR_RETURN(comparison->target,
                           finder_.At(*default_commit_, Wanted(item, after, *c)));
  return {};
}

WantedEnvironment PushJudge::Wanted(const ScopedEnvironment& item, const EnvironmentState& like,
                                    const Case& c) {
  return {item.before ? *item.before : item.shown, like, c.commit};
}

// The tips of all branches whose migrations are published, as they are on the server.
Result<const std::vector<ContentId>*> PushJudge::PublishedTips() {
  constexpr std::size_t kMaxTips = 64;
  if (published_tips_) return &*published_tips_;
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<git::Ref> refs, repository_.Refs());
  std::vector<ContentId> tips;
  for (const git::Ref& ref : refs) {
    if (KindOf(ref.name) == RefKind::kOther || tips.size() == kMaxTips) continue;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> commit, repository_.PeelToCommit(ref.target));
    if (commit && std::find(tips.begin(), tips.end(), *commit) == tips.end()) {
      tips.push_back(*commit);
    }
  }
  published_tips_ = std::move(tips);
  return &*published_tips_;
}

Status PushJudge::LoadTips(const ScopedEnvironment& item, const EnvironmentState& after, Case* c,
                           Comparison* comparison) {
  if (!comparison->published_tips.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<ContentId>* tips, PublishedTips());
  for (const ContentId& tip : *tips) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, finder_.At(tip, Wanted(item, after, *c)));
    if (state) comparison->published_tips.push_back(std::move(state));
  }
  return {};
}

// In which order the pushed commits added what is new: onehead rebase goes by it too.
Status PushJudge::FindOrder(const ScopedEnvironment& item, Case* c, Comparison* comparison) {
  std::vector<ContentId> known;
  for (const auto& commit : {c->old_commit, default_old_commit_}) {
    if (commit) known.push_back(*commit);
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<ContentId> commits,
                           repository_.NewCommits(c->commit, known));
  constexpr std::size_t kMaxCommits = 1000;
  if (commits.size() > kMaxCommits) return {};
  std::set<std::string> ids;
  for (const Node& node : comparison->after->graph.nodes()) {
    const bool is_old = comparison->before && comparison->before->graph.Find(node.id()) != nullptr;
    if (!is_old) ids.insert(node.id());
  }
  Result<std::map<std::string, int>> order =
      AddedOrder(commits, item.after, std::move(ids), &trees_, &loader_);
  if (!order) return Fail(std::move(order.error()));
  comparison->added_at = std::move(*order);
  return {};
}

// A migration that was published, reverted, and is restored has run somewhere.
void PushJudge::FindRestored(const Case& c, Comparison* comparison) const {
  const std::optional<ContentId>& tip =
      c.kind == RefKind::kOther ? default_old_commit_ : c.old_commit;
  if (!tip) return;
  std::vector<MigrationPtr> added;
  for (const Node& node : comparison->after->graph.nodes()) {
    const bool is_old = comparison->before && comparison->before->graph.Find(node.id()) != nullptr;
    if (!is_old) added.push_back(node.migration);
  }
  comparison->restored =
      RestoredPaths(repository_, *tip, std::move(added), settings_.max_file_bytes);
}

// What makes the plan of head_repair.h come true in the clone that has pushed. It goes by what is
// in the history of the branch; where the default branch is not, the common history is named.
std::string PushJudge::RepairCommand(const Case& c) const {
  const std::string command = "onehead rebase --commit";
  const auto onto = [&](const std::optional<ContentId>& commit) {
    return commit ? command + " " + commit->Hex().substr(0, 12) : "";
  };
  if (c.kind == RefKind::kDefault) return command;
  if (c.kind == RefKind::kPublished) return onto(c.old_commit);
  if (!default_commit_) return onto(c.old_commit);
  const Result<bool> inside = repository_.IsAncestor(*default_commit_, c.commit);
  return inside && *inside ? command : onto(c.published_commit);
}

// Hints if merging this branch into the default branch now would make one head too many there.
Status PushJudge::Advise(const ScopedEnvironment& item, const Comparison& comparison, Case* c,
                         CheckReport* report) {
  if (!default_commit_ || !default_branch_) return {};
  ONEHEAD_ASSIGN_OR_RETURN(StatePtr target,
                           finder_.At(*default_commit_, Wanted(item, *comparison.after, *c)));
  if (!target) return {};
  const std::vector<MigrationPtr> none;
  const std::vector<MigrationPtr>& base =
      comparison.published ? comparison.published->migrations : none;
  const Graph merged =
      Graph::Build(PreviewMerge(base, target->migrations, comparison.after->migrations));
  const Settings& settings = SettingsFor(item);
  HeadAllowance allowance{static_cast<int>(settings.max_heads),
                          CountHeads(target->graph, settings)};
  for (const auto& [group, count] : CountHeads(merged, settings)) {
    if (count <= allowance.For(group)) continue;
    const std::string branch = default_branch_->substr(std::string("refs/heads/").size());
    report->hints.push_back(NameOf(item.shown) + " would have " + std::to_string(count) +
                            " heads if this were merged into " + Printable(branch, 100) + " now (" +
                            HeadList(merged) + "): rebase onto it first");
    return {};
  }
  return {};
}

}  // namespace onehead
