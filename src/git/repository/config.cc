#include "git/repository/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "git/repository/simple_config.h"
#include "git/support/error.h"
#include "git/support/handle.h"
#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

constexpr std::string_view kSection = "onehead.";

struct ConfigFile {
  std::string path;
  std::string label;  // what messages call it: no absolute paths go to a pusher
};

enum class Presence { kAbsent, kPresent };

Result<Presence> Look(const ConfigFile& file) {
  if (access(file.path.c_str(), R_OK) == 0) return Presence::kPresent;
  if (errno == ENOENT || errno == ENOTDIR) return Presence::kAbsent;
  return Fail(FromErrno(errno, "cannot read " + file.label));
}

std::string EnvironmentValue(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Where Git looks for settings of the user (git-config, FILES).
std::vector<ConfigFile> GlobalFiles() {
  const std::string label = "the global Git configuration";
  if (std::getenv("GIT_CONFIG_GLOBAL") != nullptr) {
    return {{EnvironmentValue("GIT_CONFIG_GLOBAL"), label}};
  }
  const std::string home = EnvironmentValue("HOME");
  std::string xdg = EnvironmentValue("XDG_CONFIG_HOME");
  if (xdg.empty() && !home.empty()) xdg = home + "/.config";
  std::vector<ConfigFile> files;
  if (!xdg.empty()) files.push_back({xdg + "/git/config", label});
  if (!home.empty()) files.push_back({home + "/.gitconfig", label});
  return files;
}

// Somebody who pushes as another user must not bring settings along.
bool SameOwner(const std::string& a, const std::string& b) {
  struct stat first = {};
  struct stat second = {};
  return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 &&
         first.st_uid == second.st_uid;
}

// The environment of somebody who pushes must not name another system.
bool IsTrustedSystemFile(const std::string& path, const std::string& git_dir) {
  return std::getenv("GIT_CONFIG_SYSTEM") == nullptr || SameOwner(path, "/") ||
         SameOwner(path, git_dir);
}

// As git(1) has it: GIT_CONFIG_NOSYSTEM, GIT_CONFIG_SYSTEM.
std::vector<ConfigFile> SystemFiles(const std::string& git_dir) {
  int skipped = 0;
  const std::string skip = EnvironmentValue("GIT_CONFIG_NOSYSTEM");
  if (git_config_parse_bool(&skipped, skip.c_str()) == 0 && skipped != 0) return {};
  std::string path = EnvironmentValue("GIT_CONFIG_SYSTEM");
  if (std::getenv("GIT_CONFIG_SYSTEM") == nullptr) {
    git_buf buffer = {};
    if (git_config_find_system(&buffer) == 0) path.assign(buffer.ptr, buffer.size);
    git_buf_dispose(&buffer);
    git_error_clear();
  }
  if (path.empty() || !IsTrustedSystemFile(path, git_dir)) return {};
  return {{path, "the system's Git configuration"}};
}

// As Git reads a boolean; a key without "=" is on.
bool IsOn(const std::optional<std::string>& value) {
  int on = 0;
  return !value || (git_config_parse_bool(&on, value->c_str()) == 0 && on != 0);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

tl::unexpected<Error> CannotRead(int code, const ConfigFile& file) {
  Error error = FromLibgit2(code, "cannot read " + file.label);
  error.message = Replaced(error.message, file.path, file.label);
  return Fail(std::move(error));
}

// What one file and what it includes say. `repository` may be null: conditional includes are then
// passed over.
Result<std::vector<ConfigEntry>> EntriesOf(git_repository* repository, const ConfigFile& file) {
  constexpr std::size_t kMaxBytes = std::size_t{64} << 10;
  if (file.path == "/dev/null") return {};  // so Git is told that there is none
  if (const Result<std::string> text = ReadSmallFile(file.path, kMaxBytes)) {
    if (auto entries = ReadSimpleConfig(*text)) return std::move(*entries);
  }
  ONEHEAD_ASSIGN_OR_RETURN(const Presence presence, Look(file));
  if (presence == Presence::kAbsent) return {};
  ConfigHandle config;
  int code = Acquire(&config, git_config_new);
  if (code == 0) {
    code = git_config_add_file_ondisk(config.get(), file.path.c_str(), GIT_CONFIG_LEVEL_LOCAL,
                                      repository, 0);
  }
  ConfigIteratorHandle iterator;
  if (code == 0) code = Acquire(&iterator, git_config_iterator_new, config.get());
  if (code < 0) return CannotRead(code, file);
  std::vector<ConfigEntry> entries;
  git_config_entry* entry = nullptr;  // belongs to the iterator
  while ((code = git_config_next(&entry, iterator.get())) == 0) {
    std::optional<std::string> value;
    if (entry->value != nullptr) value = entry->value;
    entries.push_back({entry->name, std::move(value)});
  }
  if (code != GIT_ITEROVER) return CannotRead(code, file);
  return entries;
}

struct Wanted {
  std::vector<ConfigEntry> entries;
  bool has_worktree_config = false;
  bool has_conditions = false;  // includes that depend on where the repository is
};

Status Append(git_repository* repository, const ConfigFile& file, Wanted* wanted) {
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<ConfigEntry> entries, EntriesOf(repository, file));
  for (ConfigEntry& entry : entries) {
    wanted->has_conditions |= entry.key.starts_with("includeif.");
    if (entry.key == "extensions.worktreeconfig") wanted->has_worktree_config = IsOn(entry.value);
    if (entry.key.starts_with(kSection)) wanted->entries.push_back(std::move(entry));
  }
  return {};
}

Result<Wanted> ReadAll(git_repository* repository, const std::string& git_dir,
                       const std::string& common_dir) {
  std::vector<ConfigFile> files = SystemFiles(git_dir);
  for (const ConfigFile& file : GlobalFiles()) {
    if (SameOwner(file.path, git_dir)) files.push_back(file);
  }
  Wanted wanted;
  for (const ConfigFile& file : files) {
    ONEHEAD_TRY(Append(repository, file, &wanted));
  }
  wanted.has_worktree_config = false;  // only the repository can say so
  Status read = Append(repository, {common_dir + "/config", "the repository's config"}, &wanted);
  if (read && wanted.has_worktree_config) {
    const std::string path = git_dir + "/config.worktree";
    read = Append(repository, {path, "the repository's config.worktree"}, &wanted);
  }
  if (!read) return Fail(std::move(read.error()));
  return wanted;
}

}  // namespace

