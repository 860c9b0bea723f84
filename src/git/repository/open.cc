#include "git/repository/open.h"

#include <git2/sys/repository.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "git/objects/libgit2_store.h"
#include "git/objects/object_dirs.h"
#include "git/repository/config.h"
#include "git/support/error.h"
#include "git/support/libgit2.h"
#include "onehead/base/text.h"
#include "onehead/git/process/process.h"
#include "onehead/git/process/version.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

std::string EnvironmentValue(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string WithoutFinalSlash(const char* path) {
  std::string text = path != nullptr ? path : "";
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

// What Git itself was told or would search.
struct Search {
  std::string start;
  bool is_git_dir = false;  // `start` is the repository; nothing is searched
  std::string ceilings;
  unsigned int flags = 0;
};

Search SearchFor(const std::string& directory) {
  Search search;
  const std::string git_dir = EnvironmentValue("GIT_DIR");
  search.is_git_dir = !git_dir.empty();
  search.start = search.is_git_dir ? PathFrom(directory, git_dir) : directory;
  search.ceilings = EnvironmentValue("GIT_CEILING_DIRECTORIES");
  if (search.is_git_dir) {
    search.flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  } else {
    int across = 0;
    const std::string value = EnvironmentValue("GIT_DISCOVERY_ACROSS_FILESYSTEM");
    if (git_config_parse_bool(&across, value.c_str()) == 0 && across != 0) {
      search.flags = GIT_REPOSITORY_OPEN_CROSS_FS;
    }
  }
  return search;
}

// The repository that the search finds, found without reading its configuration; "" if none.
std::string Discover(const Search& search) {
  if (search.is_git_dir) return RealPath(search.start);
  git_buf buffer = {};
  const int across = (search.flags & GIT_REPOSITORY_OPEN_CROSS_FS) != 0 ? 1 : 0;
  const int code =
      git_repository_discover(&buffer, search.start.c_str(), across, search.ceilings.c_str());
  std::string found = code == 0 ? WithoutFinalSlash(buffer.ptr) : "";
  git_buf_dispose(&buffer);
  return found;
}

// A linked work tree names its common directory in a file.
std::string CommonDirOf(const std::string& git_dir) {
  constexpr std::size_t kMaxPathBytes = 4096;
  const Result<std::string> text = ReadSmallFile(git_dir + "/commondir", kMaxPathBytes);
  return text ? PathFrom(git_dir, std::string(Trim(*text))) : git_dir;
}

// That a libgit2 function has just failed with `code` because of the repository's owner. 1.5.1
// gives GIT_ENOTFOUND when no file has any safe.directory.
bool IsOwnerTrouble(int code) {
#ifdef ONEHEAD_HAVE_OWNER_VALIDATION
  if (code == GIT_EOWNER) return true;
#endif
  const git_error* last = git_error_last();
  return code == GIT_ENOTFOUND && last != nullptr && last->message != nullptr &&
         std::string_view(last->message).find("safe.directory") != std::string_view::npos;
}

// The command that Git names in `said` to make it trust the repository; "" if it names none.
std::string TrustCommand(std::string_view said) {
  const std::size_t begin = said.find("git config --global --add safe.directory ");
  if (begin == std::string_view::npos) return "";
  return std::string(said.substr(begin, said.find('\n', begin) - begin));
}

// What Git itself says of a repository whose owner is somebody else: its settings, and how it reads
// them, are more than libgit2 knows (`safe.directory = *`). Null: Git trusts it.
std::optional<std::string> AskGitForTrust(const std::string& directory) {
  const Result<ProcessResult> result = RunProcess(
      {"git", "rev-parse", "--git-dir"}, {.directory = directory, .environment = {"LC_ALL=C"}});
  if (result && result->status == 0) return std::nullopt;
  return result ? TrustCommand(result->err) : "";
}

Error OfSomebodyElse(const std::string& git_dir, const std::string& command) {
  const std::string top = BaseName(git_dir) == ".git" ? std::string(DirName(git_dir)) : git_dir;
  Error error{ErrorKind::kIo,
              "the Git repository in '" + Printable(top) + "' is owned by somebody else"};
  if (!command.empty()) error.hint = "if you trust it: " + Printable(command);
  return error;
}

Error CannotOpen(int code, const Search& search) {
  Error error = FromLibgit2(code, "cannot open the Git repository");
  const std::string git_dir = Discover(search);
  git_error_clear();
  if (git_dir.empty() || code == GIT_ENOTFOUND) {
    const std::string where = "'" + Printable(search.start) + "'";
    return Error{ErrorKind::kNotFound,
                 search.is_git_dir ? "no Git repository in GIT_DIR=" + where
                                   : "no Git repository in " + where + " or a directory above it"};
  }
  const std::string extension = UnreadableExtension(CommonDirOf(git_dir));
  if (!extension.empty()) {
    return Error{ErrorKind::kUnsupported, "the repository uses " + Printable(extension) +
                                              ", which libgit2 " + Libgit2Version() +
                                              " cannot read"};
  }
  if (error.message.find("extension") != std::string::npos ||
      error.message.find("version") != std::string::npos) {
    error.kind = ErrorKind::kUnsupported;
  }
  return error;
}

// In a hook the pushed objects are in a quarantine directory that only the environment names.
Status OpenObjects(const std::string& directory, Opened* opened) {
  const std::string own = opened->common_dir + "/objects";
  const std::string from_environment = EnvironmentValue("GIT_OBJECT_DIRECTORY");
  std::vector<std::string> alternates;
  for (const std::string& path :
       ParseAlternates(EnvironmentValue("GIT_ALTERNATE_OBJECT_DIRECTORIES"), ':')) {
    alternates.push_back(PathFrom(directory, path));
  }
  alternates.push_back(own);
  const std::string first = from_environment.empty() ? own : PathFrom(directory, from_environment);
  opened->object_dirs = AllObjectDirs(first, alternates);
  ONEHEAD_ASSIGN_OR_RETURN(opened->odb, OpenOdb(opened->object_dirs));
  return {};
}

bool IsBareByWorktreeConfig(const std::string& git_dir, const std::string& common_dir) {
  if (!HasWorktreeConfig(common_dir)) return false;
  const std::optional<std::string> bare = FileValue(git_dir + "/config.worktree", "core.bare");
  int on = 0;
  return bare && git_config_parse_bool(&on, bare->c_str()) == 0 && on != 0;
}

// With GIT_DIR set the work tree is GIT_WORK_TREE, core.worktree or the current directory, never
// the directory above GIT_DIR (git(1), GIT_WORK_TREE). "": what libgit2 found is right.
std::string ExplicitWorkTree(const std::string& directory, OpenFrom from, const Search& search,
                             const Opened& opened) {
  const std::string named = EnvironmentValue("GIT_WORK_TREE");
  if (!named.empty()) return PathFrom(directory, named);
  if (!search.is_git_dir || from == OpenFrom::kEnvironment) return "";
  if (git_repository_is_bare(opened.repository.get()) != 0) return "";
  if (git_repository_is_worktree(opened.repository.get()) != 0) return "";
  if (FileValue(opened.common_dir + "/config", "core.worktree")) return "";
  const std::string here = RealPath(directory);
  const bool inside = (here + "/").compare(0, opened.git_dir.size() + 1, opened.git_dir + "/") == 0;
  return inside ? "" : here;
}

Status SettleWorkTree(const std::string& directory, OpenFrom from, const Search& search,
                      Opened* opened) {
  git_repository* repository = opened->repository.get();
  if (IsBareByWorktreeConfig(opened->git_dir, opened->common_dir)) {
    git_repository_set_bare(repository);
  }
  const std::string chosen = ExplicitWorkTree(directory, from, search, *opened);
  if (!chosen.empty() &&
      RealPath(chosen) != WithoutFinalSlash(git_repository_workdir(repository))) {
    const int code = git_repository_set_workdir(repository, chosen.c_str(), 0);
    if (code < 0) return Fail(FromLibgit2(code, "cannot use GIT_WORK_TREE"));
  }
  opened->work_dir = WithoutFinalSlash(git_repository_workdir(repository));
  return {};
}

Status UseIndexOfEnvironment(const std::string& directory, git_repository* repository) {
  const std::string path = EnvironmentValue("GIT_INDEX_FILE");
  if (path.empty()) return {};
  IndexHandle index;
  int code = Acquire(&index, git_index_open, PathFrom(directory, path).c_str());
  if (code == 0) code = git_repository_set_index(repository, index.get());
  if (code < 0) return Fail(FromLibgit2(code, "cannot use GIT_INDEX_FILE"));
  return {};
}

// Null: not simply a bare repository; or something is wrong, which is found out again.
std::optional<Opened> OpenObjectsAlone(const std::string& directory, const Search& search) {
  Opened opened;
  opened.git_dir = RealPath(search.start);
  opened.common_dir = CommonDirOf(opened.git_dir);
  if (opened.git_dir.empty() || opened.common_dir != opened.git_dir) return std::nullopt;
  if (!EnvironmentValue("GIT_WORK_TREE").empty()) return std::nullopt;
  if (access((opened.git_dir + "/HEAD").c_str(), R_OK) != 0) return std::nullopt;
  if (!IsPlainBareConfig(opened.common_dir + "/config")) return std::nullopt;
  if (Status status = OpenObjects(directory, &opened); !status) return std::nullopt;
  return opened;
}

// Git's own answer to where everything is; it enforces safe.directory as OpenFrom wants it.
Result<Opened> OpenByProgram(const std::string& directory) {
  const auto ask = [&](std::vector<std::string> args) -> Result<std::string> {
    args.insert(args.begin(), {"git", "rev-parse"});
    ONEHEAD_ASSIGN_OR_RETURN(ProcessResult result, RunProcess(args, {.directory = directory,
                                                                     .environment = {"LC_ALL=C"}}));
    if (result.status != 0) return Fail(ErrorKind::kIo, std::string(Trim(result.err)));
    return std::move(result.out);
  };
  ONEHEAD_ASSIGN_OR_RETURN(std::string format, ask({"--show-object-format"}));
  // One at a time: a path can hold a line feed.
  Opened opened;
  opened.refs_by = Opened::RefsBy::kProgram;
  ONEHEAD_ASSIGN_OR_RETURN(const std::string git_dir, ask({"--absolute-git-dir"}));
  opened.git_dir = git_dir.substr(0, git_dir.size() - 1);
  opened.common_dir = RealPath(CommonDirOf(opened.git_dir));
  if (const Result<std::string> top = ask({"--show-toplevel"}); top) {
    opened.work_dir = top->substr(0, top->size() - 1);
  }
  if (format != "sha1\n") return opened;
  if (Status status = OpenObjects(directory, &opened); !status) {
    return Fail(std::move(status.error()));
  }
  return opened;
}

}  // namespace

Result<git_repository*> OpenedByLibgit2(Opened* opened) {
  if (opened->repository) return opened->repository.get();
  const int code = Acquire(&opened->repository, git_repository_open_bare, opened->git_dir.c_str());
  if (code < 0) return Fail(FromLibgit2(code, "cannot open the Git repository"));
  if (git_repository_set_odb(opened->repository.get(), opened->odb.get()) < 0) {
    return Fail(FromLibgit2(-1, "cannot open the object store"));
  }
  return opened->repository.get();
}

Result<Opened> OpenRepository(const std::string& directory, OpenFrom from) {
  SetOwnerCheck(from == OpenFrom::kEnvironment ? OwnerCheck::kOff : OwnerCheck::kOn);
  const Search search = SearchFor(directory);
  if (from == OpenFrom::kEnvironment && search.is_git_dir) {
    if (std::optional<Opened> opened = OpenObjectsAlone(directory, search)) {
      return std::move(*opened);
    }
  }
  Opened opened;
  const auto open = [&] {
    return Acquire(&opened.repository, git_repository_open_ext, search.start.c_str(), search.flags,
                   search.ceilings.c_str());
  };
  int code = open();
  if (code < 0 && IsOwnerTrouble(code)) {
    if (const std::optional<std::string> command = AskGitForTrust(directory)) {
      return Fail(OfSomebodyElse(Discover(search), *command));
    }
    SetOwnerCheck(OwnerCheck::kOff);
    code = open();
  }
  if (code < 0) {
    Error error = CannotOpen(code, search);
    if (error.kind != ErrorKind::kUnsupported) return Fail(std::move(error));
    Result<Opened> by_program = OpenByProgram(directory);
    if (by_program) return by_program;
    const std::string command = TrustCommand(by_program.error().message);
    if (!command.empty()) return Fail(OfSomebodyElse(Discover(search), command));
    error.message += ", nor does git: " + Printable(by_program.error().message);
    return Fail(std::move(error));
  }
  git_repository* repository = opened.repository.get();
  opened.git_dir = WithoutFinalSlash(git_repository_path(repository));
  opened.common_dir = WithoutFinalSlash(git_repository_commondir(repository));
  if (Status status = OpenObjects(directory, &opened); !status) {
    return Fail(std::move(status.error()));
  }
  if (git_repository_set_odb(repository, opened.odb.get()) < 0) {
    return Fail(FromLibgit2(-1, "cannot open the object store"));
  }
  Status settled = SettleWorkTree(directory, from, search, &opened);
  if (settled) settled = UseIndexOfEnvironment(directory, repository);
  if (!settled) return Fail(std::move(settled.error()));
  return opened;
}

}  // namespace onehead::git
