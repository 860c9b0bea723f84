#include "onehead/core/reparent/publication.h"

#include <algorithm>
#include <utility>

namespace onehead {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kRemotes = "refs/remotes/";

}  // namespace

PublishedNames::PublishedNames(const Settings& settings, BranchFacts facts)
    : settings_(settings), facts_(std::move(facts)) {
  // The longest name first: "a" and "a/b" can both be remotes.
  std::sort(facts_.remotes.begin(), facts_.remotes.end(),
            [](const auto& a, const auto& b) { return a.name.size() > b.name.size(); });
}

BranchRef PublishedNames::Parse(std::string_view ref) const {
  if (ref.starts_with(kBranches)) return {"", std::string(ref.substr(kBranches.size()))};
  if (!ref.starts_with(kRemotes)) return {};
  ref.remove_prefix(kRemotes.size());
  std::size_t slash = ref.find('/');
  for (const BranchFacts::Remote& remote : facts_.remotes) {
    if (!ref.starts_with(remote.name) || ref.substr(remote.name.size(), 1) != "/") continue;
    slash = remote.name.size();
    break;
  }
  if (slash == ref.npos) return {};
  return {std::string(ref.substr(0, slash)), std::string(ref.substr(slash + 1))};
}

bool PublishedNames::IsPublishedBranch(std::string_view branch) const {
  if (branch.empty()) return false;
  if (branch == "main" || branch == "master" || branch == facts_.init_default_branch) return true;
  return settings_.IsPublishedBranch(branch) ||
         std::any_of(facts_.remotes.begin(), facts_.remotes.end(),
                     [&](const auto& remote) { return remote.default_branch == branch; });
}

bool PublishedNames::IsPublished(std::string_view ref) const {
  const BranchRef branch = Parse(ref);
  if (branch.name.empty() || branch.name == "HEAD") return false;
  if (branch.remote.empty() && branch.name == facts_.current) return false;
  return IsPublishedBranch(branch.name);
}

bool IsPinned(const RevisionPlaces& places, MergeOperation operation) {
  if (places.in_ours && places.in_theirs) return true;
  if (places.is_published) return true;
  return operation == MergeOperation::kMergeOfPublished ? places.in_theirs : places.in_ours;
}

}  // namespace onehead
