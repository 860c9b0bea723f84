#include "git/repository/index_snapshot.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "git/support/error.h"
#include "git/support/handle.h"
#include "git/support/libgit2.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

std::optional<EntryKind> KindOf(std::uint32_t mode) {
  switch (mode & GIT_FILEMODE_COMMIT) {  // 0160000: the bits of the type
    case GIT_FILEMODE_COMMIT:
      return EntryKind::kSubmodule;
    case GIT_FILEMODE_LINK& GIT_FILEMODE_COMMIT:
      return EntryKind::kSymlink;
    case GIT_FILEMODE_BLOB& GIT_FILEMODE_COMMIT:
      return EntryKind::kFile;
    default:
      return std::nullopt;
  }
}

// The smaller, the better.
int Rank(int stage) {
  constexpr int kRanks[] = {0, 3, 1, 2};  // staged, base, ours, theirs
  return kRanks[stage & 3];
}

struct Candidate {
  IndexFile file;
  int rank = 0;
};

std::vector<IndexFile> BestOfEach(std::vector<Candidate> all) {
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.file.path, a.rank) < std::tie(b.file.path, b.rank);
  });
  std::vector<IndexFile> files;
  for (Candidate& candidate : all) {
    if (!files.empty() && files.back().path == candidate.file.path) continue;
    files.push_back(std::move(candidate.file));
  }
  return files;
}

tl::unexpected<Error> UnknownKind() {
  return Fail(ErrorKind::kUnsupported, "the index has an entry of an unknown kind");
}

// "<tag> <mode> <id> <stage>\t<path>"; the tag is S for what a sparse checkout leaves out.
Result<Candidate> ParseStaged(std::string_view line) {
  const bool skipped = TakeUntil(&line, ' ') == "S";
  const std::string_view mode_text = TakeUntil(&line, ' ');
  const std::optional<ContentId> id = ContentId::FromHex(TakeUntil(&line, ' '));
  const std::string_view stage = TakeUntil(&line, '\t');
  std::uint32_t mode = 0;
  std::from_chars(mode_text.data(), mode_text.data() + mode_text.size(), mode, 8);
  const std::optional<EntryKind> kind = KindOf(mode);
  if (!kind || !id || stage.size() != 1) return UnknownKind();
  return Candidate{{std::string(line), *kind, *id, skipped}, Rank(stage[0] - '0')};
}

std::vector<std::string_view> Paths(std::string_view text) {
  std::vector<std::string_view> paths;
  while (!text.empty()) paths.push_back(TakeUntil(&text, '\0'));
  return paths;
}

std::string Prefix(std::string_view directory) {
  return directory.empty() ? "" : std::string(directory) + "/";
}

}  // namespace

Result<IndexSnapshot> IndexSnapshot::Load(git_repository* repository) {
  IndexHandle index;
  int code = Acquire(&index, git_repository_index, repository);
  if (code == 0) code = git_index_read(index.get(), 0);
  if (code < 0) return Fail(FromLibgit2(code, "cannot read the index"));
  std::vector<Candidate> all;
  const std::size_t count = git_index_entrycount(index.get());
  for (std::size_t i = 0; i < count; ++i) {
    const git_index_entry* entry = git_index_get_byindex(index.get(), i);
    if (entry == nullptr || (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0) continue;
    const std::optional<EntryKind> kind = KindOf(entry->mode);
    if (!kind) return UnknownKind();
    const bool skipped = (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
    all.push_back(
        {{entry->path, *kind, FromOid(entry->id), skipped}, Rank(git_index_entry_stage(entry))});
  }
  return IndexSnapshot(BestOfEach(std::move(all)));
}

Result<IndexSnapshot> IndexSnapshot::Load(const GitProgram& git) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::string staged, git.Ask({"ls-files", "--stage", "-t", "-z"}));
  // What `git add -N` alone has named is an added file to the work tree, and nothing else is.
  ONEHEAD_ASSIGN_OR_RETURN(const std::string named,
                           git.Ask({"diff-files", "--diff-filter=A", "--name-only", "-z"}));
  const std::vector<std::string_view> without = Paths(named);
  std::vector<Candidate> all;
  for (const std::string_view line : Paths(staged)) {
    ONEHEAD_ASSIGN_OR_RETURN(Candidate candidate, ParseStaged(line));
    if (!std::binary_search(without.begin(), without.end(), candidate.file.path)) {
      all.push_back(std::move(candidate));
    }
  }
  return IndexSnapshot(BestOfEach(std::move(all)));
}

IndexSnapshot::IndexSnapshot(std::vector<IndexFile> files) : files_(std::move(files)) {}

IndexSnapshot::Iterator IndexSnapshot::LowerBound(std::string_view path) const {
  return std::lower_bound(files_.begin(), files_.end(), path,
                          [](const IndexFile& file, std::string_view p) { return file.path < p; });
}

const IndexFile* IndexSnapshot::Find(std::string_view path) const {
  const Iterator found = LowerBound(path);
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

bool IndexSnapshot::HasBelow(std::string_view directory) const {
  const std::string prefix = Prefix(directory);
  const Iterator found = LowerBound(prefix);
  return found != files_.end() && found->path.compare(0, prefix.size(), prefix) == 0;
}

IndexSnapshot IndexSnapshot::Skipped() const {
  std::vector<IndexFile> skipped;
  std::copy_if(files_.begin(), files_.end(), std::back_inserter(skipped),
               [](const IndexFile& file) { return file.skipped; });
  return IndexSnapshot(std::move(skipped));
}

TreeListing IndexSnapshot::List(std::string_view directory) const {
  const std::string prefix = Prefix(directory);
  std::vector<TreeEntry> entries;
  for (Iterator file = LowerBound(prefix);
       file != files_.end() && file->path.compare(0, prefix.size(), prefix) == 0;) {
    const std::string_view rest = std::string_view(file->path).substr(prefix.size());
    const std::size_t slash = rest.find('/');
    std::string name(rest.substr(0, slash));
    if (slash == std::string_view::npos) {
      entries.push_back({std::move(name), file->kind, file->content});
      ++file;
      continue;
    }
    // "0" is the character after "/": the next name behind everything in this directory.
    file = LowerBound(prefix + name + "0");
    entries.push_back({std::move(name), EntryKind::kDirectory, {}});
  }
  // In a conflict one name can be a file on one side and a directory on the other: the first
  // counts.
  return TreeListing(std::move(entries));
}

}  // namespace onehead::git
