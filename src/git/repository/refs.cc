#include "git/repository/refs.h"

#include <algorithm>
#include <map>
#include <utility>

#include "git/repository/ref_files.h"
#include "git/support/error.h"
#include "git/support/handle.h"
#include "git/support/libgit2.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr int kMaxSymbolicRefs = 5;  // as Git, refs.c SYMREF_MAXDEPTH
constexpr std::size_t kMaxBranchesInHint = 10;
constexpr std::size_t kMaxRevBytes = 200;

std::string Quoted(const std::string& rev) { return "'" + Printable(rev, kMaxRevBytes) + "'"; }

tl::unexpected<Error> Ambiguous(const std::string& rev) {
  return Fail(ErrorKind::kInvalid, Quoted(rev) + " is ambiguous: several objects begin so");
}

bool HeadIsUnborn(const RefReader& refs, const std::string& rev) {
  if (rev.compare(0, 4, "HEAD") != 0 && rev.compare(0, 1, "@") != 0) return false;
  const Result<std::optional<std::string>> head = refs.HeadRef();
  if (!head || !*head) return false;
  const Result<std::optional<ContentId>> target = refs.Target(**head);
  return target && !*target;
}

std::string BranchesHint(const RefReader& reader) {
  const Result<std::vector<Ref>> refs = reader.Refs();
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

class Libgit2Refs : public RefReader {
 public:
  explicit Libgit2Refs(Opened* opened) : opened_(opened) {}
  Result<std::string> WrittenRef(const std::string& name) const override;
  Result<std::vector<Ref>> Refs() const override;
  Result<std::optional<ContentId>> Target(const std::string& name) const override;

 private:
  Result<ContentId> Parse(const std::string& rev) const override;
  // A linked work tree has refs of its own beside the common ones: libgit2 has to say.
  StoredRef InFiles(const std::string& name) const {
    return opened_->git_dir == opened_->common_dir ? ReadRefFile(opened_->git_dir, name)
                                                   : StoredRef();
  }

  Opened* opened_;
};

// Where a ref leads in the end. Null: a symbolic ref to nothing.
Result<std::optional<ContentId>> TargetOf(const git_reference* ref) {
  ReferenceHandle here;
  // libgit2 lists a packed ref that a symbolic one hides, when it cannot list all files; then the
  // first step leads to that one only.
  for (int depth = 0; depth < kMaxSymbolicRefs; ++depth) {
    ReferenceHandle next;
    const int code = Acquire(&next, git_reference_resolve, here ? here.get() : ref);
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code < 0) {
      return Fail(FromLibgit2(code, "cannot resolve " + Quoted(git_reference_name(ref))));
    }
    here = std::move(next);
    if (const git_oid* target = git_reference_target(here.get())) return FromOid(*target);
  }
  return Fail(ErrorKind::kIo, "cannot resolve " + Quoted(git_reference_name(ref)));
}

// Where a symbolic ref leads next; `name`: it is none.
Result<std::string> NextByLibgit2(Opened* opened, const std::string& name) {
  ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(opened));
  ReferenceHandle ref;
  const int code = Acquire(&ref, git_reference_lookup, repository, name.c_str());
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) return name;
  if (code < 0) return Fail(FromLibgit2(code, "cannot read " + Quoted(name)));
  if (git_reference_type(ref.get()) != GIT_REFERENCE_SYMBOLIC) return name;
  return std::string(git_reference_symbolic_target(ref.get()));
}

Result<std::string> Libgit2Refs::WrittenRef(const std::string& name) const {
  std::string here = name;
  for (int depth = 0; depth < kMaxSymbolicRefs; ++depth) {
    StoredRef stored = InFiles(here);
    if (stored.kind == StoredRef::Kind::kNone || stored.kind == StoredRef::Kind::kId) break;
    if (stored.kind == StoredRef::Kind::kUnclear) {
      Result<std::string> next = NextByLibgit2(opened_, here);
      if (!next) return next;
      if (*next == here) break;
      stored.target = std::move(*next);
    }
    here = std::move(stored.target);
  }
  return here;
}

