// A migration on one line, for tables of tests.
#pragma once

#include <string>
#include <string_view>

#include "onehead/core/migration/migration.h"

namespace onehead {

inline std::string DumpBinding(const Binding& binding, std::string_view text) {
  std::string dump = "@" + std::to_string(binding.line) + " ";
  if (binding.state == Binding::State::kUnknown) return dump + "unknown <" + binding.text + ">";
  if (binding.state == Binding::State::kIllegal) return dump + "illegal <" + binding.text + ">";
  if (binding.doubtful) dump += "doubtful ";
  std::string ids;
  for (const std::string& id : binding.ids) ids += (ids.empty() ? "'" : ", '") + id + "'";
  dump += binding.is_collection ? "(" + ids + ")" : ids.empty() ? "none" : ids;
  return dump + " <" + std::string(text.substr(binding.value.begin, binding.value.size())) + ">";
}

// "down_revision@1 'a' <"a">; 3: reason: expression". Absent names are left out; what stands
// between < and > are the bytes of the value, or how an unknown or illegal value is shown. A name
// that reading did not come to is "name?", an absent one that might be bound "name doubtful".
inline std::string DumpMigration(const Migration& migration, std::string_view text) {
  std::string dump;
  const auto add = [&](std::string_view name, const Binding& binding) {
    const bool absent = binding.state == Binding::State::kAbsent;
    if (absent && !binding.doubtful) return;
    if (!dump.empty()) dump += "; ";
    const bool unread = binding.state == Binding::State::kUnknown && binding.line == 0;
    dump += name;
    dump += absent ? " doubtful" : unread ? "?" : DumpBinding(binding, text);
  };
  add("revision", migration.revision);
  add("down_revision", migration.down_revision);
  add("branch_labels", migration.branch_labels);
  add("depends_on", migration.depends_on);
  const auto list = [&dump](const char* mark, const std::vector<ReadDefect>& defects) {
    for (const ReadDefect& defect : defects) {
      if (!dump.empty()) dump += "; ";
      dump += mark + std::to_string(defect.line) + ": " + defect.reason;
      if (!defect.expression.empty()) dump += ": " + defect.expression;
    }
  };
  list("", migration.defects);
  list("doubt ", migration.doubts);
  return dump;
}

}  // namespace onehead
