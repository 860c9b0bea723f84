#include "git/disposable_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "git/files.h"

namespace onehead::git {
namespace {

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

std::optional<std::string> DisposableCache::Load(const std::string& name) const {
  const Descriptor file(
      open((directory_ + "/" + name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info = {};
  if (!file.ok() || fstat(file.get(), &info) != 0 || info.st_uid != geteuid()) return std::nullopt;
  Result<std::string> bytes = ReadOpenFile(file.get(), kMaxFileBytes);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

void DisposableCache::Store(const std::string& name, std::string_view bytes) const {
  if (bytes.size() > kMaxFileBytes) return;
  std::string temporary = directory_ + "/tmp-XXXXXX";
  Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.ok() && errno == ENOENT && mkdir(directory_.c_str(), 0777) == 0) {
    temporary = directory_ + "/tmp-XXXXXX";
    file = Descriptor(mkostemp(temporary.data(), O_CLOEXEC));
  }
  if (!file.ok()) return;
  // As readable as the repository is; mkostemp makes it private.
  struct stat info = {};
  const mode_t mode = stat(directory_.c_str(), &info) == 0 ? info.st_mode & 0666 : 0600;
  const bool written = WriteAll(file.get(), bytes) && fchmod(file.get(), mode) == 0 &&
                       rename(temporary.c_str(), (directory_ + "/" + name).c_str()) == 0;
  if (!written) unlink(temporary.c_str());
  Prune();
}

void DisposableCache::Prune() const {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(opendir(directory_.c_str()), &closedir);
  if (!stream) return;
  std::vector<std::pair<std::int64_t, std::string>> files;  // time, name
  while (const dirent* item = readdir(stream.get())) {
    struct stat info = {};
    if (fstatat(dirfd(stream.get()), item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(info.st_mode)) continue;
    files.emplace_back(
        static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec,
        item->d_name);
  }
  if (files.size() <= kMaxFiles) return;
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kMaxFiles < files.size(); ++i) {
    unlinkat(dirfd(stream.get()), files[i].second.c_str(), 0);
  }
}

}  // namespace onehead::git
