#include "git/work_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "git/error.h"
#include "git/files.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kOpenFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
constexpr std::size_t kMaxLinkBytes = 4096;

bool IsAbsence(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP;
}

tl::unexpected<Error> CannotRead(int error_number, std::string_view path) {
  Error error = FromErrno(error_number, "cannot be read");
  if (IsAbsence(error_number)) error = Error{ErrorKind::kNotFound, "no such file"};
  error.path = std::string(path);
  return Fail(std::move(error));
}

// Null: gone meanwhile, or something that Git does not know (a socket, a pipe, a device).
std::optional<EntryKind> KindAt(int directory, const char* name) {
  struct stat info = {};
  if (fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (S_ISREG(info.st_mode)) return EntryKind::kFile;
  if (S_ISDIR(info.st_mode)) return EntryKind::kDirectory;
  if (S_ISLNK(info.st_mode)) return EntryKind::kSymlink;
  return std::nullopt;
}

bool HoldsRepository(int directory, const std::string& name) {
  struct stat info = {};
  return fstatat(directory, (name + "/.git").c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
}

class WorkTree : public SourceTree {
 public:
  WorkTree(Descriptor top, IndexSnapshot index, IgnoreRules is_ignored, const Deadline* deadline)
      : top_(std::move(top)),
        index_(std::move(index)),
        is_ignored_(std::move(is_ignored)),
        deadline_(deadline) {}

  Result<SharedListing> List(std::string_view path) const override;
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override;

 private:
  Result<Descriptor> OpenDirectory(std::string_view path) const;
  Result<std::optional<EntryKind>> Admit(int directory, const std::string& path,
                                         EntryKind kind) const;

  Descriptor top_;
  IndexSnapshot index_;
  IgnoreRules is_ignored_;
  const Deadline* deadline_;
};

// kNotFound: there is no such directory without following a link.
Result<Descriptor> WorkTree::OpenDirectory(std::string_view path) const {
  Descriptor here(openat(top_.get(), ".", kOpenDirectory));
  if (path.empty() && here.ok()) return here;
  for (const std::string_view name : Split(path, '/')) {
    if (!here.ok()) break;
    if (name.empty() || name == "." || name == "..") return CannotRead(ENOENT, path);
    here = Descriptor(openat(here.get(), std::string(name).c_str(), kOpenDirectory));
  }
  if (!here.ok()) return CannotRead(errno, path);
  return here;
}

// What Git sees at `path`, where a thing of this kind stands on disk. Null: Git does not see it.
// Ignore rules are asked for what is not tracked only: they cost far more than the rest.
Result<std::optional<EntryKind>> WorkTree::Admit(int directory, const std::string& path,
                                                 EntryKind kind) const {
  const IndexFile* tracked = index_.Find(path);
  if (kind != EntryKind::kDirectory) {
    if (tracked != nullptr) return kind;
    const Result<bool> ignored = is_ignored_(path);
    if (!ignored) return Fail(ignored.error());
    return *ignored ? std::nullopt : std::optional(kind);
  }
  if (tracked != nullptr && tracked->kind == EntryKind::kSubmodule) return EntryKind::kSubmodule;
  if (index_.HasBelow(path)) return kind;
  if (HoldsRepository(directory, std::string(BaseName(path)))) return std::nullopt;
  const Result<bool> ignored = is_ignored_(path + "/");
  if (!ignored) return Fail(ignored.error());
  return *ignored ? std::nullopt : std::optional(kind);
}

Result<SharedListing> WorkTree::List(std::string_view path) const {
  if (Status time = deadline_->Check(); !time) return Fail(std::move(time.error()));
  Result<Descriptor> directory = OpenDirectory(path);
  if (!directory && directory.error().kind == ErrorKind::kNotFound) return SharedListing();
  if (!directory) return Fail(std::move(directory.error()));
  const int fd = directory->get();
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(fd), &closedir);
  if (!stream) return CannotRead(errno, path);
  directory->Release();  // closedir closes it
  std::vector<TreeEntry> entries;
  while (true) {
    errno = 0;  // readdir() tells the end from a failure by it only
    const dirent* item = readdir(stream.get());
    if (item == nullptr && errno != 0) return CannotRead(errno, path);
    if (item == nullptr) break;
    std::string name = item->d_name;
    if (name == "." || name == ".." || name == ".git") continue;
    const std::optional<EntryKind> kind = KindAt(fd, item->d_name);
    if (!kind) continue;
    const Result<std::optional<EntryKind>> seen = Admit(fd, JoinPath(path, name), *kind);
    if (!seen) return Fail(seen.error());
    if (*seen) entries.push_back({std::move(name), **seen, {}});
  }
  return std::make_shared<const TreeListing>(std::move(entries));
}

Result<std::string> WorkTree::Read(std::string_view path, std::size_t max_bytes) const {
  if (Status time = deadline_->Check(); !time) return Fail(std::move(time.error()));
  const Result<Descriptor> directory = OpenDirectory(DirName(path));
  if (!directory) return Fail(directory.error());
  const std::string name(BaseName(path));
  const std::optional<EntryKind> kind = KindAt(directory->get(), name.c_str());
  if (!kind || kind == EntryKind::kDirectory) return CannotRead(ENOENT, path);
  if (kind == EntryKind::kSymlink) {
    char target[kMaxLinkBytes];
    const ssize_t size = readlinkat(directory->get(), name.c_str(), target, sizeof target);
    if (size < 0) return CannotRead(errno, path);
    if (static_cast<std::size_t>(size) > max_bytes) {
      return FailAt(ErrorKind::kLimit, std::string(path), 0, "too large");
    }
    return std::string(target, static_cast<std::size_t>(size));
  }
  const Descriptor file(openat(directory->get(), name.c_str(), kOpenFile));
  if (!file.ok()) return CannotRead(errno, path);
  Result<std::string> text = ReadOpenFile(file.get(), max_bytes);
  if (!text) text.error().path = std::string(path);
  return text;
}

}  // namespace

IgnoreRules RulesOf(git_repository* repository) {
  return [repository](const std::string& path) -> Result<bool> {
    int ignored = 0;
    const int code = git_ignore_path_is_ignored(&ignored, repository, path.c_str());
    if (code < 0) return Fail(FromLibgit2(code, "cannot read the ignore rules"));
    return ignored != 0;
  };
}

IgnoreRules RulesOf(IndexSnapshot untracked) {
  return [files = std::move(untracked)](const std::string& path) -> Result<bool> {
    const bool is_directory = !path.empty() && path.back() == '/';
    return is_directory ? !files.HasBelow(path.substr(0, path.size() - 1))
                        : files.Find(path) == nullptr;
  };
}

Result<std::unique_ptr<SourceTree>> MakeWorkTree(const std::string& directory, IndexSnapshot index,
                                                 IgnoreRules is_ignored, const Deadline* deadline) {
  Descriptor top(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.ok()) return Fail(FromErrno(errno, "cannot open the work tree"));
  return std::make_unique<WorkTree>(std::move(top), std::move(index), std::move(is_ignored),
                                    deadline);
}

}  // namespace onehead::git
