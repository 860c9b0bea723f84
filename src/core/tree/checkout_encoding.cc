// Git's rules, gitattributes(5): a line is a pattern and attributes; the last line that matches and
// names an attribute decides it, and a file nearer by comes after one further up. Patterns are not
// matched here but asked whether they may match, which is exact for the forms that are in use
// ("*.ps1", "/docs/x.txt", "legacy/*.rc") and says yes to the rest.
#include "onehead/core/tree/checkout_encoding.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/tree/links.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::string_view kAttribute = "working-tree-encoding";

// A clone may not tell case apart.
bool SameIgnoringCase(std::string_view a, std::string_view b) { return Lower(a) == Lower(b); }

bool EndsIgnoringCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && SameIgnoringCase(text.substr(text.size() - end.size()), end);
}

bool IsBelow(std::string_view above, std::string_view directory) {
  return above.empty() || (directory.size() >= above.size() &&
                           SameIgnoringCase(directory.substr(0, above.size()), above));
}

std::vector<std::string_view> Words(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(kBlank), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// What one word says of the attribute; null: nothing. False, "!working-tree-encoding" or UTF-8: the
// file is checked out as it is stored.
std::optional<bool> Encodes(std::string_view word) {
  if (word.starts_with('!')) {
    return word.substr(1) == kAttribute ? std::optional(false) : std::nullopt;
  }
  if (word.starts_with('-')) word.remove_prefix(1);  // Git fails at a checkout, as without a value
  if (!word.starts_with(kAttribute)) return std::nullopt;
  word.remove_prefix(kAttribute.size());
  if (word.empty()) return true;
  if (word[0] != '=') return std::nullopt;
  const std::string_view value = word.substr(1);
  return !value.empty() && !SameIgnoringCase(value, "utf-8") && !SameIgnoringCase(value, "utf8");
}

// Of a quoted pattern with blanks or escapes, one that may match anything.
std::string_view Unquoted(std::string_view pattern) {
  if (!pattern.starts_with('"')) return pattern;
  const bool is_whole = pattern.size() > 1 && pattern.ends_with('"');
  if (!is_whole || pattern.find('\\') != std::string_view::npos) return "?*";
  return pattern.substr(1, pattern.size() - 2);
}

// `base`: the directory of the .gitattributes.
bool MayMatch(std::string_view pattern, std::string_view base, std::string_view directory) {
  constexpr std::string_view kSpecial = "*?[]\\";
  if (pattern.ends_with('/') || pattern.starts_with('!')) return false;
  const std::size_t slash = pattern.rfind('/');
  std::string_view name = pattern;
  if (slash != std::string_view::npos) {
    std::string_view where = pattern.substr(0, slash);
    if (where.starts_with('/')) where.remove_prefix(1);
    const bool is_text = where.find_first_of(kSpecial) == std::string_view::npos;
    const std::string below = where.empty() ? std::string(base) : JoinPath(base, where);
    name = pattern.substr(slash + 1);
    const bool is_deep = name.find("**") != std::string_view::npos;
    if (is_text && !(is_deep ? IsBelow(below, directory) : SameIgnoringCase(below, directory))) {
      return false;
    }
  }
  const std::size_t special = name.find_last_of(kSpecial);
  if (special == std::string_view::npos) return EndsIgnoringCase(name, ".py");
  const std::string_view tail = name.substr(special + 1);
  return EndsIgnoringCase(tail, ".py") || EndsIgnoringCase(".py", tail);
}

// "*.py" and what means more.
bool MatchesAll(std::string_view pattern) {
  return pattern == "*.py" || pattern == "*" || pattern == "**" || pattern == "**/*.py";
}

struct Line {
  int number = 0;
  std::string_view pattern;
  std::vector<std::string_view> attributes;
};

std::vector<Line> LinesOf(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<Line> lines;
  int number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    std::vector<std::string_view> words = Words(line);
    if (words.size() < 2 || words[0].starts_with('#')) continue;
    const std::string_view pattern = words[0];
    words.erase(words.begin());
    // A quoted pattern may hold blanks: what follows them is taken for attributes, too.
    lines.push_back({number, Unquoted(pattern), std::move(words)});
  }
  return lines;
}

