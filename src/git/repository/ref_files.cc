#include "git/repository/ref_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "git/support/libgit2.h"
#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

using Kind = StoredRef::Kind;

constexpr std::size_t kHexDigits = 2 * kSha1Size;

// A name that no rule of git-check-ref-format(1) has anything against, and no file system either.
bool IsPlainName(std::string_view name) {
  if (name == "HEAD") return true;
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '-' || c == '_' || c == '.';
  };
  return name.starts_with("refs/") && std::all_of(name.begin(), name.end(), is_plain) &&
         name.find("..") == std::string_view::npos && name.find("/.") == std::string_view::npos &&
         name.find("//") == std::string_view::npos &&
         name.find(".lock") == std::string_view::npos && name.back() != '/' && name.back() != '.';
}

StoredRef IdFrom(std::string_view hex) {
  const std::optional<ContentId> id =
      hex.size() == kHexDigits ? ContentId::FromHex(hex) : std::nullopt;
  if (!id) return {};
  return {Kind::kId, *id};
}

StoredRef NotThere() {
  return {errno == ENOENT || errno == ENOTDIR ? Kind::kNone : Kind::kUnclear};
}

// "<id> <name>", with "#" in front of a comment and "^" in front of where a tag leads. A damaged
// file may have lost what is looked for.
bool AreLinesOfRefs(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = TakeUntil(&text, '\n');
    if (line.starts_with('#')) continue;
    const bool is_tag = line.starts_with('^');
    if (is_tag) line.remove_prefix(1);
    if (line.size() < kHexDigits || !ContentId::FromHex(line.substr(0, kHexDigits))) return false;
    line.remove_prefix(kHexDigits);
    if (is_tag ? !line.empty() : !line.starts_with(" refs/")) return false;
  }
  return true;
}

}  // namespace

StoredRef ReadRefFile(const std::string& directory, const std::string& name) {
  constexpr std::string_view kSymbolic = "ref: ";
  constexpr std::size_t kMaxBytes = 4096;
  const bool is_plain = IsPlainName(name);
  const std::string path = directory + "/" + name;
  struct stat info = {};
  if ((is_plain || name.starts_with("refs/")) && stat(path.c_str(), &info) != 0) return NotThere();
  // An empty directory can be left where a packed ref is.
  if (is_plain && S_ISDIR(info.st_mode) && name != "HEAD") return {Kind::kNone};
  if (!is_plain || !S_ISREG(info.st_mode)) return {};
  const Result<std::string> text = ReadSmallFile(path, kMaxBytes);
  if (!text || !text->ends_with('\n')) return {};
  const std::string_view line = std::string_view(*text).substr(0, text->size() - 1);
  if (!line.starts_with(kSymbolic)) return IdFrom(line);
  std::string target(line.substr(kSymbolic.size()));
  if (!IsPlainName(target)) return {};
  return {Kind::kSymbolic, {}, std::move(target)};
}

StoredRef FindPackedRef(const std::string& directory, const std::string& name) {
  constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  if (!IsPlainName(name)) return {};
  const std::string path = directory + "/packed-refs";
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return NotThere();
  const Result<std::string> text = ReadSmallFile(path, kMaxBytes);
  if (!text || (!text->empty() && text->back() != '\n')) return {};
  const std::size_t end = text->find(" " + name + "\n");
  if (end == std::string::npos) return AreLinesOfRefs(*text) ? StoredRef{Kind::kNone} : StoredRef();
  if (end < kHexDigits) return {};
  const std::size_t begin = end - kHexDigits;
  if (begin != 0 && (*text)[begin - 1] != '\n') return {};
  return IdFrom(std::string_view(*text).substr(begin, kHexDigits));
}

}  // namespace onehead::git
