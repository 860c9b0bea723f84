#include "onehead/git/install/existing_hook.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "onehead/git/install/shim.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;
using Kind = ExistingHook::Kind;

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

std::string ReadStart(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxTextBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

// "onehead", or one of the names it answers to.
bool IsProgram(const std::string& path, const std::string& program) {
  std::error_code ignored;
  const std::string name = fs::path(path).filename().string();
  return name == "onehead" || name == "git-onehead" ||
         (!program.empty() && fs::equivalent(path, program, ignored));
}

Kind KindOfLink(const ExistingHook& existing, const struct stat& target,
                const std::string& program) {
  if (!S_ISREG(target.st_mode) || !existing.executable) return Kind::kDeadLink;
  if (IsProgram(existing.target, program)) return Kind::kProgramLink;
  return ParseShim(existing.text) ? Kind::kShimLink : Kind::kHook;
}

}  // namespace

ExistingHook LookAtHook(const std::string& path, const std::string& program) {
  ExistingHook existing;
  struct stat self = {};
  if (lstat(path.c_str(), &self) != 0) return existing;
  struct stat target = {};
  const bool resolves = stat(path.c_str(), &target) == 0;
  existing.executable = access(path.c_str(), X_OK) == 0;
  if (resolves && S_ISREG(target.st_mode)) existing.text = ReadStart(path);
  if (S_ISLNK(self.st_mode)) {
    std::error_code ignored;
    const fs::path link = fs::read_symlink(path, ignored);
    existing.target = fs::weakly_canonical(fs::path(path).parent_path() / link, ignored).string();
    existing.kind = KindOfLink(existing, target, program);
  } else if (!S_ISREG(self.st_mode)) {
    existing.kind = Kind::kOther;
  } else if (ParseShim(existing.text)) {
    existing.kind = Kind::kShim;
  } else {
    existing.kind = existing.executable ? Kind::kHook : Kind::kIgnored;
  }
  return existing;
}

}  // namespace onehead::git
