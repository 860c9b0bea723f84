#include "onehead/core/history/graph.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
#include <utility>

#include "core/history/graph_internal.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

const std::vector<std::string>& NoIds() {
  static const std::vector<std::string> none;
  return none;
}

const std::vector<std::string>& Parents(const Migration& m) {
  return m.down_revision.known() ? m.down_revision.ids : NoIds();
}

// Alembic takes a depends_on of '' for none (it is false in Python), except on a base, which it
// then finds unreachable.
const std::vector<std::string>& Dependencies(const Migration& m) {
  if (!m.depends_on.known()) return NoIds();
  const bool empty_text = m.depends_on.ids.size() == 1 && m.depends_on.ids.front().empty();
  const bool base = m.down_revision.known() && m.down_revision.ids.empty();
  return empty_text && !base ? NoIds() : m.depends_on.ids;
}

const std::vector<std::string>& Labels(const Migration& m) {
  return m.branch_labels.known() ? m.branch_labels.ids : NoIds();
}

bool IsUnknown(const Binding& binding) { return binding.state == Binding::State::kUnknown; }

// Alembic 1.19 takes some illegal values.
bool MayNameAnyParent(const Migration& m) {
  return IsUnknown(m.down_revision) || m.down_revision.state == Binding::State::kIllegal;
}

// True if the file name has the id as one of its words.
bool IsNamedFor(const Migration& m, std::string_view id) {
  const std::string_view name = BaseName(m.path);
  const auto in_word = [&](std::size_t i) {
    return i < name.size() && std::isalnum(static_cast<unsigned char>(name[i])) != 0;
  };
  for (std::size_t at = name.find(id); at != std::string_view::npos; at = name.find(id, at + 1)) {
    if (!in_word(at - 1) && !in_word(at + id.size())) return true;
  }
  return false;
}

}  // namespace

class GraphBuilder {
 public:
  explicit GraphBuilder(const std::vector<MigrationPtr>& migrations) : migrations_(migrations) {}

  Graph Build() {
    nodes().reserve(migrations_.size());
    for (const MigrationPtr& m : migrations_) AddMigration(m);
    named_.assign(nodes().size(), 0);
    needed_.assign(nodes().size(), 0);
    stamp_.assign(nodes().size(), -1);
    for (const MigrationPtr& m : migrations_) {
      if (m->has_id()) AddLabels(m);
    }
    for (const MigrationPtr& m : migrations_) FollowReferences(m);
    CountUnread();
    for (NodeIndex i = 0; i < static_cast<NodeIndex>(nodes().size()); ++i) AddEdges(i);
    for (NodeIndex i = 0; i < static_cast<NodeIndex>(nodes().size()); ++i) SetKinds(i);
    MarkUncertainHeads();
    AddCycles();
    AddShadowedLoops();
    graph_.labels_cut_ = !internal::SpreadLabels(&graph_.nodes_);
    return std::move(graph_);
  }

 private:
  std::vector<Node>& nodes() { return graph_.nodes_; }

  void AddMigration(const MigrationPtr& m) {
    const bool uncertain = m->defective() || IsUnknown(m->revision) || !m->down_revision.known();
    if (uncertain || !m->has_id()) graph_.unreadable_.push_back(m);
    if (uncertain) graph_.heads_uncertain_ = true;
    if (IsUnknown(m->revision)) {
      ++graph_.unknown_ids_;
      unknown_label_ = true;
    }
    if (IsUnknown(m->branch_labels)) unknown_label_ = true;
    if (!m->has_id()) return;
    // Alembic begins the names of files with the id, and reads them in order.
    const auto found = graph_.index_.emplace_hint(graph_.index_.end(), Graph::IdKey(m->id()),
                                                  static_cast<NodeIndex>(nodes().size()));
    if (graph_.index_.size() > nodes().size()) {
      nodes().emplace_back();
      nodes().back().migration = m;
      duplicate_.push_back(-1);
    } else {
      AddDuplicate(found->second, m);
    }
  }

  void AddDuplicate(NodeIndex i, const MigrationPtr& m) {
    Node& node = nodes()[At(i)];
    if (duplicate_[At(i)] < 0) {
      duplicate_[At(i)] = static_cast<int>(graph_.duplicates_.size());
      graph_.duplicates_.push_back({m->id(), {node.migration}});
    }
    graph_.duplicates_[At(duplicate_[At(i)])].migrations.push_back(m);
    node.migration = m;  // the file read last wins
  }

  void AddLabels(const MigrationPtr& m) {
    for (const std::string& label : Labels(*m)) {
      if (const auto id = graph_.IndexOf(label)) {
        graph_.label_clashes_.push_back({label, m, nodes()[At(*id)].migration});
        continue;
      }
      const auto [found, added] = labels_.emplace(label, m);
      if (!added) graph_.label_clashes_.push_back({label, m, found->second});
    }
  }

