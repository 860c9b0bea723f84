#include "commands/cmd_pre_receive.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "commands/exit_code.h"
#include "commands/judge.h"
#include "commands/options.h"
#include "commands/report_json.h"
#include "commands/report_text.h"
#include "commands/snapshot.h"
#include "onehead/base/text.h"
#include "onehead/git/hook_input.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxLinesPerRef = 20;
constexpr std::string_view kOverride = "onehead.override";

constexpr const char* kFooter =
    "Git starts this as its pre-receive hook, with lines \"<old id> <new id> <ref>\" on standard "
    "input.\nExit codes: 0 accepted, 1 refused by a verdict, 128 an error or a malformed line.";

Result<std::string> ReadInput(std::istream& in) {
  std::string text;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxInputBytes) {
      return Fail(ErrorKind::kLimit, "more than 64 MiB of ref updates in one push");
    }
  }
  // A push that cannot be read is no empty push.
  if (in.bad()) return Fail(ErrorKind::kIo, "cannot read standard input");
  return text;
}

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

class Hook {
 public:
  Hook(OutputFormat format, Streams& io) : format_(format), io_(io) {}

  int Run() {
    // First, while descriptor 0 can only be what the program was started with.
    const Result<std::string> input = ReadInput(io_.in);
    Status status = Open();
    if (status) status = ParseUpdates(input);
    if (!status) {
      Stop(status.error());
      return Finish(kExitError);
    }
    int code = kExitOk;
    PushJudge judge(*repository_, settings_, updates_);
    for (const git::RefUpdate& update : updates_) {
      if (!settings_.refs.Matches(update.ref)) continue;
      CheckReport report = judge.Judge(update);
      ApplyOverride(&report);
      const int refused = ExitCodeOf(VerdictOf(report));
      code = std::max(code, refused);
      Print(report);
    }
    return Finish(code);
  }

 private:
  Status Open() {
    auto repository = git::Repository::Open(".", git::OpenFrom::kEnvironment);
    if (!repository) return Fail(std::move(repository.error()));
    repository_ = std::move(*repository);
    Result<Settings> settings = ReadSettings(*repository_);
    if (!settings) return Fail(std::move(settings.error()));
    settings_ = std::move(*settings);
    repository_->SetTimeout(std::chrono::milliseconds(settings_.timeout_ms));
    return {};
  }

  Status ParseUpdates(const Result<std::string>& input) {
    if (!input) return Fail(input.error());
    Result<std::vector<git::RefUpdate>> updates = git::ParseHookInput(*input);
    if (!updates) return Fail(std::move(updates.error()));
    updates_ = std::move(*updates);
    // A name that leads to a guarded ref moves that one.
    for (git::RefUpdate& update : updates_) {
      Result<std::string> written = repository_->WrittenRef(update.ref);
      if (!written) return Fail(std::move(written.error()));
      if (settings_.refs.Matches(*written)) update.ref = std::move(*written);
    }
    return {};
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
    report->warnings.push_back("accepted all the same: overridden by git push -o onehead.override" +
                               (found.reason.empty() ? "" : ": " + Printable(found.reason, 200)));
  }

  void Stop(const Error& error) {
    if (format_ == OutputFormat::kJson) {
      CheckReport report;
      report.errors.push_back({error, Level::kError});
      io_.out << CheckJson(report) << '\n';
    }
    Add(RenderError(error, Level::kError));
  }

  void Print(const CheckReport& report) {
    if (format_ == OutputFormat::kJson) {
      io_.out << CheckJson(report) << '\n';
    } else {
      Add(RenderReport(report, kMaxLinesPerRef));
    }
  }

  void Add(const Lines& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }

  // onehead.mode=warn reports everything and refuses nothing.
  int Finish(int code) {
    const bool only_warn = repository_ != nullptr && settings_.mode == Settings::Mode::kWarn;
    if (code == kExitError) {
      Add({"hint: this is an error and not a verdict: the migrations could not be judged" +
           std::string(only_warn ? "" : ", so the push is refused (onehead.onError)")});
    }
    if (code != kExitOk && only_warn) {
      Add({"hint: onehead.mode is warn: this push would be refused, and is accepted"});
      code = kExitOk;
    }
    PrintAll(code);
    return code;
  }

  // GitLab shows the web user only the lines with this prefix.
  void PrintAll(int code) {
    const char* gitlab = std::getenv("GL_ID");
    if (gitlab != nullptr && code != kExitOk) {
      for (std::string& line : lines_) line.insert(0, "GL-HOOK-ERR: ");
    }
    PrintLines(lines_, Color::kOff, io_.err);
  }

  OutputFormat format_;
  Streams& io_;
  std::unique_ptr<git::Repository> repository_;
  Settings settings_;
  std::vector<git::RefUpdate> updates_;
  Lines lines_;
};

}  // namespace

int RunPreReceive(const std::vector<std::string>& args, Streams& io) {
  CLI::App app("The pre-receive hook: refuses a push that adds a head.", "onehead pre-receive");
  CommonOptions options;
  AddFormatOption(&app, &options.format,
                  "text on standard error, or json on standard output, a line per guarded ref");
  app.footer(kFooter);
  if (const auto code = ParseArguments(&app, args, io)) return *code;
  return Hook(options.format, io).Run();
}

}  // namespace onehead
