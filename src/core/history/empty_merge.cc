#include "onehead/core/history/empty_merge.h"

#include <string>
#include <vector>

#include "core/python/source_encoding.h"
#include "core/python/tokenizer.h"

namespace onehead {
namespace {

// One logical line.
struct Words {
  std::vector<std::string_view> texts;
  std::vector<TokenKind> kinds;

  bool IsString() const {
    for (const TokenKind kind : kinds) {
      if (kind != TokenKind::kString) return false;
    }
    return !kinds.empty();
  }
  bool Is(std::string_view word) const { return texts.size() == 1 && texts[0] == word; }
};

bool IsOneOfTheFour(std::string_view name) {
  return name == "revision" || name == "down_revision" || name == "branch_labels" ||
         name == "depends_on";
}

// A statement of a function that does nothing.
bool DoesNothing(const Words& line) {
  return line.IsString() || line.Is("pass") || line.Is("...") || line.Is("return") ||
         (line.texts.size() == 2 && line.texts[0] == "return" && line.texts[1] == "None");
}

// "def upgrade() -> None:", also with its body behind the colon.
bool IsEmptyDefinition(const Words& line) {
  if (line.texts.size() < 5 || line.texts[0] != "def") return false;
  return line.texts.back() == ":" || line.texts.back() == "pass" || line.texts.back() == "...";
}

// At the top of the module.
bool IsHarmless(const Words& line) {
  if (line.IsString()) return true;
  const std::string_view first = line.texts[0];
  if (first == "import" || first == "from") return true;
  if (first == "def") return IsEmptyDefinition(line);
  return IsOneOfTheFour(first) && line.texts.size() > 1 &&
         (line.texts[1] == "=" || line.texts[1] == ":");
}

}  // namespace

bool IsEmptyMigration(std::string_view text) {
  if (text.find('\0') != text.npos) return false;
  const SourceHead head = ReadSourceHead(text);
  if (head.encoding == Encoding::kNone || CheckEncoding(head, text)) return false;
  Tokenizer tokenizer(text, head.bom_size, head.encoding);
  Words line;
  int depth = 0;
  for (Token token = tokenizer.Next();; token = tokenizer.Next()) {
    switch (token.kind) {
      case TokenKind::kError:
        return false;
      case TokenKind::kIndent:
        if (++depth > 1) return false;
        break;
      case TokenKind::kDedent:
        --depth;
        break;
      case TokenKind::kNewline:
      case TokenKind::kEnd:
        if (!line.texts.empty()) {
          if (!(depth == 0 ? IsHarmless(line) : DoesNothing(line))) return false;
          line = {};
        }
        if (token.kind == TokenKind::kEnd) return tokenizer.conflicts().empty();
        break;
      default:
        line.texts.push_back(text.substr(token.begin, token.end - token.begin));
        line.kinds.push_back(token.kind);
    }
  }
}

std::set<std::string> EmptyMerges(const SourceTree& tree,
                                  const std::vector<MigrationPtr>& migrations,
                                  const std::set<std::string>& among, std::size_t max_file_bytes) {
  std::set<std::string> paths;
  for (const MigrationPtr& migration : migrations) {
    if (migration->down_revision.ids.size() < 2 || among.count(migration->path) == 0) continue;
    const Result<std::string> text = tree.Read(migration->path, max_file_bytes);
    if (text && IsEmptyMigration(*text)) paths.insert(migration->path);
  }
  return paths;
}

}  // namespace onehead
