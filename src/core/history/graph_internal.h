// The parts from which Graph::Build is put together. For this room only.
#pragma once

#include <vector>

#include "onehead/core/history/graph.h"

namespace onehead::internal {

enum class EdgeKinds { kDownRevision, kAll };

// The strongly connected components that hold a cycle (two or more nodes, or one that names
// itself) over the given edges. Linear.
std::vector<std::vector<NodeIndex>> FindCycles(const std::vector<Node>& nodes, EdgeKinds kinds);

// Whether the revision is a branch point when depends_on counts as well as down_revision
// (Alembic, Revision._is_real_branch_point).
bool IsRealBranchPoint(const Node& node);

// Fills in Node::labels (Alembic, RevisionMap._add_branches). False: too many; then every node has
// its own labels only. REQUIRES: edges, is_merge_point and in_cycle are set.
bool SpreadLabels(std::vector<Node>* nodes);

}  // namespace onehead::internal
