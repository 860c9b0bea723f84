// `onehead install --client` and `onehead uninstall --client`: the settings of a developer's clone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "commands/app/streams.h"
#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"

namespace onehead {

struct ClientOptions {
  bool client = false;
  bool uninstall = false;
  bool global = false;    // for all repositories of the user
  bool hooks = false;     // pre-push too
  std::string directory;  // empty: where the program was started
  std::string program;    // absolute path of onehead
  bool dry_run = false;
  bool force = false;
};

int InstallClient(const ClientOptions& options, Streams& io);
int UninstallClient(const ClientOptions& options, Streams& io);

// What the HEAD commit and the work tree of a clone say about its environments.
struct ClientEnvironments {
  std::vector<Environment> environments;
  std::vector<Error> errors;  // configurations that cannot be read
  // The attribute patterns for their version locations, each with the path of a file that it is
  // for. Sorted, none twice.
  std::vector<std::pair<std::string, std::string>> patterns;
};
// kNotFound: there are none; the message says where it looked.
[[nodiscard]] Result<ClientEnvironments> FindClientEnvironments(const std::string& directory);

}  // namespace onehead
