#include "git/repository/work_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "git/repository/index_tree.h"
#include "git/support/error.h"
#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

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

class WorkTree : public WorkTreeFiles {
 public:
  WorkTree(Descriptor top, const ObjectStore& objects, IndexSnapshot index, IgnoreRules is_ignored,
           const Deadline* deadline)
      : top_(std::move(top)),
        index_(std::move(index)),
        skipped_files_(index_.Skipped()),
        skipped_(MakeIndexTree(objects, skipped_files_)),
        is_ignored_(std::move(is_ignored)),
        deadline_(deadline) {}

  Result<SharedListing> List(std::string_view path) const override;
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override;
  const SourceTree& ToSearch() const override { return to_search_; }
  Result<Tracking> TrackingOf(std::string_view path) const override;

 private:
  class Searched : public SourceTree {
   public:
    explicit Searched(const WorkTree& all) : all_(all) {}
    Result<SharedListing> List(std::string_view path) const override;
    Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override {
      return all_.Read(path, max_bytes);
    }

   private:
    const WorkTree& all_;
  };

  Result<Descriptor> OpenDirectory(std::string_view path) const;
  // True if it is there, and not missing because of a sparse checkout.
  bool IsOnDisk(std::string_view path) const;

  Descriptor top_;
  IndexSnapshot index_;
  IndexSnapshot skipped_files_;
  std::unique_ptr<SourceTree> skipped_;  // the same
  IgnoreRules is_ignored_;
  const Deadline* deadline_;
  Searched to_search_{*this};
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

bool WorkTree::IsOnDisk(std::string_view path) const {
  const Result<Descriptor> directory = OpenDirectory(DirName(path));
  return directory && KindAt(directory->get(), std::string(BaseName(path)).c_str()).has_value();
}

Result<Tracking> WorkTree::TrackingOf(std::string_view path) const {
  const IndexFile* file = index_.Find(path);
  if (file != nullptr) {
    return file->skipped && !IsOnDisk(path) ? Tracking::kSkipped : Tracking::kTracked;
  }
  ONEHEAD_ASSIGN_OR_RETURN(const bool ignored, is_ignored_(std::string(path)));
  return ignored ? Tracking::kIgnored : Tracking::kUntracked;
}

// Ignore rules are asked for directories only of which nothing is tracked: they cost far more than
// the rest.
Result<SharedListing> WorkTree::Searched::List(std::string_view path) const {
  if (path.empty() || all_.index_.HasBelow(path)) return all_.List(path);
  ONEHEAD_ASSIGN_OR_RETURN(const bool ignored, all_.is_ignored_(std::string(path) + "/"));
  if (ignored) return SharedListing();
  const Result<Descriptor> directory = all_.OpenDirectory(DirName(path));
  if (directory && HoldsRepository(directory->get(), std::string(BaseName(path)))) {
    return SharedListing();
  }
  return all_.List(path);
}

// What is on disk comes first, whatever the index says of it.
Result<SharedListing> WorkTree::List(std::string_view path) const {
  ONEHEAD_TRY(deadline_->Check());
  const TreeListing skipped = skipped_files_.List(path);
  Result<Descriptor> directory = OpenDirectory(path);
  if (!directory && directory.error().kind != ErrorKind::kNotFound) {
    return Fail(std::move(directory.error()));
  }
  std::vector<TreeEntry> entries;
  if (directory) {
    const int fd = directory->get();
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(fd), &closedir);
    if (!stream) return CannotRead(errno, path);
    directory->Release();  // closedir closes it
    while (true) {
      errno = 0;  // readdir() tells the end from a failure by it only
      const dirent* item = readdir(stream.get());
      if (item == nullptr && errno != 0) return CannotRead(errno, path);
      if (item == nullptr) break;
      std::string name = item->d_name;
      if (name == "." || name == ".." || name == ".git") continue;
      std::optional<EntryKind> kind = KindAt(fd, item->d_name);
      if (!kind) continue;
      if (kind == EntryKind::kDirectory) {
        const IndexFile* tracked = index_.Find(JoinPath(path, name));
        if (tracked != nullptr && tracked->kind == EntryKind::kSubmodule) kind = tracked->kind;
      }
      entries.push_back({std::move(name), *kind, {}});
    }
  } else if (skipped.empty()) {
    return SharedListing();
  }
  for (const TreeEntryView entry : skipped) entries.push_back(entry);
  return std::make_shared<const TreeListing>(std::move(entries));
}

Result<std::string> WorkTree::Read(std::string_view path, std::size_t max_bytes) const {
  ONEHEAD_TRY(deadline_->Check());
  if (skipped_files_.Find(path) != nullptr && !IsOnDisk(path)) {
    return skipped_->Read(path, max_bytes);
  }
  ONEHEAD_ASSIGN_OR_RETURN(const Descriptor directory, OpenDirectory(DirName(path)));
  const std::string name(BaseName(path));
  const std::optional<EntryKind> kind = KindAt(directory.get(), name.c_str());
  if (!kind || kind == EntryKind::kDirectory) return CannotRead(ENOENT, path);
  if (kind == EntryKind::kSymlink) {
    char target[kMaxLinkBytes];
    const ssize_t size = readlinkat(directory.get(), name.c_str(), target, sizeof target);
    if (size < 0) return CannotRead(errno, path);
    if (static_cast<std::size_t>(size) > max_bytes) {
      return FailAt(ErrorKind::kLimit, std::string(path), 0, "too large");
    }
    return std::string(target, static_cast<std::size_t>(size));
  }
  const Descriptor file(openat(directory.get(), name.c_str(), kOpenFile));
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

IgnoreRules RulesOf(const GitProgram* git) {
  return [git](const std::string& path) -> Result<bool> {
    ONEHEAD_ASSIGN_OR_RETURN(const ProcessResult asked,
                             git->Run({"check-ignore", "-q", "--", "./" + path}));
    if (asked.status != 0 && asked.status != 1) {
      return Fail(ErrorKind::kInvalid, "git check-ignore failed: " + Printable(Trim(asked.err)));
    }
    return asked.status == 0;
  };
}

Result<std::unique_ptr<WorkTreeFiles>> MakeWorkTree(const std::string& directory,
                                                    const ObjectStore& objects, IndexSnapshot index,
                                                    IgnoreRules is_ignored,
                                                    const Deadline* deadline) {
  Descriptor top(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.ok()) return Fail(FromErrno(errno, "cannot open the work tree"));
  return std::make_unique<WorkTree>(std::move(top), objects, std::move(index),
                                    std::move(is_ignored), deadline);
}

}  // namespace onehead::git
