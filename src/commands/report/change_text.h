// What a rewrite of migrations says to people: which lines have changed, and what that means for
// databases.
#pragma once

#include <string>
#include <vector>

#include "commands/edits/migration_edit.h"
#include "commands/report/report_text.h"
#include "onehead/core/reparent/database_effect.h"

namespace onehead {

// "a, b"; "None" for no parents.
std::string ParentText(const std::vector<std::string>& ids);

// "alembic/versions/b.py: down_revision a -> c": one line for each file.
Lines RewriteLines(const std::vector<MigrationEdit>& edits);

// That other code of a file might change what it declares, and what is written counts: about the
// first such file, and how many there are. Empty: there is none.
std::string DoubtNote(const std::vector<MigrationPtr>& migrations);

// Whose databases may have run what moved.
enum class Databases {
  kOfDeveloper,  // those of whoever runs the command: what moved may be run again
  kDeployed      // what they hold must stay
};

// The warning about databases that already ran what moved, and the Alembic commands to type for
// them: at most three lines, none where no database is concerned.
Lines DatabaseLines(const DatabaseEffect& effect, Databases databases);

// "databases that already ran x, y would skip b, c": the same before it is done, as one line.
std::string DatabaseRisk(const DatabaseEffect& effect);

// The commands alone, to be run one after the other. Empty: none would do in general.
std::vector<std::string> DatabaseCommands(const DatabaseEffect& effect, Databases databases);

}  // namespace onehead
