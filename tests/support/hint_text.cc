#include "support/hint_text.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <sstream>

namespace onehead::testing {
namespace {

using Words = std::set<std::string>;

const Words kProse = {"again", "and",   "are",   "as",    "by",    "can",     "cannot", "does",
                      "first", "for",   "gives", "has",   "have",  "here",    "if",     "in",
                      "into",  "is",    "it",    "joins", "keeps", "lets",    "leaves", "makes",
                      "moves", "on",    "or",    "puts",  "reads", "repairs", "says",   "shows",
                      "takes", "tells", "that",  "the",   "then",  "there",   "to",     "where",
                      "which", "will",  "with",  "would", "writes"};
const Words kOneheadRepairs = {"rebase", "move", "merge", "install", "uninstall"};
const Words kOneheadLooks = {"check", "heads", "branches", "history", "explain", "graph",
                             "log",   "diff",  "pending",  "audit",   "doctor",  "help"};
const Words kGitRepairs = {"rebase",   "merge",  "pull",   "fetch", "cherry-pick",     "add",
                           "rm",       "mv",     "commit", "reset", "revert",          "restore",
                           "checkout", "switch", "branch", "stash", "sparse-checkout", "am",
                           "apply"};
const Words kGitLooks = {"log", "show", "status", "diff", "fsck"};
const Words kAlembic = {"upgrade", "downgrade", "stamp",    "heads", "history",
                        "current", "branches",  "revision", "show"};

// What Git itself says when it stops.
bool IsGits(const std::string& line) {
  static const std::regex gits(
      "hint: (Resolve all conflicts|\"git (add|rebase|cherry-pick)|You can instead skip|To abort "
      "and "
      "get|run \"git|After resolving|Updates were|its remote|\\(e\\.g\\., |'git push|to the same "
      "ref|"
      "Disable this|See the 'Note|If you wish|the paths|Use '--|Note that|counterpart|another repo|"
      "commit -C|mark them|Fix them|with 'git|as appropriate|have diverged|the remote).*");
  return std::regex_match(line, gits);
}

bool IsPlaceholder(const std::string& word) {
  static const std::regex angle(".*<[^>]*>.*|.*\\.\\.\\.");
  static const std::regex capitals("(.*=)?[A-Z]{2,}");
  if (std::regex_match(word, angle)) return true;
  return std::regex_match(word, capitals) && word != "HEAD";
}

// "git commit -m 'a b', then": the words of a command, and where it ends.
class CommandReader {
 public:
  CommandReader(const std::string& line, std::size_t begin) : line_(line), at_(begin) {
    const char before = begin == 0 ? ' ' : line[begin - 1];
    if (before == '`' || before == '\'' || before == '"') closing_ = before;
  }
  void Run() {
    while (!ended_ && at_ < line_.size()) {
      const std::size_t begin = at_;
      std::string word = Word();
      if (words.size() > 1 && (kProse.count(word) != 0 || word[0] == '(')) {
        at_ = begin;
        break;
      }
      if (!word.empty()) words.push_back(word);
      while (at_ < line_.size() && line_[at_] == ' ') ++at_;
    }
    end = at_;
  }

  std::vector<std::string> words;
  std::size_t end = 0;

 private:
  std::string Word() {
    const std::size_t begin = at_;
    char quote = 0;
    for (; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (quote == 0 && c == closing_) break;
      if (quote == 0 && c == ' ') break;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      }
    }
    std::string word = line_.substr(begin, at_ - begin);
    ended_ = at_ < line_.size() && line_[at_] == closing_;
    const bool opens = word.find('(') != std::string::npos;
    while (word.size() > 1 && word != ".." &&
           (std::string(",;:").find(word.back()) != std::string::npos || word.back() == '.' ||
            (word.back() == ')' && !opens))) {
      if (word.size() > 2 && word.compare(word.size() - 3, 3, "...") == 0) break;
      word.pop_back();
      ended_ = true;
    }
    return word;
  }

