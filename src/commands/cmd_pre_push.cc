#include "commands/cmd_pre_push.h"

#include <unistd.h>

#include <chrono>
#include <optional>

#include "commands/exit_code.h"
#include "commands/judge.h"
#include "commands/options.h"
#include "commands/report_text.h"
#include "commands/snapshot.h"
#include "git/client_remote_view.h"
#include "onehead/base/text.h"

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
    if (settings_.mode == Settings::Mode::kOff) return kExitOk;
    return Finish(JudgeAll(view_->WithKnownOldIds(std::move(*updates))));
  }

 private:
  Status Open() {
    auto clone = git::Repository::Open(".", git::OpenFrom::kDirectory);
    if (!clone) return Fail(std::move(clone.error()));
    clone_ = std::move(*clone);
    Result<Settings> settings = ReadSettings(*clone_);
    if (!settings) return Fail(std::move(settings.error()));
    settings_ = std::move(*settings);
    auto view = git::RemoteView::Make(*clone_, remote_);
    if (!view) return Fail(std::move(view.error()));
    view_ = std::move(*view);
    clone_->SetTimeout(std::chrono::milliseconds(settings_.timeout_ms));
    view_->SetTimeout(std::chrono::milliseconds(settings_.timeout_ms));
    return {};
  }

  int JudgeAll(const std::vector<git::RefUpdate>& updates) {
    // An error is no verdict, and the server will look at the same push.
    settings_.on_error = Settings::OnError::kAllow;
    int code = kExitOk;
    CommitTrees trees(*view_);
    PushJudge judge(*view_, &trees, settings_, updates);
    for (const git::RefUpdate& update : updates) {
      if (!settings_.refs.Matches(update.ref)) continue;
      const CheckReport report = judge.Judge(update);
      if (VerdictOf(report) != Verdict::kPass) code = kExitFindings;
      Add(RenderReport(report, kMaxLinesPerRef));
    }
    return code;
  }

  int Finish(int code) {
    if (code == kExitFindings && settings_.mode == Settings::Mode::kWarn) {
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
  std::unique_ptr<git::Repository> clone_;
  std::unique_ptr<git::RemoteView> view_;
  Settings settings_;
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
