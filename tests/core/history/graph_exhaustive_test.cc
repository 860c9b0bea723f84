// All graphs of up to four revisions, against definitions written down once more, without any of
// the code of core/graph: sets of names, and reachability by trying.
//
// By hand, for millions: ONEHEAD_EXHAUSTIVE=1 core_test --gtest_filter='GraphExhaustive*'
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "onehead/core/history/graph.h"
#include "support/graph_builder.h"

namespace onehead {
namespace {

using testing::Migrations;

constexpr unsigned kMissing = 4;  // the place of "z", which no file declares
constexpr const char* kNames[] = {"a", "b", "c", "d", "z"};

// What one file says: bits of the places of the names.
struct Facts {
  unsigned down = 0;
  unsigned on = 0;
};

bool Has(unsigned mask, unsigned i) { return (mask >> i & 1u) != 0; }

// The naive reading of a history.
class Naive {
 public:
  explicit Naive(std::vector<Facts> files) : files_(std::move(files)) {
    for (unsigned i = 0; i < Size(); ++i) {
      ancestors_[i] = Reach(i, [](const Facts& f) { return f.down; });
      needs_[i] = Reach(i, [](const Facts& f) { return f.down | f.on; });
    }
  }

  unsigned Size() const { return static_cast<unsigned>(files_.size()); }
  bool IsHead(unsigned i) const { return Children(i) == 0; }
  bool IsRealHead(unsigned i) const {
    return IsHead(i) &&
           std::none_of(files_.begin(), files_.end(), [i](const Facts& f) { return Has(f.on, i); });
  }
  bool IsBase(unsigned i) const { return files_[i].down == 0; }
  bool IsBranchPoint(unsigned i) const { return Children(i) > 1; }
  bool IsMergePoint(unsigned i) const { return Count(files_[i].down) > 1; }
  // What is reached by one step or more.
  unsigned Ancestors(unsigned i) const { return ancestors_[i]; }
  bool InCycle(unsigned i) const { return Has(needs_[i], i); }

  // The words of DumpCycles: groups of revisions that reach each other.
  std::set<std::string> Cycles() const {
    std::set<std::string> cycles;
    for (unsigned i = 0; i < Size(); ++i) {
      const unsigned down = Group(ancestors_, i);
      const unsigned any = Group(needs_, i);
      if (down != 0) cycles.insert((Count(down) == 1 ? "down-loop" : "down") + Ids(down));
      if (any != 0 && any != down) {
        cycles.insert((Count(any) == 1 ? "depends-loop" : "depends") + Ids(any));
      }
    }
    return cycles;
  }

  std::set<std::string> Missing(unsigned Facts::*names) const {
    std::set<std::string> missing;
    for (unsigned i = 0; i < Size(); ++i) {
      if (Has(files_[i].*names, kMissing)) missing.insert(kNames[i]);
    }
    return missing;
  }

 private:
  static int Count(unsigned mask) { return mask == 0 ? 0 : 1 + Count(mask & (mask - 1)); }

  int Children(unsigned i) const {
    return static_cast<int>(std::count_if(files_.begin(), files_.end(),
                                          [i](const Facts& f) { return Has(f.down, i); }));
  }

  template <typename Names>
  unsigned Reach(unsigned from, Names names) const {
    unsigned reached = names(files_[from]);
    for (unsigned round = 0; round < Size(); ++round) {
      for (unsigned i = 0; i < Size(); ++i) {
        if (Has(reached, i)) reached |= names(files_[i]);
      }
    }
    return reached & ((1u << Size()) - 1);
  }

  // Those that `i` reaches and that reach it; none when it does not reach itself.
  unsigned Group(const std::array<unsigned, 4>& reach, unsigned i) const {
    unsigned group = 0;
    for (unsigned other = 0; other < Size(); ++other) {
      if (Has(reach[i], other) && Has(reach[other], i)) group |= 1u << other;
    }
    return group;
  }

  static std::string Ids(unsigned mask) {
    std::string ids;
    for (unsigned i = 0; i < 4; ++i) {
      if (Has(mask, i)) ids += std::string(" ") + kNames[i];
    }
    return ids;
  }

