#include "commands/rebase_upstream.h"

#include <utility>

#include "commands/work_git.h"

namespace onehead {
namespace {

constexpr std::string_view kBranches = "refs/heads/";

// "main" for refs/heads/main; empty when HEAD is detached.
Result<std::string> CurrentBranch(const git::Repository& repository) {
  Result<std::optional<std::string>> head = repository.HeadRef();
  if (!head) return Fail(std::move(head.error()));
  if (!*head || (*head)->compare(0, kBranches.size(), kBranches) != 0) return std::string();
  return (*head)->substr(kBranches.size());
}

Result<std::string> RemoteOf(const git::Repository& repository) {
  Result<std::string> branch = CurrentBranch(repository);
  if (!branch) return branch;
  if (!branch->empty()) {
    Result<std::optional<std::string>> remote =
        repository.ConfigValue("branch." + *branch + ".remote");
    if (!remote) return Fail(std::move(remote.error()));
    if (*remote && **remote != "." && !(*remote)->empty()) return **remote;
  }
  return std::string("origin");
}

// "origin/main" for what refs/remotes/origin/HEAD leads to; empty: it leads nowhere.
Result<std::string> RemoteHead(const git::Repository& repository, const std::string& remote) {
  Result<git::ProcessResult> result =
      WorkGit(repository).Try({"symbolic-ref", "-q", "refs/remotes/" + remote + "/HEAD"});
  if (!result) return Fail(std::move(result.error()));
  constexpr std::string_view kRemotes = "refs/remotes/";
  std::string name = std::move(result->out);
  while (!name.empty() && name.back() == '\n') name.pop_back();
  if (name.compare(0, kRemotes.size(), kRemotes) != 0) return std::string();
  return name.substr(kRemotes.size());
}

}  // namespace

Result<std::optional<Upstream>> DefaultUpstream(const git::Repository& repository,
                                                const Settings& settings) {
  if (!settings.upstream.empty()) {
    Result<ContentId> commit = repository.ResolveCommit(settings.upstream);
    if (commit) return Upstream{settings.upstream, *commit};
    commit.error().hint = "onehead.upstream names it: see git config onehead.upstream";
    return Fail(std::move(commit.error()));
  }
  Result<std::string> remote = RemoteOf(repository);
  if (!remote) return Fail(std::move(remote.error()));
  Result<std::string> head = RemoteHead(repository, *remote);
  if (!head) return Fail(std::move(head.error()));
  for (const std::string& name : {*head, *remote + "/main", *remote + "/master"}) {
    if (name.empty()) continue;
    Result<std::optional<ContentId>> target = repository.RefTarget("refs/remotes/" + name);
    if (!target) return Fail(std::move(target.error()));
    if (*target) return Upstream{name, **target};
  }
  return std::nullopt;
}

Result<Upstream> FindUpstream(const git::Repository& repository, const Settings& settings,
                              const std::string& given) {
  if (!given.empty()) {
    Result<ContentId> commit = repository.ResolveCommit(given);
    if (!commit) return Fail(std::move(commit.error()));
    return Upstream{given, *commit};
  }
  Result<std::optional<Upstream>> found = DefaultUpstream(repository, settings);
  if (!found) return Fail(std::move(found.error()));
  if (*found) return std::move(**found);
  return Fail(ErrorKind::kNotFound, "no upstream is known: there is no remote default branch here",
              "name it: onehead rebase main, or for good: git config onehead.upstream main");
}

Result<std::optional<Upstream>> BranchUpstream(const git::Repository& repository) {
  Result<std::string> branch = CurrentBranch(repository);
  if (!branch) return Fail(std::move(branch.error()));
  if (branch->empty()) return std::nullopt;
  Result<git::ProcessResult> name =
      WorkGit(repository)
          .Try({"rev-parse", "--verify", "-q", "--symbolic-full-name", *branch + "@{upstream}"});
  if (!name) return Fail(std::move(name.error()));
  while (!name->out.empty() && name->out.back() == '\n') name->out.pop_back();
  if (name->status != 0 || name->out.empty()) return std::nullopt;
  Result<std::optional<ContentId>> target = repository.RefTarget(name->out);
  if (!target) return Fail(std::move(target.error()));
  if (!*target) return std::nullopt;
  for (const std::string_view prefix : {std::string_view("refs/remotes/"), kBranches}) {
    if (name->out.compare(0, prefix.size(), prefix) == 0) name->out.erase(0, prefix.size());
  }
  return Upstream{name->out, **target};
}

}  // namespace onehead