Result<std::vector<Ref>> Libgit2Refs::Refs() const {
  ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(opened_));
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

Result<std::optional<ContentId>> Libgit2Refs::Target(const std::string& name) const {
  StoredRef stored = InFiles(name);
  std::string here = name;
  for (int depth = 1; depth < kMaxSymbolicRefs && stored.kind == StoredRef::Kind::kSymbolic;
       ++depth) {
    here = std::move(stored.target);
    stored = InFiles(here);
  }
  if (stored.kind == StoredRef::Kind::kNone) stored = FindPackedRef(opened_->common_dir, here);
  if (stored.kind == StoredRef::Kind::kId) return stored.id;
  if (stored.kind == StoredRef::Kind::kNone) return std::nullopt;
  ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(opened_));
  ReferenceHandle ref;
  const int code = Acquire(&ref, git_reference_lookup, repository, name.c_str());
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) return std::nullopt;
  if (code < 0) return Fail(FromLibgit2(code, "cannot read " + Quoted(name)));
  return TargetOf(ref.get());
}

Result<ContentId> Libgit2Refs::Parse(const std::string& rev) const {
  ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(opened_));
  ObjectHandle object;
  const int code = Acquire(&object, git_revparse_single, repository, rev.c_str());
  if (code == 0) return FromOid(*git_object_id(object.get()));
  if (code == GIT_EAMBIGUOUS) return Ambiguous(rev);
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC || code == GIT_EUNBORNBRANCH) {
    return Fail(ErrorKind::kNotFound, "unknown revision " + Quoted(rev));
  }
  return Fail(FromLibgit2(code, "cannot resolve " + Quoted(rev)));
}

class ProgramRefs : public RefReader {
 public:
  explicit ProgramRefs(const GitProgram* git) : git_(git) {}

  Result<std::string> WrittenRef(const std::string& name) const override {
    if (BaseName(name) != "HEAD") return WrittenRefOf(name);
    // It may lead to what does not exist yet, which is no ref of the list.
    ONEHEAD_ASSIGN_OR_RETURN(const ProcessResult result, git_->Run({"symbolic-ref", "-q", name}));
    if (result.status == 0) return std::string(Trim(result.out));
    if (result.status == 1) return name;
    return Fail(ErrorKind::kIo, "cannot read " + Quoted(name));
  }

  Result<std::vector<Ref>> Refs() const override { return List({}); }

  Result<std::optional<ContentId>> Target(const std::string& name) const override {
    const Result<std::vector<Ref>> refs = List({"--", name});  // and what lies below it
    if (!refs) return Fail(refs.error());
    for (const Ref& ref : *refs) {
      if (ref.name == name) return ref.target;
    }
    return std::nullopt;
  }

 private:
  Result<std::vector<Ref>> List(const std::vector<std::string>& patterns) const;
  Result<std::string> WrittenRefOf(const std::string& name) const;
  Result<ContentId> Parse(const std::string& rev) const override;
  const GitProgram* git_;
  mutable std::optional<std::map<std::string, std::string>> symbolic_;  // where each of them leads
};

// A push has many names, and a process for each would take its time.
Result<std::string> ProgramRefs::WrittenRefOf(const std::string& name) const {
  if (!symbolic_) {
    ONEHEAD_ASSIGN_OR_RETURN(const std::string text,
                             git_->Ask({"for-each-ref", "--format=%(symref) %(refname)"}));
    symbolic_.emplace();
    for (std::string_view rest = text; !rest.empty();) {
      std::string target(TakeUntil(&rest, ' '));
      const std::string_view ref = TakeUntil(&rest, '\n');
      if (!target.empty()) symbolic_->emplace(ref, std::move(target));
    }
  }
  std::string here = name;
  for (int depth = 0; depth < kMaxSymbolicRefs; ++depth) {
    const auto next = symbolic_->find(here);
    if (next == symbolic_->end()) break;
    here = next->second;
  }
  return here;
}

