// A clone seen as if it were the remote that is pushed to, as far as the clone knows: what a
// pre-push hook needs to judge as the server will.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onehead/git/objects/commit_walk.h"
#include "onehead/git/repository/hook_input.h"
#include "onehead/git/repository/repository.h"
#include "onehead/git/support/deadline.h"

namespace onehead::git {

// Lines "<local ref> <local id> <remote ref> <remote id>\n" (githooks, pre-push); the local ref may
// have blanks in it. kInvalid: the message names the line's number.
[[nodiscard]] Result<std::vector<RefUpdate>> ParsePrePushInput(std::string_view input);

// Refs are those of the remote: refs/heads/X is refs/remotes/REMOTE/X here, HEAD what
// refs/remotes/REMOTE/HEAD names. Everything else is the clone's. Borrows the clone.
class RemoteView final : public Repository {
 public:
  // `remote`: a name, or the URL where the remote has none: then the refs of all remotes count as
  // known, and there is no default branch.
  [[nodiscard]] static Result<std::unique_ptr<RemoteView>> Make(const Repository& clone,
                                                                const std::string& remote);

  // With the old ids as far as their objects are here, else as the tracking refs have them. They
  // are known to be on the remote from then on.
  std::vector<RefUpdate> WithKnownOldIds(std::vector<RefUpdate> updates);

  bool IsBare() const override { return clone_.IsBare(); }
  std::string GitDir() const override { return clone_.GitDir(); }
  std::string CommonDir() const override { return clone_.CommonDir(); }
  std::string WorkDir() const override { return clone_.WorkDir(); }
  std::string Prefix() const override { return clone_.Prefix(); }
  Result<std::vector<ConfigEntry>> OneheadConfig() const override { return clone_.OneheadConfig(); }
  Result<std::optional<std::string>> ConfigValue(const std::string& key) const override {
    return clone_.ConfigValue(key);
  }
  const ObjectStore& objects() const override { return clone_.objects(); }
  void SetTimeout(std::chrono::milliseconds timeout) override { deadline_.Set(timeout); }
  Result<ContentId> ResolveCommit(const std::string& rev) const override {
    return clone_.ResolveCommit(rev);
  }
  Result<std::optional<ContentId>> PeelToCommit(const ContentId& id) const override {
    return clone_.PeelToCommit(id);
  }
  Result<CommitInfo> Commit(const ContentId& commit) const override {
    return clone_.Commit(commit);
  }
  Result<std::optional<std::string>> HeadRef() const override { return head_; }
  Result<std::string> WrittenRef(const std::string& name) const override { return name; }
  Result<std::vector<Ref>> Refs() const override;
  Result<std::optional<ContentId>> RefTarget(const std::string& name) const override;
  Result<std::optional<ContentId>> MergeBase(const ContentId& a,
                                             const ContentId& b) const override {
    return clone_.MergeBase(a, b);
  }
  Result<std::vector<ContentId>> KnownBoundary(const ContentId& tip) const override;
  Result<std::vector<ContentId>> NewCommits(const ContentId& tip,
                                            const std::vector<ContentId>& known) const override {
    return clone_.NewCommits(tip, known);
  }
  Result<bool> IsAncestor(const ContentId& ancestor, const ContentId& descendant) const override {
    return clone_.IsAncestor(ancestor, descendant);
  }
  Result<std::unique_ptr<SourceTree>> CommitTree(const ContentId& commit) const override {
    return clone_.CommitTree(commit);
  }
  Result<std::unique_ptr<SourceTree>> IndexTree() const override { return clone_.IndexTree(); }
  Result<std::unique_ptr<WorkTreeFiles>> WorkTree() const override { return clone_.WorkTree(); }

 private:
  explicit RemoteView(const Repository& clone) : clone_(clone) {}

  const Repository& clone_;
  std::optional<std::string> head_;            // full name, as on the remote
  std::map<std::string, ContentId> branches_;  // refs/heads/X of the remote
  std::vector<ContentId> known_;               // further objects that the remote has
  Deadline deadline_;
};

}  // namespace onehead::git
