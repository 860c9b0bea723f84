// What could not be found out about a push, and what of that it is to be blamed for.
#include <algorithm>
#include <utility>

#include "commands/hook/judge.h"
#include "commands/hook/judge_case.h"

namespace onehead {

// True if the file was read for this environment before and is the same.
Result<bool> PushJudge::IsOldError(const Error& error, const SourceTree* tree,
                                   const StatePtr& state, const Case& c) {
  const bool was_there =
      state && std::any_of(state->errors.begin(), state->errors.end(),
                           [&](const Error& old) { return old.path == error.path; });
  return was_there ? IsUnchanged(tree, *c.after, error.path) : Result<bool>(false);
}

// What cannot be read in an environment. A file that this push leaves as it was may be broken
// without anybody being to blame; one that a configuration reaches out for only now may not.
Status PushJudge::AddStateErrors(const ScopedEnvironment& item, const StatePtr& state, Case* c,
                                 std::vector<ScopedError>* errors) {
  if (state->errors.empty()) return {};
  struct Known {
    const SourceTree* tree;
    StatePtr state;
  };
  std::vector<Known> known;
  if (item.before) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr before, loader_.Load(*c->before, *item.before));
    known.push_back({c->before, before});
  }
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<ContentId>* commits, OtherCommits(c));
  for (const ContentId& commit : *commits) {
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr there, finder_.AsDefinedAt(commit, Wanted(item, *state, *c)));
    known.push_back({tree, there});
  }
  for (const Error& error : state->errors) {
    bool is_old = false;
    for (const Known& k : known) {
      ONEHEAD_ASSIGN_OR_RETURN(bool old, IsOldError(error, k.tree, k.state, *c));
      is_old = is_old || old;
    }
    errors->push_back({error, is_old});
  }
  return {};
}

Status PushJudge::AddErrors(Case* c, CheckReport* report) {
  std::vector<ScopedError> errors;
  for (ScopedError& error : c->scope.errors) {
    if (!error.is_old) {
      ONEHEAD_ASSIGN_OR_RETURN(error.is_old, IsUnchangedElsewhere(error.error.path, c));
    }
    errors.push_back(error);
  }
  for (const auto& [item, state] : c->readings) {
    ONEHEAD_TRY(AddStateErrors(item, state, c, &errors));
  }
  const bool concerned = !c->scope.environments.empty() || !c->scope.strays.empty();
  for (ScopedError& error : errors) {
    if (error.is_old && (!concerned || error.is_far)) continue;
    // What the store could not give may be anything.
    const bool harmless = (error.is_old || error.is_far) && error.error.kind != ErrorKind::kIo;
    const Level level = harmless ? Level::kWarning : Level::kError;
    report->errors.push_back({std::move(error.error), level});
  }
  return {};
}

// True if a configuration is as it was at one of the commits that this push builds on.
Result<bool> PushJudge::IsUnchangedElsewhere(const std::string& path, Case* c) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<ContentId>* commits, OtherCommits(c));
  for (const ContentId& commit : *commits) {
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees_.Of(commit));
    Result<bool> same = IsUnchanged(tree, *c->after, path);
    if (!same || *same) return same;
  }
  return false;
}

}  // namespace onehead
