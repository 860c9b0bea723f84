#include <algorithm>
#include <cctype>

#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

bool WasThere(const EnvironmentState* before, const Migration& migration) {
  return before != nullptr &&
         std::any_of(before->migrations.begin(), before->migrations.end(),
                     [&](const MigrationPtr& old) { return old->path == migration.path; });
}

bool AreOne(const DuplicateId& duplicate) {
  const ContentId& content = duplicate.migrations.front()->content;
  return std::all_of(duplicate.migrations.begin(), duplicate.migrations.end(),
                     [&](const MigrationPtr& m) { return SameContent(m->content, content); });
}

// What gives a file that has just come another id: `onehead rebase`, which leaves alone what was
// there. Where all of them were, somebody has to choose.
std::string FixOf(const DuplicateId& duplicate, const EnvironmentState* before) {
  const auto brought = std::find_if(duplicate.migrations.begin(), duplicate.migrations.end(),
                                    [&](const MigrationPtr& m) { return !WasThere(before, *m); });
  const bool is_local = before != nullptr && brought != duplicate.migrations.end();
  if (is_local && AreOne(duplicate)) {
    return "the files are the same: git rm " + ShellWord((*brought)->path);
  }
  const bool counts = !duplicate.id.empty() && duplicate.id.size() < 12 &&
                      std::isdigit(static_cast<unsigned char>(duplicate.id.front())) != 0;
  if (is_local) {
    return std::string("onehead rebase ") + (counts ? "--renumber" : "--new-ids") +
           " --commit gives the new file another id; a merge revision does not help";
  }
  return "give all but one of them another id, and name it in the down_revision of what follows; a "
         "merge revision does not help";
}

}  // namespace

void DuplicateRevision(const RuleInput& input, std::vector<Finding>* findings) {
  for (const DuplicateId& duplicate : input.state.graph.duplicates()) {
    std::vector<std::string> paths;
    for (const MigrationPtr& migration : duplicate.migrations) paths.push_back(migration->path);
    const Migration& last = *duplicate.migrations.back();
    Finding finding = About("duplicate-revision", last, last.revision.line,
                            Quoted(duplicate.id) + " is the revision of " +
                                Count(paths.size(), "file") + ": " + QuotedList(paths));
    finding.fix = FixOf(duplicate, input.before);
    findings->push_back(std::move(finding));
  }
}

}  // namespace onehead::rules
