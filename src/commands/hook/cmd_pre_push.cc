#include "commands/hook/cmd_pre_push.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/work_tree_report.h"
#include "commands/app/workspace.h"
#include "commands/hook/judge.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/git/repository/remote_view.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxLinesPerRef = 20;
constexpr const char* kText =
    "The pre-push hook: refuses to push what a server with onehead would refuse.\n"
    "`onehead install --client --hooks` puts it in place.";
constexpr const char* kFooter =
    "Git starts this with lines \"<local ref> <local id> <remote ref> <remote id>\" on standard "
    "input.\nWhat the remote has is known from the last fetch. What cannot be found out is a "
    "warning: the server\ndecides. `git push --no-verify` passes by.\n\n"
    "Exit codes: 0 go on, 1 refused by a verdict, 128 a malformed line, 129 wrong usage.";

class PrePush {
 public:
  PrePush(std::string remote, Streams& io) : remote_(std::move(remote)), io_(io) {}

  int Run() {
    const Result<std::string> input = git::ReadHookInput();
    Result<std::vector<git::RefUpdate>> updates =
        input.and_then([](const std::string& text) { return git::ParsePrePushInput(text); });
    if (!updates) {
      Add(RenderError(updates.error(), Level::kError));
      return Finish(kExitError);
    }
    if (updates->empty()) return kExitOk;
    if (Status status = Open(); !status) {
      Add(RenderError(status.error(), Level::kWarning));
      Add({"warning: nothing is checked before this push; the server decides"});
      return Finish(kExitOk);
    }
    if (settings().mode == Settings::Mode::kOff) return kExitOk;
    return Finish(JudgeAll(view_->WithKnownOldIds(std::move(*updates))));
  }

 private:
  Status Open() {
    ONEHEAD_ASSIGN_OR_RETURN(workspace_, OpenWorkspace({}));
    auto view = git::RemoteView::Make(*workspace_.repository, remote_);
    if (!view) return Fail(std::move(view.error()));
    view_ = std::move(*view);
    const std::chrono::milliseconds timeout(settings().timeout_ms);
    workspace_.repository->SetTimeout(timeout);
    view_->SetTimeout(timeout);
    return {};
  }

  int JudgeAll(const std::vector<git::RefUpdate>& updates) {
    // An error is no verdict, and the server will look at the same push.
    settings().on_error = Settings::OnError::kAllow;
    int code = kExitOk;
    CommitTrees trees(*view_);
    PushJudge judge(*view_, &trees, settings(), updates);
    for (const git::RefUpdate& update : updates) {
      if (!settings().refs.Matches(update.ref)) continue;
      const CheckReport report = judge.Judge(update);
      if (VerdictOf(report) != Verdict::kPass) code = kExitFindings;
      Add(RenderReport(report, kMaxLinesPerRef));
    }
    if (PushesHead(updates)) NameUnshared();
    return code;
  }

  bool PushesHead(const std::vector<git::RefUpdate>& updates) const {
    const Result<ContentId> head = workspace_.repository->ResolveCommit("HEAD");
    return head && std::any_of(updates.begin(), updates.end(), [&](const git::RefUpdate& update) {
             return update.new_id == *head;
           });
  }

  // What Alembic loads here and the push does not take along. What cannot be found out is left to
  // the commands by hand.
  void NameUnshared() {
    StateLoader loader(LimitsFrom(settings()));
    const Result<Snapshot> snapshot =
        ReadSnapshotOf(workspace_, TreeChoice::kWorkTree, "", &loader);
    if (!snapshot) return;
    const Result<UnsharedFiles> unshared = FindUnshared(workspace_, *snapshot);
    if (!unshared) return;
    CheckReport report;
    for (const StatePtr& state : snapshot->states) {
      EnvironmentReport& environment = report.environments.emplace_back();
      environment.environment = state->environment;
      environment.findings =
          UnsharedFindings(*state, settings().For(state->environment), *unshared);
    }
    Add(RenderReport(report, kMaxLinesPerRef));
  }

  Settings& settings() { return workspace_.settings; }

  int Finish(int code) {
    if (code == kExitFindings && settings().mode == Settings::Mode::kWarn) {
      lines_ = AsWarnings(std::move(lines_));
      Add({"warning: not stopped because onehead.mode is warn"});
      code = kExitOk;
    }
    if (code == kExitFindings) {
      Add({"hint: push stopped locally; git push --no-verify leaves it to the server"});
    }
    PrintColored(lines_, ColorChoice::kAuto, STDERR_FILENO, io_.err);
    return code;
  }

  void Add(const Lines& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }

  std::string remote_;
  Streams& io_;
  Workspace workspace_;
  std::unique_ptr<git::RemoteView> view_;  // of its repository
  Lines lines_;
};

}  // namespace

int RunPrePush(const std::vector<std::string>& args, Streams& io) {
  Arguments arguments("onehead pre-push", kText, kFooter);
  std::string remote;
  std::string url;
  arguments.Value("REMOTE", &remote, "", "The name of the remote, or its URL");
  arguments.Value("URL", &url, "", "Its URL");
  if (const auto code = arguments.Parse(args, io)) return *code;
  return PrePush(remote, io).Run();
}

}  // namespace onehead