  // Alembic, RevisionMap._add_depends_on: an exact id or a branch label.
  std::optional<NodeIndex> Resolve(std::string_view name) const {
    if (const auto id = graph_.IndexOf(name)) return id;
    const auto label = labels_.find(name);
    return label == labels_.end() ? std::nullopt : graph_.IndexOf(label->second->id());
  }

  // What any file names, whether it is a node or not.
  void FollowReferences(const MigrationPtr& m) {
    for (const std::string& id : Parents(*m)) {
      if (const auto parent = graph_.IndexOf(id)) {
        named_[At(*parent)] = 1;
      } else {
        (graph_.unknown_ids_ > 0 ? graph_.uncertain_references_ : graph_.missing_parents_)
            .push_back({m, id});
        if (!id.empty()) absent_parents_.insert(id);
      }
    }
    for (const std::string& name : Dependencies(*m)) {
      if (const auto dependency = Resolve(name)) {
        needed_[At(*dependency)] = 1;
      } else {
        (unknown_label_ ? graph_.uncertain_references_ : graph_.missing_dependencies_)
            .push_back({m, name});
      }
    }
  }

  // One file declares one id at most.
  void CountUnread() {
    const auto unread = std::count_if(migrations_.begin(), migrations_.end(),
                                      [](const MigrationPtr& m) { return m->unread; });
    const auto absent = static_cast<std::ptrdiff_t>(absent_parents_.size());
    graph_.unread_heads_ = static_cast<int>(std::max<std::ptrdiff_t>(unread - absent, 0));
  }

  void AddEdges(NodeIndex i) {
    const MigrationPtr m = nodes()[At(i)].migration;
    for (const std::string& id : Parents(*m)) {
      const auto parent = graph_.IndexOf(id);
      if (!parent) continue;
      nodes()[At(i)].parents.push_back(*parent);
      nodes()[At(*parent)].children.push_back(i);
    }
    for (const std::string& name : Dependencies(*m)) {
      const auto dependency = Resolve(name);
      if (!dependency || stamp_[At(*dependency)] == i) continue;
      stamp_[At(*dependency)] = i;  // once, though it may be named by id and by label
      nodes()[At(i)].dependencies.push_back(*dependency);
      nodes()[At(*dependency)].dependents.push_back(i);
    }
  }

  void SetKinds(NodeIndex i) {
    Node& node = nodes()[At(i)];
    node.is_head = named_[At(i)] == 0;
    node.is_real_head = node.is_head && needed_[At(i)] == 0;
    node.is_base = node.migration->down_revision.known() && Parents(*node.migration).empty();
    node.is_branch_point = node.children.size() > 1;
    node.is_merge_point = Parents(*node.migration).size() > 1;
    if (node.is_head) graph_.heads_.push_back(i);
    if (node.is_base) graph_.bases_.push_back(i);
  }

  // What stands on a file is none of its parents. Of many such files each head may be one.
  void MarkUncertainHeads() {
    constexpr std::size_t kMaxFiles = 16;
    std::vector<const Migration*> files;
    for (const MigrationPtr& m : graph_.unreadable_) {
      if (MayNameAnyParent(*m)) files.push_back(m.get());
    }
    if (files.size() > kMaxFiles) {
      for (const NodeIndex head : graph_.heads_) nodes()[At(head)].head_uncertain = true;
      return;
    }
    for (const Migration* const file : files) {
      const std::vector<char> above = graph_.Descendants(*file);
      for (const NodeIndex head : graph_.heads_) {
        if (above[At(head)] == 0) nodes()[At(head)].head_uncertain = true;
      }
    }
  }

  void AddCycles() {
    // A component over all edges that is just one over down_revision is reported as that only.
    std::vector<int> by_down(nodes().size(), 0);  // size of the down_revision cycle it is on
    const auto by_parents = internal::FindCycles(nodes(), internal::EdgeKinds::kDownRevision);
    for (const auto& cycle : by_parents) {
      for (NodeIndex i : cycle) by_down[At(i)] = static_cast<int>(cycle.size());
      AddCycle(Cycle::Kind::kDownRevision, cycle);
    }
    const bool dependencies = std::any_of(nodes().begin(), nodes().end(), [](const Node& node) {
      return !node.dependencies.empty();
    });
    const auto by_all =
        dependencies ? internal::FindCycles(nodes(), internal::EdgeKinds::kAll) : by_parents;
    for (const auto& cycle : by_all) {
      for (NodeIndex i : cycle) nodes()[At(i)].in_cycle = true;
      if (by_down[At(cycle.front())] == static_cast<int>(cycle.size())) continue;
      AddCycle(Cycle::Kind::kDependsOn, cycle);
    }
    std::sort(graph_.cycles_.begin(), graph_.cycles_.end(), [](const Cycle& a, const Cycle& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.ids < b.ids;
    });
  }