  const std::string& line_;
  std::size_t at_;
  char closing_ = 0;
  bool ended_ = false;
};

enum class Kind { kNone, kRepair, kLook, kPush, kSetting };

Kind KindOf(const std::vector<std::string>& words) {
  if (words.size() < 2) return Kind::kNone;
  const std::string& verb = words[1];
  const auto has = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (words[0] == "alembic") {
    if (verb == "merge") return Kind::kRepair;
    return kAlembic.count(verb) != 0 ? Kind::kLook : Kind::kNone;  // the rest is about databases
  }
  if (words[0] == "onehead") {
    if (has("--dry-run") || has("--help") || kOneheadLooks.count(verb) != 0) return Kind::kLook;
    return kOneheadRepairs.count(verb) != 0 ? Kind::kRepair : Kind::kNone;
  }
  if (verb == "push") return Kind::kPush;
  if (verb == "config") return words.size() > 3 && !has("--get") ? Kind::kSetting : Kind::kLook;
  if (kGitLooks.count(verb) != 0) return Kind::kLook;
  return kGitRepairs.count(verb) != 0 ? Kind::kRepair : Kind::kNone;
}

HintRole RoleOf(Kind kind) {
  if (kind == Kind::kLook) return HintRole::kLook;
  if (kind == Kind::kPush) return HintRole::kPush;
  return kind == Kind::kSetting ? HintRole::kSetting : HintRole::kRepair;
}

class HintReader {
 public:
  std::vector<HintedAction> Run(std::string_view text) {
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
      for (const std::string prefix : {"remote: ", "GL-HOOK-ERR: "}) {
        if (line.rfind(prefix, 0) == 0) line.erase(0, prefix.size());
      }
      while (!line.empty() && line.back() == ' ') line.pop_back();
      Line(line);
    }
    return std::move(actions_);
  }

 private:
  void Line(const std::string& line) {
    static const std::regex ours("(hint|error|warning|note|onehead): .*");
    static const std::regex edit(
        "hint: +(?:in )?([^ ].*):(\\d+): ((?:down_revision|Revises|revision|Revision ID).*)");
    static const std::regex deletion("hint:.*\\bdelete (\\S+\\.py)\\b.*");
    if (!std::regex_match(line, ours) || IsGits(line)) return;
    std::smatch match;
    if (std::regex_match(line, match, edit)) {
      if (!in_edits_) Begin(line);
      in_edits_ = true;
      actions_.back().edits.push_back({match[1], std::stoi(match[2]), match[3]});
      return;
    }
    in_edits_ = false;
    if (std::regex_match(line, match, deletion)) {
      Begin(line);
      actions_.back().deletions.push_back(match[1]);
    }
    Commands(line);
  }

  void Commands(const std::string& line) {
    static const std::regex anywhere("(^|[ `'\"(])(onehead|git|alembic) [a-zA-Z-]");
    static const std::regex in_backticks("(`)(onehead|git|alembic) [a-zA-Z-]");
    const bool is_hint = line.rfind("hint: ", 0) == 0;
    const std::regex& program = is_hint ? anywhere : in_backticks;
    std::size_t at = 0;
    std::size_t last_end = std::string::npos;
    std::smatch match;
    for (std::string rest = line; std::regex_search(rest, match, program); rest = line.substr(at)) {
      const std::size_t begin = at + static_cast<std::size_t>(match.position(2));
      CommandReader command(line, begin);
      command.Run();
      const Kind kind = KindOf(command.words);
      at = kind == Kind::kNone ? begin + 1 : std::max(command.end, begin + 1);
      if (kind == Kind::kNone) {
        const bool prose = command.words.size() < 2 || kProse.count(command.words[1]) != 0;
        if (is_hint && !prose) Begin(line).problem = "no such command: " + Joined(command.words);
        continue;
      }
      const bool follows =
          last_end != std::string::npos
              ? IsSequence(line.substr(last_end, begin - last_end))
              : line.rfind("hint: then ", 0) == 0 || line.rfind("hint:   then ", 0) == 0;
      Add(line, command.words, kind, follows && !actions_.empty());
      last_end = command.end;
    }
  }

  static bool IsSequence(const std::string& between) {
    static const std::regex sequence(".*(\\bthen\\b|\\band\\b|&&).*");
    static const std::regex choice(".*\\bor\\b.*");
    return std::regex_match(between, sequence) && !std::regex_match(between, choice);
  }

  void Add(const std::string& line, const std::vector<std::string>& words, Kind kind,
           bool follows) {
    HintedAction& action = follows ? actions_.back() : Begin(line);
    if (!follows) action.role = RoleOf(kind);
    if (follows && kind == Kind::kRepair) action.role = HintRole::kRepair;
    action.commands.push_back(Joined(words));
    for (const std::string& word : words) {
      if (IsPlaceholder(word)) action.problem = "cannot be typed: " + Joined(words);
    }
  }

  static std::string Joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
  }

  HintedAction& Begin(const std::string& line) {
    actions_.emplace_back();
    actions_.back().line = line;
    return actions_.back();
  }

  std::vector<HintedAction> actions_;
  bool in_edits_ = false;
};

}  // namespace

std::vector<HintedAction> HintedActions(std::string_view text) { return HintReader().Run(text); }

}  // namespace onehead::testing
