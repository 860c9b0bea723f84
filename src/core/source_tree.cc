#include "onehead/core/source_tree.h"

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

Result<std::string> SourceTree::ReadEntry(std::string_view directory, const TreeEntry& entry,
                                          std::size_t max_bytes) const {
  return Read(JoinPath(directory, entry.name), max_bytes);
}

Result<std::optional<TreeEntry>> SourceTree::Find(std::string_view path) const {
  if (path.empty()) return TreeEntry{"", EntryKind::kDirectory, {}};
  Result<std::optional<TreeListing>> listing = List(DirName(path));
  if (!listing) return Fail(std::move(listing.error()));
  if (!*listing) return std::nullopt;
  const std::string_view name = BaseName(path);
  const TreeListing& entries = **listing;
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), name,
                       [](const TreeEntry& entry, std::string_view n) { return entry.name < n; });
  if (found == entries.end() || found->name != name) return std::nullopt;
  return *found;
}

Result<SharedListing> SourceTree::Listing(std::string_view path) const {
  Result<std::optional<TreeListing>> listing = List(path);
  if (!listing) return Fail(std::move(listing.error()));
  if (!*listing) return SharedListing();
  return std::make_shared<const TreeListing>(std::move(**listing));
}

}  // namespace onehead
