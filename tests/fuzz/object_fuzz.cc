// Trees, commits, tags and alternates: what is accepted is the one reading of these bytes.
#include <algorithm>
#include <cstring>
#include <set>

#include "fuzz/fuzz_target.h"
#include "git/objects/object_dirs.h"
#include "onehead/base/text.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::fuzz {
namespace {

void CheckError(const Error& error) {
  Require(error.kind == ErrorKind::kInvalid, "what is malformed is kInvalid");
  Require(Printable(error.message) == error.message, "the message is printable");
}

// The bytes again, with the modes as they are in them.
std::string Written(std::string_view bytes, const TreeListing& listing, std::size_t id_size) {
  std::string out;
  std::set<std::string_view> seen;
  while (!bytes.empty()) {
    const std::size_t blank = bytes.find(' ');
    const std::size_t end = bytes.find('\0', blank);
    Require(end != std::string_view::npos, "an accepted tree has whole entries");
    const std::string_view name = bytes.substr(blank + 1, end - blank - 1);
    const std::optional<TreeEntryView> entry = listing.Find(name);
    Require(entry && seen.insert(name).second, "each entry is listed, once");
    const bool directory = bytes[0] == '4' || bytes.substr(0, 2) == "04";
    Require(directory == (entry->kind == EntryKind::kDirectory), "a directory is one");
    out.append(bytes.substr(0, end + 1));
    Require(entry->content.size == id_size, "an id has the size of the repository's");
    out.append(reinterpret_cast<const char*>(entry->content.bytes.data()), id_size);
    bytes.remove_prefix(std::min(end + 1 + id_size, bytes.size()));
  }
  Require(seen.size() == listing.size(), "nothing else is listed");
  return out;
}

void CheckTree(std::string_view bytes, std::size_t id_size) {
  const Result<TreeListing> listing = git::ParseTree(std::string(bytes), id_size);
  if (!listing) return CheckError(listing.error());
  for (std::size_t i = 0; i < listing->size(); ++i) {
    const std::string_view name = listing->NameOf(i);
    Require(!name.empty() && name != "." && name != "..", "a name is one");
    Require(name.find_first_of(std::string_view("/\0", 2)) == std::string::npos, "of one part");
    Require(i == 0 || listing->NameOf(i - 1) < name, "the listing is sorted, no name twice");
  }
  Require(Written(bytes, *listing, id_size) == bytes, "the listing is what the bytes say");
}

void CheckCommit(std::string_view bytes) {
  const Result<git::ParsedCommit> commit = git::ParseCommit(bytes);
  if (!commit) return CheckError(commit.error());
  std::string begin = "tree " + commit->tree.Hex() + "\n";
  for (const ContentId& parent : commit->parents) {
    Require(parent.size == commit->tree.size, "all ids have one size");
    begin += "parent " + parent.Hex() + "\n";
  }
  std::string head(bytes.substr(0, begin.size()));
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  Require(head == begin, "tree and parents are what the bytes say");
  Require(bytes.size() >= commit->message.size(), "the message lies in the bytes");
}

void CheckTag(std::string_view bytes) {
  const Result<ContentId> target = git::ParseTagTarget(bytes);
  if (!target) return CheckError(target.error());
  Require(bytes.substr(0, 7) == "object ", "a tag begins with its object");
}

std::string Quoted(std::string_view path) {
  std::string quoted = "\"";
  for (const char c : path) {
    char octal[5];
    std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(static_cast<uint8_t>(c)));
    const bool plain = c != '"' && c != '\\' && c > ' ' && c < 0x7F;
    quoted += plain ? std::string(1, c) : c == '\n' ? "\\n" : octal;
  }
  return quoted + "\"";
}

void CheckAlternates(std::string_view text) {
  for (const char separator : {':', '\n'}) {
    for (const std::string& path : git::ParseAlternates(text, separator)) {
      Require(!path.empty(), "no path is empty");
    }
    if (text.empty()) continue;
    const std::string two = Quoted(text) + separator + "/other";
    const std::vector<std::string> expected = {std::string(text), "/other"};
    Require(git::ParseAlternates(two, separator) == expected, "what is quoted comes back");
  }
}

}  // namespace

void CheckInput(std::string_view bytes) {
  CheckTree(bytes, 20);
  CheckTree(bytes, 32);
  CheckCommit(bytes);
  CheckTag(bytes);
  CheckAlternates(bytes);
}

}  // namespace onehead::fuzz
