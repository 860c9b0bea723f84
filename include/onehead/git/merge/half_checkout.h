// Undoing what `git read-tree -m -u` has done to the work tree before it ran out of disk.
#pragma once

#include <string>

#include "onehead/base/result.h"

namespace onehead::git {

// Did `git read-tree`, which said `error` (in the C locale), stop while it wrote? Else it has
// refused, and touched nothing.
bool StoppedWhileWriting(const std::string& error);

// The index still holds the tree `from`, and the way to `to` was begun, after Git had found nothing
// uncommitted there. Removes new files that hold the beginning of what they were to hold, and
// writes the others as the index has them. What cannot be undone stays as it is.
void UndoHalfCheckout(const std::string& from, const std::string& to);

}  // namespace onehead::git
