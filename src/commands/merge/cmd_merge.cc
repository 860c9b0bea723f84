#include "commands/merge/cmd_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/settings_use.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/published/commit_trees.h"
#include "commands/published/environment_at.h"
#include "commands/published/published.h"
#include "commands/rebase/planner.h"
#include "commands/rewrite/apply_edits.h"
#include "commands/rewrite/rewrite_output.h"
#include "onehead/base/text.h"
#include "onehead/core/history/alembic_text.h"
#include "onehead/core/migration/merge_revision.h"
#include "onehead/core/policy/rules.h"

namespace onehead {
namespace {

constexpr const char* kText =
    "Write a merge revision over the heads of the work tree (or the heads named), as alembic merge "
    "does:\nnamed by file_template, in the style of the newest migration.";
constexpr const char* kFooter =
    "Exit codes: 0 written, 1 there is nothing to merge or it would be wrong (nothing is written), "
    "128 an error,\n129 wrong usage.";

struct Options {
  CommonOptions common;
  std::vector<std::string> ids;
  std::string message = "merge heads";
  ApplyOptions apply;
  bool force = false;
};

struct Moment {
  CreateTime time;
  std::string text;  // as Python prints a datetime
};

Moment Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm local = {};
  localtime_r(&seconds, &local);
  Moment moment;
  moment.time = {seconds,       local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                 local.tm_hour, local.tm_min,         local.tm_sec};
  const CreateTime& t = moment.time;
  moment.text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}", t.year, t.month, t.day,
                            t.hour, t.minute, t.second, micros % 1'000'000);
  return moment;
}

const Node& At(const Graph& graph, NodeIndex index) {
  return graph.nodes()[static_cast<std::size_t>(index)];
}

std::string Listed(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + Printable(id, 80);
  return text;
}

// Anything but a question of the arguments or of reading is a verdict about the migrations.
tl::unexpected<Error> Refuse(std::string message, std::string hint) {
  return Fail(ErrorKind::kInvalid, std::move(message), std::move(hint));
}

class Merger {
 public:
  Merger(const Options& options, Streams& io)
      : options_(options), output_("merge", options.common, io) {}

  int Run() {
    output_.document().dry_run = options_.apply.dry_run;
    Result<Workspace> workspace = OpenWorkspace(options_.common);
    if (!workspace) return output_.Stop(workspace.error(), kExitError);
    workspace_ = std::move(*workspace);
    if (Status work = RequireWorkTree(*workspace_.repository); !work) {
      return output_.Stop(work.error(), kExitUsage);
    }
    loader_.emplace(LimitsFrom(workspace_.settings));
    Result<Snapshot> snapshot = ReadSnapshotOf(workspace_, TreeChoice::kWorkTree, "", &*loader_);
    if (!snapshot) return output_.Stop(snapshot.error(), kExitError);
    snapshot_ = std::move(*snapshot);
    Result<StatePtr> state = OnlyEnvironment(workspace_, snapshot_);
    if (!state) {
      const bool usage = state.error().kind == ErrorKind::kUsage;
      return output_.Stop(state.error(), usage ? kExitUsage : kExitError);
    }
    state_ = std::move(*state);
    Status status = CheckReadable();
    if (status) status = ChooseParents();
    if (status) status = CheckPublished();
    if (!status) return Stop(status.error());
    return Write();
  }

 private:
  const Graph& graph() const { return state_->graph; }

  int Stop(const Error& error) {
    return output_.Stop(error, error.kind == ErrorKind::kInvalid ? kExitFindings : kExitError);
  }

  // Alembic must be able to load what is merged; a merge is no way out of anything else.
  Status CheckReadable() const {
    const char* hint = "repair that first: see onehead check --worktree";
    if (!state_->errors.empty()) return Fail(state_->errors.front());
    if (!graph().unreadable().empty() || graph().heads_uncertain()) {
      const Migration* broken =
          graph().unreadable().empty() ? nullptr : graph().unreadable().front().get();
      Error error{ErrorKind::kInvalid, "cannot be read, so the heads are not certain", hint};
      if (broken != nullptr) error.path = broken->path;
      return Fail(std::move(error));
    }
    if (!graph().duplicates().empty()) {
      return Refuse("two files declare the id " + Printable(graph().duplicates().front().id, 80) +
                        ", and a merge revision does not help there",
                    "for sequential ids: onehead rebase --renumber");
    }
    const std::vector<std::string> failures =
        LoadFailures(graph(), workspace_.settings.For(state_->environment).external_revisions);
    if (!failures.empty()) return Refuse("Alembic cannot load this: " + failures.front(), hint);
    return {};
  }

