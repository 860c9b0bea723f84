// Repository over libgit2, and over the git program where libgit2 cannot read it.
#include "onehead/git/repository/repository.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include "git/objects/cat_file_store.h"
#include "git/objects/libgit2_store.h"
#include "git/objects/promisor_store.h"
#include "git/objects/tree_listings.h"
#include "git/repository/config.h"
#include "git/repository/index_snapshot.h"
#include "git/repository/index_tree.h"
#include "git/repository/open.h"
#include "git/repository/refs.h"
#include "git/repository/work_tree.h"
#include "git/support/libgit2.h"
#include "onehead/base/text.h"
#include "onehead/git/objects/commit_walk.h"
#include "onehead/git/process/process.h"
#include "onehead/git/support/deadline.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

constexpr int kMaxTagDepth = 64;

// "+0130" -> 90.
int OffsetMinutes(std::string_view zone) {
  int number = 0;
  if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-')) return 0;
  const auto read = std::from_chars(zone.data() + 1, zone.data() + zone.size(), number);
  if (read.ec != std::errc() || read.ptr != zone.data() + zone.size()) return 0;
  const int minutes = number / 100 * 60 + number % 100;
  return zone[0] == '-' ? -minutes : minutes;
}

// "Name <mail> 1700000000 +0100" into its parts; what is missing stays as it is.
void ReadPerson(std::string_view person, CommitInfo* info) {
  info->author_name = std::string(Trim(person.substr(0, person.find('<'))));
  const std::size_t mail_end = person.rfind('>');
  if (mail_end == std::string_view::npos) return;
  const std::string_view date = Trim(person.substr(mail_end + 1));
  std::from_chars(date.data(), date.data() + date.size(), info->author_time);
  const std::size_t space = date.find(' ');
  if (space != std::string_view::npos) info->author_offset = OffsetMinutes(date.substr(space + 1));
}

std::string SubjectOf(std::string_view message) {
  const std::size_t begin = std::min(message.find_first_not_of(" \t\r\n"), message.size());
  message.remove_prefix(begin);
  return std::string(Trim(message.substr(0, message.find('\n'))));
}

// `directory` seen from the top of the work tree.
std::string PrefixOf(const std::string& directory, const std::string& work_dir) {
  const std::string here = RealPath(directory);
  const std::string top = RealPath(work_dir);
  if (top.empty() || here.size() <= top.size() || !IsUnder(here, top)) return "";
  return here.substr(top == "/" ? 1 : top.size() + 1);
}

class StoredRepository : public Repository {
 public:
  StoredRepository(std::unique_ptr<Libgit2> library, Opened opened, OpenFrom from,
                   std::string prefix, std::string_view ref_namespace)
      : library_(std::move(library)),
        opened_(std::move(opened)),
        prefix_(std::move(prefix)),
        git_(opened_.git_dir, opened_.work_dir, &deadline_),
        objects_(MakeStore(from)),
        refs_(IsByLibgit2() ? MakeLibgit2Refs(&opened_) : MakeProgramRefs(&git_)),
        walk_(*objects_, deadline_),
        listings_(std::make_shared<TreeListings>(*objects_)) {
    if (!ref_namespace.empty()) refs_ = MakeNamespacedRefs(std::move(refs_), ref_namespace);
  }

  bool IsBare() const override { return opened_.work_dir.empty(); }
  std::string GitDir() const override { return opened_.git_dir; }
  std::string CommonDir() const override { return opened_.common_dir; }
  std::string WorkDir() const override { return opened_.work_dir; }
  std::string Prefix() const override { return prefix_; }
  const ObjectStore& objects() const override { return *objects_; }
  void SetTimeout(std::chrono::milliseconds timeout) override { deadline_.Set(timeout); }

  Result<std::vector<ConfigEntry>> OneheadConfig() const override {
    if (!IsByLibgit2()) return ReadOneheadConfig(git_, opened_.git_dir);
    return ReadOneheadConfig(opened_.git_dir, opened_.common_dir,
                             [this] { return OpenedByLibgit2(&opened_); });
  }
  Result<std::optional<std::string>> ConfigValue(const std::string& key) const override;

  Result<ContentId> ResolveCommit(const std::string& rev) const override;
  Result<std::optional<ContentId>> PeelToCommit(const ContentId& id) const override;
  Result<CommitInfo> Commit(const ContentId& commit) const override;