  std::vector<Facts> files_;
  std::array<unsigned, 4> ancestors_ = {};
  std::array<unsigned, 4> needs_ = {};
};

std::string Problem(const Graph& graph, const Naive& naive) {
  for (unsigned i = 0; i < naive.Size(); ++i) {
    const Node& node = graph.nodes()[i];
    if (node.is_head != naive.IsHead(i)) return "head " + node.id();
    if (node.is_real_head != naive.IsRealHead(i)) return "real head " + node.id();
    if (node.is_base != naive.IsBase(i)) return "base " + node.id();
    if (node.is_branch_point != naive.IsBranchPoint(i)) return "branch point " + node.id();
    if (node.is_merge_point != naive.IsMergePoint(i)) return "merge point " + node.id();
    if (node.in_cycle != naive.InCycle(i)) return "cycle of " + node.id();
    const std::vector<char> above = graph.Ancestors({static_cast<NodeIndex>(i)});
    for (unsigned other = 0; other < naive.Size(); ++other) {
      const bool reached = i == other || Has(naive.Ancestors(i), other);
      if ((above[other] != 0) != reached) return "ancestors of " + node.id();
    }
  }
  std::set<std::string> cycles;
  for (const Cycle& cycle : graph.cycles()) {
    std::string text = cycle.kind == Cycle::Kind::kDownRevision ? "down" : "depends";
    if (cycle.is_loop) text += "-loop";
    for (const std::string& id : cycle.ids) text += " " + id;
    if (!cycles.insert(text).second) return "a cycle twice";
  }
  if (cycles != naive.Cycles()) return "cycles";
  const auto who = [](const std::vector<DanglingReference>& references) {
    std::set<std::string> ids;
    for (const DanglingReference& reference : references) ids.insert(reference.migration->id());
    return ids;
  };
  if (who(graph.missing_parents()) != naive.Missing(&Facts::down)) return "missing parents";
  if (who(graph.missing_dependencies()) != naive.Missing(&Facts::on)) return "missing dependencies";
  return "";
}

// Each revision once, and children before parents unless there is a cycle anywhere.
std::string HistoryProblem(const Graph& graph, const Naive& naive) {
  const std::vector<NodeIndex> order = graph.HistoryOrder();
  unsigned seen = 0;
  for (const NodeIndex node : order) {
    const auto i = static_cast<unsigned>(node);
    if (Has(seen, i)) return "history: a revision twice";
    const bool parent_first = (naive.Ancestors(i) & seen) != 0;
    if (parent_first && graph.cycles().empty()) return "history: a parent first";
    seen |= 1u << i;
  }
  return order.size() == naive.Size() ? "" : "history: a revision is not there";
}

std::string Written(unsigned place, const Facts& facts) {
  std::string text = kNames[place];
  const auto add = [&](const char* mark, unsigned mask) {
    for (unsigned i = 0; i <= kMissing; ++i) {
      if (!Has(mask, i)) continue;
      text += mark + std::string(kNames[i]);
      mark = ", ";
    }
  };
  add(" <- ", facts.down);
  add(" + ", facts.on);
  return text;
}

struct Limits {
  unsigned names = 0;  // bits that may be named
  int max_parents = 0;
  int max_dependencies = 0;
};

class GraphExhaustive : public ::testing::Test {
 protected:
  // Every graph of `size` revisions within the limits.
  void TryAll(unsigned size, const Limits& limits) {
    std::vector<Facts> choices;
    for (unsigned down = 0; down <= limits.names; ++down) {
      for (unsigned on = 0; on <= limits.names; ++on) {
        const bool named = ((down | on) & ~limits.names) == 0;
        if (named && std::popcount(down) <= limits.max_parents &&
            std::popcount(on) <= limits.max_dependencies) {
          choices.push_back({down, on});
        }
      }
    }
    std::vector<std::vector<MigrationPtr>> files(size);
    for (unsigned i = 0; i < size; ++i) {
      for (const Facts& facts : choices) {
        files[i].push_back(Migrations(Written(i, facts)).front());
      }
    }
    std::vector<std::size_t> picked(size, 0);
    do {
      TryOne(files, choices, picked);
    } while (Next(&picked, choices.size()) && !HasFailure());
  }

  void TryOne(const std::vector<std::vector<MigrationPtr>>& files,
              const std::vector<Facts>& choices, const std::vector<std::size_t>& picked) {
    std::vector<MigrationPtr> migrations;
    std::vector<Facts> facts;
    for (std::size_t i = 0; i < picked.size(); ++i) {
      migrations.push_back(files[i][picked[i]]);
      facts.push_back(choices[picked[i]]);
    }
    const Graph graph = Graph::Build(migrations);
    const Naive naive(facts);
    std::string problem = Problem(graph, naive);
    if (problem.empty()) problem = HistoryProblem(graph, naive);
    ++graphs_;
    if (problem.empty()) return;
    std::string text;
    for (unsigned i = 0; i < facts.size(); ++i) text += Written(i, facts[i]) + "; ";
    ADD_FAILURE() << problem << " of " << text;
  }

  static bool Next(std::vector<std::size_t>* picked, std::size_t choices) {
    for (std::size_t& place : *picked) {
      if (++place < choices) return true;
      place = 0;
    }
    return false;
  }

  int graphs_ = 0;
};

constexpr unsigned kZ = 1u << kMissing;

TEST_F(GraphExhaustive, UpToFourRevisions) {
  TryAll(1, {1 | kZ, 2, 2});
  TryAll(2, {3 | kZ, 3, 3});
  TryAll(3, {7, 3, 1});
  TryAll(3, {7 | kZ, 4, 0});
  TryAll(4, {15, 4, 0});
  EXPECT_EQ(graphs_, 16 + 64 * 64 + 32 * 32 * 32 + 16 * 16 * 16 + 16 * 16 * 16 * 16);
}

TEST_F(GraphExhaustive, WithAllDependencies) {
  TryAll(3, {7, 1, 3});
  if (std::getenv("ONEHEAD_EXHAUSTIVE") == nullptr) return;  // by hand: see above
  TryAll(3, {7, 3, 3});
  TryAll(4, {15 | kZ, 5, 0});
  TryAll(4, {15, 1, 1});
}

}  // namespace
}  // namespace onehead
