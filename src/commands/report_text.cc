#include "commands/report_text.h"

#include <iterator>
#include <string_view>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

const char* Prefix(Level level) {
  switch (level) {
    case Level::kError:
      return "error: ";
    case Level::kWarning:
      return "warning: ";
    case Level::kNote:
      return "note: ";
  }
  return "error: ";
}

std::string Place(const std::string& path, int line) {
  std::string place = Printable(path, 200);
  if (line > 0) place += ":" + std::to_string(line);
  return place;
}

std::string TitleOf(std::string_view title) {
  const std::string text = Printable(Trim(Split(title, '\n').front()), 60);
  return text.empty() ? "" : " (" + text + ")";
}

std::string Id(std::string_view id) { return Printable(id, 80); }

// The ids of all heads of the group as a command line takes them; empty if one is no plain word.
std::string IdsAsWords(const HeadRepair& repair) {
  std::string words;
  for (const HeadOrigin& head : repair.heads) {
    const std::string& id = head.migration->id();
    const bool plain = !id.empty() && id.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_.") == std::string::npos;
    if (!plain) return "";
    words += " " + id;
  }
  return words;
}

class ReportRenderer {
 public:
  explicit ReportRenderer(const CheckReport& report) : report_(report) {}

  Lines Run() {
    for (const ReportedError& error : report_.errors) {
      Lines lines = RenderError(error.error, error.level);
      std::move(lines.begin(), lines.end(), std::back_inserter(lines_));
    }
    for (const EnvironmentReport& environment : report_.environments) {
      for (const Finding& finding : environment.findings) Add(environment, finding);
    }
    for (const std::string& warning : report_.warnings) lines_.push_back("warning: " + warning);
    for (const std::string& hint : report_.hints) lines_.push_back("hint: " + hint);
    return std::move(lines_);
  }

 private:
  // "refs/heads/main: backend/alembic: "
  std::string Where(const EnvironmentReport& environment) const {
    std::string where;
    if (!report_.subject.empty()) where = Printable(report_.subject, 200) + ": ";
    const std::string& location = environment.environment.script_location;
    return where + (location.empty() ? "." : Printable(location, 200)) + ": ";
  }

  void Add(const EnvironmentReport& environment, const Finding& finding) {
    const bool heads = finding.rule == "multiple-heads";
    std::string line = Prefix(finding.level) + finding.rule + ": " + Where(environment);
    if (!heads && !finding.path.empty()) line += Place(finding.path, finding.line) + ": ";
    lines_.push_back(line + finding.message);
    const auto repair = environment.repairs.find(finding.names);
    if (heads && repair != environment.repairs.end()) {
      if (finding.level == Level::kError) AddRepair(repair->second);
    } else if (finding.level == Level::kError && !finding.fix.empty()) {
      lines_.push_back("hint:   " + finding.fix);
    }
  }

  void AddRepair(const HeadRepair& repair) {
    constexpr std::size_t kMostHeads = 5;
    bool any_old = false;
    for (const HeadOrigin& head : repair.heads) any_old = any_old || !head.is_new;
    for (std::size_t i = 0; i < repair.heads.size() && i < kMostHeads; ++i) {
      const HeadOrigin& head = repair.heads[i];
      const char* origin = head.is_new ? ", new" : ", was there";
      lines_.push_back("error:   head " + Id(head.migration->id()) +
                       TitleOf(head.migration->title) + (any_old ? origin : "") + ": " +
                       Printable(head.migration->path, 200));
    }
    lines_.push_back(repair.diverge ? "error:   they diverge after " + Id(*repair.diverge) +
                                          TitleOf(repair.diverge_title)
                                    : std::string("error:   they have no common ancestor"));
    AddEdits(repair);
    const std::string ids = IdsAsWords(repair);
    lines_.push_back(std::string("hint: ") + (repair.edits.empty() ? "join" : "or join") +
                     " them with a merge revision: alembic merge -m \"merge heads\"" +
                     (ids.empty() ? " heads" : ids));
    if (!any_old && !report_.subject.empty()) {
      lines_.push_back(
          "hint: if all of them are meant, an administrator can raise onehead.maxHeads, or allow "
          "git push -o onehead.override with onehead.override");
    }
  }

  void AddEdits(const HeadRepair& repair) {
    constexpr std::size_t kMostEdits = 3;
    if (repair.edits.empty()) return;
    lines_.push_back("hint: to repair it, change these lines, commit, and push again:");
    for (std::size_t i = 0; i < repair.edits.size() && i < kMostEdits; ++i) {
      const Migration& migration = *repair.edits[i].migration;
      const std::string parent = Id(repair.edits[i].parent);
      lines_.push_back("hint:   " + Place(migration.path, migration.down_revision.line) +
                       ": down_revision = '" + parent + "'");
      if (!migration.doc_revises) continue;
      lines_.push_back("hint:   " + Place(migration.path, migration.doc_revises->line) +
                       ": Revises: " + parent);
    }
  }

  const CheckReport& report_;
  Lines lines_;
};

}  // namespace

Lines RenderError(const Error& error, Level level) {
  std::string line = Prefix(level);
  if (!error.path.empty()) line += Place(error.path, error.line) + ": ";
  Lines lines = {line + Printable(error.message, 600)};
  if (error.hint.empty()) return lines;
  for (const std::string_view hint : Split(error.hint, '\n')) {
    lines.push_back("hint: " + Printable(hint, 400));
  }
  return lines;
}

Lines RenderReport(const CheckReport& report, std::size_t max_lines) {
  Lines lines = ReportRenderer(report).Run();
  if (max_lines == 0 || lines.size() <= max_lines) return lines;
  const std::size_t left_out = lines.size() - (max_lines - 1);
  lines.resize(max_lines - 1);
  lines.push_back("hint: " + std::to_string(left_out) +
                  " more lines; onehead check shows all of them");
  return lines;
}

void PrintLines(const Lines& lines, Color color, std::ostream& out) {
  for (const std::string& raw : lines) {
    const std::string line = Printable(raw);  // whatever a rule or an error quotes
    const std::size_t colon = line.find(": ");
    if (color == Color::kOff || colon == std::string::npos) {
      out << line << '\n';
      continue;
    }
    const std::string_view word = std::string_view(line).substr(0, colon);
    const char* code = word == "error"     ? "\033[1;31m"
                       : word == "warning" ? "\033[1;33m"
                                           : "\033[33m";
    out << code << word << "\033[m" << std::string_view(line).substr(colon) << '\n';
  }
}

}  // namespace onehead
