#include "onehead/core/tree/source_tree.h"

#include <algorithm>
#include <cstring>

#include "onehead/base/text.h"

namespace onehead {

std::string ContentId::Hex() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(std::size_t{2} * size);
  for (std::size_t i = 0; i < size; ++i) {
    hex += kDigits[bytes[i] >> 4];
    hex += kDigits[bytes[i] & 0x0F];
  }
  return hex;
}

std::optional<ContentId> ContentId::FromHex(std::string_view hex) {
  if (hex.size() != 40 && hex.size() != 64) return std::nullopt;
  ContentId id;
  id.size = static_cast<std::uint8_t>(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char c = hex[i];
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return std::nullopt;
    }
    id.bytes[i / 2] = static_cast<std::uint8_t>(id.bytes[i / 2] << 4 | digit);
  }
  return id;
}

bool ContentId::IsZero() const {
  return known() && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

std::size_t ContentIdHash::operator()(const ContentId& id) const {
  std::size_t hash = 0;  // the id is a hash already
  std::memcpy(&hash, id.bytes.data(), sizeof hash);
  return hash;
}

Result<std::string> SourceTree::ReadEntry(std::string_view directory, const TreeEntryView& entry,
                                          std::size_t max_bytes) const {
  return Read(JoinPath(directory, entry.name), max_bytes);
}

Result<std::optional<TreeEntry>> SourceTree::Find(std::string_view path) const {
  if (path.empty()) return TreeEntry{"", EntryKind::kDirectory, {}};
  ONEHEAD_ASSIGN_OR_RETURN(const SharedListing listing, List(DirName(path)));
  if (!listing) return std::nullopt;
  return listing->Find(BaseName(path));
}

TreeListing::TreeListing(std::vector<TreeEntry> entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TreeEntry& a, const TreeEntry& b) { return a.name < b.name; });
  const auto same = [](const TreeEntry& a, const TreeEntry& b) { return a.name == b.name; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  slots_.reserve(entries.size());
  for (const TreeEntry& entry : entries) {
    slots_.push_back({static_cast<std::uint32_t>(text_.size()),
                      static_cast<std::uint32_t>(entry.name.size()), entry.kind,
                      entry.content.known()});
    text_.append(entry.name).push_back('\0');
    if (!entry.content.known()) continue;
    id_size_ = entry.content.size;
    text_.append(reinterpret_cast<const char*>(entry.content.bytes.data()), id_size_);
  }
}

TreeEntryView TreeListing::operator[](std::size_t i) const {
  const Slot& slot = slots_[i];
  TreeEntryView entry{NameOf(i), slot.kind, {}};
  if (slot.has_id) {
    entry.content.size = static_cast<std::uint8_t>(id_size_);
    std::memcpy(entry.content.bytes.data(), text_.data() + slot.begin + slot.size + 1, id_size_);
  }
  return entry;
}

std::optional<TreeEntryView> TreeListing::Find(std::string_view name) const {
  std::size_t begin = 0;
  for (std::size_t count = size(); count > 0;) {
    const std::size_t half = count / 2;
    if (NameOf(begin + half) < name) {
      begin += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  if (begin == size() || NameOf(begin) != name) return std::nullopt;
  return (*this)[begin];
}

// The bytes of a tree object from one name on are all that counts: names, ids, and in front of each
// further name what kind it is.
std::size_t TreeListing::SameFrom(std::size_t i, const TreeListing& other, std::size_t j) const {
  if (!IsSame(i, other, j)) return 0;
  if (!as_in_text_ || !other.as_in_text_) return 1;
  const std::string_view mine = std::string_view(text_).substr(slots_[i].begin);
  const std::string_view theirs = std::string_view(other.text_).substr(other.slots_[j].begin);
  const std::size_t same = CommonPrefix(mine, theirs);
  const std::size_t most = std::min(size() - i, same / id_size_);  // none is as short as that
  const auto is_whole = [end = slots_[i].begin + same, id_size = id_size_](const Slot& slot) {
    return slot.begin + slot.size + 1 + id_size <= end;
  };
  const auto first = slots_.begin() + static_cast<std::ptrdiff_t>(i);
  const auto last = first + static_cast<std::ptrdiff_t>(most);
  return static_cast<std::size_t>(std::partition_point(first, last, is_whole) - first);
}

bool TreeListing::IsSame(std::size_t i, const TreeListing& other, std::size_t j) const {
  const Slot& a = slots_[i];
  const Slot& b = other.slots_[j];
  if (a.size != b.size || a.kind != b.kind || !a.has_id || !b.has_id) return false;
  if (id_size_ != other.id_size_) return false;
  return std::memcmp(text_.data() + a.begin, other.text_.data() + b.begin, a.size + 1 + id_size_) ==
         0;
}

bool IsAboutOneFile(const Error& error) {
  if (IsAboutNoFile(error.kind)) return false;
  return error.kind != ErrorKind::kLimit || !error.path.empty();
}

}  // namespace onehead
