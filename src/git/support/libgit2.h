// Starting libgit2, and what differs between its versions (1.1 to 1.9).
#pragma once

#include <git2.h>

#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

// Owner validation (safe.directory) came in 1.4.3, with GIT_EOWNER.
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR > 4 || \
    (LIBGIT2_VER_MINOR == 4 && LIBGIT2_VER_REVISION >= 3)
#define ONEHEAD_HAVE_OWNER_VALIDATION 1
#endif
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 2
#define ONEHEAD_HAVE_EXTENSIONS_OPTION 1
#endif

// libgit2 is ready while one of these lives.
class Libgit2 {
 public:
  Libgit2();
  ~Libgit2();
  Libgit2(const Libgit2&) = delete;
  Libgit2& operator=(const Libgit2&) = delete;
};

enum class OwnerCheck { kOn, kOff };
// For every repository that is opened from now on.
void SetOwnerCheck(OwnerCheck check);

// The size of the ids that libgit2 knows.
inline constexpr std::size_t kSha1Size = 20;

ContentId FromOid(const git_oid& oid);
// False: `id` is not a SHA-1, the only kind that libgit2 reads here.
[[nodiscard]] bool ToOid(const ContentId& id, git_oid* out);

}  // namespace onehead::git
