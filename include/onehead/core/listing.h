// The text of `alembic heads`, `branches` and `history`, from the graph (Alembic 1.19,
// alembic.command and Script.cmd_format).
//
// Control characters of a title other than line feeds and tabs are replaced; everything else equals
// Alembic's text. Not here: JSON and the lines between environments (commands).
#pragma once

#include <string>
#include <vector>

#include "onehead/core/graph.h"

namespace onehead {

enum class ListingDetail { kShort, kVerbose };

// Each ends with a newline unless empty. Verbose is Alembic's -v with repository-relative paths.
std::string ListHeads(const Graph& graph, ListingDetail detail);
std::string ListBranches(const Graph& graph, ListingDetail detail);
std::string ListHistory(const Graph& graph, ListingDetail detail);

// Why Alembic could not load this graph at all: one line per reason, empty when it can.
std::vector<std::string> LoadFailures(const Graph& graph);

}  // namespace onehead
