// Settings of Git that a developer's clone needs, read and written by Git itself, so that its
// locking, includes and notation are Git's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/base/result.h"

namespace onehead::git {

enum class ConfigScope {
  kRepository,  // the configuration that all work trees of the repository share
  kGlobal,      // the user's
};

struct ConfigPlace {
  ConfigScope scope = ConfigScope::kRepository;
  std::string directory;  // absolute; Git starts there: the top of the work tree, or any for global
};

struct ConfigValue {
  std::string value;
  std::string origin;  // "file:.git/config", as `git config --show-origin` names it
};

// What is in force in the directory, of whatever scope. Null: not set.
[[nodiscard]] Result<std::optional<ConfigValue>> EffectiveValue(const ConfigPlace& place,
                                                                const std::string& key);
// What the scope itself says.
[[nodiscard]] Result<std::optional<std::string>> ValueInScope(const ConfigPlace& place,
                                                              const std::string& key);
// Null unsets it.
[[nodiscard]] Status WriteValue(const ConfigPlace& place, const std::string& key,
                                const std::optional<std::string>& value);

// A work tree and the Git directory that it shares with the others of its repository.
struct Clone {
  std::string work_dir;    // absolute
  std::string common_dir;  // absolute
};
// The clone that `directory` lies in. kNotFound: none, or a repository without a work tree.
[[nodiscard]] Result<Clone> FindClone(const std::string& directory);

// The attributes file of the user that is in force: core.attributesFile, else Git's default. "":
// there is no home directory to put it in.
[[nodiscard]] Result<std::string> GlobalAttributesFile(const ConfigPlace& place);

// The first executable of that name on PATH. "": none.
std::string FindOnPath(const std::string& file);

// The executable that Git runs as `git NAME`: "git-NAME" in Git's exec path, then on PATH. "":
// none.
std::string FindGitProgram(const std::string& name);

}  // namespace onehead::git
