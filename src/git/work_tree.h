// The files on disk as a SourceTree.
//
// Links are never followed: every path is opened one component after the other. Content ids are
// not known here. Line ends and filters: the bytes on disk, nothing converted.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "git/deadline.h"
#include "git/index_snapshot.h"

namespace onehead::git {

// Borrows `repository` (for its ignore rules) and `deadline`. kIo: `directory` cannot be opened.
[[nodiscard]] Result<std::unique_ptr<SourceTree>> MakeWorkTree(git_repository* repository,
                                                               const std::string& directory,
                                                               IndexSnapshot index,
                                                               const Deadline* deadline);

}  // namespace onehead::git
