#include "onehead/git/install/server_layout.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/process/run_git.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;
using Environment = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMaxHookBytes = std::size_t{1} << 20;  // of a generated hook that we look at

bool IsDirectory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The real path; of what does not exist, as far as it does.
std::string RealPath(const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  std::string text = (error ? path.lexically_normal() : real).string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

bool IsInside(const std::string& path, const std::string& directory) {
  return path.size() > directory.size() && path.compare(0, directory.size(), directory) == 0 &&
         path[directory.size()] == '/';
}

// Root installs for the user whose server runs the hook: what counts is that user's ~/.gitconfig.
Environment EnvironmentOfOwner(const std::string& directory) {
  struct stat status = {};
  if (geteuid() != 0 || stat(directory.c_str(), &status) != 0 || status.st_uid == 0) return {};
  passwd user = {};
  passwd* found = nullptr;
  std::array<char, 4096> text = {};
  getpwuid_r(status.st_uid, &user, text.data(), text.size(), &found);
  if (found == nullptr) return {};
  const std::string home = user.pw_dir;
  return {{"HOME", home}, {"XDG_CONFIG_HOME", home + "/.config"}};
}

// Git started as receive-pack starts: in the repository itself.
Result<GitOutput> GitIn(const std::string& git_dir, std::vector<std::string> args) {
  GitInvocation invocation{std::move(args), git_dir, EnvironmentOfOwner(git_dir)};
  invocation.environment.emplace_back("GIT_DIR", ".");
  return RunGit(invocation);
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// The directory that holds the repository's config and hooks; null: no repository.
// A work tree that `git worktree add` made has its hooks in the repository it belongs to.
Result<std::optional<std::string>> FindGitDir(const std::string& directory) {
  for (const std::string& candidate : {directory, directory + "/.git"}) {
    const GitInvocation ask{{"--git-dir=" + candidate, "rev-parse", "--git-common-dir"},
                            directory,
                            EnvironmentOfOwner(directory)};
    ONEHEAD_ASSIGN_OR_RETURN(const GitOutput answer, RunGit(ask));
    if (answer.exit_code != 0 && Exists(fs::path(candidate) / "objects")) {
      return Fail(ErrorKind::kInvalid, "git cannot open it: " + Printable(FirstLine(answer.err)));
    }
    if (answer.exit_code != 0) continue;
    return RealPath(fs::path(directory) / FirstLine(answer.out));
  }
  return std::nullopt;
}

// Null: not set. Git reads nothing that the repository's tree holds.
Result<std::optional<std::string>> ConfigValue(const std::string& git_dir, const std::string& key,
                                               std::string* origin) {
  ONEHEAD_ASSIGN_OR_RETURN(
      GitOutput answer, GitIn(git_dir, {"config", "--path", "--show-origin", "-z", "--get", key}));
  if (answer.exit_code == 1) return std::nullopt;
  const std::vector<std::string_view> fields = Split(answer.out, '\0');
  if (answer.exit_code != 0 || fields.size() < 2) {
    return Fail(ErrorKind::kInvalid,
                "git cannot read the configuration: " + Printable(FirstLine(answer.err)));
  }
  const std::string_view file = "file:";
  if (fields[0].substr(0, file.size()) == file) {
    *origin = RealPath(fs::path(git_dir) / fields[0].substr(file.size()));
  }
  return std::string(fields[1]);
}

std::string LowerCaseText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxHookBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Gitea writes hooks/pre-receive, which runs everything in hooks/pre-receive.d, and puts itself
// there as "gitea". Forgejo kept both.
bool IsGitea(const fs::path& hooks) {
  if (!IsDirectory(hooks / "pre-receive.d")) return false;
  std::error_code ignored;
  if (!fs::is_regular_file(hooks / "pre-receive", ignored)) return false;
  const std::string text = LowerCaseText(hooks / "pre-receive");
  return text.find("gitea") != text.npos || text.find("forgejo") != text.npos;
}

// Hooks in custom_hooks/, where Gitaly runs them and nobody else does.
bool HasCustomHooks(const fs::path& custom_hooks) {
  if (Exists(custom_hooks / "pre-receive")) return true;
  for (const char* name : {"pre-receive.d", "update.d", "post-receive.d"}) {
    if (IsDirectory(custom_hooks / name)) return true;
  }
  return false;
}

// Gitaly keeps repositories below @hashed (or @cluster, with Praefect), and older versions note
// the project's path in the configuration. A directory of that name alone proves nothing: on
// another server a hook in it would never run, and every push would pass.
Result<bool> IsGitLab(const std::string& git_dir) {
  for (const char* part : {"/@hashed/", "/@cluster/"}) {
    if (git_dir.find(part) != git_dir.npos) return true;
  }
  if (HasCustomHooks(fs::path(git_dir) / "custom_hooks")) return true;
  std::string origin;
  const auto full_path = ConfigValue(git_dir, "gitlab.fullpath", &origin);
  if (!full_path) return Fail(full_path.error());
  return full_path->has_value();
}

void PlaceAmongOthers(ServerKind kind, const fs::path& hooks, HookPlace* place) {
  place->kind = kind;
  place->hook = (hooks / "pre-receive.d" / "onehead").string();
  place->keep_dir = hooks.string();
}

void PlaceAlone(ServerKind kind, const fs::path& hooks, HookPlace* place) {
  place->kind = kind;
  place->hook = (hooks / "pre-receive").string();
  place->keep_dir = hooks.string();
}

// A relative core.hooksPath is seen from the repository: receive-pack runs there, also in a
// repository with a work tree (tried with Git 2.39).
Result<fs::path> HooksDirectory(HookPlace* place) {
  const auto value = ConfigValue(place->git_dir, "core.hooksPath", &place->hooks_path_file);
  if (!value) return Fail(value.error());
  if (!value->has_value()) {
    place->hooks_path_file.clear();
    return fs::path(RealPath(fs::path(place->git_dir) / "hooks"));
  }
  place->hooks_path = **value;
  const fs::path hooks = fs::path(place->git_dir) / place->hooks_path;
  if (place->hooks_path.empty() || (Exists(hooks) && !IsDirectory(hooks))) {
    return Fail(ErrorKind::kInvalid,
                "core.hooksPath is '" + Printable(place->hooks_path) + "' (in " +
                    Printable(place->hooks_path_file) +
                    "), which is no directory: Git runs no hooks there",
                "change core.hooksPath, or unset it");
  }
  return fs::path(RealPath(hooks));
}

Result<HookPlace> PlaceInRepository(HookPlace place) {
  ONEHEAD_ASSIGN_OR_RETURN(const bool gitlab, IsGitLab(place.git_dir));
  if (gitlab) {
    PlaceAmongOthers(ServerKind::kGitLab, fs::path(place.git_dir) / "custom_hooks", &place);
    return place;
  }
  ONEHEAD_ASSIGN_OR_RETURN(const fs::path hooks, HooksDirectory(&place));
  if (IsGitea(hooks)) {
    PlaceAmongOthers(ServerKind::kGitea, hooks, &place);
  } else {
    PlaceAlone(ServerKind::kPlain, hooks, &place);
  }
  return place;
}

Result<HookPlace> PlaceForMany(HookPlace place, const fs::path& directory) {
  if (IsDirectory(directory / "hooks" / "common")) {
    PlaceAlone(ServerKind::kGitolite, directory / "hooks" / "common", &place);
    return place;
  }
  if (IsDirectory(directory / "pre-receive.d") || directory.filename() == "custom_hooks") {
    PlaceAmongOthers(ServerKind::kGitLab, directory, &place);
    return place;
  }
  return Fail(ErrorKind::kNotFound, "not a Git repository",
              "name a repository, a directory of gitolite with hooks/common in it, or the "
              "custom_hooks directory of a GitLab server");
}

}  // namespace

std::string ServerName(ServerKind kind) {
  switch (kind) {
    case ServerKind::kPlain:
      return "";
    case ServerKind::kGitea:
      return "Gitea or Forgejo";
    case ServerKind::kGitLab:
      return "GitLab";
    case ServerKind::kGitolite:
      return "gitolite";
  }
  return "";
}

Result<HookPlace> FindHookPlace(const std::string& directory) {
  if (!Exists(directory)) return Fail(ErrorKind::kNotFound, "no such directory");
  if (!IsDirectory(directory)) return Fail(ErrorKind::kInvalid, "not a directory");
  HookPlace place;
  place.given = directory;
  const std::string real = RealPath(directory);
  const auto git_dir = FindGitDir(real);
  if (!git_dir) return Fail(git_dir.error());
  if (!git_dir->has_value()) return PlaceForMany(std::move(place), real);
  place.git_dir = **git_dir;
  return PlaceInRepository(std::move(place));
}

std::vector<std::string> NeighboursWithSameHook(const HookPlace& place) {
  std::vector<std::string> names;
  if (place.git_dir.empty() || IsInside(place.hook, place.git_dir)) return names;
  const fs::path above = fs::path(place.git_dir).parent_path();
  std::error_code error;
  int seen = 0;
  for (fs::directory_iterator entry(above, error), end; !error && entry != end;
       entry.increment(error)) {
    if (++seen > kMaxNeighbours) break;
    if (RealPath(entry->path()) == place.git_dir || !IsDirectory(entry->path())) continue;
    const Result<HookPlace> other = FindHookPlace(entry->path().string());
    if (other && other->git_dir != place.git_dir && other->hook == place.hook) {
      names.push_back(entry->path().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace onehead::git
