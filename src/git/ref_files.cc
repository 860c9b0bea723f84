#include "git/ref_files.h"

#include <fcntl.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "git/files.h"
#include "git/libgit2.h"

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

}  // namespace

StoredRef ReadRefFile(const std::string& directory, const std::string& name) {
  constexpr std::string_view kSymbolic = "ref: ";
  constexpr std::size_t kMostBytes = 4096;
  if (!IsPlainName(name)) return {};
  const Descriptor file(open((directory + "/" + name).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  // A push can make a thousand of them, and an error in words costs more than the look.
  if (!file.ok()) return {errno == ENOENT || errno == ENOTDIR ? Kind::kNone : Kind::kUnclear};
  const Result<std::string> text = ReadOpenFile(file.get(), kMostBytes);
  if (!text && text.error().kind == ErrorKind::kNotFound) return {Kind::kNone};
  if (!text || !text->ends_with('\n')) return {};
  const std::string_view line = std::string_view(*text).substr(0, text->size() - 1);
  if (!line.starts_with(kSymbolic)) return IdFrom(line);
  std::string target(line.substr(kSymbolic.size()));
  if (!IsPlainName(target)) return {};
  return {Kind::kSymbolic, {}, std::move(target)};
}

// Lines "<id> <name>", with "#" and "^" before others.
StoredRef FindPackedRef(const std::string& directory, const std::string& name) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  if (!IsPlainName(name)) return {};
  const Result<std::string> text = ReadSmallFile(directory + "/packed-refs", kMostBytes);
  if (!text && text.error().kind == ErrorKind::kNotFound) return {Kind::kNone};
  if (!text || (!text->empty() && text->back() != '\n')) return {};
  const std::size_t end = text->find(" " + name + "\n");
  if (end == std::string::npos) return {Kind::kNone};
  if (end < kHexDigits) return {};
  const std::size_t begin = end - kHexDigits;
  if (begin != 0 && (*text)[begin - 1] != '\n') return {};
  return IdFrom(std::string_view(*text).substr(begin, kHexDigits));
}

}  // namespace onehead::git
