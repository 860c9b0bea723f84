// Accepted lines of a hook say exactly what was read from them.
#include "fuzz/fuzz_target.h"
#include "onehead/base/text.h"
#include "onehead/git/repository/hook_input.h"

namespace onehead::fuzz {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

void CheckInput(std::string_view input) {
  const Result<std::vector<git::RefUpdate>> updates = git::ParseHookInput(input);
  if (!updates) {
    const Error& error = updates.error();
    Require(error.kind == ErrorKind::kInvalid, "a malformed line is kInvalid");
    Require(Printable(error.message) == error.message, "the message is printable");
    return;
  }
  std::string_view rest = input;
  for (const git::RefUpdate& update : *updates) {
    Require(update.old_id.size == update.new_id.size, "both ids have one length");
    Require(update.ref.substr(0, 5) == "refs/", "a ref is a full name");
    const std::string ids = update.old_id.Hex() + " " + update.new_id.Hex() + " ";
    Require(Lower(rest.substr(0, ids.size())) == ids, "the ids are those of the line");
    rest.remove_prefix(ids.size());
    Require(rest.substr(0, update.ref.size()) == update.ref, "the ref is that of the line");
    rest.remove_prefix(update.ref.size());
    if (rest.empty()) break;
    Require(rest.front() == '\n', "nothing stands behind the ref");
    rest.remove_prefix(1);
  }
  Require(rest.empty(), "every line is an update");
}

}  // namespace onehead::fuzz
