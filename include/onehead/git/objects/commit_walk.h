// Questions about the commit graph, asked of an ObjectStore only, so that every reader answers
// them alike.
//
// A commit that is not there (the boundary of a shallow or partial clone) counts as one without
// parents; where a start itself is missing, it is an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/objects/object_store.h"
#include "onehead/git/support/deadline.h"

namespace onehead::git {

class CommitWalk {
 public:
  static constexpr std::size_t kDefaultKnownSlack = 20'000;
  // Borrows both. `known_slack`: see KnownBoundary.
  CommitWalk(const ObjectStore& objects, const Deadline& deadline,
             std::size_t known_slack = kDefaultKnownSlack)
      : objects_(objects), deadline_(deadline), known_slack_(known_slack) {}

  // The best common ancestor; of several, the youngest, then the smallest id. Null: none. Exact,
  // whatever dates the commits claim.
  [[nodiscard]] Result<std::optional<ContentId>> MergeBase(const ContentId& a, const ContentId& b);
  // True if `ancestor` is an ancestor of `descendant`, or the same. Exact.
  [[nodiscard]] Result<bool> IsAncestor(const ContentId& ancestor, const ContentId& descendant);

  // See Repository::KnownBoundary; `known` are the commits that refs name. Commits are looked at
  // from young to old. When all of the new history seems to be found, up to `known_slack` more are
  // looked at, in case one with a wrong date (a pusher chooses it) leads back into it: so the
  // answer is exact for repositories of that size, and beyond it no less than Git's own
  // `rev-list TIP --not KNOWN`.
  [[nodiscard]] Result<std::vector<ContentId>> KnownBoundary(const ContentId& tip,
                                                             const std::vector<ContentId>& known);

  // The commits that `tip` has and none of `known` has, parents before children, of unrelated ones
  // the older first. Dates count as in KnownBoundary.
  [[nodiscard]] Result<std::vector<ContentId>> NewCommits(const ContentId& tip,
                                                          const std::vector<ContentId>& known);

 private:
  struct Node {
    ContentId id;
    std::vector<ContentId> parents;
    std::int64_t date = 0;  // seconds since the epoch, as the committer line claims
    bool missing = false;
  };
  class Painting;

  Result<const Node*> Load(const ContentId& id);
  Result<const Node*> LoadStart(const ContentId& id);
  Status SpreadToParents(const Node& node, std::uint8_t marks, Painting* painting);
  Result<std::vector<const Node*>> PaintCommon(const Node* a, const Node* b, Painting* painting);
  Result<std::vector<const Node*>> WithoutAncestors(const std::vector<const Node*>& nodes);
  Status PaintKnown(const Node* tip, const std::vector<ContentId>& known, Painting* painting);

  const ObjectStore& objects_;
  const Deadline& deadline_;
  std::size_t known_slack_;
  std::unordered_map<ContentId, Node, ContentIdHash> nodes_;  // their addresses are stable
};

}  // namespace onehead::git
