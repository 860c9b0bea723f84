// What a message tells its reader to do, taken out of its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onehead::testing {

// "alembic/versions/b.py:16: down_revision = 'c'"
struct HintedEdit {
  std::string path;
  int line = 0;
  std::string text;
};

enum class HintRole {
  kRepair,   // afterwards the push passes
  kLook,     // only shows something
  kPush,     // another way to push
  kSetting,  // git config
};

// One of the things that a message offers.
struct HintedAction {
  HintRole role = HintRole::kRepair;
  std::vector<std::string> commands;   // typed one after the other
  std::vector<HintedEdit> edits;       // or lines that are changed and committed
  std::vector<std::string> deletions;  // or files that are removed
  std::string line;                    // where the message says it
  std::string problem;                 // why nobody can do it: a placeholder, a verb that is none
};

// In the order of the text. Only lines that begin with "hint:" are read (behind "remote: " and
// GitLab's mark), and of others of the program what is in backticks; nothing that Git itself says
// in a stopped rebase, merge or cherry-pick. A command begins with "onehead", "git" or "alembic"
// and ends at the end of the line or of the quotation, at a punctuation mark or before a word of
// prose. Two commands of one line are one action if "then" or "and" is between them, else two
// actions. In a hint every word behind "onehead" or "git" has to be one of their commands, or plain
// prose.
std::vector<HintedAction> HintedActions(std::string_view text);

}  // namespace onehead::testing
