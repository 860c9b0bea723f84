#include "commands/app/program_path.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "onehead/base/text.h"

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

namespace onehead {
namespace {

namespace fs = std::filesystem;

// "" when the system does not say.
std::string RunningFile() {
  std::error_code ignored;
#ifdef __APPLE__
  char buffer[4096];
  uint32_t size = sizeof buffer;
  if (_NSGetExecutablePath(buffer, &size) != 0) return "";
  return fs::canonical(buffer, ignored).string();
#else
  return fs::read_symlink("/proc/self/exe", ignored).string();
#endif
}

// The first `onehead` that the shell would find; "" if there is none.
std::string OnPath() {
  const char* path = std::getenv("PATH");
  if (path == nullptr) return "";
  for (const std::string_view directory : Split(path, ':')) {
    if (directory.empty() || directory.front() != '/') continue;
    std::string file = (fs::path(directory) / "onehead").string();
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

}  // namespace

Result<std::string> OwnProgramPath() {
  const std::string running = RunningFile();
  const std::string on_path = OnPath();
  std::error_code error;
  if (running.empty() || !fs::exists(running, error)) {
    if (running.empty() && !on_path.empty()) return on_path;
    return Fail(ErrorKind::kIo, "cannot find out where this program is",
                "run it by its absolute path");
  }
  if (!on_path.empty() && fs::equivalent(on_path, running, error)) return on_path;
  return running;
}

}  // namespace onehead
