#include "git/refs.h"

#include <algorithm>

#include "git/error.h"
#include "git/handle.h"
#include "git/libgit2.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr int kMaxSymbolicRefs = 5;  // as Git, refs.c SYMREF_MAXDEPTH
constexpr std::size_t kMaxBranchesInHint = 10;
constexpr std::size_t kMaxRevBytes = 200;

std::string Quoted(const std::string& rev) { return "'" + Printable(rev, kMaxRevBytes) + "'"; }

// Where a ref leads in the end. Null: a symbolic ref to nothing.
Result<std::optional<ContentId>> TargetOf(const git_reference* ref) {
  ReferenceHandle resolved;
  const int code = Acquire(&resolved, git_reference_resolve, ref);
  if (code == GIT_ENOTFOUND) return std::nullopt;
  if (code < 0) return Fail(FromLibgit2(code, "cannot resolve " + Quoted(git_reference_name(ref))));
  return FromOid(*git_reference_target(resolved.get()));
}

bool HeadIsUnborn(git_repository* repository, const std::string& rev) {
  const bool names_head = rev.compare(0, 4, "HEAD") == 0 || rev.compare(0, 1, "@") == 0;
  return names_head && git_repository_head_unborn(repository) == 1;
}

std::string BranchesHint(git_repository* repository) {
  const Result<std::vector<Ref>> refs = ReadRefs(repository);
  constexpr std::string_view kBranches = "refs/heads/";
  std::string names;
  std::size_t count = 0;
  for (const Ref& ref : refs ? *refs : std::vector<Ref>{}) {
    if (ref.name.compare(0, kBranches.size(), kBranches) != 0) continue;
    if (++count > kMaxBranchesInHint) continue;
    names += (names.empty() ? "" : ", ") + Printable(ref.name.substr(kBranches.size()));
  }
  if (count == 0) return "there are no branches yet";
  if (count > kMaxBranchesInHint) {
    names += " and " + std::to_string(count - kMaxBranchesInHint) + " more";
  }
  return "branches: " + names;
}

}  // namespace

Result<std::optional<std::string>> ReadHeadRef(git_repository* repository) {
  std::string name = "HEAD";
  for (int depth = 0; depth < kMaxSymbolicRefs; ++depth) {
    ReferenceHandle ref;
    const int code = Acquire(&ref, git_reference_lookup, repository, name.c_str());
    if (code == GIT_ENOTFOUND && depth > 0) break;
    if (code < 0) return Fail(FromLibgit2(code, "cannot read " + Quoted(name)));
    if (git_reference_type(ref.get()) != GIT_REFERENCE_SYMBOLIC) break;
    name = git_reference_symbolic_target(ref.get());
  }
  if (name == "HEAD") return std::nullopt;
  return name;
}

Result<std::vector<Ref>> ReadRefs(git_repository* repository) {
  ReferenceIteratorHandle iterator;
  int code = Acquire(&iterator, git_reference_iterator_new, repository);
  std::vector<Ref> refs;
  while (code == 0) {
    ReferenceHandle ref;
    code = Acquire(&ref, git_reference_next, iterator.get());
    if (code != 0) break;
    // A symbolic ref to nothing is passed over, as `git for-each-ref` does. So is a file in which
    // no id can be read: libgit2's iterator does not give it.
    const Result<std::optional<ContentId>> target = TargetOf(ref.get());
    if (target && *target) refs.push_back({git_reference_name(ref.get()), **target});
  }
  if (code != GIT_ITEROVER) return Fail(FromLibgit2(code, "cannot list the refs"));
  std::sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return refs;
}

Result<std::optional<ContentId>> ReadRefTarget(git_repository* repository,
                                               const std::string& name) {
  ReferenceHandle ref;
  const int code = Acquire(&ref, git_reference_lookup, repository, name.c_str());
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) return std::nullopt;
  if (code < 0) return Fail(FromLibgit2(code, "cannot read " + Quoted(name)));
  return TargetOf(ref.get());
}

Result<ContentId> ResolveObject(git_repository* repository, const std::string& rev) {
  ObjectHandle object;
  const int code = Acquire(&object, git_revparse_single, repository, rev.c_str());
  if (code == 0) return FromOid(*git_object_id(object.get()));
  if (code == GIT_EAMBIGUOUS) {
    return Fail(ErrorKind::kInvalid, Quoted(rev) + " is ambiguous: several objects begin so");
  }
  if (HeadIsUnborn(repository, rev)) {
    return Fail(ErrorKind::kNotFound, Quoted(rev) + " has no commit yet", BranchesHint(repository));
  }
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC || code == GIT_EUNBORNBRANCH) {
    return Fail(ErrorKind::kNotFound, "unknown revision " + Quoted(rev));
  }
  return Fail(FromLibgit2(code, "cannot resolve " + Quoted(rev)));
}

}  // namespace onehead::git
