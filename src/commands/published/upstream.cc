#include "commands/published/upstream.h"

#include <fstream>
#include <set>
#include <utility>

#include "commands/app/work_git.h"
#include "commands/published/published.h"

namespace onehead {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kRemotes = "refs/remotes/";

// Empty: there is no such file.
std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string WithoutFinalNewline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// The remote that the current branch follows, else origin, else the only one.
Result<std::string> RemoteOf(const git::Repository& repository, const PublishedRefs& published) {
  const std::string& branch = published.names().facts().current;
  if (!branch.empty()) {
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> remote,
                             repository.ConfigValue("branch." + branch + ".remote"));
    if (remote && *remote != "." && !remote->empty()) return *remote;
  }
  std::set<std::string> remotes;
  for (const auto& known : published.remote_branches()) remotes.insert(known.branch.remote);
  return remotes.size() == 1 ? *remotes.begin() : std::string("origin");
}

// Its HEAD is there after a clone, not after `git remote add`.
std::optional<Upstream> DefaultBranchOf(const std::string& remote, const PublishedRefs& published) {
  std::vector<std::string> names;
  for (const BranchFacts::Remote& known : published.names().facts().remotes) {
    if (known.name == remote) names.push_back(known.default_branch);
  }
  for (const std::string& name : {published.names().facts().init_default_branch,
                                  std::string("main"), std::string("master")}) {
    names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto* found = name.empty() ? nullptr : published.RemoteNamed(remote + "/" + name);
    if (found != nullptr) return Upstream{remote + "/" + name, found->commit};
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> CurrentBranch(const git::Repository& repository) {
  Result<std::optional<std::string>> head = repository.HeadRef();
  if (!head) return Fail(std::move(head.error()));
  std::string ref = head->value_or("");
  for (const char* rebase : {"/rebase-merge", "/rebase-apply"}) {
    if (ref.empty()) ref = FirstLine(repository.GitDir() + rebase + "/head-name");
  }
  return ref.starts_with(kBranches) ? ref.substr(kBranches.size()) : std::string();
}

std::optional<Upstream> RebaseOnto(const git::Repository& repository) {
  for (const char* rebase : {"/rebase-merge", "/rebase-apply"}) {
    const std::string onto = FirstLine(repository.GitDir() + rebase + "/onto");
    const std::optional<ContentId> id = ContentId::FromHex(onto);
    if (id) return Upstream{onto.substr(0, 12), *id};
  }
  return std::nullopt;
}

std::optional<ContentId> MergeHead(const git::Repository& repository) {
  return ContentId::FromHex(FirstLine(repository.GitDir() + "/MERGE_HEAD"));
}

Result<Upstream> NamedUpstream(const git::Repository& repository, const Settings& settings) {
  Result<ContentId> commit = repository.ResolveCommit(settings.upstream);
  if (commit) return Upstream{settings.upstream, *commit};
  commit.error().message = "onehead.upstream: " + commit.error().message;
  commit.error().hint =
      "git config onehead.upstream origin/main sets it, git config --unset "
      "onehead.upstream removes it";
  return Fail(std::move(commit.error()));
}

Result<std::optional<Upstream>> BranchUpstream(const git::Repository& repository) {
  ONEHEAD_ASSIGN_OR_RETURN(std::string branch, CurrentBranch(repository));
  if (branch.empty()) return std::nullopt;
  ONEHEAD_ASSIGN_OR_RETURN(
      git::ProcessResult name,
      WorkGit(repository)
          .Try({"rev-parse", "--verify", "-q", "--symbolic-full-name", branch + "@{upstream}"}));
  std::string ref = WithoutFinalNewline(std::move(name.out));
  if (name.status != 0 || ref.empty()) return std::nullopt;
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> target, repository.RefTarget(ref));
  if (!target) return std::nullopt;
  for (const std::string_view prefix : {kRemotes, kBranches}) {
    if (ref.starts_with(prefix)) ref.erase(0, prefix.size());
  }
  return Upstream{ref, *target};
}

Result<std::optional<Upstream>> DefaultUpstream(const git::Repository& repository,
                                                const Settings& settings,
                                                const PublishedRefs& published) {
  if (std::optional<Upstream> onto = RebaseOnto(repository)) return onto;
  if (!settings.upstream.empty()) {
    ONEHEAD_ASSIGN_OR_RETURN(Upstream named, NamedUpstream(repository, settings));
    return named;
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::string remote, RemoteOf(repository, published));
  if (std::optional<Upstream> found = DefaultBranchOf(remote, published)) return found;
  const BranchFacts& facts = published.names().facts();
  for (const std::string& name :
       {facts.init_default_branch, std::string("main"), std::string("master")}) {
    if (name.empty() || name == facts.current) continue;
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> target,
                             repository.RefTarget(std::string(kBranches) + name));
    if (target) return Upstream{name, *target};
  }
  return std::nullopt;
}

Result<Upstream> FindUpstream(const git::Repository& repository, const Settings& settings,
                              const PublishedRefs& published, const std::string& given) {
  if (!given.empty()) {
    ONEHEAD_ASSIGN_OR_RETURN(ContentId commit, repository.ResolveCommit(given));
    return Upstream{given, commit};
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<Upstream> found,
                           DefaultUpstream(repository, settings, published));
  if (found) return std::move(*found);
  return Fail(ErrorKind::kNotFound,
              "no upstream is known: there is no remote's default branch and no main branch here",
              "name the branch to follow, or set onehead.upstream to it");
}

}  // namespace onehead
