#include "support/graph_builder.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/history/alembic_text.h"

namespace onehead::testing {
namespace {

std::vector<std::string> Items(std::string_view text) {
  std::vector<std::string> items;
  for (std::string_view part : Split(text, ',')) {
    const std::string_view item = Trim(part);
    if (item == "''") {
      items.emplace_back();
    } else if (!item.empty()) {
      items.emplace_back(item);
    }
  }
  return items;
}

// Cuts off and returns what follows the last `mark` in `*text`.
std::string_view CutAfter(std::string_view mark, std::string_view* text) {
  const std::size_t at = text->rfind(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text->substr(at + mark.size());
  *text = text->substr(0, at);
  return rest;
}

Binding Known(std::vector<std::string> ids, int line) {
  Binding binding;
  binding.state = Binding::State::kKnown;
  binding.is_collection = ids.size() > 1;
  binding.ids = std::move(ids);
  binding.line = line;
  return binding;
}

// `mark` is "?" or "!".
Binding NotKnown(std::string_view mark, int line) {
  Binding binding;
  if (mark == "?") {
    binding.state = Binding::State::kUnknown;
    binding.line = line;
    binding.text = "f()";
  }
  return binding;
}

MigrationPtr Parse(std::string_view text, std::map<std::string, int>* seen) {
  auto m = std::make_shared<Migration>();
  m->branch_labels = Known(Items(CutAfter("=", &text)), 5);
  m->depends_on = Known(Items(CutAfter("+", &text)), 6);
  const std::vector<std::string> parents = Items(CutAfter("<-", &text));
  std::string_view id = Trim(text);
  const bool mark = !id.empty() && (id.front() == '?' || id.front() == '!');
  m->revision = mark ? NotKnown(id.substr(0, 1), 3) : Known({std::string(id)}, 3);
  if (mark) id.remove_prefix(1);
  const bool parents_mark = parents.size() == 1 && (parents[0] == "?" || parents[0] == "!");
  m->down_revision = parents_mark ? NotKnown(parents[0], 4) : Known(parents, 4);
  if (m->revision.state == Binding::State::kUnknown) m->defects.push_back({3, "a call", "f()"});
  if (parents_mark) m->defects.push_back({4, "no known down_revision", ""});
  const int count = (*seen)[std::string(id)]++;
  m->path = "versions/" + std::string(id) + (count > 0 ? "_" + std::to_string(count) : "") + ".py";
  m->title = "add " + std::string(id);
  m->doc = m->title + "\n\nRevision ID: " + std::string(id);
  return m;
}

void AddPart(const Graph& graph, const char* mark, const std::vector<NodeIndex>& nodes,
             std::string* out) {
  if (!nodes.empty()) *out += mark + Ids(graph, nodes);
}

}  // namespace

std::vector<MigrationPtr> Migrations(std::string_view text) {
  std::vector<MigrationPtr> migrations;
  std::map<std::string, int> seen;
  for (std::string_view part : Split(text, ';')) {
    if (!Trim(part).empty()) migrations.push_back(Parse(part, &seen));
  }
  return migrations;
}

Graph GraphOf(std::string_view text) { return Graph::Build(Migrations(text)); }

std::string Ids(const Graph& graph, const std::vector<NodeIndex>& nodes) {
  std::string out;
  for (NodeIndex i : nodes) {
    out += (out.empty() ? "" : " ") + graph.nodes()[static_cast<std::size_t>(i)].id();
  }
  return out;
}

std::string Dump(const Graph& graph, std::string_view id) {
  const Node* node = graph.Find(id);
  if (node == nullptr) return "no " + std::string(id);
  std::string out = node->id() + "[";
  if (node->is_head) out += 'h';
  if (node->is_real_head) out += 'r';
  if (node->is_base) out += 'b';
  if (node->is_branch_point) out += 'B';
  if (node->is_merge_point) out += 'M';
  if (node->in_cycle) out += 'c';
  out += ']';
  AddPart(graph, " <- ", node->parents, &out);
  AddPart(graph, " -> ", node->children, &out);
  AddPart(graph, " + ", node->dependencies, &out);
  AddPart(graph, " by ", node->dependents, &out);
  for (std::size_t i = 0; i < node->labels.size(); ++i) {
    out += (i == 0 ? " = " : " ") + node->labels[i];
  }
  return out;
}

std::string Dump(const Graph& graph) {
  std::string out;
  for (const Node& node : graph.nodes()) out += (out.empty() ? "" : "; ") + Dump(graph, node.id());
  return out;
}

std::string DumpCycles(const Graph& graph) {
  std::string out;
  for (const Cycle& cycle : graph.cycles()) {
    if (!out.empty()) out += "; ";
    out += cycle.kind == Cycle::Kind::kDownRevision ? "down" : "depends";
    if (cycle.is_loop) out += "-loop";
    for (const std::string& id : cycle.ids) out += " " + id;
  }
  return out;
}

std::string DumpReferences(const std::vector<DanglingReference>& references) {
  std::string out;
  for (const DanglingReference& reference : references) {
    out += (out.empty() ? "" : " ") + reference.migration->path + ">" + reference.id;
  }
  return out;
}

namespace {

// Loops and illegal ids are seen when a file is read, then labels and references, then cycles.
std::string AlembicError(const Graph& graph) {
  const auto has_cycle = [&](Cycle::Kind kind, bool loop) {
    return std::any_of(graph.cycles().begin(), graph.cycles().end(), [&](const Cycle& cycle) {
      return cycle.kind == kind && cycle.is_loop == loop;
    });
  };
  if (has_cycle(Cycle::Kind::kDownRevision, true)) return "LoopDetected";
  if (has_cycle(Cycle::Kind::kDependsOn, true)) return "DependencyLoopDetected";
  const auto illegal = [](const Node& n) { return !IllegalIdCharacters(n.id()).empty(); };
  if (std::any_of(graph.nodes().begin(), graph.nodes().end(), illegal)) return "RevisionError";
  if (!graph.label_clashes().empty()) return "RevisionError";
  if (!graph.missing_parents().empty() || !graph.missing_dependencies().empty()) return "KeyError";
  if (has_cycle(Cycle::Kind::kDownRevision, false)) return "CycleDetected";
  if (has_cycle(Cycle::Kind::kDependsOn, false)) return "DependencyCycleDetected";
  return "";
}

}  // namespace

std::string AlembicAnswer(const Graph& graph) {
  if (!LoadFailures(graph).empty()) return "error " + AlembicError(graph);
  const auto those = [&](const char* name, auto wanted) {
    std::string ids = name;
    for (const Node& node : graph.nodes()) {
      if (wanted(node)) ids += " " + node.id();
    }
    return ids;
  };
  const auto effective = [](const Node& n) { return n.is_head && !n.is_real_head; };
  std::string answer = those("heads", [](const Node& n) { return n.is_head; });
  answer += "; " + those("effective", effective);
  answer += "; " + those("bases", [](const Node& n) { return n.is_base; });
  answer += "; " + those("branch", [](const Node& n) { return n.is_branch_point; });
  answer += "; " + those("merge", [](const Node& n) { return n.is_merge_point; });
  for (const Node& node : graph.nodes()) {
    std::vector<std::string> labels = node.labels;
    std::sort(labels.begin(), labels.end());
    if (!labels.empty()) answer += "; of " + node.id();
    for (const std::string& label : labels) answer += " " + label;
  }
  return answer;
}

}  // namespace onehead::testing
