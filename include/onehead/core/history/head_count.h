// How many heads a graph has, by groups that count by themselves, and how many are allowed.
#pragma once

#include <map>
#include <string>

#include "onehead/core/history/graph.h"
#include "onehead/core/settings/settings.h"

namespace onehead {

// Heads counted per group. Without onehead.labelledHeads there is one group, "". With it a group is
// a set of labels, written "a, b" in sorted order; heads without a label are the group "".
using HeadCounts = std::map<std::string, int>;

// The group of a head.
std::string HeadGroup(const Node& head, const Settings& settings);
// With those that are presumed of files that cannot be read (Graph::unread_heads), and without
// those that are heads only because a file is missing, or because its id cannot be read and only
// its name says it: each such parent may stand on one of them (no merge mends that). Where `before`
// is not null, on one that was there: what is new nobody has stood on. With
// onehead.externalRevisions none is missing.
HeadCounts CountHeads(const Graph& graph, const Settings& settings, const Graph* before = nullptr);

// How many heads are allowed.
struct HeadAllowance {
  int per_group = 1;   // onehead.maxHeads
  HeadCounts at_most;  // more than that for these groups

  int For(const std::string& group) const;
  // Raises the allowance to what `counts` has.
  void Include(const HeadCounts& counts);
};

}  // namespace onehead
