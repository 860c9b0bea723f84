// The use case of the hook: what one ref update is to be blamed for.
//
// Here: which commits are read and compared (contract, "What the hook decides"). Not here: what is
// a defect (core/policy/rules), what is new (change.h), text and exit codes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "commands/app/settings_use.h"
#include "commands/app/worker_threads.h"
#include "commands/hook/history_cache.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "onehead/base/result.h"
#include "onehead/core/history/environment_state.h"
#include "onehead/core/policy/change.h"
#include "onehead/core/policy/change_scope.h"
#include "onehead/core/policy/report.h"
#include "onehead/core/settings/settings.h"
#include "onehead/git/repository/hook_input.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

// Why an environment is also judged without the directories below its version locations: one line.
std::string FlatReading(const Environment& environment);

enum class RefKind { kDefault, kPublished, kOther };
struct JudgeCase;  // judge_case.h

// True if the push changes no file that can affect migrations; false also if that cannot be found
// out. Only objects are read: no configuration and no refs.
bool TouchesNoMigrations(const std::vector<git::RefUpdate>& updates, CommitTrees* trees);

// Does it make Git take one object for another (git replace)? Every guarded ref may be concerned.
bool IsReplacement(const git::RefUpdate& update);

// Judges the updates of one push; what they share is read once.
class PushJudge {
 public:
  // Borrows all of them. `updates`: the whole push, also refs that are not guarded.
  PushJudge(const git::Repository& repository, CommitTrees* trees, const Settings& settings,
            const std::vector<git::RefUpdate>& updates);
  ~PushJudge();

  // For a caller that prints nothing of what simply continues a faultless history: where it is
  // known to be one from an earlier push, its files are not read again, and the environment is not
  // part of the report. Borrows it.
  void UseHistory(HistoryCache* history) { history_ = history; }

  // For a caller that knows what whole trees have. Borrows it.
  void UseSurveys(TreeSurveys* surveys) {
    surveys_ = surveys;
    finder_.UseSurveys(surveys);
  }

  // Where the default branch is when the push is accepted. Null: there is none, or it is not known
  // because nothing was judged.
  const std::optional<ContentId>& default_commit() const { return default_commit_; }

  // Never fails: an error is part of the report.
  CheckReport Judge(const git::RefUpdate& update);
  // Of a ref by which Git takes one object for another. REQUIRES: IsReplacement.
  CheckReport JudgeReplacement(const git::RefUpdate& update) const;

 private:
  using Case = JudgeCase;
  using Judged = std::tuple<RefKind, ContentId, ContentId>;  // old, new

  // Out of memory is reported as an ordinary error.
  template <typename Work>
  [[nodiscard]] Status WithinMemory(Work work) const;
  void Remember(const Judged& key, const CheckReport& report);
  [[nodiscard]] Status Start();
  [[nodiscard]] Status JudgeInto(const git::RefUpdate& update, CheckReport* report);
  [[nodiscard]] RefKind KindOf(const std::string& ref) const;
  [[nodiscard]] Status OpenTrees(const git::RefUpdate& update, Case* c);
  [[nodiscard]] Status JudgeEnvironment(const ScopedEnvironment& item, Case* c,
                                        CheckReport* report);
  [[nodiscard]] Result<bool> ContinuesHistory(const ScopedEnvironment& item, Case* c);
  [[nodiscard]] Result<bool> IsFaultlessWithMore(const ScopedEnvironment& item,
                                                 const EnvironmentState& after, Case* c);
  [[nodiscard]] Result<bool> ContinuesOthers(const ScopedEnvironment& item,
                                             const HistorySummary& after, Case* c);
  void KeepHistory(const Comparison& comparison, const Case& c);
  // A name that the old tree's environment had still counts where the new one has none.
  const Settings& SettingsFor(const ScopedEnvironment& item) const {
    return settings_.For(item.shown.name.empty() && item.before ? *item.before : item.shown);
  }
  [[nodiscard]] Result<bool> NeverLoads(const ScopedEnvironment& part,
                                        const std::vector<const Environment*>& wholes,
                                        const Case& c);
  [[nodiscard]] Status JudgeReadings(const ScopedEnvironment& item, Case* c, CheckReport* report);
  [[nodiscard]] Status JudgePartial(const ScopedEnvironment& item,
                                    const std::vector<std::string>& locations, Case* c,
                                    CheckReport* report);
  [[nodiscard]] Status JudgeAlso(const ScopedEnvironment& reading, std::string why, Case* c,
                                 CheckReport* report);
  [[nodiscard]] Status AddErrors(Case* c, CheckReport* report);
  [[nodiscard]] Status JudgeStrays(Case* c, CheckReport* report);
  [[nodiscard]] Status AddStateErrors(const ScopedEnvironment& item, const StatePtr& state, Case* c,
                                      std::vector<ScopedError>* errors);
  [[nodiscard]] static Result<bool> IsOldError(const Error& error, const SourceTree* tree,
                                               const StatePtr& state, const Case& c);
  [[nodiscard]] Result<bool> IsUnchangedElsewhere(const std::string& path, Case* c);
  [[nodiscard]] Status LoadOthers(const ScopedEnvironment& item, const EnvironmentState& after,
                                  Case* c, Comparison* comparison);
  [[nodiscard]] Status LoadTips(const ScopedEnvironment& item, const EnvironmentState& after,
                                Case* c, Comparison* comparison);
  [[nodiscard]] Result<const std::vector<ContentId>*> PublishedTips();
  [[nodiscard]] Result<bool> AnyAtOtherTips(const std::vector<MigrationPtr>& added, const Case& c);
  [[nodiscard]] std::string RepairCommand(const Case& c) const;
  void FindRestored(const Case& c, Comparison* comparison) const;
  [[nodiscard]] Result<std::optional<ContentId>> CommitThatRemoved(
      const std::string& path, const std::vector<ContentId>& commits);
  [[nodiscard]] Status NameRemovals(const Case& c, const Comparison& comparison,
                                    std::vector<Finding>* findings);
  [[nodiscard]] Status FindOrder(const ScopedEnvironment& item, Case* c, Comparison* comparison);
  [[nodiscard]] Status Advise(const ScopedEnvironment& item, const Comparison& comparison, Case* c,
                              CheckReport* report);
  [[nodiscard]] Status FindPublished(Case* c);
  [[nodiscard]] Result<const std::vector<ContentId>*> OtherCommits(Case* c);
  // `item`, which is `like` in the new tree, to be looked for in other commits: as these define it
  // where the answer decides what is allowed, else as it is defined here.
  [[nodiscard]] static WantedEnvironment Wanted(const ScopedEnvironment& item,
                                                const EnvironmentState& like, const Case& c);

  const git::Repository& repository_;
  CommitTrees& trees_;
  const Settings& settings_;
  const std::vector<git::RefUpdate>& updates_;
  WorkerThreads workers_;
  StateLoader loader_;
  const DiscoveryOptions discovery_;
  EnvironmentFinder finder_;
  HistoryCache* history_ = nullptr;
  TreeSurveys* surveys_ = nullptr;
  bool started_ = false;
  std::optional<std::string> default_branch_;    // full name
  std::optional<ContentId> default_commit_;      // with its new value if this push moves it
  std::optional<ContentId> default_old_commit_;  // as it is on the server now
  std::optional<std::vector<ContentId>> published_tips_;
  std::map<Judged, CheckReport> judged_;
};

}  // namespace onehead
