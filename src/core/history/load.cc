#include "onehead/core/history/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/environment/config_directory.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"
#include "onehead/core/tree/checkout_encoding.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxLinkSteps = 2'000'000;  // parts of paths, for all links of an environment

// One thing that Alembic's Script._list_py_dir would list. Its names live as long as the Loader.
struct ListedFile {
  std::string_view directory;
  TreeEntryView entry;
  MigrationPtr read = nullptr;  // null: not yet
  std::string path() const { return JoinPath(directory, entry.name); }
};

// "x.pyc" and "x.pyo", which Alembic imports when sourceless: as "x.py" they would be migrations.
bool IsCompiledMigration(std::string_view name) {
  return (name.ends_with(".pyc") || name.ends_with(".pyo")) &&
         IsMigrationFileName(name.substr(0, name.size() - 1));
}

std::string_view UpToDot(std::string_view name) { return name.substr(0, name.find('.')); }

MigrationPtr ReadFile(std::string_view directory, const TreeEntryView& entry,
                      std::string_view text) {
  Migration migration = ReadMigration(JoinPath(directory, entry.name), text);
  migration.content = entry.content;
  return std::make_shared<const Migration>(std::move(migration));
}

bool AnyLink(const std::vector<ListedFile>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const ListedFile& file) { return file.entry.kind == EntryKind::kSymlink; });
}

class Loader {
 public:
  Loader(const SourceTree& tree, const Environment& environment, const LoadLimits& limits,
         MigrationCache* cache, Workers* workers)
      : limits_(limits), cache_(cache), workers_(workers), listings_(tree) {
    out_.environment = environment;
  }

  Result<bool> HasLinks() {
    for (const std::string& location : out_.environment.version_locations) {
      ONEHEAD_ASSIGN_OR_RETURN(std::vector<ListedFile> files, ListLocation(location));
      if (AnyLink(files)) return true;
    }
    return false;
  }

  Result<LoadedEnvironment> Load() {
    for (const std::string& location : out_.environment.version_locations) {
      ONEHEAD_ASSIGN_OR_RETURN(std::vector<ListedFile> files, ListLocation(location));
      may_repeat_ = AnyLink(files) || out_.environment.version_locations.size() > 1;
      ReadAhead(&files);
      for (const ListedFile& file : files) {
        ONEHEAD_TRY(LoadListed(file));
      }
    }
    ONEHEAD_TRY(AddCheckoutErrors());
    return std::move(out_);
  }

 private:
  // In the order of os.walk with sorted directories. Empty when there are too many, which is an
  // error of the location: half of a graph would be a wrong one.
  Result<std::vector<ListedFile>> ListLocation(const std::string& location);
  // Compiled migrations without a source beside them, in `directory` and its __pycache__.
  Status ListCompiled(std::string_view directory, const TreeListing& listing,
                      std::vector<ListedFile>* files);
  // Appends what `directory` holds, and its directories to `*todo`, the first one last.
  void ListDirectory(std::string_view directory, const TreeListing& listing,
                     std::vector<ListedFile>* files, std::vector<std::string>* todo);

  // Reads migrations, with others. What cannot be read is left for later.
  void ReadAhead(std::vector<ListedFile>* files);
  Status LoadListed(const ListedFile& file);
  // Where Python reads another text from a checkout than stands in the migrations.
  Status AddCheckoutErrors();
  Status AddCompiledOf(const std::string& directory);
  Status AddIfTaken(const std::string& cache, const TreeEntryView& compiled);
  Status LoadLink(const ListedFile& link);
  // Once per path.
  Status LoadFile(const ListedFile& file);
  void AddCompiled(const std::string& path, const ContentId& content);
  // The file is there, and nothing of it is known.
  void AddUnread(const std::string& path, const ContentId& content);
  Error ReadError(Error error, const std::string& path) const;

  void AddError(ErrorKind kind, const std::string& path, std::string message,
                std::string hint = {}) {
    out_.errors.push_back({kind, std::move(message), std::move(hint), path});
  }

  const LoadLimits& limits_;
  MigrationCache* cache_;
  Workers* workers_;
  ListingCache listings_;
  std::size_t link_steps_ = kMaxLinkSteps;
  std::deque<std::string> directories_;  // that were listed
  LoadedEnvironment out_;
  bool may_repeat_ = false;                    // one file may be listed twice
  std::unordered_set<std::string_view> seen_;  // Alembic's "dupes": real paths, of out_.migrations
};

