#include "commands/report/report_text.h"

#include <algorithm>
#include <iterator>
#include <map>
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

// The ids of all heads of the group as a command line takes them; empty if one is no plain word, or
// if they are too many for a line.
std::string IdsAsWords(const HeadRepair& repair) {
  constexpr std::size_t kMaxIds = 8;
  if (repair.heads.size() > kMaxIds) return "";
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

// Who stays when not all lines fit, the first ones longest.
enum class Keep {
  kAlways,   // why it was accepted or refused although the findings say otherwise
  kError,    // the first line of an error or of a finding
  kWarning,  // the same of one that refuses nothing
  kDetail,   // what explains a finding
  kHint,
};

constexpr int kNoFinding = -1;

// Lines that make sense only together.
struct Piece {
  Keep keep = Keep::kAlways;
  Lines lines = {};
  int finding = kNoFinding;
  int rank = 0;               // among the details of one finding: the lowest stay longest
  bool is_of_a_push = false;  // `onehead check` of one commit does not know it
};

using Pieces = std::vector<Piece>;

// All that a report says, in the order in which it is read.
class ReportRenderer {
 public:
  // `is_limited`: long lists are shortened.
  ReportRenderer(const CheckReport& report, bool is_limited)
      : report_(report), is_limited_(is_limited) {}

  Pieces Run() {
    for (const ReportedError& error : report_.errors) {
      for (std::string& line : RenderError(error.error, error.level)) {
        const bool first = line.rfind("hint: ", 0) != 0;
        AddPiece(first ? KeepOf(error.level) : Keep::kHint, {std::move(line)});
      }
    }
    for (const EnvironmentReport& environment : report_.environments) {
      for (const Finding& finding : environment.findings) {
        ++finding_;
        Add(environment, finding);
      }
    }
    finding_ = kNoFinding;
    for (const std::string& warning : report_.warnings) {
      AddPiece(Keep::kAlways, {"warning: " + warning});
    }
    if (const std::string hint = ImportHint(report_); !hint.empty()) {
      AddPiece(Keep::kAlways, {"hint: " + hint});
    }
    for (const std::string& hint : report_.hints) AddPiece(Keep::kHint, {"hint: " + hint});
    return std::move(pieces_);
  }

 private:
  enum Rank { kNewHead, kOldHead, kOther };

  static Keep KeepOf(Level level) { return level == Level::kError ? Keep::kError : Keep::kWarning; }

  void AddPiece(Keep keep, Lines lines, Rank rank = kOther) {
    pieces_.push_back({keep, std::move(lines), finding_, rank});
  }

  // "refs/heads/main: backend/alembic: "
  std::string Where(const EnvironmentReport& environment) const {
    std::string where;
    if (!report_.subject.empty()) where = Printable(report_.subject, 200) + ": ";
    return where + NameOf(environment.environment) + ": ";
  }

  void Add(const EnvironmentReport& environment, const Finding& finding) {
    const bool heads = finding.rule == "multiple-heads";
    std::string line = Prefix(finding.level) + finding.rule + ": " + Where(environment);
    if (!heads && !finding.path.empty()) line += Place(finding.path, finding.line) + ": ";
    AddPiece(KeepOf(finding.level), {line + finding.message});
    pieces_.back().is_of_a_push = finding.rule == "stray-migration";
    const auto repair = environment.repairs.find(finding.names);
    if (heads && repair != environment.repairs.end()) {
      if (finding.level == Level::kError) AddRepair(environment.environment, repair->second);
    } else if (!finding.fix.empty() &&
               (finding.level == Level::kError || finding.rule == "ignored-migration")) {
      AddPiece(Keep::kDetail, {"hint:   " + finding.fix});
    }
  }

  void AddRepair(const Environment& environment, const HeadRepair& repair) {
    AddHeads(repair.heads);
    if (repair.diverge) {
      AddPiece(Keep::kDetail, {"error:   they diverge after " + Id(*repair.diverge) +
                               TitleOf(repair.diverge_title)});
    } else if (repair.diverge_known) {
      AddPiece(Keep::kDetail, {"error:   they have no common ancestor"});
    }
    if (repair.is_behind) {
      AddPiece(Keep::kDetail, {"hint: to repair it, first: " + Printable(repair.command, 200)});
      return;
    }
    AddEdits(repair);
    AddJoin(environment, repair);
  }

  // What helps where nothing is to be re-parented, or instead.
  void AddJoin(const Environment& environment, const HeadRepair& repair) {
    if (!repair.merge_helps) {
      AddPiece(Keep::kHint,
               {"hint: a merge revision does not help while the other defects are there"});
      return;
    }
    if (repair.independent) {
      AddPiece(Keep::kHint,
               {"hint: if these are separate histories on purpose, an administrator of the server "
                "can allow that: onehead.labelledHeads for branch labels, else onehead.maxHeads"});
      return;
    }
    if (!repair.deletions.empty()) return;
    const std::string ids = IdsAsWords(repair);
    // Alembic wants to be started beside its configuration.
    const bool at_top = DirName(environment.config_path).empty();
    const std::string command =
        at_top ? "alembic merge -m \"merge heads\"" + (ids.empty() ? " heads" : ids)
               : "onehead merge" + ids;
    AddPiece(Keep::kHint, {std::string("hint: ") + (repair.edits.empty() ? "join" : "or join") +
                           " them with a merge revision: " + command});
  }

  void AddHeads(std::vector<HeadOrigin> heads) {
    constexpr std::size_t kMaxHeads = 5;
    const auto is_new = [](const HeadOrigin& head) { return head.is_new; };
    const bool any_old = !std::all_of(heads.begin(), heads.end(), is_new);
    std::size_t left_out = 0;
    if (is_limited_ && heads.size() > kMaxHeads) {
      // Those that this change brings are the ones to act on.
      std::stable_partition(heads.begin(), heads.end(), is_new);
      left_out = heads.size() - kMaxHeads;
      heads.resize(kMaxHeads);
    }
    for (const HeadOrigin& head : heads) {
      const char* origin = head.is_new ? ", new" : ", was there";
      AddPiece(Keep::kDetail,
               {"error:   head " + Id(head.migration->id()) + TitleOf(head.migration->title) +
                (any_old ? origin : "") + ": " + Printable(head.migration->path, 200)},
               head.is_new ? kNewHead : kOldHead);
    }
    if (left_out == 0) return;
    AddPiece(Keep::kDetail, {"error:   and " + std::to_string(left_out) + " more"}, kOldHead);
  }

  void AddEdits(const HeadRepair& repair) {
    constexpr std::size_t kMaxEdits = 3;
    if (repair.edits.empty() && repair.deletions.empty()) return;
    Lines lines = {"hint: to repair it: " +
                   (repair.command.empty() ? "" : Printable(repair.command, 200) + ", or ") +
                   "change these lines and commit; then push again:"};
    for (const MigrationPtr& migration : repair.deletions) {
      lines.push_back("hint:   git rm " + ShellWord(migration->path));
      AddPiece(Keep::kDetail, std::exchange(lines, {}));
    }
    for (std::size_t i = 0; i < repair.edits.size(); ++i) {
      if (is_limited_ && i == kMaxEdits) {
        const std::size_t left_out = repair.edits.size() - kMaxEdits;
        AddPiece(Keep::kDetail, {"hint:   and " + std::to_string(left_out) + " more files"});
        return;
      }
      const Migration& migration = *repair.edits[i].migration;
      lines.push_back("hint:   " + Place(migration.path, migration.down_revision.line) + ": " +
                      DownRevisionLine(repair.edits[i]));
      std::string parents;
      for (const std::string& parent : repair.edits[i].parents) {
        parents += (parents.empty() ? "" : ", ") + parent;
      }
      // Not where an id could end the docstring.
      if (migration.doc_revises && parents.find_first_of("\"'\\") == std::string::npos) {
        lines.push_back("hint:   " + Place(migration.path, migration.doc_revises->line) +
                        ": Revises: " + Id(parents));
      }
      AddPiece(Keep::kDetail, std::exchange(lines, {}));
    }
  }

  const CheckReport& report_;
  bool is_limited_;
  Pieces pieces_;
  int finding_ = kNoFinding;
};

// Chooses what stays of a report that is too long. The order stays as it is.
class Cutter {
 public:
  Cutter(const Pieces& pieces, std::size_t max_lines)
      : pieces_(pieces), room_(max_lines - 1), kept_(pieces.size(), false) {}

  Lines Run() {
    for (const Keep keep : {Keep::kAlways, Keep::kError, Keep::kWarning}) TakeAll(keep);
    TakeDetailsInTurn();
    TakeAll(Keep::kHint);
    Lines lines;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (!kept_[i]) continue;
      lines.insert(lines.end(), pieces_[i].lines.begin(), pieces_[i].lines.end());
    }
    lines.push_back(WhatIsLeftOut());
    return lines;
  }

 private:
  bool Take(std::size_t i) {
    if (pieces_[i].lines.size() > room_) return false;
    room_ -= pieces_[i].lines.size();
    kept_[i] = true;
    return true;
  }

  void TakeAll(Keep keep) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].keep == keep) Take(i);
    }
  }

  // One of each finding, then the next of each, so that none is explained at another's cost.
  void TakeDetailsInTurn() {
    std::map<int, std::vector<std::size_t>> details;  // by finding
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].keep == Keep::kDetail) details[pieces_[i].finding].push_back(i);
    }
    for (auto& [finding, indexes] : details) {
      std::stable_sort(indexes.begin(), indexes.end(), [&](std::size_t a, std::size_t b) {
        return pieces_[a].rank < pieces_[b].rank;
      });
    }
    for (std::size_t turn = 0; !details.empty(); ++turn) {
      for (auto it = details.begin(); it != details.end();) {
        const bool more = turn < it->second.size() && Take(it->second[turn]);
        it = more ? std::next(it) : details.erase(it);
      }
    }
  }

  std::string WhatIsLeftOut() const {
    std::size_t lines = 0;
    std::size_t findings = 0;
    bool any_error = false;
    bool only_findings = true;
    bool check_knows = true;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (kept_[i]) continue;
      const Piece& piece = pieces_[i];
      lines += piece.lines.size();
      if (piece.keep != Keep::kError && piece.keep != Keep::kWarning) continue;
      ++findings;
      check_knows = check_knows && !piece.is_of_a_push;
      any_error = any_error || piece.keep == Keep::kError;
      only_findings = only_findings && piece.finding != kNoFinding;
    }
    const std::string where = check_knows ? "; onehead check shows all of them" : "";
    if (findings == 0) return "hint: " + std::to_string(lines) + " more lines" + where;
    return std::string(any_error ? "error: " : "warning: ") + "and " + std::to_string(findings) +
           (only_findings ? " more findings" : " more errors and findings") + where;
  }

  const Pieces& pieces_;
  std::size_t room_;
  std::vector<bool> kept_;
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
  const Pieces pieces = ReportRenderer(report, max_lines != 0).Run();
  Lines lines;
  for (const Piece& piece : pieces) {
    lines.insert(lines.end(), piece.lines.begin(), piece.lines.end());
  }
  if (max_lines == 0 || lines.size() <= max_lines) return lines;
  return Cutter(pieces, max_lines).Run();
}

Lines AsWarnings(Lines lines) {
  const std::string error = Prefix(Level::kError);
  for (std::string& line : lines) {
    if (line.starts_with(error)) line.replace(0, error.size(), Prefix(Level::kWarning));
  }
  return lines;
}

std::string TextOfLines(const Lines& lines, Color color) {
  std::string text;
  for (const std::string& raw : lines) {
    const std::string line = Printable(raw);  // whatever a rule or an error quotes
    const std::size_t colon = line.find(": ");
    if (color == Color::kOff || colon == std::string::npos) {
      text += line + '\n';
      continue;
    }
    const std::string word = line.substr(0, colon);
    const char* code = word == "error"     ? "\033[1;31m"
                       : word == "warning" ? "\033[1;33m"
                                           : "\033[33m";
    text += code + word + "\033[m" + line.substr(colon) + '\n';
  }
  return text;
}

void PrintLines(const Lines& lines, Color color, std::ostream& out) {
  out << TextOfLines(lines, color);
}

}  // namespace onehead
