#include "commands/rebase/cmd_move.h"

#include <optional>
#include <set>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_use.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "commands/published/published_past.h"
#include "commands/rebase/planner.h"
#include "commands/report/change_text.h"
#include "commands/rewrite/apply_edits.h"
#include "commands/rewrite/rewrite_output.h"
#include "onehead/base/text.h"
#include "onehead/core/reparent/move.h"

namespace onehead {
namespace {

constexpr const char* kText =
    "Let the migration ID follow another one, together with all that stands on it: the repair of a "
    "fork\nthat is on a published branch already. Only its down_revision and the docstring's "
    "Revises: line change.\nA parent that the other one does not stand on stays.\n\n"
    "Databases that have already run the chain will skip what is below it then. The command says "
    "what that\nis, and what to type for such a database. A chain that is published moves only "
    "with --published.\n\n"
    "An id may be shortened to its beginning.";
constexpr const char* kFooter =
    "Exit codes: 0 done or nothing to do, 1 the migrations do not allow it (nothing is written), "
    "128 an error,\n129 wrong usage.";

struct Options {
  CommonOptions common;
  std::string id;
  std::string onto;
  ApplyOptions apply;
  bool published = false;
  bool new_ids = false;
};

// Those of the options that say where the environment is, as they are typed.
std::string LocatingOptions(const CommonOptions& options) {
  std::string text;
  const auto add = [&](const char* option, const std::string& value) {
    text += std::string(" ") + option + " " + Printable(ShellWord(value), 200);
  };
  if (!options.directory.empty()) add("-C", options.directory);
  for (const std::string& location : options.script_locations) add("--script-location", location);
  for (const std::string& location : options.versions) add("--versions", location);
  if (options.recursive) text += " --recursive";
  if (!options.section.empty()) add("-n", options.section);
  return text;
}

class MoveCommand {
 public:
  MoveCommand(const Options& options, Streams& io)
      : options_(options), output_("move", options.common, io) {}

  int Run() {
    output_.document().dry_run = options_.apply.dry_run;
    if (Status status = Open(); !status) return Stop(status.error());
    Result<ReparentPlan> plan = Plan();
    if (!plan) return Stop(plan.error());
    std::vector<std::string> paths;
    for (const MigrationChange& change : plan->changes) paths.push_back(change.migration->path);
    if (Status status = RequireCheckedOut(workspace_, snapshot_, paths); !status) {
      return output_.Stop(status.error(), kExitError);
    }
    std::vector<MigrationEdit> edits;
    for (const MigrationChange& change : plan->changes) {
      Result<MigrationEdit> edit =
          EditMigration(*snapshot_.tree, change, workspace_.settings.max_file_bytes);
      if (!edit) return Stop(edit.error());
      edits.push_back(std::move(*edit));
    }
    const bool deployed = !published_.empty();
    const Databases databases = deployed ? Databases::kDeployed : Databases::kOfDeveloper;
    output_.AddEdits(edits);
    const DatabaseEffect effect = output_.AddEnvironment(*state_, edits, databases);
    if (edits.empty()) {
      output_.Print({"nothing to do: " + Printable(request_.id, 80) + " follows " +
                     Printable(request_.onto, 80) + " already"});
      return output_.Finish(kExitOk);
    }
    if (deployed && !options_.published) return Stop(PublishedError(effect));
    PlannedFiles files{FilesOf(edits),
                       RewriteLines(edits),
                       "would rewrite ",
                       DatabaseLines(effect, databases),
                       {},
                       {}};
    files.commit_message =
        "Let " + Printable(request_.id, 60) + " follow " + Printable(request_.onto, 60) + "\n\n";
    for (const std::string& line : files.lines) files.commit_message += line + "\n";
    return ApplyFiles(*workspace_.repository, files, options_.apply, &output_);
  }

 private:
  int Stop(const Error& error) {
    switch (error.kind) {
      case ErrorKind::kUsage:
        return output_.Stop(error, kExitUsage);
      case ErrorKind::kInvalid:
      case ErrorKind::kUnsupported:
        return output_.Stop(error, kExitFindings);
      default:
        return output_.Stop(error, kExitError);
    }
  }

  Status Open() {
    ONEHEAD_ASSIGN_OR_RETURN(workspace_, OpenWorkspace(options_.common));
    ONEHEAD_TRY(RequireWorkTree(*workspace_.repository));
    loader_.emplace(LimitsFrom(workspace_.settings));
    ONEHEAD_ASSIGN_OR_RETURN(snapshot_,
                             ReadSnapshotOf(workspace_, TreeChoice::kWorkTree, "", &*loader_));
    ONEHEAD_ASSIGN_OR_RETURN(state_, OnlyEnvironment(workspace_, snapshot_));
    if (!state_->errors.empty()) return Fail(state_->errors.front());
    return {};
  }

