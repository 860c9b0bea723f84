// `onehead merge-driver %O %A %B %L %P [%S %X %Y]`: both sides changed one migration.
//
// A line-by-line merge by `git merge-file`, after the three texts have been made to agree on the
// parents. On anything unusual exactly what `git merge-file` leaves. Exit 0: clean; 1: a marked
// file is left, or any trouble.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

int RunMergeDriver(const std::vector<std::string>& args, Streams& io);

}  // namespace onehead
