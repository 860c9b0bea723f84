#include "onehead/core/policy/change.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::string_view kHeads = "multiple-heads";
constexpr std::string_view kMissingParent = "missing-parent";
constexpr std::string_view kPublished = "published-changed";
constexpr std::string_view kDoubtful = "doubtful-migration";

std::vector<StatePtr> BaselinesOf(const Comparison& comparison) {
  std::vector<StatePtr> baselines = comparison.others;
  if (comparison.before) baselines.push_back(comparison.before);
  return baselines;
}

// Findings of a state by its own content, with nothing to compare.
std::vector<Finding> FindingsOf(const EnvironmentState& state, const Settings& settings,
                                const UnsharedFiles* unshared = nullptr) {
  HeadAllowance allowance;
  allowance.per_group = static_cast<int>(settings.max_heads);
  return RunRules(
      {.state = state, .settings = settings, .allowance = allowance, .unshared = unshared});
}

class ChangeJudge {
 public:
  ChangeJudge(const Comparison& comparison, const Settings& settings)
      : comparison_(comparison), settings_(settings), baselines_(BaselinesOf(comparison)) {}

  std::vector<Finding> Run() {
    const HeadAllowance allowance = AllowanceOf(comparison_, settings_);
    std::vector<Finding> found = RunRules({.state = *comparison_.after,
                                           .settings = settings_,
                                           .allowance = allowance,
                                           .before = comparison_.before.get(),
                                           .published = comparison_.published.get(),
                                           .published_tips = &comparison_.published_tips,
                                           .purpose = RulePurpose::kChange});
    for (Finding& finding : found) Keep(std::move(finding));
    for (Finding& finding : kept_) NameLastPlace(&finding);
    AddOldHeads(allowance);
    SortFindings(&kept_);
    return std::move(kept_);
  }

 private:
  void Keep(Finding finding) {
    if (finding.level == Level::kNote) return;
    if (finding.rule == kPublished) {
      if (settings_.published == Settings::Response::kIgnore) return;
      const bool reject = settings_.published == Settings::Response::kReject;
      finding.level = reject ? Level::kError : Level::kWarning;
    } else if (finding.rule != kHeads && IsOld(finding)) {
      return;
    }
    kept_.push_back(std::move(finding));
  }

  bool IsOld(const Finding& finding) {
    if (!old_) {
      old_.emplace();
      for (const StatePtr& state : baselines_) {
        for (Finding& old : FindingsOf(*state, settings_)) {
          old_->Add(old);
          if (old.rule != kDoubtful) continue;
          old.names.clear();  // where it is not known whether the text is the same (work tree)
          old_->Add(old);
        }
      }
    }
    return old_->Contains(finding);
  }

  // Where the file is that declares a missing parent, as far as is known.
  void NameLastPlace(Finding* finding) const {
    if (finding->rule != kMissingParent) return;
    const auto place = [&](const StatePtr& state) {
      const Node* node = state ? state->graph.Find(finding->names) : nullptr;
      return node == nullptr ? std::string() : Printable(node->migration->path, 200);
    };
    if (const std::string path = place(comparison_.before); !path.empty()) {
      finding->fix = "restore " + path + ", which declared it before this";
      return;
    }
    std::vector<StatePtr> elsewhere = comparison_.others;
    elsewhere.push_back(comparison_.target);
    elsewhere.insert(elsewhere.end(), comparison_.published_tips.begin(),
                     comparison_.published_tips.end());
    for (const StatePtr& state : elsewhere) {
      const std::string path = place(state);
      if (path.empty()) continue;
      finding->fix = "bring " + path + " along, which declares it on another branch";
      return;
    }
  }

  // More heads than onehead.maxHeads, and all of them were there: said, never blamed.
  void AddOldHeads(const HeadAllowance& allowance) {
    for (Finding& finding : FindingsOf(*comparison_.after, settings_)) {
      if (finding.rule != kHeads) continue;
      const Graph* const before = comparison_.before ? &comparison_.before->graph : nullptr;
      const HeadCounts counts = CountHeads(comparison_.after->graph, settings_, before);
      const auto group = counts.find(finding.names);
      if (group == counts.end() || group->second > allowance.For(group->first)) continue;
      finding.level = Level::kWarning;
      finding.message += "; not blamed on this push";
      kept_.push_back(std::move(finding));
    }
  }

  const Comparison& comparison_;
  const Settings& settings_;
  std::vector<StatePtr> baselines_;
  std::optional<FindingSet> old_;  // of all baselines, once it is asked for
  std::vector<Finding> kept_;
};

}  // namespace

HeadAllowance AllowanceOf(const Comparison& comparison, const Settings& settings) {
  HeadAllowance allowance;
  allowance.per_group = static_cast<int>(settings.max_heads);
  for (const StatePtr& state : BaselinesOf(comparison)) {
    allowance.Include(CountHeads(state->graph, settings));
  }
  return allowance;
}

std::vector<Finding> JudgeChange(const Comparison& comparison, const Settings& settings) {
  return ChangeJudge(comparison, settings).Run();
}

std::vector<Finding> JudgeState(const EnvironmentState& state, const Settings& settings,
                                const UnsharedFiles* unshared) {
  return FindingsOf(state, settings, unshared);
}

}  // namespace onehead
