#include "onehead/git/install/client_install.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/install/client_attributes.h"
#include "onehead/git/process/run_git.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxAttributesBytes = std::size_t{16} << 20;
constexpr char kDriverName[] = "onehead: Alembic migrations";

// Where the value is noted that stood at `key` before. Not in the section "onehead", which holds
// the policy and whose unknown keys are reported.
std::string SavedKey(const std::string& key) {
  std::string name = "onehead-saved.";
  for (const char c : key) {
    if (c != '.') name += c;
  }
  return name;
}

bool IsOurs(const std::string& key, const std::string& value, const std::string& wanted) {
  return value == wanted || (key == kDriverKey && ProgramOfDriver(value)) ||
         (key == kAliasKey && ProgramOfAlias(value));
}

Result<SettingChange> PlanSetting(const ClientInstallRequest& wish, const std::string& key,
                                  const std::string& wanted) {
  SettingChange change{key, SettingChange::Kind::kSame, wanted, std::nullopt};
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> here, ValueInScope(wish.place, key));
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ConfigValue> effective, EffectiveValue(wish.place, key));
  if (here == wanted) return change;
  if (here) {
    change.before = ConfigValue{*here, effective ? effective->origin : ""};
  } else if (effective && wish.place.scope == ConfigScope::kRepository) {
    change.before = *effective;
  }
  if (!change.before) {
    change.kind = SettingChange::Kind::kSet;
  } else if (here && IsOurs(key, *here, wanted)) {
    change.kind = SettingChange::Kind::kSet;  // of another version, or of a program elsewhere
  } else if (!here && IsOurs(key, change.before->value, wanted)) {
    change.kind = SettingChange::Kind::kSet;
  } else if (wish.force == Force::kYes) {
    change.kind = here ? SettingChange::Kind::kReplace : SettingChange::Kind::kSet;
  } else {
    change.kind = SettingChange::Kind::kKept;
  }
  return change;
}

// A link (people keep these files in a repository of their own) stays one.
std::string Resolved(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

Result<FileChange> ReadAttributes(const std::string& path) {
  FileChange file{Resolved(path), std::nullopt, std::nullopt};
  Result<std::string> text = ReadSmallFile(file.path, kMaxAttributesBytes);
  struct stat status = {};
  if (!text &&
      (text.error().kind != ErrorKind::kNotFound || stat(file.path.c_str(), &status) == 0)) {
    text.error().message = Printable(path) + ": " + text.error().message;
    return Fail(std::move(text.error()));
  }
  if (text) file.before = std::move(*text);
  file.after = file.before;
  return file;
}

tl::unexpected<Error> InFile(const FileChange& file, Error error) {
  error.message = Printable(file.path) + ": " + error.message;
  return Fail(std::move(error));
}

tl::unexpected<Error> SystemError(const std::string& doing, const std::string& path) {
  return Fail(ErrorKind::kIo, doing + " " + Printable(path) + ": " + std::strerror(errno));
}

// The new text is complete beside the file before it gets its name.
Status WriteFile(const std::string& path, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  std::string beside = path + ".onehead-XXXXXX";
  const Descriptor file(mkstemp(beside.data()));
  if (!file.ok()) return SystemError("cannot make a file beside", path);
  struct stat old = {};
  const mode_t mask = umask(0);
  umask(mask);
  const mode_t mode = stat(path.c_str(), &old) == 0 ? (old.st_mode & 07777) : (0666 & ~mask);
  std::size_t done = 0;
  bool good = fchmod(file.get(), mode) == 0;
  while (good && done < text.size()) {
    const ssize_t wrote = write(file.get(), text.data() + done, text.size() - done);
    good = wrote >= 0 || errno == EINTR;
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
  if (good && fsync(file.get()) == 0 && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  const auto failed = SystemError("cannot write", path);
  unlink(beside.c_str());
  return failed;
}

Status ApplyFile(const FileChange& file) {
  if (!file.changes()) return {};
  if (file.after) return WriteFile(file.path, *file.after);
  if (unlink(file.path.c_str()) != 0) return SystemError("cannot remove", file.path);
  return {};
}

Status ApplySetting(const ConfigPlace& place, const SettingChange& change) {
  const std::string saved = SavedKey(change.key);
  switch (change.kind) {
    case SettingChange::Kind::kSame:
    case SettingChange::Kind::kKept:
      return {};
    case SettingChange::Kind::kReplace:
      ONEHEAD_TRY(WriteValue(place, saved, change.before->value));
      return WriteValue(place, change.key, change.value);
    case SettingChange::Kind::kSet:
      return WriteValue(place, change.key, change.value);
    case SettingChange::Kind::kRestore:
      ONEHEAD_TRY(WriteValue(place, change.key, change.value));
      return change.value ? WriteValue(place, saved, std::nullopt) : Status();
  }
  return {};
}

Result<SettingChange> PlanRestore(const ConfigPlace& place, const std::string& key,
                                  const std::string& ours) {
  SettingChange change{key, SettingChange::Kind::kSame, std::nullopt, std::nullopt};
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> here, ValueInScope(place, key));
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<std::string> saved, ValueInScope(place, SavedKey(key)));
  if (!here) return change;
  change.before = ConfigValue{*here, ""};
  change.kind =
      IsOurs(key, *here, ours) ? SettingChange::Kind::kRestore : SettingChange::Kind::kKept;
  change.value = saved;
  return change;
}

}  // namespace

