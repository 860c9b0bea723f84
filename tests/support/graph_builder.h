// Graphs from compact text, and graphs as one line of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/history/graph.h"

namespace onehead::testing {

// Migrations from "a; b <- a; c <- a, b; d <- c + dep, label = l1, l2". One per ";": the id; after
// "<-" its parents; after "+" its depends_on; after "=" its branch labels. An id "?x" cannot be
// read (x is only the file's name), "!x" is absent, parents "?" cannot be read and "!" are absent.
// "''" is the empty text. Each is in versions/<id>.py, or versions/<id>_<n>.py when the id was
// there before. Lines: revision 3, down_revision 4, branch_labels 5, depends_on 6. The title is
// "add <id>".
std::vector<MigrationPtr> Migrations(std::string_view text);

Graph GraphOf(std::string_view text);

// The ids of nodes, separated by blanks.
std::string Ids(const Graph& graph, const std::vector<NodeIndex>& nodes);

// One node as "id[kinds] <- parents -> children + dependencies by dependents = labels"; empty parts
// are left out. Kinds: h head, r real head, b base, B branch point, M merge point, c in a cycle.
std::string Dump(const Graph& graph, std::string_view id);

// All nodes in order, separated by "; ".
std::string Dump(const Graph& graph);

// "down a b; depends c d; down-loop e" for cycles().
std::string DumpCycles(const Graph& graph);

// "path>id path>id" for references.
std::string DumpReferences(const std::vector<DanglingReference>& references);

// The graph in the words of tests/e2e/graph_oracle.py: "heads c; effective; bases a; branch; merge;
// of c label", or "error NAME" with the name that Alembic gives to what it meets first.
std::string AlembicAnswer(const Graph& graph);

}  // namespace onehead::testing