  void AddCycle(Cycle::Kind kind, const std::vector<NodeIndex>& members) {
    Cycle cycle{kind, members.size() == 1, {}, nullptr};
    for (NodeIndex i : members) cycle.ids.push_back(nodes()[At(i)].id());
    std::sort(cycle.ids.begin(), cycle.ids.end());
    cycle.migration = graph_.Find(cycle.ids.front())->migration;
    graph_.cycles_.push_back(std::move(cycle));
  }

  // Alembic refuses a file that names itself when it reads it, also if another file with the same
  // id comes after it.
  void AddShadowedLoops() {
    for (const DuplicateId& duplicate : graph_.duplicates_) {
      for (const MigrationPtr& m : duplicate.migrations) {
        if (m == duplicate.migrations.back()) continue;
        const auto names_itself = [&](const std::vector<std::string>& ids) {
          return std::find(ids.begin(), ids.end(), m->id()) != ids.end();
        };
        if (names_itself(Parents(*m))) {
          graph_.cycles_.push_back({Cycle::Kind::kDownRevision, true, {m->id()}, m});
        } else if (names_itself(Dependencies(*m))) {
          graph_.cycles_.push_back({Cycle::Kind::kDependsOn, true, {m->id()}, m});
        }
      }
    }
  }

  const std::vector<MigrationPtr>& migrations_;
  Graph graph_;
  std::map<std::string_view, MigrationPtr> labels_;  // label -> the file that declares it first
  std::vector<int> duplicate_;                       // by node: index in duplicates_, or -1
  std::vector<char> named_;                          // by node: some file has it as a parent
  std::vector<char> needed_;                         // by node: some file depends on it
  std::vector<NodeIndex> stamp_;                     // by node: whose dependencies it was added to
  std::set<std::string_view> absent_parents_;        // ids named as parents that are no nodes
  bool unknown_label_ = false;
};

Graph::IdKey::IdKey(std::string_view text) : id(text) {
  for (std::size_t i = 0; i < sizeof first; ++i) {
    first = first << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
}

Graph Graph::Build(const std::vector<MigrationPtr>& migrations) {
  return GraphBuilder(migrations).Build();
}

std::optional<NodeIndex> Graph::IndexOf(std::string_view id) const {
  const auto found = index_.find(IdKey(id));
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

const Node* Graph::Find(std::string_view id) const {
  const auto index = IndexOf(id);
  return index ? &nodes_[At(*index)] : nullptr;
}

namespace {

// The nodes that can be reached from `todo`, which is used up, over one kind of edges.
std::vector<char> Reached(const std::vector<Node>& nodes, std::vector<NodeIndex> todo,
                          const std::vector<NodeIndex> Node::*edges) {
  std::vector<char> seen(nodes.size(), 0);
  for (const NodeIndex i : todo) seen[At(i)] = 1;
  while (!todo.empty()) {
    const Node& node = nodes[At(todo.back())];
    todo.pop_back();
    for (const NodeIndex next : node.*edges) {
      if (std::exchange(seen[At(next)], 1) == 0) todo.push_back(next);
    }
  }
  return seen;
}

}  // namespace

std::vector<char> Graph::Ancestors(const std::vector<NodeIndex>& from) const {
  return Reached(nodes_, from, &Node::parents);
}

std::vector<char> Graph::Descendants(const Migration& file) const {
  std::vector<NodeIndex> from;
  if (file.has_id()) {
    if (const auto index = IndexOf(file.id())) from.push_back(*index);
  } else if (IsUnknown(file.revision)) {
    const auto names = [](const DanglingReference& ref) {
      const std::vector<std::string>& parents = Parents(*ref.migration);
      return !ref.id.empty() && std::find(parents.begin(), parents.end(), ref.id) != parents.end();
    };
    std::set<std::string_view> absent;
    for (const DanglingReference& ref : uncertain_references_) {
      if (names(ref)) absent.insert(ref.id);
    }
    const bool the_only_one = unknown_ids_ == 1 && absent.size() == 1;
    for (const DanglingReference& ref : uncertain_references_) {
      if (!names(ref) || !ref.migration->has_id()) continue;
      if (!the_only_one && !IsNamedFor(file, ref.id)) continue;
      if (const auto index = IndexOf(ref.migration->id())) from.push_back(*index);
    }
  }
  return Reached(nodes_, std::move(from), &Node::children);
}

std::string IllegalIdCharacters(std::string_view id) {
  std::string illegal;
  for (char c : {'+', '-', ':', '@'}) {
    if (id.find(c) != std::string_view::npos) illegal += c;
  }
  return illegal;
}

std::size_t CountCharacters(std::string_view id) {
  return static_cast<std::size_t>(std::count_if(
      id.begin(), id.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool HasLongId(const MigrationPtr& migration) {
  return migration->has_id() && CountCharacters(migration->id()) > kMaxIdCharacters;
}

}  // namespace onehead
