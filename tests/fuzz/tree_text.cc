#include "fuzz/tree_text.h"

#include <algorithm>
#include <vector>

#include "onehead/base/text.h"

namespace onehead::fuzz {
namespace {

constexpr std::size_t kMaxItems = 40;

bool IsPath(std::string_view path) {
  for (const std::string_view part : Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return path.find('\0') == std::string_view::npos;
}

class Decoder {
 public:
  TreeVersions Decode(std::string_view text) {
    bool second = false;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line == "=2" && !second) {
        versions_.before = items_;
        second = true;
        file_ = nullptr;
      } else if (line == "=h") {
        versions_.labelled_heads = true;
        file_ = nullptr;
      } else if (line.size() > 3 && line[0] == '=' && line[2] == ' ' &&
                 std::string_view("=mlsx").find(line[1]) != std::string_view::npos) {
        Directive(line[1], line.substr(3));
      } else if (file_ != nullptr) {
        file_->append(line).append("\n");
      }
    }
    versions_.after = std::move(items_);
    return std::move(versions_);
  }

 private:
  void Directive(char what, std::string_view rest) {
    file_ = nullptr;
    const std::size_t blank = what == '=' ? std::string_view::npos : rest.find(' ');
    const std::string path = PathOf(rest.substr(0, blank));
    rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    if (what == 'x') items_.erase(path);
    if (what == 'x' || !MayAdd(path)) return;
    TreeItem item;
    if (what == 'm') item.text = MigrationOf(rest);
    if (what == 'l') item = {EntryKind::kSymlink, std::string(rest)};
    if (what == 's') item = {EntryKind::kSubmodule, ""};
    TreeItem& added = items_[path] = std::move(item);
    if (what == '=') file_ = &added.text;
  }

  static std::string MigrationOf(std::string_view words) {
    const std::vector<std::string_view> ids = Split(words, ' ');
    return testing::MigrationText(std::string(ids[0]), {ids.begin() + 1, ids.end()});
  }

  static std::string PathOf(std::string_view text) {
    std::string path(text);
    for (std::size_t at = path.find("\\n"); at != std::string::npos; at = path.find("\\n", at)) {
      path.replace(at, 2, "\n");
    }
    return path;
  }

  // A path is a file or a directory, never both.
  bool MayAdd(const std::string& path) const {
    if (!IsPath(path) || items_.size() >= kMaxItems) return false;
    return std::none_of(items_.begin(), items_.end(), [&](const auto& item) {
      return item.first != path && (IsUnder(item.first, path) || IsUnder(path, item.first));
    });
  }

  TreeVersions versions_;
  TreeItems items_;
  std::string* file_ = nullptr;  // to which lines are added
};

}  // namespace

TreeVersions DecodeTrees(std::string_view text) { return Decoder().Decode(text); }

void AddItems(const TreeItems& items, testing::MemoryTree* tree) {
  for (const auto& [path, item] : items) {
    if (item.kind == EntryKind::kFile) tree->AddFile(path, item.text);
    if (item.kind == EntryKind::kSymlink) tree->AddSymlink(path, item.text);
    if (item.kind == EntryKind::kSubmodule) tree->AddSubmodule(path);
  }
}

}  // namespace onehead::fuzz
