#include "onehead/git/files/disposable_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <utility>

#include "git/support/error.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::string_view kTemporary = "tmp-";
constexpr std::int64_t kDay = 86400;

// Whatever else lies there belongs to somebody.
bool IsOurs(std::string_view name) {
  const auto is_part = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (name.starts_with(kTemporary)) return true;
  const std::size_t dash = name.find('-');
  return dash != std::string_view::npos && dash > 0 &&
         std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dash), is_part);
}

// The directory itself, never another that a link leads to.
Descriptor OpenDirectory(const std::string& path) {
  return Descriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

struct Contents {
  std::vector<std::string> ours;
  bool anything_else = false;
};

// Of the directory that is open as `directory`, from where it stands.
class Entries {
 public:
  explicit Entries(Descriptor directory) : stream_(fdopendir(directory.get()), &closedir) {
    if (stream_) directory.Release();  // closedir closes it
  }
  int fd() const { return dirfd(stream_.get()); }
  Contents Read() const {
    Contents contents;
    while (const dirent* item = stream_ ? readdir(stream_.get()) : nullptr) {
      const std::string_view name = item->d_name;
      if (IsOurs(name)) {
        contents.ours.emplace_back(name);
      } else {
        contents.anything_else |= name != "." && name != "..";
      }
    }
    return contents;
  }

 private:
  std::unique_ptr<DIR, int (*)(DIR*)> stream_;
};

std::string NameOfUser(const std::string& name) { return name + "-" + std::to_string(geteuid()); }

}  // namespace

std::optional<std::string> DisposableCache::Load(const std::string& name) const {
  const Descriptor file(open((directory_ + "/" + NameOfUser(name)).c_str(),
                             O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info = {};
  if (!file.ok() || fstat(file.get(), &info) != 0 || info.st_uid != geteuid()) return std::nullopt;
  Result<std::string> bytes = ReadOpenFile(file.get(), kMaxFileBytes);
  if (!bytes) return std::nullopt;
  futimens(file.get(), nullptr);  // what is used stays
  return std::move(*bytes);
}

void DisposableCache::Store(const std::string& name, std::string_view bytes) const {
  // A rename over a file makes some file systems write the new one out at once.
  if (bytes.size() > kMaxFileBytes || Load(name) == bytes) return;
  Descriptor directory = OpenDirectory(directory_);
  if (!directory.ok() && errno == ENOENT && mkdir(directory_.c_str(), 0777) == 0) {
    directory = OpenDirectory(directory_);
    // As open to others as the repository is (core.sharedRepository), whatever the umask.
    struct stat objects = {};
    if (stat((common_dir_ + "/objects").c_str(), &objects) == 0) {
      if (fchmod(directory.get(), objects.st_mode & 02777) != 0) return;
    }
  }
  struct stat info = {};
  if (!directory.ok() || fstat(directory.get(), &info) != 0) return;
  std::string temporary = directory_ + "/" + std::string(kTemporary) + "XXXXXX";
  const Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.ok()) return;
  // mkostemp makes it private.
  const bool written =
      WriteAll(file.get(), bytes) && fchmod(file.get(), info.st_mode & 0666) == 0 &&
      rename(temporary.c_str(), (directory_ + "/" + NameOfUser(name)).c_str()) == 0;
  if (!written) unlink(temporary.c_str());
  Prune(std::move(directory));
}

bool DisposableCache::HoldsAnything() const {
  Descriptor directory = OpenDirectory(directory_);
  if (!directory.ok()) return false;
  const Contents contents = Entries(std::move(directory)).Read();
  return !contents.ours.empty() || !contents.anything_else;
}

Status DisposableCache::Clear() const {
  Descriptor directory = OpenDirectory(directory_);
  if (!directory.ok()) return {};
  const Entries entries(std::move(directory));
  for (const std::string& name : entries.Read().ours) {
    if (unlinkat(entries.fd(), name.c_str(), 0) == 0 || errno == ENOENT) continue;
    return Fail(FromErrno(errno, "cannot remove " + Printable(directory_ + "/" + name)));
  }
  if (rmdir(directory_.c_str()) == 0 || errno == ENOTEMPTY || errno == EEXIST) return {};
  return Fail(FromErrno(errno, "cannot remove " + Printable(directory_)));
}

void DisposableCache::Prune(Descriptor directory) {
  const Entries entries(std::move(directory));
  std::vector<std::string> names = entries.Read().ours;
  if (names.size() <= kMaxFiles) return;
  const std::int64_t now = std::time(nullptr);
  std::vector<std::pair<std::int64_t, std::string>> files;  // time, name
  for (std::string& name : names) {
    struct stat info = {};
    if (fstatat(entries.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(info.st_mode)) continue;
    // A clock that was wrong keeps no file for ever.
    const std::int64_t time = info.st_mtim.tv_sec > now + kDay ? 0 : info.st_mtim.tv_sec;
    files.emplace_back(time * 1'000'000'000 + info.st_mtim.tv_nsec, std::move(name));
  }
  if (files.size() <= kMaxFiles) return;
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kMaxFiles < files.size(); ++i) {
    unlinkat(entries.fd(), files[i].second.c_str(), 0);
  }
}

}  // namespace onehead::git