  Result<ReparentPlan> Plan() {
    for (const auto& [given, id] :
         {std::pair(&options_.id, &request_.id), std::pair(&options_.onto, &request_.onto)}) {
      ONEHEAD_ASSIGN_OR_RETURN(*id, RevisionNamed(state_->graph, *given));
    }
    ONEHEAD_TRY(FindPublished());
    request_.labelled_heads = workspace_.settings.For(state_->environment).labelled_heads;
    // What is published gets a new id only when that is said here and now.
    if (options_.new_ids || (workspace_.settings.new_ids && published_.empty())) {
      request_.new_id = [this] {
        std::string id = RandomRevisionId();
        while (state_->graph.Find(id) != nullptr) id = RandomRevisionId();
        return id;
      };
    }
    request_.options = OptionsAgain();
    return PlanMove(state_->migrations, request_);
  }

  // What has to be typed again.
  std::string OptionsAgain() const {
    std::string text = LocatingOptions(options_.common);
    if (options_.new_ids) text += " --new-ids";
    if (options_.apply.after == ApplyOptions::After::kStage) text += " --stage";
    if (options_.apply.after == ApplyOptions::After::kCommit) text += " --commit";
    return published_.empty() ? text : text + " --published";
  }

  // The first of the chain that is published, and where.
  Status FindPublished() {
    const git::Repository& repository = *workspace_.repository;
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRefs refs,
                             PublishedRefs::Find(repository, workspace_.settings));
    CommitTrees trees(repository);
    EnvironmentFinder finder(&trees, workspace_.discovery, &*loader_);
    WantedEnvironment wanted{state_->environment, *state_};
    if (const Result<ContentId> head = repository.ResolveCommit("HEAD")) wanted.commit = *head;
    Result<PublishedRevisions> published = PublishedRevisions::Read(refs, wanted, &finder);
    if (!published) return Fail(std::move(published.error()));
    ONEHEAD_ASSIGN_OR_RETURN(PublishedPast past,
                             PublishedPast::Read(repository, refs, state_->environment));
    const std::set<std::string> chain = ChainPaths(state_->graph, request_.id);
    for (const MigrationPtr& migration : state_->migrations) {
      if (chain.count(migration->path) == 0) continue;
      for (const PublishedRevisions::AtRef& at : published->states()) {
        if (at.state->graph.Find(migration->id()) == nullptr) continue;
        published_ = Printable(migration->id(), 80) +
                     " is published: " + Printable(at.ref.name, 200) + " has it";
        return {};
      }
      if (!past.Had(*migration)) continue;
      published_ = Printable(migration->id(), 80) + " was published once, and reverted";
      return {};
    }
    return {};
  }

  Error PublishedError(const DatabaseEffect& effect) const {
    std::string hint = DatabaseRisk(effect);
    if (!hint.empty()) hint += "\n";
    hint += "to move it all the same, and be told what to type for these databases: " +
            MoveCommandLine(request_);
    return {ErrorKind::kInvalid, published_ + ", so databases may have run it", std::move(hint)};
  }

  const Options& options_;
  RewriteOutput output_;
  Workspace workspace_;
  std::optional<StateLoader> loader_;
  Snapshot snapshot_;
  StatePtr state_;
  MoveRequest request_;
  std::string published_;  // what of the chain is published, and where; empty: nothing
};

}  // namespace

int RunMove(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead move", kText, kFooter);
  Options options;
  arguments.Value("ID", &options.id, "TEXT", "The lowest migration that moves");
  arguments.Value("--onto", &options.onto, "ID", "The revision that it is to follow");
  AddApplyOptions(&arguments, &options.apply);
  arguments.Flag("--published", &options.published,
                 "Also what a published branch has: databases may have run it");
  arguments.Flag("--new-ids", &options.new_ids, "Give the migrations that move new ids");
  AddCommonOptions(&arguments, &options.common);
  if (const auto code = arguments.Parse(args, io)) return *code;
  if (options.id.empty() || options.onto.empty()) {
    return WrongUsage("onehead move",
                      "which migration is to follow which: onehead move ID --onto ID", io);
  }
  return MoveCommand(options, io).Run();
}

}  // namespace onehead
