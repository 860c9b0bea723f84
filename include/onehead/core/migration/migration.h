// What one migration file declares, read from its text without running Python.
//
// Here: the values of Alembic's four module-level names, where they stand, and the docstring.
// Not here: whether other files agree (graph.h), whether any of it is allowed (rules), writing
// (reparent.h). Nothing here guesses: a value that cannot be known without running Python is
// kUnknown, and one that is written out, but that other code of the file might change, has a doubt.
// docs/alembic.md lists the forms of both.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/text.h"
#include "onehead/core/python/diagnostic.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

// The final value of one module-level name.
struct Binding {
  enum class State {
    kAbsent,   // never bound
    kKnown,    // `ids` is the value
    kUnknown,  // bound to something that only Python could tell (see Migration::defects)
    kIllegal,  // its value is known, and is neither None nor a string nor strings in a tuple,
               // list or set; `text` shows it
  };
  State state = State::kAbsent;
  // As written, duplicates removed (Alembic: util.dedupe_tuple). None, () and [] give none.
  std::vector<std::string> ids = {};
  bool is_collection = false;  // written as a tuple, list or set
  int line = 0;                // 1-based line of the last binding; 0 when absent
  Span value = {};             // the bytes of the expression last bound, without enclosing blanks
  std::string text = {};       // kUnknown, kIllegal: the expression, shortened to one line
  // Code of the file might bind or change it once more (Migration::doubts); what is said is what is
  // written. Never of what is kUnknown.
  bool doubtful = false;

  bool known() const { return state == State::kKnown; }
  friend bool operator==(const Binding&, const Binding&) = default;
};

struct Migration {
  std::string path = {};  // relative to the repository
  ContentId content = {};
  // `revision.ids` has exactly one element when known. From the file name, by Alembic's legacy
  // rule, when the file binds none: then `revision.line` is 0.
  Binding revision = {};
  Binding down_revision = {};  // absent is a defect
  Binding branch_labels = {};
  Binding depends_on = {};
  std::string title = {};  // Alembic, Script.doc: first paragraph of the stripped docstring
  std::string doc = {};    // Alembic, Script.longdoc: the stripped docstring
  std::optional<DocLine> doc_revision_id = {};
  std::optional<DocLine> doc_revises = {};
  // In order of line. Not empty: the file is unreadable (in whole or in part).
  std::vector<ReadDefect> defects = {};
  // Why bindings are doubtful, in order of line: there is one of each only.
  std::vector<ReadDefect> doubts = {};
  // Python itself refuses the text: it does not tokenise. Syntax beyond that is not checked.
  bool refused = false;
  // The bytes could not be had, and an error says why (load.h): all four bindings are kUnknown.
  bool unread = false;

  // REQUIRES: revision.known().
  const std::string& id() const { return revision.ids.front(); }
  bool has_id() const { return revision.known(); }
  // Some defect may change the heads.
  bool defective() const {
    return std::any_of(defects.begin(), defects.end(),
                       [](const ReadDefect& defect) { return !defect.optional; });
  }
  // All is plainly assigned, but might be changed: what is written counts, with a doubt.
  bool doubtful() const { return defects.empty() && !doubts.empty(); }
};

// True for a file name that Alembic would load from a version location (Script._list_py_dir,
// _only_source_rev_file): "*.py" but not ".#*" nor "__init__*".
bool IsMigrationFileName(std::string_view name);

// A name that Alembic takes for a migration's, and then fails: ".py", in which Python sees no
// extension, and "x.py\n", since the "$" of its regular expression stands in front of a last line
// feed, too.
bool IsBrokenMigrationName(std::string_view name);

// Reads a migration. Total: any bytes give a Migration, with defects where it cannot be read.
// Linear in the size of `text`, no recursion over it. `path` gives the file name for the legacy
// rule and is copied into the result.
Migration ReadMigration(std::string_view path, std::string_view text);

}  // namespace onehead
