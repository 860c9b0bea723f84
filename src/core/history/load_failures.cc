// Why Alembic could not load a graph (alembic_text.h).

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "onehead/base/text.h"
#include "onehead/core/history/alembic_text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxIds = 10;     // named of one cycle
constexpr std::size_t kMaxBytes = 200;  // of one id or expression

std::string Shown(std::string_view text) { return Printable(text, kMaxBytes); }

struct Failure {
  std::string path;
  int line;
  std::string message;
  friend bool operator<(const Failure& a, const Failure& b) {
    return std::tie(a.path, a.line, a.message) < std::tie(b.path, b.line, b.message);
  }
};

class FailureCollector {
 public:
  FailureCollector(const Graph& graph, bool may_be_elsewhere)
      : graph_(graph), may_be_elsewhere_(may_be_elsewhere) {}

  std::vector<std::string> Run() {
    for (const MigrationPtr& m : graph_.unreadable()) AddUnreadable(*m);
    AddIllegalIds();
    if (!may_be_elsewhere_) AddMissing();
    for (const Cycle& cycle : graph_.cycles()) AddCycle(cycle);
    for (const LabelClash& clash : graph_.label_clashes()) {
      Add(*clash.migration, clash.migration->branch_labels.line,
          "branch label " + Shown(clash.label) + " of " + Of(*clash.migration) +
              " is already used by " + Of(*clash.other) + " (" + Shown(clash.other->path) + ")");
    }
    return Lines();
  }

 private:
  static std::string Of(const Migration& m) {
    return m.has_id() ? Shown(m.id()) : std::string("a file without a known id");
  }

  void Add(const Migration& m, int line, std::string message) {
    failures_.push_back({m.path, line, std::move(message)});
  }

  // Only what is known to stop Alembic. A value that only Python could tell may be a good one.
  void AddUnreadable(const Migration& m) {
    using State = Binding::State;
    const auto unknown = [](const Binding& b) { return b.state == State::kUnknown; };
    if (m.refused && !m.defects.empty()) {
      return Add(m, m.defects.front().line, "cannot be read: " + Shown(m.defects.front().reason));
    }
    if (unknown(m.revision) || unknown(m.down_revision)) return;
    if (m.revision.state == State::kAbsent) {
      Add(m, 0, "declares no revision id");
    } else if (m.revision.state == State::kIllegal) {
      Add(m, m.revision.line, "the revision id is not a string: " + Shown(m.revision.text));
    }
    if (!m.has_id()) return;
    if (m.down_revision.state == State::kAbsent) {
      Add(m, 0, "down_revision of " + Of(m) + " is absent");
    } else if (m.down_revision.state == State::kIllegal) {
      Add(m, m.down_revision.line,
          "down_revision of " + Of(m) +
              " is not None, a string or strings: " + Shown(m.down_revision.text));
    } else if (!unknown(m.branch_labels) && !unknown(m.depends_on) && !m.defects.empty()) {
      Add(m, m.defects.front().line, "cannot be read: " + Shown(m.defects.front().reason));
    }
  }

  void AddIllegalIds() {
    for (const Node& node : graph_.nodes()) {
      const std::string illegal = IllegalIdCharacters(node.id());
      if (illegal.empty()) continue;
      std::string listed;
      for (char c : illegal) listed += (listed.empty() ? "" : ", ") + std::string(1, c);
      Add(*node.migration, node.migration->revision.line,
          "character(s) '" + listed + "' not allowed in revision id " + Of(*node.migration));
    }
  }

  void AddMissing() {
    for (const DanglingReference& ref : graph_.missing_parents()) AddMissingParent(ref);
    for (const DanglingReference& ref : graph_.missing_dependencies()) {
      Add(*ref.migration, ref.migration->depends_on.line,
          "depends_on of " + Of(*ref.migration) + " names " + Shown(ref.id) +
              ", which is no revision and no branch label");
    }
  }

  // Also of a file that another one with the same id hides: for Alembic it remains a head, and the
  // walk down from the heads ends there.
  void AddMissingParent(const DanglingReference& ref) {
    const Migration& m = *ref.migration;
    if (!m.has_id()) return;
    Add(m, m.down_revision.line,
        "down_revision of " + Of(m) + " names " + Shown(ref.id) + ", which no file declares");
  }

  void AddCycle(const Cycle& cycle) {
    const bool by_down = cycle.kind == Cycle::Kind::kDownRevision;
    const Binding& binding = by_down ? cycle.migration->down_revision : cycle.migration->depends_on;
    const std::string name = by_down ? "down_revision" : "depends_on";
    if (cycle.is_loop) {
      Add(*cycle.migration, binding.line, Of(*cycle.migration) + " names itself in " + name);
      return;
    }
    std::string ids;
    for (std::size_t i = 0; i < std::min(cycle.ids.size(), kMaxIds); ++i) {
      ids += (i == 0 ? "" : ", ") + Shown(cycle.ids[i]);
    }
    if (cycle.ids.size() > kMaxIds) {
      ids += " and " + std::to_string(cycle.ids.size() - kMaxIds) + " more";
    }
    Add(*cycle.migration, binding.line,
        (by_down ? "cycle of down_revision: " : "cycle of down_revision and depends_on: ") + ids);
  }

  std::vector<std::string> Lines() {
    std::sort(failures_.begin(), failures_.end());
    std::vector<std::string> lines;
    for (const Failure& failure : failures_) {
      std::string line = Printable(failure.path);
      if (failure.line > 0) line += ":" + std::to_string(failure.line);
      lines.push_back(line + ": " + failure.message);
    }
    return lines;
  }

  const Graph& graph_;
  const bool may_be_elsewhere_;
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<std::string> LoadFailures(const Graph& graph, bool may_be_elsewhere) {
  return FailureCollector(graph, may_be_elsewhere).Run();
}

}  // namespace onehead
