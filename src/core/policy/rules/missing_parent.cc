#include <algorithm>
#include <map>
#include <set>

#include "core/policy/rules/rule.h"
#include "onehead/base/text.h"

namespace onehead::rules {
namespace {

// Files by their names, with and without ".py": people write that where an id belongs.
class FilesByName {
 public:
  explicit FilesByName(const EnvironmentState& state) {
    for (const MigrationPtr& migration : state.migrations) {
      const std::string_view file = BaseName(migration->path);
      files_.emplace(file, migration.get());
      files_.emplace(file.substr(0, file.size() - std::min<std::size_t>(3, file.size())),
                     migration.get());
    }
  }
  // Null: none has that name.
  const Migration* Find(std::string_view name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string_view, const Migration*> files_;  // the keys lie in the paths
};

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

void Report(const FilesByName& files, const DanglingReference& reference,
            std::vector<Finding>* findings) {
  const Migration& child = *reference.migration;
  Finding finding = About("missing-parent", child, child.down_revision.line,
                          "down_revision " + Quoted(reference.id) + OfRevision(child) +
                              " is not the revision of any file");
  finding.names = reference.id;
  const Migration* meant = files.Find(reference.id);
  if (reference.id.empty()) {
    finding.fix = "write None if it has no parent, else the parent's revision";
  } else if (meant != nullptr && meant->has_id()) {
    finding.fix = "that is the name of a file: write its revision, " + Quoted(meant->id());
  } else {
    finding.fix = "add the file that declares it, or name a revision that exists";
  }
  findings->push_back(std::move(finding));
}

}  // namespace

void MissingParent(const RuleInput& input, std::vector<Finding>* findings) {
  const Graph& graph = input.state.graph;
  if (input.settings.external_revisions) return;
  if (graph.missing_parents().empty() && graph.uncertain_references().empty()) return;
  const FilesByName files(input.state);
  for (const DanglingReference& reference : graph.missing_parents()) {
    Report(files, reference, findings);
  }
  const UnknownIds unknown(input.state);
  for (const DanglingReference& reference : graph.uncertain_references()) {
    const std::vector<std::string>& parents = reference.migration->down_revision.ids;
    const bool is_parent = std::find(parents.begin(), parents.end(), reference.id) != parents.end();
    if (is_parent && !unknown.MayDeclare(reference.id)) Report(files, reference, findings);
  }
}

}  // namespace onehead::rules
