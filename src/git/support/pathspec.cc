#include "onehead/git/support/pathspec.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "git/support/handle.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

using PathspecHandle = Handle<git_pathspec, &git_pathspec_free>;

struct Compiled {
  Pathspec pathspec;
  std::shared_ptr<const git_pathspec> pattern;  // null: it matches only what it names
};

// libgit2 takes "!" and "#" at the beginning for something else.
std::string Escaped(std::string pattern) {
  if (pattern.starts_with('!') || pattern.starts_with('#')) pattern.insert(0, "\\");
  return pattern;
}

Compiled Compile(const Pathspec& pathspec) {
  Compiled compiled{pathspec, nullptr};
  if (pathspec.icase) compiled.pathspec.pattern = Lower(pathspec.pattern);
  const bool is_pattern = pathspec.pattern.find_first_of("*?[\\") != std::string::npos;
  if (pathspec.literal || !is_pattern) return compiled;
  std::string pattern = Escaped(pathspec.pattern);
  char* text = pattern.data();
  git_strarray list = {&text, 1};
  PathspecHandle handle;
  if (Acquire(&handle, git_pathspec_new, &list) == 0) compiled.pattern = std::move(handle);
  return compiled;
}

// The path itself and what is below it match whatever characters there are; libgit2 sees to the
// patterns alone.
bool Matches(const Compiled& compiled, const std::string& path) {
  const Pathspec& pathspec = compiled.pathspec;
  if (IsUnder(pathspec.icase ? Lower(path) : path, pathspec.pattern)) return true;
  const std::uint32_t flags = pathspec.icase ? GIT_PATHSPEC_IGNORE_CASE : GIT_PATHSPEC_USE_CASE;
  return compiled.pattern != nullptr &&
         git_pathspec_matches_path(compiled.pattern.get(), flags, path.c_str()) == 1;
}

}  // namespace

std::function<bool(std::string_view)> PathspecMatcher(const std::vector<Pathspec>& pathspecs) {
  if (pathspecs.empty()) return {};
  std::vector<Compiled> included;
  std::vector<Compiled> excluded;
  for (const Pathspec& pathspec : pathspecs) {
    (pathspec.exclude ? excluded : included).push_back(Compile(pathspec));
  }
  return [included = std::move(included), excluded = std::move(excluded)](std::string_view path) {
    const std::string text(path);
    const auto matches = [&](const Compiled& compiled) { return Matches(compiled, text); };
    return (included.empty() || std::any_of(included.begin(), included.end(), matches)) &&
           std::none_of(excluded.begin(), excluded.end(), matches);
  };
}

}  // namespace onehead::git
