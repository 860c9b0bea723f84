// Each way in which an environment may be read.
#include <algorithm>
#include <functional>
#include <utility>

#include "commands/hook/judge.h"
#include "commands/hook/judge_case.h"
#include "onehead/base/text.h"

namespace onehead {

std::string WhichReading(const Environment& shown, const std::vector<ScopedEnvironment>& all) {
  const auto same = [&](const ScopedEnvironment& other) {
    return other.shown.script_location == shown.script_location;
  };
  if (std::count_if(all.begin(), all.end(), same) < 2) return "";
  std::string text = NameOf(shown) + " is read in several ways; here with the version locations";
  for (const std::string& location : shown.version_locations)
    text += " " + Printable(location, 100);
  return Printable(text, 400);
}

std::string FlatReading(const Environment& environment) {
  return "not all configurations of " + NameOf(environment) +
         " are recursive: it is also judged without the directories below its version locations";
}

SameScript::SameScript(const std::vector<ScopedEnvironment>& all) {
  for (const ScopedEnvironment& item : all) by_script_[item.shown.script_location].push_back(&item);
}

std::vector<const Environment*> SameScript::ThatReadMoreThan(const Environment& part) const {
  std::vector<const Environment*> more;
  const auto same = by_script_.find(part.script_location);
  if (same == by_script_.end() || same->second.size() < 2 || part.has_unseen) return more;
  for (const ScopedEnvironment* item : same->second) {
    const Environment& whole = item->shown;
    const std::vector<std::string>& all = whole.version_locations;
    const auto is_read = [&](const std::string& location) {
      return std::find(all.begin(), all.end(), location) != all.end();
    };
    if (all.size() > part.version_locations.size() && whole.recursive == part.recursive &&
        std::all_of(part.version_locations.begin(), part.version_locations.end(), is_read)) {
      more.push_back(&whole);
    }
  }
  return more;
}

// Are parents missing, now and before, without what another configuration of the same script
// directory reads besides? Then nobody can run Alembic with this one: an alembic.ini that is only
// ever used with `-n` has such a section.
Result<bool> PushJudge::NeverLoads(const ScopedEnvironment& part,
                                   const std::vector<const Environment*>& wholes, const Case& c) {
  if (wholes.empty()) return false;
  const auto is_broken = [&](const SourceTree& tree, const Environment& environment) {
    const Result<StatePtr> state = loader_.Load(tree, environment);
    return state.map([](const StatePtr& s) { return !s->graph.missing_parents().empty(); });
  };
  Result<bool> broken = is_broken(*c.after, part.shown);
  if (broken && *broken && part.before) broken = is_broken(*c.before, *part.before);
  if (!broken || !*broken) return broken;
  for (const Environment* whole : wholes) {
    const Result<bool> whole_is_broken = is_broken(*c.after, *whole);
    if (!whole_is_broken || !*whole_is_broken) return whole_is_broken.map(std::logical_not<>());
  }
  return false;
}

// Each way in which the environment may be read is judged by itself: what one reading joins,
// another does not. Besides the one that its configuration asks for: where old version locations
// are still there and nothing names them any more, as it was configured before, so that nothing is
// hidden by moving a configuration; and where a second configuration is not recursive, without what
// lies further down.
Status PushJudge::JudgeReadings(const ScopedEnvironment& item, Case* c, CheckReport* report) {
  Status status = JudgeEnvironment({item.shown, item.shown, item.before}, c, report);
  if (status && item.after.version_locations != item.shown.version_locations) {
    status = JudgeAlso(
        {*item.before, *item.before, item.before},
        Printable(item.after.version_locations.back(), 200) +
            " is still there, and no configuration names it any more: " + NameOf(item.shown) +
            " is also judged as it was configured before; delete it, or name it again",
        c, report);
  }
  if (status && item.shown.also_flat) {
    const auto flat = [](Environment environment) {
      environment.recursive = environment.also_flat = false;
      return environment;
    };
    std::optional<Environment> before;
    if (item.before) before = flat(*item.before);
    status =
        JudgeAlso({flat(item.shown), flat(item.shown), before}, FlatReading(item.shown), c, report);
  }
  for (const std::vector<std::string>& locations : item.shown.also_locations) {
    if (status) status = JudgePartial(item, locations, c, report);
  }
  return status;
}

// Where some locations are not there from another directory, what is there may load all the same,
// and then it has the heads that it has. Where parents are missing nobody runs it there.
Status PushJudge::JudgePartial(const ScopedEnvironment& item,
                               const std::vector<std::string>& locations, Case* c,
                               CheckReport* report) {
  const auto partial = [&](Environment environment) {
    environment.version_locations = locations;
    environment.also_locations.clear();
    environment.also_flat = false;
    return environment;
  };
  const Environment shown = partial(item.shown);
  ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader_.Load(*c->after, shown));
  if (!state->graph.missing_parents().empty() || !state->errors.empty()) return {};
  std::optional<Environment> before;
  if (item.before) before = partial(*item.before);
  std::string why = "run in another directory, Alembic reads " + NameOf(shown) + " only from";
  for (const std::string& location : locations) why += " " + Printable(location, 100);
  return JudgeAlso({shown, shown, before}, std::move(why), c, report);
}

// Only what it refuses is told, and `why` it is read that way.
Status PushJudge::JudgeAlso(const ScopedEnvironment& reading, std::string why, Case* c,
                            CheckReport* report) {
  CheckReport also;
  ONEHEAD_TRY(JudgeEnvironment(reading, c, &also));
  for (EnvironmentReport& environment : also.environments) {
    // What the reading does not see is not gone: the first one has it, or says so.
    std::erase_if(environment.findings,
                  [](const Finding& finding) { return finding.rule == "published-changed"; });
    if (!HasErrors(environment.findings)) continue;
    report->environments.push_back(std::move(environment));
    report->hints.push_back(why);
  }
  return {};
}

}  // namespace onehead
