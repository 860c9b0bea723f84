#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "onehead/base/text.h"
#include "onehead/git/install/hook_install.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kMode = 0755;  // whatever the umask: the server's user must run it

tl::unexpected<Error> SystemError(const std::string& doing, const std::string& path) {
  const int code = errno;
  return Fail(ErrorKind::kIo, doing + " " + Printable(path) + ": " + std::strerror(code));
}

std::string Parent(const std::string& path) { return fs::path(path).parent_path().string(); }

// What root makes in a repository belongs to its owner, who could not remove it otherwise.
void GiveToOwnerOfParent(const std::string& path) {
  struct stat status = {};
  if (geteuid() != 0 || stat(Parent(path).c_str(), &status) != 0) return;
  // Without it the hook still works: the mode lets everybody read and run it.
  if (lchown(path.c_str(), status.st_uid, status.st_gid) != 0) return;
}

// Takes back what it made, unless Commit was called.
class Transaction {
 public:
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (!moved_to_.empty()) std::rename(moved_to_.c_str(), moved_from_.c_str());
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) std::remove(path->c_str());
  }
  void Made(std::string path) { made_.push_back(std::move(path)); }
  void Moved(const std::string& from, const std::string& to) {
    moved_from_ = from;
    moved_to_ = to;
  }
  void Commit() {
    made_.clear();
    moved_to_.clear();
  }

 private:
  std::vector<std::string> made_;  // files and empty directories
  std::string moved_from_;
  std::string moved_to_;  // empty: nothing was moved
};

Status MakeDirectories(const std::string& directory, Transaction* transaction) {
  std::vector<std::string> missing;
  struct stat status = {};
  for (std::string path = directory; lstat(path.c_str(), &status) != 0; path = Parent(path)) {
    missing.push_back(path);
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    if (mkdir(path->c_str(), kMode) != 0) return SystemError("cannot make", *path);
    transaction->Made(*path);
    if (chmod(path->c_str(), kMode) != 0) return SystemError("cannot set the mode of", *path);
    GiveToOwnerOfParent(*path);
  }
  return {};
}

// A finished, executable file beside `hook`; its name begins with a dot, as servers pass such over.
Result<std::string> WriteBeside(const std::string& hook, const std::string& text,
                                Transaction* transaction) {
  std::string path = Parent(hook) + "/.onehead-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) return SystemError("cannot make a file in", Parent(hook));
  transaction->Made(path);
  Status status = WriteAll(file, text) ? Status() : SystemError("cannot write", path);
  if (status && fchmod(file, kMode) != 0) status = SystemError("cannot set the mode of", path);
  if (close(file) != 0 && status) status = SystemError("cannot write", path);
  if (!status) return Fail(std::move(status.error()));
  GiveToOwnerOfParent(path);
  return path;
}

// A second name for the hook that is there: so it is never missing from its own. Where the file
// system has no second names it is moved, and misses for the moment until ours is there.
Status KeepOld(const Plan& plan, Transaction* transaction) {
  const char* hook = plan.place.hook.c_str();
  const char* kept = plan.keep_as.c_str();
  if (linkat(AT_FDCWD, hook, AT_FDCWD, kept, 0) == 0) {
    transaction->Made(plan.keep_as);
    return {};
  }
  if (errno == EEXIST || std::rename(hook, kept) != 0) {
    return SystemError("cannot keep " + Printable(plan.place.hook) + " as", plan.keep_as);
  }
  transaction->Moved(plan.place.hook, plan.keep_as);
  return {};
}

Status ApplyInstall(const Plan& plan) {
  Transaction transaction;
  const std::string& hook = plan.place.hook;
  ONEHEAD_TRY(MakeDirectories(Parent(hook), &transaction));
  ONEHEAD_ASSIGN_OR_RETURN(const std::string written, WriteBeside(hook, plan.text, &transaction));
  if (!plan.keep_as.empty()) {
    ONEHEAD_TRY(KeepOld(plan, &transaction));
  }
  if (std::rename(written.c_str(), hook.c_str()) != 0) return SystemError("cannot write", hook);
  transaction.Commit();
  return {};
}

Status ApplyUninstall(const Plan& plan) {
  const std::string& hook = plan.place.hook;
  if (plan.restore.empty()) {
    if (unlink(hook.c_str()) != 0) return SystemError("cannot remove", hook);
  } else if (std::rename(plan.restore.c_str(), hook.c_str()) != 0) {
    return SystemError("cannot put " + Printable(plan.restore) + " back as", hook);
  }
  std::string above = Parent(hook);
  for (int level = 0; level < plan.directories; ++level, above = Parent(above)) {
    if (rmdir(above.c_str()) != 0) break;  // somebody else uses it by now
  }
  return {};
}

}  // namespace

Status Apply(const Plan& plan) {
  switch (plan.change) {
    case Plan::Change::kNone:
      return {};
    case Plan::Change::kInstall:
    case Plan::Change::kUpdate:
      return ApplyInstall(plan);
    case Plan::Change::kUninstall:
      return ApplyUninstall(plan);
  }
  return {};
}

}  // namespace onehead::git
