#include "support/memory_tree.h"

#include <array>
#include <cstring>
#include <functional>

#include "onehead/base/text.h"

namespace onehead::testing {
namespace {

ContentId IdOf(std::string_view tag, std::string_view text) {
  ContentId id;
  id.size = 20;
  const std::string all = std::string(tag) + '\0' + std::string(text);
  for (std::size_t part = 0; part < 3; ++part) {
    const std::size_t hash = std::hash<std::string>{}(std::to_string(part) + all);
    std::memcpy(id.bytes.data() + part * 6, &hash, 6);
  }
  id.bytes[18] = 1;
  return id;
}

std::string Joined(const std::vector<std::string>& ids, const char* quote) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : ", ") + (quote + id) + quote;
  return out;
}

}  // namespace

MemoryTree::MemoryTree(std::map<std::string, std::string> files) {
  for (auto& [path, text] : files) AddFile(path, std::move(text));
}

void MemoryTree::AddFile(const std::string& path, std::string text) {
  items_[path] = {EntryKind::kFile, std::move(text)};
}
void MemoryTree::AddSymlink(const std::string& path, std::string target) {
  items_[path] = {EntryKind::kSymlink, std::move(target)};
}
void MemoryTree::AddSubmodule(const std::string& path) {
  items_[path] = {EntryKind::kSubmodule, ""};
}
void MemoryTree::Remove(const std::string& path) { items_.erase(path); }
void MemoryTree::MakeUnreadable(const std::string& path) { items_[path].unreadable = true; }

Result<SharedListing> MemoryTree::List(std::string_view path) const {
  lists_.emplace_back(path);
  std::map<std::string, TreeEntry> entries;
  std::map<std::string, std::string> below;  // directory name -> what it holds, as one text
  for (const auto& [item_path, item] : items_) {
    if (item_path == path || !IsUnder(item_path, path)) continue;
    const std::string rest = item_path.substr(path.empty() ? 0 : path.size() + 1);
    const std::string name = rest.substr(0, rest.find('/'));
    if (name.size() == rest.size()) {
      const std::string tag = std::to_string(static_cast<int>(item.kind));
      entries[name] = {name, item.kind, IdOf(tag, item.text)};
    } else {
      below[name] += rest + '\0' + std::to_string(static_cast<int>(item.kind)) + item.text + '\0';
    }
  }
  for (const auto& [name, text] : below) {
    entries[name] = {name, EntryKind::kDirectory, IdOf("tree", text)};
  }
  if (entries.empty() && !path.empty()) return SharedListing();
  std::vector<TreeEntry> list;
  for (auto& [name, entry] : entries) list.push_back(entry);
  return std::make_shared<const TreeListing>(std::move(list));
}

Result<std::string> MemoryTree::Read(std::string_view path, std::size_t max_bytes) const {
  reads_.emplace_back(path);
  const auto found = items_.find(std::string(path));
  if (found == items_.end() || found->second.kind == EntryKind::kSubmodule) {
    return FailAt(ErrorKind::kNotFound, std::string(path), 0, "no such file");
  }
  if (found->second.unreadable) {
    return FailAt(ErrorKind::kIo, std::string(path), 0, "cannot be read");
  }
  if (found->second.text.size() > max_bytes) {
    return FailAt(ErrorKind::kLimit, std::string(path), 0, "too large");
  }
  return found->second.text;
}

std::string MigrationText(const std::string& revision, const std::vector<std::string>& down,
                          const std::string& title) {
  std::string value = "None";
  if (down.size() == 1) value = "'" + down[0] + "'";
  if (down.size() > 1) value = "(" + Joined(down, "'") + ")";
  const std::string type = "Union[str, Sequence[str], None]";
  return "\"\"\"" + (title.empty() ? "add " + revision : title) + "\n\nRevision ID: " + revision +
         "\nRevises: " + Joined(down, "") +
         "\nCreate Date: 2026-01-01 00:00:00\n\n\"\"\"\n"
         "from typing import Sequence, Union\n\nfrom alembic import op\n"
         "import sqlalchemy as sa\n\n\n"
         "# revision identifiers, used by Alembic.\n"
         "revision: str = '" +
         revision +
         "'\n"
         "down_revision: " +
         type + " = " + value +
         "\n"
         "branch_labels: " +
         type +
         " = None\n"
         "depends_on: " +
         type +
         " = None\n\n\n"
         "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n";
}

}  // namespace onehead::testing