constexpr std::string_view kMacro = "[attr]";

// Names that stand for several attributes, which only the file at the top can define. When one of
// these is the encoding, all are suspected: a name can stand for others.
std::set<std::string, std::less<>> SuspectedMacros(const std::vector<Line>& lines) {
  std::set<std::string, std::less<>> names;
  bool any_encodes = false;
  for (const Line& line : lines) {
    if (!line.pattern.starts_with(kMacro)) continue;
    names.emplace(line.pattern.substr(kMacro.size()));
    for (const std::string_view word : line.attributes) {
      any_encodes = any_encodes || Encodes(word) == std::optional(true);
    }
  }
  if (!any_encodes) names.clear();
  return names;
}

// What the files say of one directory, from the top down.
class EncodingReader {
 public:
  explicit EncodingReader(std::string_view directory) : directory_(directory) {}

  void Read(const std::string& path, std::string_view text) {
    const bool is_top = DirName(path).empty();
    if (text.find(kAttribute) == std::string_view::npos && macros_.empty()) return;
    const std::vector<Line> lines = LinesOf(text);
    if (is_top) macros_ = SuspectedMacros(lines);
    for (const Line& line : lines) {
      if (line.pattern.starts_with(kMacro) || !MayMatch(line.pattern, DirName(path), directory_)) {
        continue;
      }
      for (const std::string_view word : line.attributes) {
        const std::optional<bool> encodes =
            macros_.contains(word) ? std::optional(true) : Encodes(word);
        if (encodes == std::optional(true)) Set(path, line.number);
        if (encodes == std::optional(false) && MatchesAll(line.pattern)) last_.reset();
      }
    }
  }

  void Set(const std::string& path, int line) {
    last_ =
        Error{ErrorKind::kUnsupported,
              "working-tree-encoding: a checkout may hold other migrations in " +
                  (directory_.empty() ? "." : Printable(directory_, 200)) + " than the repository",
              "keep Python files as they are, with a line at its end: *.py "
              "!working-tree-encoding",
              path, line};
  }

  std::optional<Error>& last() { return last_; }

 private:
  std::string_view directory_;
  std::set<std::string, std::less<>> macros_;
  std::optional<Error> last_;
};

}  // namespace

std::vector<std::string> AttributeFilesOf(std::string_view directory) {
  std::vector<std::string> paths;
  for (;; directory = DirName(directory)) {
    paths.push_back(JoinPath(directory, kAttributesFile));
    if (directory.empty()) break;
  }
  std::reverse(paths.begin(), paths.end());
  return paths;
}

Result<std::vector<Error>> EncodingErrors(ListingCache* listings,
                                          const std::set<std::string>& directories,
                                          std::size_t max_bytes) {
  std::vector<Error> errors;
  std::set<std::pair<std::string, int>> told;
  for (const std::string& directory : directories) {
    EncodingReader reader(directory);
    for (const std::string& path : AttributeFilesOf(directory)) {
      ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* listing, listings->List(DirName(path)));
      if (listing == nullptr) break;
      const std::optional<TreeEntryView> entry = listing->Find(kAttributesFile);
      if (!entry) continue;
      // Git before 2.32 reads what it leads to.
      if (entry->kind == EntryKind::kSymlink) reader.Set(path, 0);
      if (entry->kind != EntryKind::kFile) continue;
      Result<std::string> text = listings->tree().ReadEntry(DirName(path), *entry, max_bytes);
      if (text) {
        reader.Read(path, *text);
      } else if (IsAboutOneFile(text.error())) {
        reader.Set(path, 0);  // it may say anything
      } else {
        return Fail(std::move(text.error()));
      }
    }
    std::optional<Error>& last = reader.last();
    if (last && told.emplace(last->path, last->line).second) errors.push_back(std::move(*last));
  }
  return errors;
}

}  // namespace onehead
