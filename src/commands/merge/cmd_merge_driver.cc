#include "commands/merge/cmd_merge_driver.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "commands/app/settings_use.h"
#include "commands/app/workspace.h"
#include "commands/merge/rebase_todo.h"
#include "commands/published/commit_trees.h"
#include "commands/published/published.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/core/reparent/parent_conflict.h"
#include "onehead/git/files/atomic_file.h"
#include "onehead/git/merge/merge_commands.h"

extern char** environ;

namespace onehead {
namespace {

namespace fs = std::filesystem;

constexpr int kClean = 0;
constexpr int kMarked = 1;
constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

constexpr const char* kUsage =
    "usage: onehead merge-driver %O %A %B %L %P\n\n"
    "Git starts this for a file with the attribute merge=onehead that both sides have changed:\n"
    "  git config merge.onehead.driver 'onehead merge-driver %O %A %B %L %P'\n";

// The arguments as Git fills them in.
struct DriverInput {
  std::string base;    // %O
  std::string ours;    // %A, the result is left there
  std::string theirs;  // %B
  std::string path;    // %P, in the repository
  int marker_size = 7;
  std::vector<std::string> labels = {"ours", "base", "theirs"};
};

// Git before 2.44 gives %S, %X and %Y as they stand in the configuration.
void TakeLabel(const std::vector<std::string>& args, std::size_t index, std::string* label) {
  if (args.size() > index && !args[index].empty() && args[index].front() != '%') {
    *label = args[index];
  }
}

DriverInput ParseInput(const std::vector<std::string>& args) {
  DriverInput input{args[0], args[1], args[2], args[4]};
  int size = 0;
  std::from_chars(args[3].data(), args[3].data() + args[3].size(), size);
  if (size > 0 && size <= 1000) input.marker_size = size;
  TakeLabel(args, 5, &input.labels[1]);
  TakeLabel(args, 6, &input.labels[0]);
  TakeLabel(args, 7, &input.labels[2]);
  return input;
}

std::optional<std::string> ReadText(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || size > kMaxBytes) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return size == 0 ? std::optional<std::string>("") : std::nullopt;
  return text.str();
}

// Three files in a directory of their own, which goes with them.
class ScratchFiles {
 public:
  ScratchFiles() = default;
  ScratchFiles(const ScratchFiles&) = delete;
  ScratchFiles& operator=(const ScratchFiles&) = delete;
  ~ScratchFiles() {
    std::error_code ignored;
    if (!directory_.empty()) fs::remove_all(directory_, ignored);
  }

  bool Write(const MigrationTexts& texts) {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "onehead-XXXXXX").string();
    if (error || mkdtemp(name.data()) == nullptr) return false;
    directory_ = name;
    return Put("base", texts.base) && Put("ours", texts.ours) && Put("theirs", texts.theirs);
  }
  std::string Path(const char* name) const { return directory_ + "/" + name; }

 private:
  bool Put(const char* name, const std::string& text) {
    std::ofstream out(Path(name), std::ios::binary);
    out << text << std::flush;
    return out.good();
  }

  std::string directory_;
};

class Driver {
 public:
  Driver(DriverInput input, Streams& io) : input_(std::move(input)), io_(io) {}

  int Run() {
    const std::optional<MigrationTexts> texts = ReadTexts();
    if (texts) {
      const ParentConflict conflict = FindParentConflict(input_.path, *texts);
      if (conflict == ParentConflict::kDifferentIds) TellTwoMigrations(*texts);
      if (conflict == ParentConflict::kParents) {
        if (const std::optional<int> code = MergeAligned(*texts)) return *code;
      }
    }
    return Merge(input_.ours, input_.base, input_.theirs);
  }

 private:
  std::optional<MigrationTexts> ReadTexts() const {
    auto base = ReadText(input_.base);
    auto ours = ReadText(input_.ours);
    auto theirs = ReadText(input_.theirs);
    if (!base || !ours || !theirs) return std::nullopt;
    return MigrationTexts{std::move(*base), std::move(*ours), std::move(*theirs)};
  }

  // Null: it cannot be done; nothing was written.
  std::optional<int> MergeAligned(const MigrationTexts& texts) {
    const std::optional<MergeSide> staying = WhoStays(texts);
    if (!staying) return std::nullopt;
    const auto aligned = AlignParents(input_.path, texts, *staying);
    ScratchFiles scratch;
    if (!aligned || !scratch.Write(*aligned)) return std::nullopt;
    const git::FileMergeInput files = {scratch.Path("ours"), scratch.Path("base"),
                                       scratch.Path("theirs"), input_.labels, input_.marker_size};
    const Result<git::FileMerge> merge = git::MergeFile(files);
    if (!merge || !ReplaceFile(input_.ours, merge->text)) return std::nullopt;
    return merge->clean ? kClean : kMarked;
  }

