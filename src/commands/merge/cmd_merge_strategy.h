// `git-merge-onehead`: Git's own merge, and afterwards one head.
//
// Git starts it in the top of the work tree as
//   git-merge-onehead [--option...] <base>... -- <head> <remote>
// and takes exit code 0 for clean, 1 for conflicts in index and work tree, 2 for "cannot handle
// this merge".
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunMergeStrategy(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
