// For tests that call functions which run git themselves: this process's own environment, emptied
// as the sandbox empties that of the programs it starts.
#pragma once

#include <cstdlib>

namespace onehead::testing {

inline void EmptyOwnEnvironment(const char* home) {
  setenv("HOME", home, 1);
  setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
  setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  for (const char* name : {"XDG_CONFIG_HOME", "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"}) {
    unsetenv(name);
  }
}

}  // namespace onehead::testing