Result<ClientPlan> PlanClient(const ClientInstallRequest& wish) {
  ClientPlan plan;
  plan.place = wish.place;
  ONEHEAD_ASSIGN_OR_RETURN(std::string driver, DriverCommand(wish.program));
  ONEHEAD_ASSIGN_OR_RETURN(std::string alias, AliasCommand(wish.program));
  for (const auto& [key, value] : {std::pair<std::string, std::string>{kDriverNameKey, kDriverName},
                                   {kDriverKey, driver},
                                   {kAliasKey, alias},
                                   {kStrategyKey, kStrategyValue}}) {
    ONEHEAD_ASSIGN_OR_RETURN(SettingChange change, PlanSetting(wish, key, value));
    plan.settings.push_back(std::move(change));
  }
  ONEHEAD_ASSIGN_OR_RETURN(plan.attributes, ReadAttributes(wish.attributes_file));
  if (wish.patterns.empty()) return plan;
  Result<std::string> text = WithBlock(plan.attributes.before, wish.patterns);
  if (!text) return InFile(plan.attributes, std::move(text.error()));
  plan.attributes.after = std::move(*text);
  return plan;
}

Result<ClientPlan> PlanClientRemoval(const ConfigPlace& place, const std::string& attributes_file) {
  ClientPlan plan;
  plan.place = place;
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{kStrategyKey, kStrategyValue},
        {kAliasKey, ""},
        {kDriverKey, ""},
        {kDriverNameKey, kDriverName}}) {
    ONEHEAD_ASSIGN_OR_RETURN(SettingChange change, PlanRestore(place, key, value));
    plan.settings.push_back(std::move(change));
  }
  ONEHEAD_ASSIGN_OR_RETURN(plan.attributes, ReadAttributes(attributes_file));
  if (!plan.attributes.before) return plan;
  Result<std::optional<std::string>> text = WithoutBlock(*plan.attributes.before);
  if (!text) return InFile(plan.attributes, std::move(text.error()));
  plan.attributes.after = std::move(*text);
  return plan;
}

Status ApplyClient(const ClientPlan& plan) {
  // On: driver, attributes, strategy. Off: strategy, attributes, driver.
  for (std::size_t i = 0; i < plan.settings.size(); ++i) {
    const SettingChange& change = plan.settings[i];
    const bool strategy = change.key == kStrategyKey;
    const bool first = i == 0;
    if (strategy && !first) {
      ONEHEAD_TRY(ApplyFile(plan.attributes));
    }
    ONEHEAD_TRY(ApplySetting(plan.place, change));
    if (strategy && first) {
      ONEHEAD_TRY(ApplyFile(plan.attributes));
    }
  }
  return {};
}

Result<HookPlace> FindPrePushPlace(const std::string& work_dir, const std::string& common_dir) {
  HookPlace place;
  place.given = work_dir;
  place.git_hook = GitHook::kPrePush;
  place.git_dir = common_dir;
  const ConfigPlace config{ConfigScope::kRepository, work_dir};
  Result<std::optional<ConfigValue>> path = EffectiveValue(config, "core.hooksPath");
  if (!path) return Fail(std::move(path.error()));
  if (*path) {
    place.hooks_path = (*path)->value;
    place.hooks_path_file = (*path)->origin;
  }
  // Relative to the top of the work tree, where Git starts this hook.
  ONEHEAD_ASSIGN_OR_RETURN(const GitOutput answer,
                           RunGit({{"rev-parse", "--git-path", "hooks"}, work_dir}));
  const std::string hooks = answer.out.substr(0, answer.out.find('\n'));
  std::error_code error;
  const fs::path real = fs::weakly_canonical(fs::path(work_dir) / hooks, error);
  if (answer.exit_code != 0 || error || (fs::exists(real) && !fs::is_directory(real))) {
    return Fail(ErrorKind::kInvalid,
                "core.hooksPath is '" + Printable(hooks) +
                    "', which is no directory: Git runs no "
                    "hooks here",
                "change core.hooksPath, or unset it; everything but --hooks works without");
  }
  place.keep_dir = real.string();
  place.hook = (real / HookName(place.git_hook)).string();
  return place;
}

}  // namespace onehead::git