  Status ChooseParents() {
    if (!options_.ids.empty()) return ChooseNamed();
    // With labels that are meant to stay apart, only heads of one set of labels are joined.
    const Settings& settings = workspace_.settings.For(state_->environment);
    std::map<std::string, std::vector<std::string>> groups;
    for (const NodeIndex head : graph().heads()) {
      const Node& node = At(graph(), head);
      groups[HeadGroup(node, settings)].push_back(node.id());
    }
    for (const auto& [labels, ids] : groups) {
      if (ids.size() < 2) continue;
      if (!parents_.empty()) {
        return Refuse("several labelled branches have more than one head",
                      "name the heads to join: onehead merge " + Listed(parents_));
      }
      parents_ = ids;
    }
    if (!parents_.empty()) return {};
    std::vector<std::string> heads;
    for (const NodeIndex head : graph().heads()) heads.push_back(At(graph(), head).id());
    return Refuse(heads.empty()
                      ? "there are no migrations to merge"
                      : "there is nothing to merge: " + std::string("the head is ") + Listed(heads),
                  "");
  }

  Status ChooseNamed() {
    for (const std::string& given : options_.ids) {
      ONEHEAD_ASSIGN_OR_RETURN(std::string id, Resolve(given));
      if (std::find(parents_.begin(), parents_.end(), id) != parents_.end()) {
        return Refuse("'" + Printable(given, 80) + "' is named twice", "");
      }
      parents_.push_back(std::move(id));
    }
    if (parents_.size() < 2) {
      return Refuse("one revision alone cannot be merged", "name two heads, or none for all");
    }
    return {};
  }

  // Only a head, as in Alembic.
  Result<std::string> Resolve(const std::string& given) const {
    Result<std::string> id = RevisionNamed(graph(), given);
    if (!id) return Refuse(id.error().message, HeadsHint());
    if (!graph().Find(*id)->is_head)
      return Refuse(Printable(*id, 80) + " is not a head", HeadsHint());
    return id;
  }

  std::string HeadsHint() const {
    std::vector<std::string> heads;
    for (const NodeIndex head : graph().heads()) heads.push_back(At(graph(), head).id());
    return "the heads are " + Listed(heads);
  }

  // People make two merges of the same heads, and have two heads again.
  Status CheckPublished() {
    if (options_.force) return {};
    const git::Repository& repository = *workspace_.repository;
    ONEHEAD_ASSIGN_OR_RETURN(PublishedRefs refs,
                             PublishedRefs::Find(repository, workspace_.settings));
    CommitTrees trees(repository);
    EnvironmentFinder finder(&trees, workspace_.discovery, &*loader_);
    ONEHEAD_ASSIGN_OR_RETURN(
        PublishedRevisions published,
        PublishedRevisions::Read(refs, {state_->environment, *state_}, &finder));
    for (const PublishedRevisions::AtRef& at : published.states()) {
      const Node* merge = FindMerge(at.state->graph);
      if (merge == nullptr) continue;
      const std::string name = Printable(at.ref.name, 200);
      return Refuse(name + " has a merge of these heads already: " + Printable(merge->id(), 80) +
                        " (" + Printable(merge->migration->path, 200) + ")",
                    "take that one: git rebase " + name + ", or git merge " + name);
    }
    return {};
  }

