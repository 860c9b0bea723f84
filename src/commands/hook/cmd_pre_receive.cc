#include "commands/hook/cmd_pre_receive.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "commands/app/exit_code.h"
#include "commands/app/options.h"
#include "commands/app/process_limits.h"
#include "commands/app/workspace.h"
#include "commands/hook/judge.h"
#include "commands/hook/survey_cache.h"
#include "commands/report/report_json.h"
#include "commands/report/report_text.h"
#include "onehead/base/text.h"
#include "onehead/git/repository/hook_input.h"
#include "onehead/git/support/timeout.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxLinesPerRef = 20;
constexpr std::size_t kMaxLinesPerPush = 1000;
// Readers time out first; their message is more specific.
constexpr std::chrono::milliseconds kGrace(250);
// Until the settings say how long: for what never returns (libgit2, over an object that is cut off;
// a named pipe as a configuration), not for what is slow.
constexpr std::chrono::milliseconds kUntilSettings(20000);
constexpr std::string_view kOverride = "onehead.override";

constexpr const char* kFooter =
    "Git starts this as its pre-receive hook, with lines \"<old id> <new id> <ref>\" on standard "
    "input.\nExit codes: 0 accepted, 1 refused by a verdict, 128 an error or a malformed line.";

// "onehead.override" or "onehead.override=REASON" among the push options.
struct Override {
  bool asked = false;
  std::string reason;
};

Override FindOverride() {
  for (const std::string& option : git::PushOptions()) {
    if (option == kOverride) return {true, ""};
    if (option.rfind(std::string(kOverride) + "=", 0) == 0) {
      return {true, option.substr(kOverride.size() + 1)};
    }
  }
  return {};
}

// What is to be told at the end.
struct Outcome {
  int code = kExitOk;
  Lines lines = {};
  std::string json = {};
  // Of refs that are refused, and of the others: lines so far, and refs about which nothing is
  // said.
  std::array<std::size_t, 2> used = {};
  std::array<std::size_t, 2> left_out = {};

  void Add(const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

  // One push can move any number of refs, and each can have something to be told.
  void AddReport(const Lines& more, Verdict verdict) {
    const std::size_t kind = verdict == Verdict::kPass ? 1 : 0;
    if (used[kind] >= kMaxLinesPerPush) {
      ++left_out[kind];
      return;
    }
    used[kind] += more.size();
    Add(more);
  }
};

class Hook {
 public:
  Hook(OutputFormat format, Streams& io) : format_(format), io_(io) {}

  int Run() {
    // First, while descriptor 0 can only be what the program was started with.
    const Result<std::string> input = git::ReadHookInput();
    start_ = std::chrono::steady_clock::now();
    time_limit_.emplace(kUntilSettings, AnswerInFewWords());
    Status status = Open();
    const Status parsed = Parse(input);
    if (status && parsed && format_ == OutputFormat::kText && IsQuicklyAccepted()) {
      time_limit_.reset();
      return kExitOk;
    }
    if (status) status = Configure();
    if (status && settings_.mode == Settings::Mode::kOff) {
      time_limit_.reset();
      return kExitOk;
    }
    if (status) status = parsed;
    if (status) status = FollowSymbolicRefs();
    if (!status) {
      Stop(status.error(), Level::kError, &outcome_);
    } else {
      JudgeAll();
    }
    const Answer answer = AnswerFor(outcome_);
    // The verdict is there. That nobody reads why does not change it.
    if (time_limit_) time_limit_->SetAnswer({answer.exit_code, "", ""});
    if (!answer.err.empty()) io_.err << answer.err << std::flush;
    if (!answer.out.empty()) io_.out << answer.out << std::flush;
    KeepForNextPush(answer.exit_code);
    time_limit_.reset();
    return answer.exit_code;
  }

 private:
  Status Open() {
    auto repository = git::Repository::Open(".", git::OpenFrom::kEnvironment);
    if (!repository) return Fail(std::move(repository.error()));
    repository_ = std::move(*repository);
    trees_.emplace(*repository_);
    return {};
  }

