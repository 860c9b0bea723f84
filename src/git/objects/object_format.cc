// The formats of trees, commits and tags, as Git's documentation "gitformat" and its fsck have
// them: <https://git-scm.com/docs/git-fsck#_fsck_messages>.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {
namespace {

constexpr std::array<const char*, 4> kTypeNames = {"commit", "tree", "blob", "tag"};

constexpr std::size_t kMaxModeDigits = 7;  // "0100644"; Git itself writes at most six

tl::unexpected<Error> Malformed(std::string message) {
  return Fail(ErrorKind::kInvalid, std::move(message));
}

// Takes the text up to `end`, and `end` itself, off the front. Null: there is no `end`.
std::optional<std::string_view> Take(std::string_view* rest, char end) {
  const std::size_t at = rest->find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view piece = rest->substr(0, at);
  rest->remove_prefix(at + 1);
  return piece;
}

// Git looks at the file type only: 100664 of old versions is a file like any other, and "040000"
// a directory. What Git would silently take for a submodule is refused here.
std::optional<EntryKind> KindOfMode(std::string_view digits) {
  if (digits.empty() || digits.size() > kMaxModeDigits) return std::nullopt;
  std::uint32_t mode = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '7') return std::nullopt;
    mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  }
  constexpr std::uint32_t kPermissionBits = 0007777;
  switch (mode & ~kPermissionBits) {
    case 0100000:
      return EntryKind::kFile;
    case 0040000:
      return EntryKind::kDirectory;
    case 0120000:
      return EntryKind::kSymlink;
    case 0160000:
      return EntryKind::kSubmodule;
    default:
      return std::nullopt;
  }
}

// Where the name that begins at `at` ends: at a NUL, or at a "/", which none may have. npos: it has
// no end.
std::size_t EndOfName(std::string_view bytes, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  // The highest bit of each byte that is zero, and perhaps of some behind the first of these.
  const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word & kOnes << 7; };
  while (std::endian::native == std::endian::little && bytes.size() - at >= sizeof(kOnes)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    const std::uint64_t ends = zeros(word) | zeros(word ^ kOnes * '/');
    if (ends != 0) return at + static_cast<std::size_t>(std::countr_zero(ends)) / 8;
    at += sizeof word;
  }
  for (; at < bytes.size(); ++at) {
    if (bytes[at] == '\0' || bytes[at] == '/') return at;
  }
  return std::string_view::npos;
}

bool IsLegalName(std::string_view name) {
  if (name.size() <= 2 && (name.empty() || name == "." || name == "..")) return false;
  return name.find('/') == std::string_view::npos;
}

// Two entries that follow each other, in the two orders that matter.
struct EntryOrder {
  bool of_tree;   // a directory counts as if its name ended in "/"
  bool of_bytes;  // only the names count
};

EntryOrder OrderOf(std::string_view a, EntryKind a_kind, std::string_view b, EntryKind b_kind) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = std::memcmp(a.data(), b.data(), common);
  if (order != 0) return {order < 0, order < 0};
  const auto next = [common](std::string_view name, EntryKind kind) -> unsigned char {
    if (name.size() > common) return static_cast<unsigned char>(name[common]);
    return kind == EntryKind::kDirectory ? '/' : '\0';
  };
  return {next(a, a_kind) < next(b, b_kind), a.size() < b.size()};
}

// "<mode> " at `begin`. Most entries are files of one mode, or directories.
std::optional<EntryKind> TakeMode(std::string_view bytes, std::size_t* begin) {
  constexpr std::string_view kFile = "100644 ";
  constexpr std::string_view kDirectory = "40000 ";
  const std::string_view rest(bytes.data() + *begin, bytes.size() - *begin);
  if (rest.starts_with(kFile)) {
    *begin += kFile.size();
    return EntryKind::kFile;
  }
  if (rest.starts_with(kDirectory)) {
    *begin += kDirectory.size();
    return EntryKind::kDirectory;
  }
  const std::size_t space = bytes.find(' ', *begin);
  if (space == std::string_view::npos) return std::nullopt;
  const std::optional<EntryKind> kind = KindOfMode(bytes.substr(*begin, space - *begin));
  if (kind) *begin = space + 1;
  return kind;
}

// The entry at `*begin`, "<mode> <name>\0<id>", which ends at the new `*begin`. False: there is
// none, for a reason that WhyNot() finds.
bool TakeEntry(std::string_view bytes, std::size_t id_size, std::size_t* begin,
               TreeListing::Slot* slot) {
  std::size_t at = *begin;
  const std::optional<EntryKind> kind = TakeMode(bytes, &at);
  if (!kind) return false;
  const std::size_t end = EndOfName(bytes, at);
  if (end == std::string_view::npos || bytes[end] != '\0') return false;
  if (bytes.size() - end - 1 < id_size) return false;
  if (end - at <= 2 && !IsLegalName(bytes.substr(at, end - at))) return false;
  *slot = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end - at), *kind, true};
  *begin = end + 1 + id_size;
  return true;
}

