#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/settings/settings.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::int64_t kMaxPatternMemory = std::int64_t{1} << 20;

// Without ".*" at its end, which matches any bytes.
std::string_view WithoutAnything(std::string_view pattern) {
  constexpr std::string_view kAnything = ".*";
  if (pattern.ends_with(kAnything)) pattern.remove_suffix(kAnything.size());
  return pattern;
}

// True if the pattern matches itself and nothing else.
bool IsText(std::string_view pattern) {
  return std::all_of(pattern.begin(), pattern.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '-' || c == '_';
  });
}
}  // namespace

Result<RefPatterns> RefPatterns::Compile(std::string_view key,
                                         const std::vector<std::string>& patterns) {
  re2::RE2::Options options;
  // Ref names are bytes. As UTF-8, "." would not match a name that is not, and such a ref would
  // not be guarded.
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternMemory);
  RefPatterns result;
  for (const std::string& pattern : patterns) {
    const std::string shown = Printable(pattern, 100);
    if (pattern.size() > kMaxPatternBytes) {
      return Fail(ErrorKind::kInvalid, fmt::format("{}: the pattern '{}' is longer than {} bytes",
                                                   key, shown, kMaxPatternBytes));
    }
    // What most are, the default too: RE2 need not be started for it in every push.
    if (IsText(WithoutAnything(pattern))) {
      result.patterns_.push_back({pattern, nullptr});
      continue;
    }
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok()) {
      return Fail(ErrorKind::kInvalid,
                  fmt::format("{}: the pattern '{}' is not valid: {}", key, shown,
                              Printable(compiled->error(), 200)),
                  "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax");
    }
    result.patterns_.push_back({pattern, std::move(compiled)});
  }
  return result;
}

bool RefPatterns::Matches(std::string_view ref) const {
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    if (pattern.compiled != nullptr) {
      return re2::RE2::FullMatch(re2::StringPiece(ref.data(), ref.size()), *pattern.compiled);
    }
    const std::string_view text = WithoutAnything(pattern.source);
    return text.size() == pattern.source.size() ? ref == text : ref.starts_with(text);
  });
}

std::vector<std::string> RefPatterns::sources() const {
  std::vector<std::string> sources;
  for (const Pattern& pattern : patterns_) sources.push_back(pattern.source);
  return sources;
}

}  // namespace onehead
