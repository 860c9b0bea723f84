// The files on disk as a SourceTree, and those of the index that a sparse checkout leaves out.
//
// Links are never followed: every path is opened one component after the other. Content ids are
// not known here. Line ends and filters: the bytes on disk, nothing converted.
#pragma once

#include <git2.h>

#include <functional>
#include <memory>
#include <string>

#include "git/process/git_program.h"
#include "git/repository/index_snapshot.h"
#include "onehead/git/objects/object_store.h"
#include "onehead/git/repository/repository.h"
#include "onehead/git/support/deadline.h"

namespace onehead::git {

// True if Git ignores the untracked path ("dir/" for a directory).
using IgnoreRules = std::function<Result<bool>(const std::string& path)>;

// Both borrow it; the program is one process for each question.
IgnoreRules RulesOf(git_repository* repository);
IgnoreRules RulesOf(const GitProgram* git);

// Borrows `objects` and `deadline`. kIo: `directory` cannot be opened.
[[nodiscard]] Result<std::unique_ptr<WorkTreeFiles>> MakeWorkTree(const std::string& directory,
                                                                  const ObjectStore& objects,
                                                                  IndexSnapshot index,
                                                                  IgnoreRules is_ignored,
                                                                  const Deadline* deadline);

}  // namespace onehead::git