Result<std::vector<Ref>> ProgramRefs::List(const std::vector<std::string>& patterns) const {
  std::vector<std::string> args = {"for-each-ref", "--format=%(objectname) %(refname)"};
  args.insert(args.end(), patterns.begin(), patterns.end());
  ONEHEAD_ASSIGN_OR_RETURN(const std::string text, git_->Ask(args));
  std::vector<Ref> refs;
  for (std::string_view rest = text; !rest.empty();) {
    const std::optional<ContentId> id = ContentId::FromHex(TakeUntil(&rest, ' '));
    const std::string_view name = TakeUntil(&rest, '\n');
    if (!id) return Fail(ErrorKind::kIo, "cannot list the refs");
    refs.push_back({std::string(name), *id});
  }
  std::sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return refs;
}

Result<ContentId> ProgramRefs::Parse(const std::string& rev) const {
  ONEHEAD_ASSIGN_OR_RETURN(const ProcessResult result,
                           git_->Run({"rev-parse", "--verify", "--end-of-options", rev}));
  const std::optional<ContentId> id = ContentId::FromHex(Trim(result.out));
  if (result.status == 0 && id) return *id;
  if (result.err.find("is ambiguous") != result.err.npos) return Ambiguous(rev);
  return Fail(ErrorKind::kNotFound, "unknown revision " + Quoted(rev));
}

}  // namespace

class NamespacedRefs : public RefReader {
 public:
  NamespacedRefs(std::unique_ptr<RefReader> all, std::string_view name) : all_(std::move(all)) {
    for (const std::string_view part : Split(name, '/')) {
      if (!part.empty()) prefix_ += "refs/namespaces/" + std::string(part) + "/";
    }
  }

  Result<std::string> WrittenRef(const std::string& name) const override {
    Result<std::string> written = all_->WrittenRef(prefix_ + name);
    return written ? Seen(std::move(*written)) : written;
  }
  Result<std::vector<Ref>> Refs() const override {
    Result<std::vector<Ref>> refs = all_->Refs();
    if (!refs) return refs;
    std::erase_if(*refs, [&](const Ref& ref) { return ref.name.rfind(prefix_, 0) != 0; });
    for (Ref& ref : *refs) ref.name = Seen(std::move(ref.name));
    return refs;
  }
  Result<std::optional<ContentId>> Target(const std::string& name) const override {
    return all_->Target(prefix_ + name);
  }

 private:
  Result<ContentId> Parse(const std::string& rev) const override { return all_->Parse(rev); }
  std::string Seen(std::string name) const {
    return name.rfind(prefix_, 0) == 0 ? name.substr(prefix_.size()) : name;
  }

  std::unique_ptr<RefReader> all_;
  std::string prefix_;  // "refs/namespaces/team/refs/namespaces/one/"
};

Result<std::optional<std::string>> RefReader::HeadRef() const {
  ONEHEAD_ASSIGN_OR_RETURN(std::string written, WrittenRef("HEAD"));
  if (written == "HEAD") return std::nullopt;
  return written;
}

Result<ContentId> RefReader::ResolveObject(const std::string& rev) const {
  Result<ContentId> id = Parse(rev);
  if (!id && id.error().kind == ErrorKind::kNotFound && HeadIsUnborn(*this, rev)) {
    return Fail(ErrorKind::kNotFound, Quoted(rev) + " has no commit yet", BranchesHint(*this));
  }
  return id;
}

std::unique_ptr<RefReader> MakeLibgit2Refs(Opened* opened) {
  return std::make_unique<Libgit2Refs>(opened);
}

std::unique_ptr<RefReader> MakeProgramRefs(const GitProgram* git) {
  return std::make_unique<ProgramRefs>(git);
}

std::unique_ptr<RefReader> MakeNamespacedRefs(std::unique_ptr<RefReader> all,
                                              std::string_view name) {
  return std::make_unique<NamespacedRefs>(std::move(all), name);
}

}  // namespace onehead::git
