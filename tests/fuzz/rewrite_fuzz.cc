// An accepted rewrite reads again, says what was asked, and has changed nothing else.
//
// Input: lines "parents a b", "id x", "depends_on d" as in tests/cases/rewrite/*/request, an empty
// line, the text of a migration.
#include <algorithm>

#include "fuzz/fuzz_target.h"
#include "onehead/base/text.h"
#include "onehead/core/migration/rewrite.h"

namespace onehead::fuzz {
namespace {

using Ids = std::vector<std::string>;

struct Input {
  RewriteRequest request;
  std::string_view text;
};

Input Decode(std::string_view rest) {
  Input input;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) break;
    const std::vector<std::string_view> words = Split(line, ' ');
    const Ids ids(words.begin() + 1, words.end());
    if (words[0] == "parents") input.request.parents = ids;
    if (words[0] == "depends_on") input.request.depends_on = ids;
    if (words[0] == "id" && !ids.empty()) input.request.id = ids[0];
  }
  input.text = rest;
  return input;
}

// The text without the places where a change is allowed, which are marked. Blanks before a line of
// the docstring are not told apart: its value may have been empty.
std::string Rest(const Migration& migration, const RewriteRequest& request, std::string_view text) {
  std::vector<Span> allowed;
  const auto allow = [&](bool asked, const Binding& binding, const std::optional<DocLine>& line) {
    if (!asked) return;
    if (binding.line != 0) allowed.push_back(binding.value);
    if (line) allowed.push_back(line->value);
  };
  allow(request.parents.has_value(), migration.down_revision, migration.doc_revises);
  allow(request.id.has_value(), migration.revision, migration.doc_revision_id);
  allow(request.depends_on.has_value(), migration.depends_on, std::nullopt);
  std::sort(allowed.begin(), allowed.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::string rest;
  std::size_t pos = 0;
  for (const Span& span : allowed) {
    if (span.begin < pos) continue;  // two names share one value
    rest += text.substr(pos, span.begin - pos);
    rest.resize(rest.find_last_not_of(" \t") + 1);
    rest += '\x01';
    pos = span.end;
    const std::size_t next = text.find_first_not_of(" \t", pos);
    if (next == std::string_view::npos || text[next] == '\n' || text[next] == '\r') {
      pos = std::min(next, text.size());  // blanks behind an empty line of the docstring
    }
  }
  return rest += text.substr(pos);
}

bool Says(const Binding& binding, const Ids& ids) {
  return binding.known() ? binding.ids == ids
                         : binding.state == Binding::State::kAbsent && ids.empty();
}

bool Same(const Binding& a, const Binding& b) { return a.state == b.state && a.ids == b.ids; }

void CheckAccepted(const Migration& before, const Input& input, const std::string& after) {
  const RewriteRequest& request = input.request;
  const bool in_name = before.has_id() && before.revision.line == 0 && request.id;
  const Migration read = ReadMigration(in_name ? *request.id + ".py" : before.path, after);
  Require(request.parents ? Says(read.down_revision, *request.parents)
                          : Same(read.down_revision, before.down_revision),
          "down_revision is what was asked");
  Require(request.depends_on ? Says(read.depends_on, *request.depends_on)
                             : Same(read.depends_on, before.depends_on),
          "depends_on is what was asked");
  Require(
      request.id ? read.has_id() && read.id() == *request.id : Same(read.revision, before.revision),
      "revision is what was asked");
  Require(Same(read.branch_labels, before.branch_labels), "branch_labels stays");
  Require(read.defects.size() <= before.defects.size(), "nothing is broken by it");
  Require(Rest(before, request, input.text) == Rest(read, request, after),
          "only values and lines of the docstring change");
  const Result<std::string> again = RewriteMigration(read, after, request);
  Require(again && *again == after, "a second time changes nothing");
}

}  // namespace

void CheckInput(std::string_view data) {
  const Input input = Decode(data);
  const Migration before = ReadMigration("versions/1a2b.py", input.text);
  const Result<std::string> after = RewriteMigration(before, input.text, input.request);
  if (after) return CheckAccepted(before, input, *after);
  Require(after.error().kind == ErrorKind::kInvalid, "a refusal is kInvalid");
  Require(after.error().path == before.path, "a refusal names the file");
}

}  // namespace onehead::fuzz
