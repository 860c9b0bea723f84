#include <algorithm>
#include <utility>

#include "commands/hook/judge.h"
#include "commands/hook/judge_case.h"
#include "onehead/core/policy/stray.h"

namespace onehead {
namespace {

// The report of an environment; made if it has none.
EnvironmentReport* ReportOf(const StatePtr& state, const Settings& settings, CheckReport* report) {
  for (EnvironmentReport& known : report->environments) {
    if (known.environment.SameIdentity(state->environment)) return &known;
  }
  Comparison comparison;
  comparison.after = state;
  report->environments.push_back(
      MakeEnvironmentReport(state->environment, comparison, {}, settings));
  return &report->environments.back();
}

}  // namespace

// A migration that nobody reads as far as the tree tells: refused where it has to do with an
// environment, since a location that cannot be seen here may lead Alembic to it.
Status PushJudge::JudgeStrays(Case* c, CheckReport* report) {
  const bool ignore = settings_.strays == Settings::Response::kIgnore;
  if (c->scope.strays.empty() || ignore) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<Environment>* environments,
                           finder_.EnvironmentsOf(c->commit));
  std::vector<StatePtr> states;
  for (const Environment& environment : *environments) {
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader_.Load(*c->after, environment));
    states.push_back(std::move(state));
  }
  const auto read = ReadThroughLinks(*c->after, states, c->scope.strays);
  if (!read) return Fail(read.error());
  const StrayIndex index(*environments, states);
  std::string hint;
  for (const Stray& stray : c->scope.strays) {
    if (read->contains(stray.path)) continue;
    if (hint.empty()) hint = StrayHint(stray.path, *environments, !settings_.versions.empty());
    std::optional<StrayIndex::Blame> blame = index.Judge(stray, c->scope.locations_changed);
    if (!blame) continue;
    ONEHEAD_ASSIGN_OR_RETURN(bool old, IsUnchangedElsewhere(stray.path, c));
    if (old) continue;
    if (settings_.strays == Settings::Response::kWarn) blame->finding.level = Level::kWarning;
    const Settings& settings = settings_.For(blame->of->environment);
    ReportOf(blame->of, settings, report)->findings.push_back(std::move(blame->finding));
  }
  if (!hint.empty()) report->hints.push_back(std::move(hint));  // one is enough
  return {};
}

}  // namespace onehead
