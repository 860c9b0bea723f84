// The text of `alembic heads`, `branches` and `history`, from the graph (Alembic 1.19,
// alembic.command and Script.cmd_format).
//
// Control characters of a title other than line feeds and tabs are replaced; everything else equals
// Alembic's text. Not here: JSON and the lines between environments (commands).
#pragma once

#include <string>
#include <vector>

#include "onehead/core/history/graph.h"

namespace onehead {

enum class ListingDetail { kShort, kVerbose };

// Each ends with a newline unless empty. Verbose is Alembic's -v with repository-relative paths.
// Where Alembic prints a Python set (labels, the children of a branch point) its order changes from
// run to run; here it is that of Node::labels and Node::children. A down_revision that cannot be
// read is printed as "<unknown>". For a graph that Alembic could not load: what is known of it.
std::string ListHeads(const Graph& graph, ListingDetail detail);
std::string ListBranches(const Graph& graph, ListingDetail detail);
std::string ListHistory(const Graph& graph, ListingDetail detail);

// Why Alembic could not load this graph at all: one line "PATH:LINE: why" per reason, sorted,
// without a line number where there is none; empty when it can. A duplicate id does not stop
// Alembic, and what only Python could tell is not claimed to: see Graph::unreadable and
// heads_uncertain. Every cycle counts: Alembic overlooks one with a way in from a base and a way
// out to a head, and then `alembic history` may not end.
// `may_be_elsewhere`: parents and dependencies may live in other packages
// (onehead.externalRevisions).
std::vector<std::string> LoadFailures(const Graph& graph, bool may_be_elsewhere = false);

}  // namespace onehead
