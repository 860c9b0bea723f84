#include <string>
#include <string_view>

#include "commands/hook/judge.h"

namespace onehead {
namespace {

constexpr std::string_view kReplacements = "refs/replace/";

Error NotThatOne(const std::string& ref, const std::string& what) {
  return {ErrorKind::kUnsupported, what + ": what Git shows in its place would be judged by nobody",
          "a replacement is accepted of a commit that is here, by a commit with the same files",
          ref};
}

}  // namespace

bool IsReplacement(const git::RefUpdate& update) {
  return update.ref.starts_with(kReplacements) && !update.new_id.IsZero();
}

// An object that is replaced later than it is judged, or that comes later than its replacement,
// would be another one. Other parents alone change no file.
CheckReport PushJudge::JudgeReplacement(const git::RefUpdate& update) const {
  CheckReport report;
  report.ref = report.subject = update.ref;
  const auto refuse = [&](const std::string& what) {
    const bool allow = settings_.on_error == Settings::OnError::kAllow;
    report.errors.push_back(
        {NotThatOne(update.ref, what), allow ? Level::kWarning : Level::kError});
    return report;
  };
  // Git goes by what stands behind the last slash.
  const auto id =
      ContentId::FromHex(std::string_view(update.ref).substr(update.ref.rfind('/') + 1));
  if (!id) return report;  // Git takes it for nothing
  const Result<git::CommitInfo> replaced = repository_.Commit(*id);
  if (!replaced) return refuse("replaces what is no commit that is here");
  const Result<git::CommitInfo> by = repository_.Commit(update.new_id);
  if (!by || by->tree != replaced->tree) return refuse("replaces a commit by one with other files");
  report.commit = by->id.Hex();
  return report;
}

}  // namespace onehead