  // Most pushes have nothing to do with migrations. They wait for no configuration.
  bool IsQuicklyAccepted() {
    const MemoryLimit limit(settings_.max_memory_bytes);
    repository_->SetTimeout(std::chrono::milliseconds(settings_.timeout_ms));
    try {
      return TouchesNoMigrations(updates_, &*trees_);
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  Status Configure() {
    ONEHEAD_ASSIGN_OR_RETURN(settings_, ReadSettings(*repository_));
    const std::chrono::milliseconds timeout(settings_.timeout_ms);
    repository_->SetTimeout(timeout);
    time_limit_.reset();
    const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start_);
    const auto left = std::max(timeout - used, std::chrono::milliseconds(0));
    time_limit_.emplace(left + kGrace, AnswerWhenLate());
    return {};
  }

  Status Parse(const Result<std::string>& input) {
    if (!input) return Fail(input.error());
    ONEHEAD_ASSIGN_OR_RETURN(updates_, git::ParseHookInput(*input));
    return {};
  }

  Status FollowSymbolicRefs() {
    // A name that leads to a guarded ref moves that one.
    for (git::RefUpdate& update : updates_) {
      ONEHEAD_ASSIGN_OR_RETURN(std::string written, repository_->WrittenRef(update.ref));
      if (settings_.refs.Matches(written)) update.ref = std::move(written);
    }
    return {};
  }

  void JudgeAll() {
    PushJudge& judge = judge_.emplace(*repository_, &*trees_, settings_, updates_);
    if (format_ == OutputFormat::kText) {
      judge.UseHistory(&history_.emplace(repository_->CommonDir(), LimitsFrom(settings_)));
    }
    judge.UseSurveys(&surveys_.emplace(repository_->CommonDir(), &*trees_));
    for (const git::RefUpdate& update : updates_) {
      const bool replaces = IsReplacement(update);
      if (!replaces && !settings_.refs.Matches(update.ref)) continue;
      CheckReport report = replaces ? judge.JudgeReplacement(update) : judge.Judge(update);
      ApplyOverride(&report);
      const Verdict verdict = VerdictOf(report);
      const std::pair before(outcome_.lines.size(), outcome_.code);
      outcome_.code = std::max(outcome_.code, ExitCodeOf(verdict));
      if (format_ == OutputFormat::kJson) {
        outcome_.json += CheckJson(report) + '\n';
      } else {
        outcome_.AddReport(RenderReport(report, kMaxLinesPerRef), verdict);
      }
      if (before != std::pair(outcome_.lines.size(), outcome_.code)) {
        time_limit_->SetAnswer(AnswerWhenLate());
      }
    }
  }

  // The verdict is already printed; slowness is harmless here.
  void KeepForNextPush(int exit_code) {
    if (history_) history_->Write();
    if (!surveys_ || exit_code != kExitOk || !judge_->default_commit()) return;
    surveys_->Keep(*judge_->default_commit());
  }

  // A finding may be overridden, on purpose and on record; an error may not.
  void ApplyOverride(CheckReport* report) {
    if (VerdictOf(*report) != Verdict::kFail) return;
    const Override found = FindOverride();
    if (!found.asked) return;
    if (!settings_.override_allowed) {
      report->hints.push_back(
          "git push -o onehead.override counts only where an administrator "
          "has set onehead.override");
      return;
    }
    for (EnvironmentReport& environment : report->environments) {
      for (Finding& finding : environment.findings) {
        finding.level = std::min(finding.level, Level::kWarning);
      }
    }
    report->warnings.push_back("accepted: overridden by git push -o onehead.override" +
                               (found.reason.empty() ? "" : ": " + Printable(found.reason, 200)));
  }

  // The error is all that is told of what has not been judged.
  void Stop(const Error& error, Level level, Outcome* outcome) const {
    if (level == Level::kError) outcome->code = kExitError;
    if (format_ == OutputFormat::kJson) {
      CheckReport report;
      report.errors.push_back({error, level});
      outcome->json += CheckJson(report) + '\n';
    }
    outcome->Add(RenderError(error, level));
  }

  // Every push waits for these words.
  static Answer AnswerInFewWords() {
    const std::string prefix = PrefixOfLines(kExitError);
    return {kExitError, "",
            prefix + "error: the repository could not be read in " +
                std::to_string(kUntilSettings.count() / 1000) + " seconds\n" + prefix +
                "hint: git fsck tells whether an object is damaged there\n"};
  }

  // With what is known by now, in case it is the last that can be told.
  Answer AnswerWhenLate() const {
    Outcome outcome = outcome_;
    const bool allow = settings_.on_error == Settings::OnError::kAllow;
    Stop(git::TimeIsUp(std::chrono::milliseconds(settings_.timeout_ms)),
         allow ? Level::kWarning : Level::kError, &outcome);
    return AnswerFor(std::move(outcome));
  }

  // onehead.mode=warn reports everything and refuses nothing.
  Answer AnswerFor(Outcome outcome) const {
    const bool only_warn = repository_ != nullptr && settings_.mode == Settings::Mode::kWarn;
    const auto [refused, others] = outcome.left_out;
    if (refused > 0) {
      outcome.Add({"error: " + std::to_string(refused) + " more refs " +
                   (only_warn ? "would be " : "") + "refused for similar reasons"});
    }
    if (others > 0) {
      outcome.Add({"hint: output for " + std::to_string(others) + " more refs omitted"});
    }
    if (outcome.code == kExitError) {
      outcome.Add({"hint: this is an error and not a verdict: the migrations could not be judged" +
                   std::string(only_warn ? "" : ", so the push is refused (onehead.onError)")});
    }
    if (outcome.code != kExitOk && only_warn) {
      outcome.lines = AsWarnings(std::move(outcome.lines));
      outcome.Add({"warning: accepted because onehead.mode is warn; it would have been refused"});
      outcome.code = kExitOk;
    }
    return {outcome.code, std::move(outcome.json), TextOf(std::move(outcome.lines), outcome.code)};
  }

  // GitLab shows the web user only the lines with this prefix.
  static std::string PrefixOfLines(int code) {
    return std::getenv("GL_ID") != nullptr && code != kExitOk ? "GL-HOOK-ERR: " : "";
  }

  static std::string TextOf(Lines lines, int code) {
    const std::string prefix = PrefixOfLines(code);
    for (std::string& line : lines) line.insert(0, prefix);
    return TextOfLines(lines, Color::kOff);
  }

  OutputFormat format_;
  Streams& io_;
  std::chrono::steady_clock::time_point start_;  // of the one time limit
  std::unique_ptr<git::Repository> repository_;
  std::optional<CommitTrees> trees_;
  Settings settings_;
  std::vector<git::RefUpdate> updates_;
  std::optional<HistoryCache> history_;
  std::optional<SurveyCache> surveys_;
  std::optional<PushJudge> judge_;
  Outcome outcome_;
  std::optional<TimeLimit> time_limit_;
};

int RunHook(OutputFormat format, Streams& io) {
  // Still there when the process ends, which gives back at once what was read of the migrations.
  static std::optional<Hook> hook;
  return hook.emplace(format, io).Run();
}

}  // namespace

int RunPreReceive(const std::vector<std::string>& args, Streams& io) {
  // So Git starts it: there is nothing to parse, and building the parser costs what a tree does.
  if (args.empty()) return RunHook(OutputFormat::kText, io);
  Arguments arguments("onehead pre-receive",
                      "The pre-receive hook: refuses a push that adds a head.", kFooter);
  OutputFormat format = OutputFormat::kText;
  AddFormatOption(&arguments, &format,
                  "text on standard error, or json on standard output, a line per guarded ref");
  if (const auto code = arguments.Parse(args, io)) return *code;
  return RunHook(format, io);
}

}  // namespace onehead