Result<std::vector<ListedFile>> Loader::ListLocation(const std::string& location) {
  std::vector<ListedFile> files;
  std::vector<std::string> todo = {location};
  // Directories count too: a tree can name one directory very often.
  for (std::size_t walked = 0; !todo.empty(); ++walked) {
    const std::string_view directory = directories_.emplace_back(std::move(todo.back()));
    todo.pop_back();
    ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* listing, listings_.List(directory));
    if (listing == nullptr) continue;
    ListDirectory(directory, *listing, &files, &todo);
    if (out_.environment.sourceless && !IsCacheDirectory(directory)) {
      if (Status status = ListCompiled(directory, *listing, &files); !status) {
        return Fail(std::move(status.error()));
      }
    }
    if (files.size() > limits_.max_files || walked > limits_.max_files) {
      AddError(ErrorKind::kLimit, location,
               fmt::format("more than {} files (onehead.maxFiles)", limits_.max_files),
               "raise onehead.maxFiles if these are all migrations");
      return std::vector<ListedFile>();
    }
  }
  return files;
}

void Loader::ListDirectory(std::string_view directory, const TreeListing& listing,
                           std::vector<ListedFile>* files, std::vector<std::string>* todo) {
  const bool skipped = IsCacheDirectory(directory);
  for (const TreeEntryView entry : listing) {
    // The name of a link does not matter: its target's does.
    const bool counts = entry.kind == EntryKind::kSymlink ||
                        (entry.kind == EntryKind::kFile && IsMigrationFileName(entry.name));
    if (skipped) continue;
    if (counts) files->push_back({directory, entry});
    if (entry.kind == EntryKind::kFile && IsBrokenMigrationName(entry.name)) {
      AddError(ErrorKind::kInvalid, JoinPath(directory, entry.name),
               fmt::format("Alembic takes this for a migration and fails: the name {}",
                           entry.name.ends_with('\n') ? "ends in a line feed"
                                                      : "is nothing but an extension"),
               "rename it");
    }
  }
  if (!out_.environment.recursive) return;
  for (std::size_t i = listing.size(); i-- > 0;) {
    const EntryKind kind = listing.KindOf(i);
    if (kind != EntryKind::kDirectory && kind != EntryKind::kSubmodule) continue;
    const std::string path = JoinPath(directory, listing.NameOf(i));
    if (kind == EntryKind::kDirectory) todo->push_back(path);
    if (kind == EntryKind::kSubmodule) {
      AddError(ErrorKind::kUnsupported, path,
               "a submodule in a recursive version location: its files are not in this repository");
    }
  }
}

// Alembic, Script._list_py_dir and _from_path: the source wins, in the directory by its whole name,
// in __pycache__ by what stands before the first dot.
Status Loader::ListCompiled(std::string_view directory, const TreeListing& listing,
                            std::vector<ListedFile>* files) {
  std::unordered_set<std::string_view> names;
  std::unordered_set<std::string_view> stems;
  for (const TreeEntryView entry : listing) {
    if (entry.kind == EntryKind::kDirectory || entry.kind == EntryKind::kSubmodule) continue;
    names.insert(entry.name);
    stems.insert(UpToDot(entry.name));
  }
  for (const TreeEntryView entry : listing) {
    const std::string_view name = entry.name;
    if (entry.kind == EntryKind::kFile && IsCompiledMigration(name) &&
        names.count(name.substr(0, name.size() - 1)) == 0) {
      files->push_back({directory, entry});
    }
  }
  const std::string_view cache = directories_.emplace_back(JoinPath(directory, "__pycache__"));
  ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* cached, listings_.List(cache));
  if (cached == nullptr) return {};
  for (const TreeEntryView entry : *cached) {
    const bool is_file =
        entry.kind == EntryKind::kSymlink ||
        (entry.kind == EntryKind::kFile &&
         (IsCompiledMigration(entry.name) || IsMigrationFileName(entry.name)));  // source, too
    if (is_file && stems.count(UpToDot(entry.name)) == 0) files->push_back({cache, entry});
  }
  return {};
}

