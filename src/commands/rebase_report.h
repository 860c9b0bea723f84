// What a rewrite of migrations says to the developer.
#pragma once

#include <string>
#include <vector>

#include "commands/rebase_planner.h"
#include "commands/report_text.h"

namespace onehead {

// "alembic/versions/b.py: down_revision a -> c": one line for each file.
Lines RewriteLines(const std::vector<MigrationEdit>& edits);

// The warning about databases that already ran what is rewritten. Empty without edits.
Lines DatabaseWarning(const std::vector<MigrationEdit>& edits);

// "nothing to do: ..." for a tree in which nothing has to change.
std::string NothingToDo(const RebasePlanner& planner);

}  // namespace onehead
