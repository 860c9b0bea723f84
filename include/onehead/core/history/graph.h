// The graph of the revisions of one environment, with Alembic's definitions (RevisionMap).
//
// Here: who is whose parent, heads, bases, branch and merge points, labels, and what keeps Alembic
// from loading the graph. Not here: which of that is allowed (rules), text (alembic_text.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/history/load.h"
#include "onehead/core/migration/migration.h"

namespace onehead {

// Index of a revision in Graph::nodes().
using NodeIndex = int;

struct Node {
  MigrationPtr migration;               // of a duplicate id, the file that Alembic reads last
  std::vector<NodeIndex> parents;       // down_revision that exist, in written order
  std::vector<NodeIndex> children;      // in the order in which Alembic adds them
  std::vector<NodeIndex> dependencies;  // depends_on, labels resolved to their revision
  std::vector<NodeIndex> dependents;    // the reverse of dependencies
  std::vector<std::string> labels;      // own ones as written, then those that spread to it
  bool is_head = false;                 // no file names it in down_revision
  bool head_uncertain = false;          // a head, but a file that cannot be read may name it
  bool is_real_head = false;            // nor in depends_on
  bool is_base = false;                 // down_revision known and empty
  bool is_branch_point = false;         // more than one child
  bool is_merge_point = false;          // down_revision names more than one, missing ones included
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

// What takes part how, where Alembic would not get this far or Python would be needed:
// - A migration whose id is known is a node, whatever else is unknown. Without a known
//   down_revision it has no parents and is no base.
// - A migration without a known id is no node, but what it names (if known) counts as named: a
//   revision below it is not a head. Nor can it name what stands on it: that an id is its own is
//   known where it is the only such file and only one id is named that no file declares, or where
//   the name of the file holds that id.
// - A doubtful value (Binding::doubtful) counts as it is written.
// - Of a duplicate id the file read last is the node. The others give no edges and no labels to the
//   spread; what they name counts as named, and their labels can clash.
// - A parent or dependency that does not exist gives no edge. A revision that names itself is its
//   own parent and child; walks over nodes() must expect cycles.
class Graph {
 public:
  // n log n in the number of revisions and references; no recursion. `migrations` in Alembic's
  // reading order, none null.
  static Graph Build(const std::vector<MigrationPtr>& migrations);

  // One per id, in the order in which the ids were first read (Alembic's revision map).
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node* Find(std::string_view id) const;  // null: no such id
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
  // Parents and dependencies that no file declares as far as can be read, but that may be what a
  // file with an unknown id (for dependencies also: unknown branch_labels) declares. They are not
  // among the missing ones.
  const std::vector<DanglingReference>& uncertain_references() const {
    return uncertain_references_;
  }
  // Files with defects, without a known id, or without a known down_revision.
  const std::vector<MigrationPtr>& unreadable() const { return unreadable_; }
  // True while a file may have an id or name a parent that only Python could tell: Node::
  // head_uncertain says of which heads it may be the child.
  bool heads_uncertain() const { return heads_uncertain_; }
  // Files that could not be had (Migration::unread) and that no missing parent stands for: each
  // counts as one head more. What is put on such a file takes that place, so that the number stays
  // the same for whoever builds on it.
  int unread_heads() const { return unread_heads_; }
  // True when the labels would spread to more places than any honest history has; then every node
  // has its own labels only.
  bool labels_cut() const { return labels_cut_; }

  // All revisions, children before parents, in the order of `alembic history`; where Alembic
  // chooses by the order of a Python set, in written and reading order. In a cycle, where there is
  // no such order, every revision still occurs once. Interleaved branches cost more than linear
  // time, as in Alembic: beyond `max_steps` (thousands of such branches) the order among branches
  // is by reading order.
  std::vector<NodeIndex> HistoryOrder(std::size_t max_steps = 20'000'000) const;

  // Every revision reachable from `from` by down_revision (itself included), as flags by index.
  std::vector<char> Ancestors(const std::vector<NodeIndex>& from) const;
  // Every revision that stands on `file`, one of the migrations, as far as can be known, as flags
  // by index; with itself if its id is known.
  std::vector<char> Descendants(const Migration& file) const;

 private:
  friend class GraphBuilder;
  std::vector<Node> nodes_;
  // In the order of the texts. The first bytes as a number decide nearly every comparison, without
  // a look at a text that lies elsewhere.
  struct IdKey {
    explicit IdKey(std::string_view text);
    bool operator<(const IdKey& other) const {
      return first != other.first ? first < other.first : id < other.id;
    }
    std::uint64_t first = 0;
    std::string_view id;
  };
  // The keys lie in migrations that nodes_ or duplicates_ keep alive. Not a hash map: ids come from
  // whoever pushes.
  std::map<IdKey, NodeIndex> index_;
  std::vector<NodeIndex> heads_;
  std::vector<NodeIndex> bases_;
  std::vector<DuplicateId> duplicates_;
  std::vector<DanglingReference> missing_parents_;
  std::vector<DanglingReference> missing_dependencies_;
  std::vector<Cycle> cycles_;
  std::vector<LabelClash> label_clashes_;
  std::vector<DanglingReference> uncertain_references_;
  std::vector<MigrationPtr> unreadable_;
  int unknown_ids_ = 0;  // files that may have any id
  bool heads_uncertain_ = false;
  int unread_heads_ = 0;
  bool labels_cut_ = false;
};

// The characters of `id` that Alembic does not allow in one (@ - + :), sorted, none twice.
std::string IllegalIdCharacters(std::string_view id);
// The column alembic_version.version_num is a VARCHAR(32): PostgreSQL and others refuse a longer id
// when it is deployed.
inline constexpr std::size_t kMaxIdCharacters = 32;
std::size_t CountCharacters(std::string_view id);
bool HasLongId(const MigrationPtr& migration);

}  // namespace onehead
