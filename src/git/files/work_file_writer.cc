#include "onehead/git/files/work_file_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "git/support/error.h"
#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

constexpr mode_t kModeOfNewFiles = 0666;

tl::unexpected<Error> Trouble(int error_number, const std::string& path, std::string_view what) {
  Error error = FromErrno(error_number, std::string(what));
  error.path = path;
  return Fail(std::move(error));
}

mode_t Umask() {
  const mode_t mask = umask(0);
  umask(mask);
  return mask;
}

enum class Missing { kFail, kMake };

// No part of the way to `path` may be a link: what is written must lie in the work tree.
Status CheckDirectories(const std::string& top, const std::string& path, Missing missing) {
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    struct stat info = {};
    const std::string directory = path.substr(0, slash);
    const std::string full = top + "/" + directory;
    if (missing == Missing::kMake && mkdir(full.c_str(), 0777) != 0 && errno != EEXIST) {
      return Trouble(errno, path, "cannot be written");
    }
    if (lstat(full.c_str(), &info) != 0) {
      return Trouble(errno, path, "cannot be written");
    }
    if (!S_ISDIR(info.st_mode)) {
      return FailAt(ErrorKind::kUnsupported, path, 0,
                    "'" + Printable(directory) + "' is a link, and nothing is written through one");
    }
  }
  return {};
}

constexpr std::string_view kTemporaryPrefix = ".onehead-";
constexpr std::string_view kTemporarySuffix = ".tmp";