Result<std::vector<ConfigEntry>> ReadOneheadConfig(
    const std::string& git_dir, const std::string& common_dir,
    const std::function<Result<git_repository*>()>& open) {
  Result<Wanted> wanted = ReadAll(nullptr, git_dir, common_dir);
  if (wanted && wanted->has_conditions) {
    ONEHEAD_ASSIGN_OR_RETURN(git_repository * repository, open());
    wanted = ReadAll(repository, git_dir, common_dir);
  }
  if (!wanted) return Fail(std::move(wanted.error()));
  return std::move(wanted->entries);
}

// Each setting is "<scope> NUL file:<path> NUL <key> LF <value> NUL", without LF and value for a
// key without "=".
Result<std::vector<ConfigEntry>> ReadOneheadConfig(const GitProgram& git,
                                                   const std::string& git_dir) {
  const Result<std::string> text =
      git.Ask({"config", "-z", "--show-scope", "--show-origin", "--list"});
  if (!text && text.error().kind == ErrorKind::kTimeout) return Fail(text.error());
  if (!text) {
    return Fail(text.error().kind,
                "cannot read Git's settings, those in the repository's config "
                "among them: " +
                    text.error().message);
  }
  std::vector<ConfigEntry> entries;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view scope = TakeUntil(&rest, '\0');
    std::string_view origin = TakeUntil(&rest, '\0');
    TakeUntil(&origin, ':');
    std::string_view value = TakeUntil(&rest, '\0');
    std::optional<std::string> given;
    if (const std::size_t end = value.find('\n'); end != value.npos) given = value.substr(end + 1);
    const std::string_view key = TakeUntil(&value, '\n');
    const bool counts = scope == "local" || scope == "worktree" ||
                        (scope == "system" && IsTrustedSystemFile(std::string(origin), git_dir)) ||
                        (scope == "global" && SameOwner(std::string(origin), git_dir));
    if (!counts || key.substr(0, kSection.size()) != kSection) continue;
    entries.push_back({std::string(key), std::move(given)});
  }
  return entries;
}

std::optional<std::string> FileValue(const std::string& path, const std::string& key) {
  ConfigHandle config;
  if (Acquire(&config, git_config_open_ondisk, path.c_str()) != 0) return std::nullopt;
  git_buf buffer = {};
  const int code = git_config_get_string_buf(&buffer, config.get(), key.c_str());
  std::optional<std::string> value;
  if (code == 0) value.emplace(buffer.ptr != nullptr ? buffer.ptr : "");
  git_buf_dispose(&buffer);
  git_error_clear();
  return value;
}

bool HasWorktreeConfig(const std::string& common_dir) {
  const std::string path = common_dir + "/config";
  const std::optional<std::string> value = FileValue(path, "extensions.worktreeconfig");
  return value && (value->empty() || IsOn(value));
}

bool IsPlainBareConfig(const std::string& path) {
  const Result<std::vector<ConfigEntry>> entries = EntriesOf(nullptr, {path, path});
  if (!entries) return false;
  bool bare = false;
  for (const ConfigEntry& entry : *entries) {
    const std::string_view value = entry.value ? std::string_view(*entry.value) : "";
    if (entry.key == "core.bare") bare = value == "true";
    if (entry.key == "core.repositoryformatversion" && value != "0" && value != "1") return false;
    if (entry.key.starts_with("extensions.")) return false;
  }
  return bare;
}

std::string UnreadableExtension(const std::string& common_dir) {
  const std::string path = common_dir + "/config";
  const struct {
    std::string key;
    std::string readable;
  } kKnown[] = {{"extensions.objectformat", "sha1"}, {"extensions.refstorage", "files"}};
  for (const auto& known : kKnown) {
    const std::optional<std::string> value = FileValue(path, known.key);
    if (value && *value != known.readable) return known.key + "=" + *value;
  }
  return "";
}

}  // namespace onehead::git
