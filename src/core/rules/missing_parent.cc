#include <algorithm>
#include <set>

#include "core/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

// People write the name of a file where its id belongs.
const Migration* DeclaredByFileNamed(const EnvironmentState& state, std::string_view name) {
  for (const MigrationPtr& migration : state.migrations) {
    const std::string_view file = BaseName(migration->path);
    if (file == name || file.substr(0, file.size() - std::min<std::size_t>(3, file.size())) == name)
      return migration.get();
  }
  return nullptr;
}

// Ids that a file may declare whose id cannot be read: its children must not be blamed. One such
// file can be the parent of one missing id only, except where its name says otherwise.
class UnknownIds {
 public:
  explicit UnknownIds(const EnvironmentState& state) {
    std::set<std::string_view> missing;
    for (const DanglingReference& reference : state.graph.uncertain_references()) {
      missing.insert(reference.id);
    }
    for (const MigrationPtr& migration : state.migrations) {
      if (migration->revision.state == Binding::State::kUnknown) {
        files_.push_back(BaseName(migration->path));
      }
    }
    any_ = missing.size() <= files_.size();
  }
  bool MayDeclare(std::string_view id) const {
    if (files_.empty() || id.empty()) return false;
    return any_ || std::any_of(files_.begin(), files_.end(), [&](std::string_view file) {
             return file.find(id) != std::string_view::npos;
           });
  }

 private:
  std::vector<std::string_view> files_;
  bool any_ = false;
};

void Report(const EnvironmentState& state, const DanglingReference& reference,
            std::vector<Finding>* findings) {
  const Migration& child = *reference.migration;
  Finding finding = About("missing-parent", child, child.down_revision.line,
                          "down_revision " + Quoted(reference.id) + OfRevision(child) +
                              " is not the revision of any file");
  finding.names = reference.id;
  const Migration* meant = DeclaredByFileNamed(state, reference.id);
  if (meant != nullptr && meant->has_id()) {
    finding.fix = "that is the name of a file: write its revision, " + Quoted(meant->id());
  } else {
    finding.fix = "add the file that declares it, or name a revision that exists";
  }
  findings->push_back(std::move(finding));
}

}  // namespace

void MissingParent(const RuleInput& input, std::vector<Finding>* findings) {
  if (input.settings.external_revisions) return;
  for (const DanglingReference& reference : input.state.graph.missing_parents()) {
    Report(input.state, reference, findings);
  }
  const UnknownIds unknown(input.state);
  for (const DanglingReference& reference : input.state.graph.uncertain_references()) {
    const std::vector<std::string>& parents = reference.migration->down_revision.ids;
    const bool is_parent = std::find(parents.begin(), parents.end(), reference.id) != parents.end();
    if (is_parent && !unknown.MayDeclare(reference.id)) Report(input.state, reference, findings);
  }
}

}  // namespace onehead::rules
