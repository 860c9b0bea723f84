#include <algorithm>
#include <string_view>
#include <unordered_map>
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

// Which environment of a tree a stray has to do with, by their order in it.
class StrayIndex {
 public:
  // Borrows both.
  StrayIndex(const std::vector<Environment>& environments, const std::vector<StatePtr>& states)
      : environments_(environments), states_(states) {
    first_unseen_ = environments.size();
    for (std::size_t i = environments.size(); i-- > 0;) {
      if (environments[i].has_unseen) first_unseen_ = i;
      for (const Node& node : states[i]->graph.nodes()) first_with_[node.id()] = i;
    }
  }

  // Of the first environment; null: of none.
  std::optional<Finding> Judge(const Stray& stray, bool locations_changed, StatePtr* of) const {
    std::size_t first = locations_changed ? 0 : first_unseen_;
    if (stray.migration != nullptr) {
      Lower(stray.migration->revision.ids, &first);
      Lower(stray.migration->down_revision.ids, &first);
    }
    if (first >= environments_.size()) return std::nullopt;
    *of = states_[first];
    return StrayMigration(stray, locations_changed, environments_[first], *states_[first]);
  }

 private:
  void Lower(const std::vector<std::string>& ids, std::size_t* first) const {
    for (const std::string& id : ids) {
      const auto with = first_with_.find(id);
      if (with != first_with_.end()) *first = std::min(*first, with->second);
    }
  }

  const std::vector<Environment>& environments_;
  const std::vector<StatePtr>& states_;
  std::unordered_map<std::string_view, std::size_t> first_with_;  // the ids of all graphs
  std::size_t first_unseen_;
};

}  // namespace

// A migration that nobody reads as far as the tree tells: refused where it has to do with an
// environment, since a location that cannot be seen here may lead Alembic to it.
Status PushJudge::JudgeStrays(Case* c, CheckReport* report) {
  const bool ignore = settings_.strays == Settings::Response::kIgnore;
  if (c->scope.strays.empty() || ignore) return {};
  Result<const std::vector<Environment>*> environments = finder_.EnvironmentsOf(c->commit);
  if (!environments) return Fail(std::move(environments.error()));
  std::vector<StatePtr> states;
  for (const Environment& environment : **environments) {
    Result<StatePtr> state = loader_.Load(*c->after, environment);
    if (!state) return Fail(std::move(state.error()));
    states.push_back(std::move(*state));
  }
  const auto read = ReadThroughLinks(*c->after, states, c->scope.strays);
  if (!read) return Fail(read.error());
  const StrayIndex index(**environments, states);
  std::string hint;
  for (const Stray& stray : c->scope.strays) {
    if (read->contains(stray.path)) continue;
    if (hint.empty()) hint = StrayHint(stray.path, **environments, !settings_.versions.empty());
    StatePtr of;
    std::optional<Finding> finding = index.Judge(stray, c->scope.locations_changed, &of);
    if (!finding) continue;
    Result<bool> old = IsUnchangedElsewhere(stray.path, c);
    if (!old) return Fail(std::move(old.error()));
    if (*old) continue;
    if (settings_.strays == Settings::Response::kWarn) finding->level = Level::kWarning;
    const Settings& settings = settings_.For(of->environment);
    ReportOf(of, settings, report)->findings.push_back(std::move(*finding));
  }
  if (!hint.empty()) report->hints.push_back(std::move(hint));  // one is enough
  return {};
}

}  // namespace onehead
