// libgit2's regular expressions by RE2, which is in the program anyway.
//
// In the static build only, as without_network.cc: a libgit2.a brings half a megabyte of PCRE2, or
// wants a library of that name. The functions are those of libgit2's src/util/regexp.h, whose type
// `git_regexp` is a pointer, or is larger than one.
#ifdef ONEHEAD_STATIC

#include <git2/errors.h>
#include <re2/re2.h>
#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace {

constexpr int kIgnoreCase = 1;

struct Match {
  ssize_t start;  // -1: the group took no part
  ssize_t end;
};

}  // namespace

extern "C" {

int git_regexp_compile(void** pattern, const char* text, int flags);
void git_regexp_dispose(void** pattern);
int git_regexp_match(void* const* pattern, const char* text);
int git_regexp_search(void* const* pattern, const char* text, std::size_t count, Match* matches);

int git_regexp_compile(void** pattern, const char* text, int flags) {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_case_sensitive((flags & kIgnoreCase) == 0);
  auto* compiled = new RE2(text, options);
  *pattern = compiled;
  if (compiled->ok()) return 0;
  git_regexp_dispose(pattern);
  return GIT_EINVALIDSPEC;
}

void git_regexp_dispose(void** pattern) {
  delete static_cast<RE2*>(*pattern);
  *pattern = nullptr;
}

int git_regexp_match(void* const* pattern, const char* text) {
  return git_regexp_search(pattern, text, 0, nullptr);
}

int git_regexp_search(void* const* pattern, const char* text, std::size_t count, Match* matches) {
  const re2::StringPiece whole(text);
  std::vector<re2::StringPiece> groups(count);
  if (!static_cast<const RE2*>(*pattern)->Match(whole, 0, whole.size(), RE2::UNANCHORED,
                                                groups.data(), static_cast<int>(count))) {
    return GIT_ENOTFOUND;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool took_part = groups[i].data() != nullptr;
    matches[i].start = took_part ? groups[i].data() - text : -1;
    matches[i].end = took_part ? matches[i].start + static_cast<ssize_t>(groups[i].size()) : -1;
  }
  return 0;
}
}

#endif