Error WhyNot(std::string_view rest) {
  const std::optional<std::string_view> mode = Take(&rest, ' ');
  std::string why = "an object id is cut off";
  if (!mode) {
    why = "an entry ends before its name";
  } else if (!KindOfMode(*mode)) {
    why = "unknown mode '" + Printable(*mode, 20) + "'";
  } else if (const std::optional<std::string_view> name = Take(&rest, '\0'); !name) {
    why = "a name has no end";
  } else if (!IsLegalName(*name)) {
    why = "illegal name '" + Printable(*name, 80) + "'";
  }
  return {ErrorKind::kInvalid, "malformed tree: " + why};
}

// "<key> <id>\n" off the front of `rest`. Null: the next line has another key.
Result<std::optional<ContentId>> TakeIdLine(std::string_view* rest, std::string_view key) {
  if (rest->substr(0, key.size()) != key || rest->substr(key.size(), 1) != " ") {
    return std::nullopt;
  }
  const std::optional<std::string_view> line = Take(rest, '\n');
  const std::optional<ContentId> id =
      line ? ContentId::FromHex(line->substr(key.size() + 1)) : std::nullopt;
  if (!id) return Malformed("malformed object: bad '" + std::string(key) + "' line");
  return id;
}

// The first line that begins with `key` counts.
void TakeValue(std::string_view line, std::string_view key, std::string_view* value) {
  if (value->empty() && line.substr(0, key.size()) == key) *value = line.substr(key.size());
}

}  // namespace

const char* TypeName(ObjectType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

std::optional<ObjectType> TypeFromName(std::string_view name) {
  const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<ObjectType>(found - kTypeNames.begin());
}

Result<TreeListing> ParseTree(std::string bytes, std::size_t id_size) {
  if (id_size != 20 && id_size != 32) return Fail(ErrorKind::kUsage, "no such id size");
  if (bytes.size() > kMaxMetaObjectBytes) return Malformed("malformed tree: too large");
  std::vector<TreeListing::Slot> slots;
  slots.reserve(bytes.size() / (id_size + 24));  // or nearly so
  const auto name_of = [&bytes](const TreeListing::Slot& slot) {
    return std::string_view(bytes.data() + slot.begin, slot.size);
  };
  bool in_order = true;
  for (std::size_t begin = 0; begin != bytes.size();) {
    TreeListing::Slot slot;
    if (!TakeEntry(bytes, id_size, &begin, &slot)) {
      return Fail(WhyNot(std::string_view(bytes).substr(begin)));
    }
    if (!slots.empty()) {
      const EntryOrder order =
          OrderOf(name_of(slots.back()), slots.back().kind, name_of(slot), slot.kind);
      if (!order.of_tree) {
        return Malformed("malformed tree: not sorted at '" + Printable(name_of(slot), 80) + "'");
      }
      in_order &= order.of_bytes;
    }
    slots.push_back(slot);
  }
  // The two orders seldom differ; and then a file and a directory of one name need not stand side
  // by side in the object.
  if (!in_order) {
    std::sort(slots.begin(), slots.end(),
              [&](const auto& a, const auto& b) { return name_of(a) < name_of(b); });
    const auto twice =
        std::adjacent_find(slots.begin(), slots.end(),
                           [&](const auto& a, const auto& b) { return name_of(a) == name_of(b); });
    if (twice != slots.end()) {
      return Malformed("malformed tree: '" + Printable(name_of(*twice), 80) + "' is there twice");
    }
  }
  return TreeListing(std::move(bytes), std::move(slots), id_size, in_order);
}

Result<ParsedCommit> ParseCommit(std::string_view bytes) {
  ParsedCommit commit;
  Result<std::optional<ContentId>> tree = TakeIdLine(&bytes, "tree");
  if (!tree) return Fail(std::move(tree.error()));
  if (!*tree) return Malformed("malformed commit: no tree");
  commit.tree = **tree;
  while (true) {
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> parent, TakeIdLine(&bytes, "parent"));
    if (!parent) break;
    if (parent->size != commit.tree.size) return Malformed("malformed commit: mixed id sizes");
    commit.parents.push_back(*parent);
  }
  // The rest only informs. Git reads commits without an author, so these are no reason to refuse.
  while (!bytes.empty() && bytes.front() != '\n') {
    const std::optional<std::string_view> line = Take(&bytes, '\n');
    if (!line) return Malformed("malformed commit: a header line has no end");
    TakeValue(*line, "author ", &commit.author);
    TakeValue(*line, "committer ", &commit.committer);
  }
  commit.message = bytes.substr(bytes.empty() ? 0 : 1);
  return commit;
}

Result<ContentId> ParseTagTarget(std::string_view bytes) {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<ContentId> target, TakeIdLine(&bytes, "object"));
  if (!target) return Malformed("malformed tag: no object");
  return *target;
}

}  // namespace onehead::git
