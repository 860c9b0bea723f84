// A SourceTree in memory that records which files were read.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "onehead/core/tree/source_tree.h"

namespace onehead::testing {

class MemoryTree : public SourceTree {
 public:
  MemoryTree() = default;
  // Path -> text. Directories follow from the paths. Equal texts have equal content ids, and
  // directories with equal entries too.
  explicit MemoryTree(std::map<std::string, std::string> files);

  void AddFile(const std::string& path, std::string text);
  void AddSymlink(const std::string& path, std::string target);
  void AddSubmodule(const std::string& path);
  void Remove(const std::string& path);
  // Reading this path fails with kIo.
  void MakeUnreadable(const std::string& path);

  Result<SharedListing> List(std::string_view path) const override;
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override;

  const std::vector<std::string>& reads() const { return reads_; }
  const std::vector<std::string>& lists() const { return lists_; }

 private:
  struct Item {
    EntryKind kind = EntryKind::kFile;
    std::string text;
    bool unreadable = false;
  };
  std::map<std::string, Item> items_;
  mutable std::vector<std::string> reads_;
  mutable std::vector<std::string> lists_;
};

// The text of a migration as Alembic 1.16 writes it. An empty `down` is a base, several are a
// merge.
std::string MigrationText(const std::string& revision, const std::vector<std::string>& down,
                          const std::string& title = "");

}  // namespace onehead::testing