  // The oldest revision that stands on all of the parents; null: there is none.
  const Node* FindMerge(const Graph& theirs) const {
    std::vector<NodeIndex> wanted;
    for (const std::string& id : parents_) {
      const std::optional<NodeIndex> index = theirs.IndexOf(id);
      if (!index) return nullptr;
      wanted.push_back(*index);
    }
    const Node* found = nullptr;
    for (const NodeIndex index : theirs.HistoryOrder()) {  // children first: the last one is oldest
      if (!At(theirs, index).is_merge_point) continue;
      const std::vector<char> below = theirs.Ancestors({index});
      const bool all = std::all_of(wanted.begin(), wanted.end(), [&](NodeIndex parent) {
        return parent != index && below[static_cast<std::size_t>(parent)] != 0;
      });
      if (all) found = &At(theirs, index);
    }
    return found;
  }

  // Alembic takes the only version location, else that of the first head.
  std::string Directory() const {
    const std::vector<std::string>& locations = state_->environment.version_locations;
    if (locations.size() == 1) return locations.front();
    const std::string& path = graph().Find(parents_.front())->migration->path;
    for (const std::string& location : locations) {
      if (IsUnder(path, location)) return location;
    }
    return std::string(DirName(path));
  }

  Result<MigrationStyle> Style() const {
    const std::vector<NodeIndex> order = graph().HistoryOrder();
    const Migration& newest = *At(graph(), order.front()).migration;
    ONEHEAD_ASSIGN_OR_RETURN(std::string text,
                             snapshot_.tree->Read(newest.path, workspace_.settings.max_file_bytes));
    return StyleOf(newest, text);
  }

  int Write() {
    const Moment now = Now();
    std::string id = RandomRevisionId();
    while (graph().Find(id) != nullptr) id = RandomRevisionId();
    Result<MigrationStyle> style = Style();
    if (!style) return Stop(style.error());
    Result<std::string> name =
        MergeFileName(state_->environment.file_template, id, SlugOf(options_.message), now.time);
    if (!name) return output_.Stop(name.error(), kExitError);
    std::vector<std::string> joined;
    for (const std::string& parent : parents_) {
      joined.push_back(graph().Find(parent)->migration->path);
    }
    if (Status status = RequireCheckedOut(workspace_, snapshot_, joined); !status) {
      return output_.Stop(status.error(), kExitError);
    }
    PlannedFiles plan;
    git::WorkFileChange file;
    file.path = JoinPath(Directory(), *name);
    file.after = MergeRevisionText({id, parents_, options_.message, now.text}, *style);
    plan.lines = {Printable(file.path) + ": merges " + Listed(parents_) + " into " + id};
    plan.dry_run_prefix = "would write ";
    plan.commit_message = options_.message + "\n\n" + plan.lines.front() + "\n";
    Describe(id, file);
    plan.files = {std::move(file)};
    return ApplyFiles(*workspace_.repository, plan, options_.apply, &output_);
  }

  // Into the document.
  void Describe(const std::string& id, const git::WorkFileChange& file) {
    output_.document().changed.push_back(
        {file.path, std::nullopt, std::nullopt, id, std::nullopt, parents_});
    output_.document().environments.push_back({state_->environment, {id}, {}, {}});
    for (const NodeIndex head : graph().heads()) {
      const std::string& other = At(graph(), head).id();
      if (std::find(parents_.begin(), parents_.end(), other) != parents_.end()) continue;
      output_.document().environments.back().heads.push_back(other);
    }
  }

  const Options& options_;
  RewriteOutput output_;
  Workspace workspace_;
  std::optional<StateLoader> loader_;
  Snapshot snapshot_;
  StatePtr state_;
  std::vector<std::string> parents_;
};

}  // namespace

int RunMerge(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead merge", kText, kFooter);
  Options options;
  arguments.Values("ID", &options.ids, "TEXT",
                   "Heads to join, or beginnings of their ids (default: all)");
  arguments.Value("-m,--message", &options.message, "TEXT", "The title (default: merge heads)");
  AddApplyOptions(&arguments, &options.apply);
  arguments.Flag("--force", &options.force, "Also when the upstream has such a merge already");
  AddCommonOptions(&arguments, &options.common);
  if (const auto code = arguments.Parse(args, io)) return *code;
  // `onehead merge heads`, as people type it for Alembic.
  if (options.ids == std::vector<std::string>{"heads"}) options.ids.clear();
  return Merger(options, io).Run();
}

}  // namespace onehead
