#include "git/objects/object_dirs.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

constexpr int kMaxAlternateLevels = 5;  // as Git
constexpr std::size_t kMaxObjectDirs = 256;
constexpr std::size_t kMaxAlternatesBytes = std::size_t{1} << 20;

std::optional<char> SimpleEscape(char c) {
  constexpr std::string_view kNames = "abtnvfr\\\"";
  constexpr std::string_view kValues = "\a\b\t\n\v\f\r\\\"";
  const std::size_t at = kNames.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return kValues[at];
}

bool IsOctal(std::string_view digits) {
  return digits.size() == 3 && digits[0] <= '3' &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '7'; });
}

// The C-quoted text at `begin`; `*end` is then behind the closing mark. Null: broken quoting.
std::optional<std::string> Unquote(std::string_view text, std::size_t begin, std::size_t* end) {
  std::string out;
  std::size_t i = begin + 1;
  while (i < text.size() && text[i] != '"') {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (const std::optional<char> simple = SimpleEscape(text[i])) {
      out += *simple;
      ++i;
    } else if (const std::string_view digits = text.substr(i, 3); IsOctal(digits)) {
      out += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
      i += 3;
    } else {
      return std::nullopt;
    }
  }
  if (i == text.size()) return std::nullopt;
  *end = i + 1;
  return out;
}

struct Level {
  std::string path;
  int depth;
};

// What tells directories apart, whatever path leads there; null: it is none that can be looked at.
std::optional<std::pair<dev_t, ino_t>> IdentityOf(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return std::nullopt;
  return std::pair(info.st_dev, info.st_ino);
}

}  // namespace

std::vector<std::string> ParseAlternates(std::string_view text, char separator) {
  std::vector<std::string> paths;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = std::min(text.find(separator, begin), text.size());
    std::string path;
    std::optional<std::string> unquoted;
    if (text[begin] == '"') unquoted = Unquote(text, begin, &end);
    if (unquoted) {
      path = *unquoted;
    } else if (text[begin] != '#') {
      path = std::string(text.substr(begin, end - begin));
    }
    if (!path.empty()) paths.push_back(std::move(path));
    begin = end + 1;
  }
  return paths;
}

std::vector<std::string> AllObjectDirs(const std::string& first,
                                       const std::vector<std::string>& alternates) {
  std::vector<std::string> dirs;
  std::vector<std::optional<std::pair<dev_t, ino_t>>> seen;
  std::vector<Level> waiting = {{first, 0}};
  for (const std::string& path : alternates) waiting.push_back({path, 0});
  for (std::size_t i = 0; i < waiting.size() && dirs.size() < kMaxObjectDirs; ++i) {
    const Level level = waiting[i];
    const auto identity = IdentityOf(level.path);
    if (!identity && i > 0) continue;
    if (std::find(seen.begin(), seen.end(), identity) != seen.end()) continue;
    seen.push_back(identity);
    dirs.push_back(level.path);
    if (level.depth == kMaxAlternateLevels) continue;
    const Result<std::string> text =
        ReadSmallFile(level.path + "/info/alternates", kMaxAlternatesBytes);
    if (!text) continue;
    for (const std::string& next : ParseAlternates(*text, '\n')) {
      const bool is_absolute = next.front() == '/';
      waiting.push_back({is_absolute ? next : RealPath(level.path + "/" + next), level.depth + 1});
    }
  }
  return dirs;
}

}  // namespace onehead::git
