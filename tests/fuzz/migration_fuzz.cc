// Any bytes give a migration whose parts agree with each other.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "onehead/core/migration.h"

namespace onehead {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckBinding(const Binding& binding, std::string_view text) {
  Require(binding.value.begin <= binding.value.end && binding.value.end <= text.size());
  Require(binding.known() || binding.ids.empty());
  Require(binding.text.size() <= 80);
}

void CheckDocLine(const std::optional<DocLine>& line, std::string_view text) {
  if (!line) return;
  Require(line->line > 0);
  Require(line->value.begin <= line->value.end && line->value.end <= text.size());
}

void CheckDefects(const Migration& migration) {
  int line = 1;
  for (const ReadDefect& defect : migration.defects) {
    Require(defect.line >= line && !defect.reason.empty() && defect.expression.size() <= 80);
    line = defect.line;
  }
}

void Check(const Migration& migration, std::string_view text) {
  bool unknown = false;
  for (const Binding* binding : {&migration.revision, &migration.down_revision,
                                 &migration.branch_labels, &migration.depends_on}) {
    CheckBinding(*binding, text);
    unknown = unknown || binding->state == Binding::State::kUnknown;
  }
  Require(!unknown || !migration.defects.empty());
  Require(!migration.has_id() || migration.revision.ids.size() == 1);
  CheckDocLine(migration.doc_revises, text);
  CheckDocLine(migration.doc_revision_id, text);
  CheckDefects(migration);
}

}  // namespace
}  // namespace onehead

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  onehead::Check(onehead::ReadMigration("versions/1a2b.py", text), text);
  return 0;
}