  Result<std::optional<std::string>> HeadRef() const override { return refs_->HeadRef(); }
  Result<std::string> WrittenRef(const std::string& name) const override {
    return refs_->WrittenRef(name);
  }
  Result<std::vector<Ref>> Refs() const override { return refs_->Refs(); }
  Result<std::optional<ContentId>> RefTarget(const std::string& name) const override {
    return refs_->Target(name);
  }

  Result<std::optional<ContentId>> MergeBase(const ContentId& a,
                                             const ContentId& b) const override {
    return walk_.MergeBase(a, b);
  }
  Result<std::vector<ContentId>> KnownBoundary(const ContentId& tip) const override;
  Result<std::vector<ContentId>> NewCommits(const ContentId& tip,
                                            const std::vector<ContentId>& known) const override {
    return walk_.NewCommits(tip, known);
  }
  Result<bool> IsAncestor(const ContentId& ancestor, const ContentId& descendant) const override {
    return walk_.IsAncestor(ancestor, descendant);
  }

  Result<std::unique_ptr<SourceTree>> CommitTree(const ContentId& commit) const override;
  Result<std::unique_ptr<SourceTree>> IndexTree() const override;
  Result<std::unique_ptr<WorkTreeFiles>> WorkTree() const override;

 private:
  // A hook never fetches.
  std::unique_ptr<ObjectStore> MakeStore(OpenFrom from) const {
    const bool is_hook = from == OpenFrom::kEnvironment;
    const SizeCheck check = is_hook ? SizeCheck::kAfterLoading : SizeCheck::kBeforeLoading;
    std::unique_ptr<ObjectStore> here =
        opened_.odb ? MakeOdbStore(opened_.odb.get(), opened_.object_dirs, &deadline_, check)
                    : MakeCatFileStore(&git_);
    return is_hook ? std::move(here) : MakePromisorStore(std::move(here), &git_);
  }
  bool IsByLibgit2() const { return opened_.refs_by == Opened::RefsBy::kLibgit2; }
  Result<Object> ReadCommit(const ContentId& id) const;
  Result<IndexSnapshot> LoadIndex() const;

  std::unique_ptr<Libgit2> library_;  // first: everything else needs it to the end
  mutable Opened opened_;             // libgit2's part of it is opened when it is needed
  std::string prefix_;
  Deadline deadline_;
  GitProgram git_;
  std::unique_ptr<ObjectStore> objects_;
  std::unique_ptr<RefReader> refs_;
  mutable CommitWalk walk_;  // remembers the commits it has read
  std::shared_ptr<TreeListings> listings_;
  mutable std::unordered_set<ContentId, ContentIdHash> commits_;  // what was read as one
};

// What libgit2 cannot read (a sparse index, a split one) Git can.
Result<IndexSnapshot> StoredRepository::LoadIndex() const {
  if (!IsByLibgit2()) return IndexSnapshot::Load(git_);
  ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(&opened_));
  Result<IndexSnapshot> index = IndexSnapshot::Load(repository);
  if (index) return index;
  Result<IndexSnapshot> by_program = IndexSnapshot::Load(git_);
  return by_program ? std::move(by_program) : std::move(index);
}

// Git itself knows best what the environment and its many files say.
Result<std::optional<std::string>> StoredRepository::ConfigValue(const std::string& key) const {
  ONEHEAD_ASSIGN_OR_RETURN(const ProcessResult result, git_.Run({"config", "-z", "--get", key}));
  if (result.status == 1) return std::nullopt;
  if (result.status != 0) {
    const std::string_view why = Trim(result.err);
    return Fail(ErrorKind::kInvalid,
                "cannot read the Git configuration: " + Printable(why.substr(0, why.find('\n'))));
  }
  return result.out.substr(0, result.out.find('\0'));
}

Result<ContentId> StoredRepository::ResolveCommit(const std::string& rev) const {
  ONEHEAD_ASSIGN_OR_RETURN(const ContentId object, refs_->ResolveObject(rev));
  const Result<std::optional<ContentId>> commit = PeelToCommit(object);
  if (!commit) return Fail(commit.error());
  if (*commit) return **commit;
  ONEHEAD_ASSIGN_OR_RETURN(const ObjectHeader header, objects_->Header(object));
  return Fail(ErrorKind::kInvalid,
              "'" + Printable(rev) + "' is a " + TypeName(header.type) + ", not a commit");
}

