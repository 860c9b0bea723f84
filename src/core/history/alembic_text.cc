#include "onehead/core/history/alembic_text.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

const Node& At(const Graph& graph, NodeIndex i) {
  return graph.nodes()[static_cast<std::size_t>(i)];
}

// Alembic, util.format_as_comma.
std::string Comma(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out += ", ";
    out += Printable(item);
  }
  return out;
}

// Alembic, Script._format_down_revision.
std::string DownRevision(const Node& node) {
  const Binding& down = node.migration->down_revision;
  if (!down.known()) return "<unknown>";
  const bool none = down.ids.empty() || (down.ids.size() == 1 && down.ids.front().empty());
  return none ? "<base>" : Comma(down.ids);
}

// As written: labels are not replaced by ids. Empty: none.
std::string DependsOn(const Node& node) {
  const Binding& depends_on = node.migration->depends_on;
  return depends_on.known() ? Comma(depends_on.ids) : std::string();
}

std::string TreeIndicators(const Node& node) {
  std::string out;
  if (node.is_branch_point) out += " (branchpoint)";
  if (node.is_merge_point) out += " (mergepoint)";
  return out;
}

// Alembic, Script._head_only with include_branches: the id, labels and whether it is a head.
std::string IdAndHead(const Node& node) {
  std::string out = Printable(node.id());
  if (!node.labels.empty()) out += " (" + Comma(node.labels) + ")";
  if (node.is_head) out += node.is_real_head ? " (head)" : " (effective head)";
  return out;
}

std::string Title(const Node& node) { return ", " + PrintableLines(node.migration->title); }

std::string HistoryLine(const Node& node) {
  std::string out = DownRevision(node);
  const std::string depends_on = DependsOn(node);
  if (!depends_on.empty()) out += " (" + depends_on + ")";
  return out + " -> " + IdAndHead(node) + TreeIndicators(node) + Title(node);
}

// Bytes of the line break at the start of `text` as Python's str.splitlines sees it; 0: none.
std::size_t LineBreak(std::string_view text) {
  const char c = text.front();
  if (c == '\r') return text.starts_with("\r\n") ? 2 : 1;
  if ((c >= '\n' && c <= '\f') || (c >= '\x1c' && c <= '\x1e')) return 1;
  if (text.starts_with("\xC2\x85")) return 2;  // next line
  const std::string_view three = text.substr(0, 3);
  return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" ? 3 : 0;  // line, paragraph separator
}

// Each line of the docstring, indented, without a break at the end.
std::string IndentedDoc(std::string_view doc) {
  std::vector<std::string_view> lines;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < doc.size();) {
    const std::size_t size = LineBreak(doc.substr(at));
    if (size != 0) {
      lines.push_back(doc.substr(begin, at - begin));
      begin = at + size;
    }
    at += std::max<std::size_t>(size, 1);
  }
  if (begin < doc.size()) lines.push_back(doc.substr(begin));
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i == 0 ? "    " : "\n    ") + PrintableLines(lines[i]);
  }
  return out;
}

// Alembic, Script.log_entry. Ends with a newline.
std::string LogEntry(const Graph& graph, const Node& node) {
  std::string out = "Rev: " + Printable(node.id());
  if (node.is_head) out += " (head)";
  out += TreeIndicators(node) + '\n';
  out += (node.is_merge_point ? "Merges: " : "Parent: ") + DownRevision(node) + '\n';
  const std::string depends_on = DependsOn(node);
  if (!depends_on.empty()) out += "Also depends on: " + depends_on + '\n';
  if (node.is_branch_point) {
    std::vector<std::string> children;
    for (NodeIndex child : node.children) children.push_back(At(graph, child).id());
    out += "Branches into: " + Comma(children) + '\n';
  }
  if (!node.labels.empty()) out += "Branch names: " + Comma(node.labels) + '\n';
  out += "Path: " + Printable(node.migration->path) + "\n\n";
  return out + IndentedDoc(node.migration->doc) + '\n';
}

std::size_t CharacterCount(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string ListHeads(const Graph& graph, ListingDetail detail) {
  std::string out;
  for (NodeIndex i : graph.heads()) {
    const Node& node = At(graph, i);
    out += detail == ListingDetail::kVerbose ? LogEntry(graph, node) : IdAndHead(node);
    out += '\n';
  }
  return out;
}

std::string ListBranches(const Graph& graph, ListingDetail detail) {
  const bool verbose = detail == ListingDetail::kVerbose;
  std::string out;
  for (NodeIndex i : graph.HistoryOrder()) {
    const Node& node = At(graph, i);
    if (!node.is_branch_point) continue;
    out += (verbose ? LogEntry(graph, node) : IdAndHead(node) + TreeIndicators(node)) + '\n';
    const std::string indent(CharacterCount(Printable(node.id())), ' ');
    for (NodeIndex child_index : node.children) {
      const Node& child = At(graph, child_index);
      out += indent + " -> " + IdAndHead(child) + TreeIndicators(child);
      if (verbose) out += Title(child);
      out += '\n';
    }
    out += '\n';
  }
  return out;
}

std::string ListHistory(const Graph& graph, ListingDetail detail) {
  std::string out;
  for (NodeIndex i : graph.HistoryOrder()) {
    const Node& node = At(graph, i);
    out += detail == ListingDetail::kVerbose ? LogEntry(graph, node) : HistoryLine(node);
    out += '\n';
  }
  return out;
}

}  // namespace onehead