// What a file says needs no file but its own.
void Loader::ReadAhead(std::vector<ListedFile>* files) {
  constexpr std::size_t kFew = 64;  // that are not worth it
  constexpr std::size_t kAtATime = 4;
  if (workers_ == nullptr) return;
  std::vector<ListedFile*> unread;
  for (ListedFile& file : *files) {
    const bool is_migration =
        file.entry.kind == EntryKind::kFile && IsMigrationFileName(file.entry.name);
    if (is_migration && !cache_->Has(file.entry.content)) unread.push_back(&file);
  }
  if (unread.size() < kFew) return;
  std::atomic<std::size_t> next = 0;
  workers_->RunOnAll([&](int thread) {
    const std::unique_ptr<SourceTree> own =
        thread == 0 ? nullptr : listings_.tree().CloneForThread();
    if (thread != 0 && own == nullptr) return;
    const SourceTree& tree = thread == 0 ? listings_.tree() : *own;
    for (std::size_t begin = next.fetch_add(kAtATime); begin < unread.size();
         begin = next.fetch_add(kAtATime)) {
      const std::size_t end = std::min(begin + kAtATime, unread.size());
      for (std::size_t i = begin; i < end; ++i) {
        auto& [directory, entry, read] = *unread[i];
        const Result<std::string> text = tree.ReadEntry(directory, entry, limits_.max_file_bytes);
        if (text) read = ReadFile(directory, entry, *text);
      }
    }
  });
}

Status Loader::LoadListed(const ListedFile& file) {
  if (file.entry.kind == EntryKind::kSymlink) return LoadLink(file);
  if (IsMigrationFileName(file.entry.name)) return LoadFile(file);
  AddCompiled(file.path(), file.entry.content);
  return {};
}

void Loader::AddCompiled(const std::string& path, const ContentId& content) {
  AddError(ErrorKind::kUnsupported, path,
           "a compiled migration, which the configuration asks for (sourceless), cannot be read");
  AddUnread(path, content);
}

Status Loader::LoadLink(const ListedFile& link) {
  out_.has_links = true;
  using State = LinkTarget::State;
  const std::string path = link.path();
  const Result<LinkTarget> target = ResolveLinks(&listings_, path, &link_steps_);
  if (!target) {
    if (!IsAboutOneFile(target.error())) return Fail(target.error());
    out_.errors.push_back(ReadError(target.error(), path));
    AddUnread(path, link.entry.content);
    return {};
  }
  if (target->state == State::kDirectory) {
    // os.walk lists it as a directory and stays out; older Alembic, with os.listdir, fails on it.
    if (IsMigrationFileName(link.entry.name)) {
      AddError(ErrorKind::kInvalid, path,
               "a link to a directory that is named like a migration: Alembic cannot load it",
               "rename it");
    }
    return {};
  }
  if (!IsMigrationFileName(BaseName(target->path))) {
    const bool compiled =
        out_.environment.sourceless && IsCompiledMigration(BaseName(target->path));
    if (compiled) {
      AddCompiled(path, link.entry.content);
    } else if (target->state == State::kFile && IsMigrationFileName(link.entry.name)) {
      AddError(ErrorKind::kUnsupported, path,
               "a link that is named like a migration, to a file that is not: newer Alembic passes "
               "it over, and older loads it",
               "name both like a migration");
    }
    return {};
  }
  switch (target->state) {
    case State::kFile:
      return LoadFile({DirName(target->path), target->entry});
    case State::kOutside:
      AddError(ErrorKind::kUnsupported, path, "a symbolic link that leads out of the repository");
      AddUnread(path, link.entry.content);
      return {};
    case State::kLoop:
      AddError(ErrorKind::kInvalid, path, "a symbolic link that leads in a circle");
      return {};
    default:
      AddError(ErrorKind::kNotFound, path, "a symbolic link that leads nowhere");
      return {};
  }
}

Status Loader::LoadFile(const ListedFile& file) {
  if (file.read) {
    if (may_repeat_ && !seen_.insert(file.read->path).second) return {};
    cache_->Add(file.read);
    out_.migrations.push_back(file.read);
    return {};
  }
  const std::string path = file.path();
  if (seen_.count(path) != 0) return {};
  Result<MigrationPtr> migration =
      LoadMigration(listings_.tree(), file.directory, file.entry, limits_, cache_);
  if (migration) {
    out_.migrations.push_back(std::move(*migration));
  } else {
    if (!IsAboutOneFile(migration.error())) return Fail(std::move(migration.error()));
    out_.errors.push_back(ReadError(std::move(migration.error()), path));
    AddUnread(path, file.entry.content);
  }
  if (may_repeat_) seen_.insert(out_.migrations.back()->path);
  return {};
}

