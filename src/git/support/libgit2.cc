#include "git/support/libgit2.h"

#include <cstring>

namespace onehead::git {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{8} << 20;
constexpr std::size_t kMappedBytes = std::size_t{32} << 20;

}  // namespace

Libgit2::Libgit2() {
  git_libgit2_init();
  // What is pushed was verified by `git index-pack`; hashing everything again costs half the time.
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  // A pack is read in pieces, so that the memory needed does not follow its size, and nothing is
  // kept here: who asks remembers.
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, kWindowBytes);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, kMappedBytes);
  git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
#ifdef ONEHEAD_HAVE_EXTENSIONS_OPTION
  // These change nothing for a reader of objects and refs, apart from config.worktree, which is
  // read here and not by libgit2. `git sparse-checkout` and `git clone --filter` set them.
  const char* extensions[] = {"worktreeconfig", "partialclone", "preciousobjects"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof extensions[0]);
#endif
}

Libgit2::~Libgit2() { git_libgit2_shutdown(); }

void SetOwnerCheck(OwnerCheck check) {
#ifdef ONEHEAD_HAVE_OWNER_VALIDATION
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, check == OwnerCheck::kOn ? 1 : 0);
#else
  static_cast<void>(check);
#endif
}

ContentId FromOid(const git_oid& oid) {
  ContentId id;
  id.size = kSha1Size;
  std::memcpy(id.bytes.data(), oid.id, kSha1Size);
  return id;
}

bool ToOid(const ContentId& id, git_oid* out) {
  if (id.size != kSha1Size) return false;
  return git_oid_fromraw(out, id.bytes.data()) == 0;
}

}  // namespace onehead::git