  int Merge(const std::string& ours, const std::string& base, const std::string& theirs) {
    const Result<git::FileMerge> merge =
        git::MergeFile({ours, base, theirs, input_.labels, input_.marker_size});
    if (!merge) {
      // Of a binary file Git leaves ours as well; its own conflict is in the index.
      io_.err << "warning: " << Printable(input_.path, 200) << ": " << merge.error().message
              << '\n';
      return kMarked;
    }
    if (const Status written = ReplaceFile(input_.ours, merge->text); !written) {
      PrintLines(RenderError(written.error(), Level::kError), Color::kOff, io_.err);
      return kMarked;
    }
    return merge->clean ? kClean : kMarked;
  }

  // Null: it could not be found out, and that was said.
  std::optional<MergeSide> WhoStays(const MigrationTexts& texts) {
    Result<MergeSide> side = FindStayingSide(texts);
    if (side) return *side;
    Lines lines = RenderError(side.error(), Level::kWarning);
    lines.push_back("warning: " + Printable(input_.path, 200) +
                    ": merged as text, because it is not known which parents are published");
    PrintLines(lines, Color::kOff, io_.err);
    return std::nullopt;
  }

  Result<MergeSide> FindStayingSide(const MigrationTexts& texts) const {
    auto repository = git::Repository::Open(".", git::OpenFrom::kDirectory);
    if (!repository) return Fail(std::move(repository.error()));
    ONEHEAD_ASSIGN_OR_RETURN(const Settings settings, ReadSettings(**repository));
    ONEHEAD_ASSIGN_OR_RETURN(const PublishedRefs published,
                             PublishedRefs::Find(**repository, settings));
    ONEHEAD_ASSIGN_OR_RETURN(const MergeOperation operation,
                             OperationHere(**repository, published));
    const auto parents = PublishedParents(**repository, settings, published, texts);
    if (!parents) return Fail(parents.error());
    return StayingSide(input_.path, texts, *parents, operation);
  }

  using Parents = std::optional<std::vector<std::string>>;

  // The parents that the migration has where it is published. Null: nowhere.
  Result<Parents> PublishedParents(const git::Repository& repository, const Settings& settings,
                                   const PublishedRefs& published,
                                   const MigrationTexts& texts) const {
    const DiscoveryOptions discovery = DiscoveryFrom(settings);
    StateLoader loader(LimitsFrom(settings));
    CommitTrees trees(repository);
    EnvironmentFinder finder(&trees, discovery, &loader);
    const Result<ContentId> head = repository.ResolveCommit("HEAD");
    if (!head) return Parents();  // nothing is committed yet
    const auto environments = finder.EnvironmentsOf(*head);
    if (!environments) return Fail(environments.error());
    const std::string id = ReadMigration(input_.path, texts.ours).id();
    for (const Environment& environment : **environments) {
      if (!IsInVersions(environment, input_.path)) continue;
      ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees.Of(*head));
      ONEHEAD_ASSIGN_OR_RETURN(const StatePtr state, loader.Load(*tree, environment));
      const auto revisions =
          PublishedRevisions::Read(published, {environment, *state, *head}, &finder);
      if (!revisions) return Fail(revisions.error());
      const Migration* there = revisions->Find(id);
      if (there != nullptr && there->down_revision.known()) return there->down_revision.ids;
    }
    return Parents();
  }

  // `git merge` names what it merges in GITHEAD_<id>; a rebase and a cherry-pick do not.
  static Result<MergeOperation> OperationHere(const git::Repository& repository,
                                              const PublishedRefs& published) {
    if (IsRebasing(repository.GitDir())) return MergeOperation::kReplay;
    constexpr std::string_view kPrefix = "GITHEAD_";
    std::optional<ContentId> remote;
    int found = 0;
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string_view text = *variable;
      if (!text.starts_with(kPrefix)) continue;
      const std::size_t length = text.find('=') - kPrefix.size();
      remote = ContentId::FromHex(text.substr(kPrefix.size(), length));
      ++found;
    }
    if (found != 1 || !remote) return MergeOperation::kReplay;
    return published.OperationOf(repository, *remote, NameOfMerged(repository, *remote));
  }

  void TellTwoMigrations(const MigrationTexts& texts) {
    const std::string ours = ReadMigration(input_.path, texts.ours).id();
    const std::string theirs = ReadMigration(input_.path, texts.theirs).id();
    PrintLines(
        {"warning: " + Printable(input_.path, 200) + ": different migrations at the same path, " +
             Printable(ours, 80) + " (ours) and " + Printable(theirs, 80) + " (theirs)",
         "hint: keep both: put one of them into a file of another name"},
        Color::kOff, io_.err);
  }

  DriverInput input_;
  Streams& io_;
};

}  // namespace

int RunMergeDriver(const std::vector<std::string>& args, Streams& io) {
  if (args.size() == 1 && (args[0] == "--help" || args[0] == "-h")) {
    io.out << kUsage;
    return kClean;
  }
  if (args.size() < 5) {
    io.err << "error: the merge driver takes five arguments\n" << kUsage;
    return kMarked;
  }
  return Driver(ParseInput(args), io).Run();
}

}  // namespace onehead
