#include "onehead/git/repository/remote_view.h"

#include <algorithm>

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::string_view kRemotes = "refs/remotes/";
constexpr std::string_view kHeads = "refs/heads/";

// The branch that refs/remotes/REMOTE/HEAD names. "" when it is not there (git remote add).
std::string RemoteHead(const Repository& clone, const std::string& prefix) {
  const std::string name = prefix + "HEAD";
  const Result<std::string> head = clone.WrittenRef(name);
  if (!head || *head == name || !head->starts_with(prefix)) return "";
  return head->substr(prefix.size());
}

}  // namespace

Result<std::vector<RefUpdate>> ParsePrePushInput(std::string_view input) {
  std::string lines;
  int number = 0;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const auto fields = Split(input.substr(0, end), ' ');
    input.remove_prefix(std::min(end + 1, input.size()));
    ++number;
    if (fields.size() < 4) {
      return Fail(ErrorKind::kInvalid,
                  "line " + std::to_string(number) +
                      " is not '<local ref> <local id> <remote ref> <remote id>'");
    }
    const auto last = fields.end();
    lines +=
        std::string(last[-1]) + " " + std::string(last[-3]) + " " + std::string(last[-2]) + "\n";
  }
  return ParseHookInput(lines);
}

Result<std::unique_ptr<RemoteView>> RemoteView::Make(const Repository& clone,
                                                     const std::string& remote) {
  std::unique_ptr<RemoteView> view(new RemoteView(clone));
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<Ref> refs, clone.Refs());
  const std::string prefix = std::string(kRemotes) + remote + "/";
  std::vector<ContentId> elsewhere;
  for (const Ref& ref : refs) {
    if (ref.name.starts_with(prefix)) {
      const std::string branch = ref.name.substr(prefix.size());
      if (branch != "HEAD") view->branches_.emplace(std::string(kHeads) + branch, ref.target);
    } else if (ref.name.starts_with(kRemotes)) {
      elsewhere.push_back(ref.target);
    }
  }
  if (view->branches_.empty()) view->known_ = std::move(elsewhere);
  if (const std::string head = RemoteHead(clone, prefix); !head.empty()) {
    view->head_ = std::string(kHeads) + head;
  }
  return view;
}

std::vector<RefUpdate> RemoteView::WithKnownOldIds(std::vector<RefUpdate> updates) {
  for (RefUpdate& update : updates) {
    if (update.old_id.IsZero()) {
      branches_.erase(update.ref);  // the tracking ref is out of date: the remote has it no more
      continue;
    }
    const auto tracked = branches_.find(update.ref);
    if (objects().Header(update.old_id)) {
      if (tracked != branches_.end()) known_.push_back(tracked->second);
      if (update.ref.starts_with(kHeads)) branches_[update.ref] = update.old_id;
      known_.push_back(update.old_id);
    } else {
      update.old_id =
          tracked != branches_.end() ? tracked->second : *ContentId::FromHex(std::string(40, '0'));
    }
  }
  return updates;
}

Result<std::vector<Ref>> RemoteView::Refs() const {
  std::vector<Ref> refs;
  for (const auto& [name, target] : branches_) refs.push_back({name, target});
  return refs;
}

Result<std::optional<ContentId>> RemoteView::RefTarget(const std::string& name) const {
  const auto found = branches_.find(name);
  if (found == branches_.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<ContentId>> RemoteView::KnownBoundary(const ContentId& tip) const {
  std::vector<ContentId> known;
  const auto add = [&](const ContentId& id) {
    const Result<std::optional<ContentId>> commit = PeelToCommit(id);
    if (commit && *commit) known.push_back(**commit);
  };
  for (const auto& [name, target] : branches_) add(target);
  for (const ContentId& id : known_) add(id);
  return CommitWalk(objects(), deadline_).KnownBoundary(tip, known);
}

}  // namespace onehead::git