Result<std::optional<ContentId>> StoredRepository::PeelToCommit(const ContentId& id) const {
  ContentId here = id;
  for (int depth = 0; depth < kMaxTagDepth; ++depth) {
    if (commits_.count(here) != 0) return here;
    ONEHEAD_ASSIGN_OR_RETURN(const ObjectHeader header, objects_->Header(here));
    if (header.type == ObjectType::kCommit) return here;
    if (header.type != ObjectType::kTag) return std::nullopt;
    ONEHEAD_ASSIGN_OR_RETURN(const Object tag, objects_->Read(here, kMaxMetaObjectBytes));
    ONEHEAD_ASSIGN_OR_RETURN(const ContentId target, ParseTagTarget(tag.bytes));
    here = target;
  }
  return Fail(ErrorKind::kInvalid,
              "more than " + std::to_string(kMaxTagDepth) + " tags of tags from " + id.Hex());
}

Result<Object> StoredRepository::ReadCommit(const ContentId& id) const {
  Result<Object> object = objects_->Read(id, kMaxMetaObjectBytes);
  if (object && object->type != ObjectType::kCommit) {
    return Fail(ErrorKind::kInvalid,
                "object " + id.Hex() + " is a " + TypeName(object->type) + ", not a commit");
  }
  if (object) commits_.insert(id);
  return object;
}

Result<CommitInfo> StoredRepository::Commit(const ContentId& commit) const {
  ONEHEAD_ASSIGN_OR_RETURN(const Object object, ReadCommit(commit));
  ONEHEAD_ASSIGN_OR_RETURN(ParsedCommit parsed, ParseCommit(object.bytes));
  CommitInfo info;
  info.id = commit;
  info.tree = parsed.tree;
  info.parents = std::move(parsed.parents);
  ReadPerson(parsed.author, &info);
  info.subject = SubjectOf(parsed.message);
  return info;
}

Result<std::vector<ContentId>> StoredRepository::KnownBoundary(const ContentId& tip) const {
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<Ref> refs, Refs());
  std::vector<ContentId> known;
  for (const Ref& ref : refs) {
    const Result<std::optional<ContentId>> commit = PeelToCommit(ref.target);
    if (commit && *commit) known.push_back(**commit);
    // A broken ref reaches nothing; a push need not wait until somebody repairs it.
    if (!commit && commit.error().kind == ErrorKind::kTimeout) return Fail(commit.error());
  }
  return walk_.KnownBoundary(tip, known);
}

Result<std::unique_ptr<SourceTree>> StoredRepository::CommitTree(const ContentId& commit) const {
  ONEHEAD_ASSIGN_OR_RETURN(const Object object, ReadCommit(commit));
  ONEHEAD_ASSIGN_OR_RETURN(const ParsedCommit parsed, ParseCommit(object.bytes));
  return MakeTreeView(listings_, parsed.tree);
}

Result<std::unique_ptr<SourceTree>> StoredRepository::IndexTree() const {
  ONEHEAD_ASSIGN_OR_RETURN(IndexSnapshot index, LoadIndex());
  return MakeIndexTree(*objects_, std::move(index));
}

Result<std::unique_ptr<WorkTreeFiles>> StoredRepository::WorkTree() const {
  if (IsBare()) return Fail(ErrorKind::kUsage, "a bare repository has no work tree");
  ONEHEAD_ASSIGN_OR_RETURN(IndexSnapshot index, LoadIndex());
  IgnoreRules rules;
  if (IsByLibgit2()) {
    ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, OpenedByLibgit2(&opened_));
    rules = RulesOf(repository);
  } else {
    rules = RulesOf(&git_);
  }
  return MakeWorkTree(opened_.work_dir, *objects_, std::move(index), std::move(rules), &deadline_);
}

}  // namespace

Result<std::unique_ptr<Repository>> Repository::Open(const std::string& directory, OpenFrom from) {
  auto library = std::make_unique<Libgit2>();
  const std::string& start = directory.empty() ? std::string(".") : directory;
  ONEHEAD_ASSIGN_OR_RETURN(Opened opened, OpenRepository(start, from));
  std::string prefix = opened.work_dir.empty() ? "" : PrefixOf(start, opened.work_dir);
  const bool is_hook = from == OpenFrom::kEnvironment;
  // Git's own commands for users know no namespace; only what serves a push does.
  const char* ref_namespace = is_hook ? std::getenv("GIT_NAMESPACE") : nullptr;
  return std::make_unique<StoredRepository>(std::move(library), std::move(opened), from,
                                            std::move(prefix),
                                            ref_namespace != nullptr ? ref_namespace : "");
}

}  // namespace onehead::git
