// The graph of the revisions of one environment, with Alembic's definitions (RevisionMap).
//
// Here: who is whose parent, heads, bases, branch and merge points, labels, and what keeps Alembic
// from loading the graph. Not here: which of that is allowed (rules), text (listing.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "onehead/core/load.h"
#include "onehead/core/migration.h"

namespace onehead {

// Index of a revision in Graph::nodes().
using NodeIndex = int;

struct Node {
  MigrationPtr migration;               // of a duplicate id, the file that Alembic reads last
  std::vector<NodeIndex> parents;       // down_revision that exist, in written order
  std::vector<NodeIndex> children;      // in the order in which Alembic adds them
  std::vector<NodeIndex> dependencies;  // depends_on, labels resolved to their revision
  std::vector<NodeIndex> dependents;    // the reverse of dependencies
  std::vector<std::string> labels;      // after the spread, in Alembic's order
  bool is_head = false;                 // no other revision names it in down_revision
  bool is_real_head = false;            // nor in depends_on
  bool is_base = false;                 // down_revision empty
  bool is_branch_point = false;         // more than one child
  bool is_merge_point = false;          // more than one parent
  bool in_cycle = false;                // reaches itself by down_revision or depends_on

  const std::string& id() const { return migration->id(); }
};

// A reference to an id that no file declares.
struct DanglingReference {
  MigrationPtr migration;  // the file that names it
  std::string id;          // what it names
};

struct DuplicateId {
  std::string id;
  std::vector<MigrationPtr> migrations;  // two or more, in reading order
};

struct Cycle {
  enum class Kind { kDownRevision, kDependsOn };
  Kind kind;
  bool is_loop = false;          // one revision that names itself
  std::vector<std::string> ids;  // the revisions on the cycle itself, sorted; none hanging on it
  MigrationPtr migration;        // the file of the first of `ids`
};

struct LabelClash {
  std::string label;
  MigrationPtr migration;  // the file that declares it second
  MigrationPtr other;      // the file that has it as label or id
};

class Graph {
 public:
  // Linear in the number of revisions and references; no recursion. Migrations without a known id
  // are left out and listed in unreadable(). `migrations` in Alembic's reading order.
  static Graph Build(const std::vector<MigrationPtr>& migrations);

  const std::vector<Node>& nodes() const { return nodes_; }  // in reading order, one per id
  const Node* Find(std::string_view id) const;               // null: no such id
  std::optional<NodeIndex> IndexOf(std::string_view id) const;

  // The distinct ids that no file names as a parent, in the order of Alembic's `heads`.
  const std::vector<NodeIndex>& heads() const { return heads_; }
  const std::vector<NodeIndex>& bases() const { return bases_; }

  const std::vector<DuplicateId>& duplicates() const { return duplicates_; }
  const std::vector<DanglingReference>& missing_parents() const { return missing_parents_; }
  const std::vector<DanglingReference>& missing_dependencies() const {
    return missing_dependencies_;
  }
  const std::vector<Cycle>& cycles() const { return cycles_; }
  const std::vector<LabelClash>& label_clashes() const { return label_clashes_; }
  // Files with defects, with no id, or with an illegal one. While there is one, heads are
  // uncertain.
  const std::vector<MigrationPtr>& unreadable() const { return unreadable_; }

  // All revisions, children before parents, in the order of `alembic history`.
  std::vector<NodeIndex> HistoryOrder() const;

  // Every revision reachable from `from` by down_revision (itself included), as flags by index.
  std::vector<char> Ancestors(const std::vector<NodeIndex>& from) const;

 private:
  friend class GraphBuilder;
  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, NodeIndex> index_;
  std::vector<NodeIndex> heads_;
  std::vector<NodeIndex> bases_;
  std::vector<DuplicateId> duplicates_;
  std::vector<DanglingReference> missing_parents_;
  std::vector<DanglingReference> missing_dependencies_;
  std::vector<Cycle> cycles_;
  std::vector<LabelClash> label_clashes_;
  std::vector<MigrationPtr> unreadable_;
};

}  // namespace onehead
