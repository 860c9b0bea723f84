// Any bytes give a migration whose parts agree with each other.
#include "fuzz/fuzz_target.h"
#include "onehead/core/migration/migration.h"

namespace onehead::fuzz {
namespace {

void CheckBinding(const Binding& binding, std::string_view text) {
  Require(binding.value.begin <= binding.value.end && binding.value.end <= text.size(),
          "a value lies in the text");
  Require(binding.known() || binding.ids.empty(), "only a known value has ids");
  Require(binding.text.size() <= 80, "what is shown is short");
}

void CheckDocLine(const std::optional<DocLine>& line, std::string_view text) {
  if (!line) return;
  Require(line->line > 0, "a line of the docstring has a number");
  Require(line->value.begin <= line->value.end && line->value.end <= text.size(),
          "a line of the docstring lies in the text");
}

void CheckDefects(const std::vector<ReadDefect>& defects) {
  int line = 1;
  for (const ReadDefect& defect : defects) {
    Require(defect.line >= line, "defects are in order of line");
    Require(!defect.reason.empty() && defect.expression.size() <= 80, "a defect says what it is");
    line = defect.line;
  }
}

}  // namespace

void CheckInput(std::string_view text) {
  const Migration migration = ReadMigration("versions/1a2b.py", text);
  bool unknown = false;
  bool doubtful = false;
  for (const Binding* binding : {&migration.revision, &migration.down_revision,
                                 &migration.branch_labels, &migration.depends_on}) {
    CheckBinding(*binding, text);
    unknown = unknown || binding->state == Binding::State::kUnknown;
    doubtful = doubtful || binding->doubtful;
    Require(!binding->doubtful || binding->state != Binding::State::kUnknown,
            "what is doubtful is written");
  }
  Require(!unknown || !migration.defects.empty(), "what is unknown has a reason");
  Require(!doubtful || !migration.doubts.empty(), "what is doubtful has a reason");
  Require(!migration.has_id() || migration.revision.ids.size() == 1, "an id is one");
  CheckDocLine(migration.doc_revises, text);
  CheckDocLine(migration.doc_revision_id, text);
  CheckDefects(migration.defects);
  CheckDefects(migration.doubts);
}

}  // namespace onehead::fuzz
