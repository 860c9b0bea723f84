#include "git/objects/promisor_store.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

// Git's own variable, as Git reads it.
bool IsForbidden() {
  const char* value = std::getenv("GIT_NO_LAZY_FETCH");
  const std::string text = Lower(value != nullptr ? value : "");
  return !text.empty() && text != "0" && text != "false" && text != "no" && text != "off";
}

class PromisorStore : public ObjectStore {
 public:
  PromisorStore(std::unique_ptr<ObjectStore> here, const GitProgram* git)
      : here_(std::move(here)), git_(git) {}

  Result<ObjectHeader> Header(const ContentId& id) const override { return here_->Header(id); }
  Result<Object> Read(const ContentId& id, std::size_t max_bytes) const override {
    return here_->Read(id, max_bytes);
  }
  // Which leaves to this one what is missing.
  std::unique_ptr<ObjectStore> CloneForThread() const override { return here_->CloneForThread(); }

  bool IsPartial() const override { return !Remotes().empty(); }

  Status FetchMissing(const std::vector<ContentId>& ids) const override {
    if (failure_) return Fail(*failure_);
    std::vector<ContentId> missing = MissingOf(ids);
    std::string remote;
    std::string why;
    for (std::size_t i = 0; i < Remotes().size() && !missing.empty(); ++i) {
      remote = Remotes()[i];
      why = IsForbidden() ? "GIT_NO_LAZY_FETCH forbids it" : Fetch(remote, missing);
      missing = MissingOf(missing);
    }
    if (missing.empty()) return {};
    failure_ = Error{
        ErrorKind::kUnreachable,
        Count(missing.size()) +
            " missing in this partial clone, and cannot be "
            "fetched from '" +
            Printable(remote, 100) + "': " + why,
        "git ls-remote " + Printable(remote, 100) + " shows whether the remote can be reached"};
    return Fail(*failure_);
  }

 private:
  static std::string Count(std::size_t objects) {
    return std::to_string(objects) + (objects == 1 ? " object is" : " objects are");
  }

  std::vector<ContentId> MissingOf(const std::vector<ContentId>& ids) const {
    std::vector<ContentId> missing;
    for (const ContentId& id : ids) {
      const Result<ObjectHeader> header = here_->Header(id);
      if (!header && header.error().kind == ErrorKind::kNotFound) missing.push_back(id);
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    return missing;
  }

  // Those that have promised objects; the one that the repository was cloned from first.
  const std::vector<std::string>& Remotes() const {
    if (remotes_) return *remotes_;
    remotes_.emplace();
    if (const Result<std::string> origin = git_->Ask({"config", "-z", "extensions.partialClone"})) {
      Add(origin->substr(0, origin->find('\0')));
    }
    constexpr std::string_view kBefore = "remote.";
    constexpr std::string_view kAfter = ".promisor";
    const Result<std::string> all =
        git_->Ask({"config", "-z", "--type=bool", "--get-regexp", "^remote\\..*\\.promisor$"});
    for (std::string_view rest = all ? std::string_view(*all) : ""; !rest.empty();) {
      std::string_view value = TakeUntil(&rest, '\0');
      const std::string_view key = TakeUntil(&value, '\n');
      if (value != "true" || key.size() <= kBefore.size() + kAfter.size()) continue;
      Add(std::string(key.substr(kBefore.size(), key.size() - kBefore.size() - kAfter.size())));
    }
    return *remotes_;
  }

  void Add(std::string remote) const {
    if (remote.empty() || std::count(remotes_->begin(), remotes_->end(), remote) != 0) return;
    remotes_->push_back(std::move(remote));
  }

  // As Git's own promisor-remote.c does. Of trees it brings all that is below them, and no file.
  // What Git says when they do not come.
  std::string Fetch(const std::string& remote, const std::vector<ContentId>& ids) const {
    std::string lines;
    for (const ContentId& id : ids) lines += id.Hex() + "\n";
    const Result<ProcessResult> result = git_->RunWithNetwork(
        {"-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags",
         "--no-write-fetch-head", "--recurse-submodules=no", "--no-auto-maintenance",
         "--filter=blob:none", "--stdin", "--", remote},
        std::move(lines));
    if (!result) return result.error().message;
    const std::string_view said = Trim(result->err);
    return said.empty() ? "they are not there" : Printable(said.substr(0, said.find('\n')), 300);
  }

  std::unique_ptr<ObjectStore> here_;
  const GitProgram* git_;
  mutable std::optional<std::vector<std::string>> remotes_;
  mutable std::optional<Error> failure_;  // nobody waits for the same remote again
};

}  // namespace

std::unique_ptr<ObjectStore> MakePromisorStore(std::unique_ptr<ObjectStore> here,
                                               const GitProgram* git) {
  return std::make_unique<PromisorStore>(std::move(here), git);
}

}  // namespace onehead::git