void RemoveLeftovers(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code trouble;
  for (fs::directory_iterator entry(directory, trouble); !trouble && entry != fs::end(entry);
       entry.increment(trouble)) {
    const std::string name = entry->path().filename().string();
    const bool ours = name.rfind(kTemporaryPrefix, 0) == 0 &&
                      name.size() > kTemporarySuffix.size() &&
                      std::string_view(name).ends_with(kTemporarySuffix);
    struct stat info = {};
    if (!ours || lstat(entry->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    unlink(entry->path().c_str());
  }
}

// The directories that files are written in. Whoever writes holds a shared lock on them; so who can
// have one alone knows that the temporary files there belong to runs that were killed.
class WorkedDirectories {
 public:
  void Enter(const std::string& directory) {
    const auto [at, added] = locks_.try_emplace(directory);
    if (!added) return;
    at->second = Descriptor(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!at->second.ok()) return;
    if (flock(at->second.get(), LOCK_EX | LOCK_NB) == 0) RemoveLeftovers(directory);
    flock(at->second.get(), LOCK_SH | LOCK_NB);
  }

 private:
  std::map<std::string, Descriptor> locks_;
};

// A temporary file that is removed unless it has been put in place.
class Replacement {
 public:
  Replacement(const std::string& top, const WorkFileChange& change) : top_(top), change_(change) {}
  ~Replacement() {
    if (!temporary_.empty()) unlink(temporary_.c_str());
  }
  Replacement(Replacement&& other) noexcept
      : top_(other.top_),
        change_(other.change_),
        temporary_(std::exchange(other.temporary_, "")),
        mode_(other.mode_),
        placed_(std::exchange(other.placed_, false)) {}
  Replacement& operator=(Replacement&&) = delete;

  const std::string& target() const {
    return change_.new_path.empty() ? change_.path : change_.new_path;
  }

  Status Prepare(WorkedDirectories* directories) {
    const Missing missing = change_.before ? Missing::kFail : Missing::kMake;
    for (const std::string* path : {&change_.path, &target()}) {
      ONEHEAD_TRY(CheckDirectories(top_, *path, missing));
    }
    directories->Enter(Full(std::string(DirName(target()))));
    mode_ = kModeOfNewFiles & ~Umask();
    if (change_.before) {
      struct stat info = {};
      if (lstat(Full(change_.path).c_str(), &info) != 0) {
        return Trouble(errno, change_.path, "cannot be read");
      }
      if (!S_ISREG(info.st_mode)) {
        return FailAt(ErrorKind::kUnsupported, change_.path, 0,
                      "is a link, and nothing is written through one");
      }
      mode_ = info.st_mode & 07777;
    }
    return change_.after ? WriteTemporary(*change_.after, mode_) : Status();
  }

  // True if the file still has the text from which the change was made.
  Status Verify() const {
    if (change_.before) {
      const Result<std::string> now = ReadSmallFile(Full(change_.path), change_.before->size() + 1);
      if (!now && now.error().kind == ErrorKind::kIo) return Fail(now.error());
      if (!now || *now != *change_.before) return Changed(change_.path);
    }
    const bool is_new = !change_.before || target() != change_.path;
    if (is_new && Exists(target())) return Occupied();
    return {};
  }

  Status Place() {
    if (!change_.after) return Remove();
    if (change_.before && target() == change_.path) {
      if (rename(temporary_.c_str(), Full(target()).c_str()) != 0) {
        return Trouble(errno, target(), "cannot be written");
      }
    } else if (Status status = PlaceNew(); !status) {
      return status;
    }
    temporary_.clear();
    placed_ = true;
    if (change_.before && target() != change_.path && unlink(Full(change_.path).c_str()) != 0) {
      return Trouble(errno, change_.path, "cannot be removed");
    }
    SyncDirectory();
    return {};
  }

  // Back to what was there. Best effort: this is called when something has gone wrong already.
  void Undo() {
    if (!placed_) return;
    if (!change_.after) {
      if (!WriteTemporary(*change_.before, mode_) || !PlaceNew()) return;
      temporary_.clear();
      placed_ = false;
      return;
    }
    const bool moved = target() != change_.path;
    struct stat info = {};
    if (lstat(Full(target()).c_str(), &info) != 0) return;
    if (change_.before && (!moved || !Exists(change_.path))) {
      if (!WriteTemporary(*change_.before, info.st_mode & 07777)) return;
      if (rename(temporary_.c_str(), Full(change_.path).c_str()) != 0) return;
      temporary_.clear();
    }
    if (moved || !change_.before) unlink(Full(target()).c_str());
    placed_ = false;
  }

 private:
  std::string Full(const std::string& path) const { return top_ + "/" + path; }
  bool Exists(const std::string& path) const {
    struct stat info = {};
    return lstat(Full(path).c_str(), &info) == 0;
  }
  static Status Changed(const std::string& path) {
    return FailAt(ErrorKind::kInvalid, path, 0,
                  "has been changed by another program meanwhile, and is left alone");
  }
  Status Occupied() const {
    return FailAt(ErrorKind::kInvalid, target(), 0, "is there already, and is left alone");
  }

  Status WriteTemporary(std::string_view text, mode_t mode) {
    std::string name = Full(JoinPath(DirName(target()), std::string(kTemporaryPrefix) + "XXXXXX" +
                                                            std::string(kTemporarySuffix)));
    const Descriptor file(
        mkostemps(name.data(), static_cast<int>(kTemporarySuffix.size()), O_CLOEXEC));
    if (!file.ok()) return Trouble(errno, target(), "cannot be written");
    temporary_ = name;
    while (!text.empty()) {
      const ssize_t wrote = write(file.get(), text.data(), text.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return Trouble(errno, target(), "cannot be written");
      text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    if (fchmod(file.get(), mode) != 0 || fsync(file.get()) != 0) {
      return Trouble(errno, target(), "cannot be written");
    }
    return {};
  }

  Status Remove() {
    if (unlink(Full(change_.path).c_str()) != 0) {
      return Trouble(errno, change_.path, "cannot be removed");
    }
    placed_ = true;
    SyncDirectory();
    return {};
  }

  // Never over a file that somebody has just made.
  Status PlaceNew() {
    const std::string full = Full(target());
    if (renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, full.c_str(), RENAME_NOREPLACE) == 0) {
      return {};
    }
    if (errno == EEXIST) return Occupied();
    if (errno != EINVAL && errno != ENOSYS) return Trouble(errno, target(), "cannot be written");
    if (Exists(target())) return Occupied();  // a file system that cannot do it in one step
    if (rename(temporary_.c_str(), full.c_str()) != 0) {
      return Trouble(errno, target(), "cannot be written");
    }
    return {};
  }

  void SyncDirectory() const {
    const std::string directory = Full(std::string(DirName(target())));
    const Descriptor fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.ok()) fsync(fd.get());
  }

  const std::string& top_;
  const WorkFileChange& change_;
  std::string temporary_;  // its full path; empty: there is none
  mode_t mode_ = 0;
  bool placed_ = false;
};

}  // namespace

Status WriteFiles(const std::string& top, const std::vector<WorkFileChange>& changes) {
  std::vector<Replacement> replacements;
  replacements.reserve(changes.size());
  WorkedDirectories directories;
  for (const WorkFileChange& change : changes) {
    replacements.emplace_back(top, change);
    ONEHEAD_TRY(replacements.back().Prepare(&directories));
  }
  for (const Replacement& replacement : replacements) {
    ONEHEAD_TRY(replacement.Verify());
  }
  for (std::size_t i = 0; i < replacements.size(); ++i) {
    Status status = replacements[i].Place();
    if (status) continue;
    for (std::size_t back = i + 1; back > 0; --back) replacements[back - 1].Undo();
    return status;
  }
  return {};
}

}  // namespace onehead::git
