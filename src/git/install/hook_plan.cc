#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include "onehead/base/text.h"
#include "onehead/git/install/existing_hook.h"
#include "onehead/git/install/hook_install.h"
#include "onehead/git/install/shim.h"

namespace onehead::git {
namespace {

namespace fs = std::filesystem;

using Kind = ExistingHook::Kind;

bool Exists(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0;
}

// Does a script decide by its own name, or look for a directory of that name? It will run as
// ChainedName.
bool LooksAtItsName(const std::string& text) {
  if (!text.starts_with("#!")) return false;
  for (const char* sign : {"basename $0", "basename \"$0", "basename -- \"$0", "${0##*/}", "$0.d",
                           "${0}.d", "basename(sys.argv[0]", "basename(__file__", "basename($0"}) {
    if (text.find(sign) != text.npos) return true;
  }
  return false;
}

// How many directories above the hook are missing.
int MissingLevels(const std::string& hook) {
  int levels = 0;
  for (fs::path above = fs::path(hook).parent_path(); !Exists(above.string()); ++levels) {
    above = above.parent_path();
  }
  return levels;
}

Status CheckWritable(const std::string& hook) {
  fs::path above = fs::path(hook).parent_path();
  while (!Exists(above.string())) above = above.parent_path();
  const std::string name = above.string();
  struct stat status = {};
  if (stat(name.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    return Fail(ErrorKind::kInvalid, "not a directory: " + Printable(name));
  }
  if (faccessat(AT_FDCWD, name.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return Fail(ErrorKind::kIo, "cannot write in " + Printable(name) + ": " + std::strerror(errno));
  }
  return {};
}

tl::unexpected<Error> InTheWay(const Plan& plan, const std::string& what, const std::string& hint) {
  return Fail(ErrorKind::kInvalid, Printable(plan.place.hook) + " " + what, hint);
}

Status Keep(const std::string& name, Plan* plan) {
  plan->keep_as = plan->place.keep_dir + "/" + name;
  if (!Exists(plan->keep_as)) return {};
  return InTheWay(*plan, "is a hook, and " + name + " is already kept beside it",
                  "remove the one of the two that is out of date");
}

// Another hook: our shim runs it first where the server runs only one; where the server runs all
// that lie in a directory, only a file with our very name is in the way.
Status KeepHook(const ExistingHook& existing, Force force, Plan* plan) {
  if (plan->place.RunsOneHook()) {
    if (LooksAtItsName(existing.text)) {
      plan->warnings.push_back(
          "the hook that is there seems to look at its own name, which will "
          "be " +
          ChainedName(plan->place));
    }
    return Keep(ChainedName(plan->place), plan);
  }
  if (force == Force::kNo) {
    return InTheWay(*plan, "is not a file of onehead's", "--force replaces and keeps it");
  }
  return Keep(SavedName(plan->place), plan);
}

Status ClearPlace(const ExistingHook& existing, Force force, Plan* plan) {
  switch (existing.kind) {
    case Kind::kNothing:
    case Kind::kShim:
    case Kind::kShimLink:
      return {};
    case Kind::kHook:
      return KeepHook(existing, force, plan);
    case Kind::kIgnored:
      plan->warnings.push_back(
          "the hook that is there is not executable, so Git does not run it: "
          "kept as " +
          SavedName(plan->place) + ", not run");
      return Keep(SavedName(plan->place), plan);
    case Kind::kProgramLink:
      plan->warnings.push_back(
          "a link to the program is there, which Git would pass over if the "
          "program were missing: replaced");
      return Keep(SavedName(plan->place), plan);
    case Kind::kDeadLink:
      if (force == Force::kYes) return Keep(SavedName(plan->place), plan);
      return InTheWay(
          *plan,
          "is a link to " + Printable(existing.target) + ", which is missing or not executable",
          "repair or remove the link; --force replaces and keeps it");
    case Kind::kOther:
      return InTheWay(*plan, "is not a file", "move it away");
  }
  return {};
}

// The hook that the shim is to run first: the one that is about to be kept, or was before.
Status FindChained(Plan* plan) {
  if (!plan->place.RunsOneHook()) return {};
  const std::string kept = plan->place.keep_dir + "/" + ChainedName(plan->place);
  if (plan->keep_as == kept) {
    plan->chained = kept;
  } else if (Exists(kept)) {
    if (access(kept.c_str(), X_OK) != 0) {
      return Fail(ErrorKind::kInvalid, Printable(kept) + " is to run first and is not executable",
                  "make it executable, or remove it");
    }
    plan->chained = kept;
  }
  return {};
}

Status FillShim(const ExistingHook& existing, const std::string& program, Plan* plan) {
  const std::optional<Shim> old = ParseShim(existing.text);
  const bool update = existing.kind == Kind::kShim;
  Shim shim{program, plan->chained.empty() ? "" : ChainedName(plan->place),
            update ? old->directories_made : MissingLevels(plan->place.hook)};
  if (update && !old->chained.empty() && plan->chained.empty()) {
    plan->warnings.push_back("the hook that ran first (" + Printable(old->chained) +
                             ") is gone, and is not run any more");
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::string text, ShimText(shim, plan->place.git_hook));
  plan->text = std::move(text);
  plan->change = Plan::Change::kInstall;
  if (update) {
    const bool same = existing.text == plan->text && existing.executable;
    plan->change = same ? Plan::Change::kNone : Plan::Change::kUpdate;
  }
  return {};
}

// The mode bits with which somebody who is neither root nor certainly in the group may pass.
bool IsOpenTo(uid_t user, const struct stat& status) {
  if (status.st_uid == user) return (status.st_mode & S_IXUSR) != 0;
  return (status.st_mode & (S_IXGRP | S_IXOTH)) != 0;
}

// The server runs the hook as another user than the one who installs: a program below a closed
// directory, /root for one, would make it refuse every push.
void WarnOfClosedProgram(const std::string& program, Plan* plan) {
  struct stat owner = {};
  if (stat(plan->place.keep_dir.c_str(), &owner) != 0 &&
      stat(plan->place.git_dir.c_str(), &owner) != 0) {
    return;
  }
  if (owner.st_uid == geteuid() || owner.st_uid == 0) return;
  for (fs::path path = program; path.has_relative_path(); path = path.parent_path()) {
    struct stat status = {};
    if (stat(path.c_str(), &status) == 0 && IsOpenTo(owner.st_uid, status)) continue;
    plan->warnings.push_back("the repository belongs to another user, to whom " +
                             Printable(path.string()) + " is closed: the hook could not run " +
                             Printable(program) + " and would refuse every push");
    return;
  }
}

// What comes back when the shim goes.
std::string Kept(const HookPlace& place) {
  for (const std::string& name : {ChainedName(place), SavedName(place)}) {
    std::string path = place.keep_dir + "/" + name;
    if (Exists(path)) return path;
  }
  return "";
}

}  // namespace

std::string ChainedName(const HookPlace& place) {
  return HookName(place.git_hook) + ".onehead-chained";
}

std::string SavedName(const HookPlace& place) {
  return HookName(place.git_hook) + ".onehead-saved";
}

Result<Plan> PlanInstall(const HookPlace& place, const std::string& program, Force force) {
  Plan plan{place};
  const ExistingHook existing = LookAtHook(place.hook, program);
  if (existing.kind == Kind::kShimLink) {
    plan.warnings.push_back("its hook is a link to " + Printable(existing.target) +
                            ", which is onehead's");
    return plan;
  }
  ONEHEAD_TRY(ClearPlace(existing, force, &plan));
  ONEHEAD_TRY(FindChained(&plan));
  ONEHEAD_TRY(FillShim(existing, program, &plan));
  WarnOfClosedProgram(program, &plan);
  if (plan.change == Plan::Change::kNone) return plan;
  ONEHEAD_TRY(CheckWritable(place.hook));
  return plan;
}

Result<Plan> PlanUninstall(const HookPlace& place) {
  Plan plan{place};
  const ExistingHook existing = LookAtHook(place.hook, "");
  const std::string kept = Kept(place);
  if (existing.kind == Kind::kShimLink) {
    return InTheWay(plan, "is a link to " + Printable(existing.target),
                    "uninstall there, or remove the link");
  }
  if (existing.kind != Kind::kShim && existing.kind != Kind::kNothing) {
    if (!kept.empty()) {
      plan.warnings.push_back(
          "a hook that is not onehead's is there, and an older one is kept as " + Printable(kept));
    }
    return plan;
  }
  if (existing.kind == Kind::kNothing && kept.empty()) return plan;
  plan.change = Plan::Change::kUninstall;
  plan.restore = kept;
  if (const std::optional<Shim> shim = ParseShim(existing.text)) {
    plan.directories = shim->directories_made;
  }
  ONEHEAD_TRY(CheckWritable(place.hook));
  return plan;
}

}  // namespace onehead::git