Status Loader::AddCheckoutErrors() {
  std::set<std::string> directories;  // also where links lead
  std::string_view last = ".";
  for (const MigrationPtr& migration : out_.migrations) {
    const std::string_view directory = DirName(migration->path);
    if (directory != last) directories.emplace(directory);
    last = directory;
  }
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<Error> encoded,
                           EncodingErrors(&listings_, directories, limits_.max_file_bytes));
  for (Error& error : encoded) out_.errors.push_back(std::move(error));
  for (const std::string& directory : directories) {
    ONEHEAD_TRY(AddCompiledOf(directory));
  }
  return {};
}

// Python's import takes a compiled file in __pycache__ in place of the source beside it when that
// names the source by a hash (PEP 552), whatever the source says. One with a time stamp, as Python
// writes it, is out of date in every checkout.
Status Loader::AddCompiledOf(const std::string& directory) {
  const std::string cache = JoinPath(directory, "__pycache__");
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> entry, listings_.Find(cache));
  if (!entry) return {};
  if (entry->kind == EntryKind::kSymlink) {
    AddError(ErrorKind::kUnsupported, cache,
             "a link in place of the directory in which Python looks for compiled migrations",
             "remove it");
  }
  if (entry->kind != EntryKind::kDirectory) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const TreeListing* listing, listings_.List(cache));
  if (listing == nullptr) return {};
  for (const TreeEntryView file : *listing) {
    if (!file.name.ends_with(".pyc")) continue;
    ONEHEAD_TRY(AddIfTaken(cache, file));
  }
  return {};
}

Status Loader::AddIfTaken(const std::string& cache, const TreeEntryView& compiled) {
  constexpr std::size_t kFlags = 4;  // behind the magic number, little-endian
  if (compiled.kind != EntryKind::kFile && compiled.kind != EntryKind::kSymlink) return {};
  if (compiled.kind == EntryKind::kFile) {
    const Result<std::string> bytes =
        listings_.tree().ReadEntry(cache, compiled, limits_.max_file_bytes);
    if (!bytes && !IsAboutOneFile(bytes.error())) return Fail(bytes.error());
    const bool has_time = bytes && (bytes->size() <= kFlags || ((*bytes)[kFlags] & 1) == 0);
    if (has_time) return {};
  }
  AddError(ErrorKind::kUnsupported, JoinPath(cache, compiled.name),
           "a compiled file that Python may load in place of a migration", "remove it");
  return {};
}

void Loader::AddUnread(const std::string& path, const ContentId& content) {
  Migration migration;
  migration.path = path;
  migration.content = content;
  migration.unread = true;
  for (Binding* binding : {&migration.revision, &migration.down_revision, &migration.branch_labels,
                           &migration.depends_on}) {
    binding->state = Binding::State::kUnknown;
  }
  out_.migrations.push_back(std::make_shared<const Migration>(std::move(migration)));
}

Error Loader::ReadError(Error error, const std::string& path) const {
  error.path = path;
  if (error.kind != ErrorKind::kLimit) return error;
  error.message = fmt::format("larger than {} bytes (onehead.maxFileSize)", limits_.max_file_bytes);
  error.hint = "raise onehead.maxFileSize if this is a migration";
  return error;
}

}  // namespace

Result<MigrationPtr> LoadMigration(const SourceTree& tree, std::string_view directory,
                                   const TreeEntryView& entry, const LoadLimits& limits,
                                   MigrationCache* cache) {
  MigrationPtr migration;
  if (cache->Has(entry.content)) {
    migration = cache->Find(entry.content, JoinPath(directory, entry.name));
  }
  if (!migration) {
    ONEHEAD_ASSIGN_OR_RETURN(const std::string text,
                             tree.ReadEntry(directory, entry, limits.max_file_bytes));
    migration = ReadFile(directory, entry, text);
  }
  cache->Add(migration);
  return migration;
}

Result<LoadedEnvironment> LoadEnvironment(const SourceTree& tree, const Environment& environment,
                                          const LoadLimits& limits, MigrationCache* cache,
                                          Workers* workers) {
  return Loader(tree, environment, limits, cache, workers).Load();
}

Result<bool> HasLinks(const SourceTree& tree, const Environment& environment,
                      const LoadLimits& limits) {
  MigrationCache none;
  return Loader(tree, environment, limits, &none, nullptr).HasLinks();
}

}  // namespace onehead
