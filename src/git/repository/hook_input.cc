#include "onehead/git/repository/hook_input.h"

#include <unistd.h>

#include <cstdlib>

#include "onehead/base/text.h"
#include "onehead/git/support/files.h"

namespace onehead::git {
namespace {

constexpr std::size_t kMaxPushOptions = 1000;

bool IsRefName(std::string_view ref) {
  if (!ref.starts_with("refs/") || ref.size() < 6) return false;
  for (const char c : ref) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7F') return false;
  }
  return true;
}

std::optional<RefUpdate> ParseLine(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto old_id = ContentId::FromHex(line.substr(0, first));
  const auto new_id = ContentId::FromHex(line.substr(first + 1, second - first - 1));
  const std::string_view ref = line.substr(second + 1);
  if (!old_id || !new_id || old_id->size != new_id->size || !IsRefName(ref)) return std::nullopt;
  return RefUpdate{*old_id, *new_id, std::string(ref)};
}

}  // namespace

Result<std::string> ReadHookInput() {
  constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  Result<std::string> input = ReadToEnd(STDIN_FILENO, kMaxBytes);
  if (input) return input;
  // A push that cannot be read is no empty push.
  const bool too_large = input.error().kind == ErrorKind::kLimit;
  return Fail(input.error().kind, too_large ? "more than 64 MiB of ref updates in one push"
                                            : "cannot read standard input");
}

Result<std::vector<RefUpdate>> ParseHookInput(std::string_view input) {
  std::vector<RefUpdate> updates;
  int number = 0;
  while (!input.empty()) {
    ++number;
    const std::size_t end = input.find('\n');
    std::optional<RefUpdate> update = ParseLine(input.substr(0, end));
    const bool same_length =
        updates.empty() || !update || updates.front().old_id.size == update->old_id.size;
    if (!update || !same_length) {
      return Fail(
          ErrorKind::kInvalid,
          "line " + std::to_string(number) +
              " of standard input is not \"<old id> <new id> <ref>\": " +
              Printable(input.substr(0, end), 120),
          "this command is a pre-receive hook: Git starts it, see onehead help pre-receive");
    }
    updates.push_back(std::move(*update));
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  }
  return updates;
}

std::vector<std::string> PushOptions() {
  std::vector<std::string> options;
  const char* count_text = std::getenv("GIT_PUSH_OPTION_COUNT");
  if (count_text == nullptr) return options;
  const std::size_t count = std::strtoul(count_text, nullptr, 10);
  for (std::size_t i = 0; i < count && i < kMaxPushOptions; ++i) {
    const char* option = std::getenv(("GIT_PUSH_OPTION_" + std::to_string(i)).c_str());
    if (option != nullptr) options.emplace_back(option);
  }
  return options;
}

}  // namespace onehead::git
