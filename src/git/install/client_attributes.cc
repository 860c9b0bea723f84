#include "onehead/git/install/client_attributes.h"

#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::string_view kBegin = "# onehead begin";
constexpr std::string_view kEnd = "# onehead end";
constexpr std::string_view kBy = " (`onehead install --client` writes this";
constexpr std::string_view kMadeFile = ", and made the file";
constexpr std::string_view kAddedNewline = ", and a line end before it";
constexpr std::string_view kAttribute = " merge=onehead";

// Where the block is, and what its first line says about the time before it.
struct Block {
  Span span;  // from the first byte of its first line to the end of its last line
  bool made_file = false;
  bool added_newline = false;
  std::vector<std::string> patterns;
};

void ReadPattern(std::string_view line, Block* block) {
  const std::size_t end = line.rfind(kAttribute);
  if (end != line.npos) block->patterns.emplace_back(line.substr(0, end));
}

Result<std::optional<Block>> FindBlock(std::string_view text) {
  std::optional<Block> block;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t next = newline == text.npos ? text.size() : newline + 1;
    const std::string_view line = text.substr(at, next - at);
    if (!block && line.starts_with(kBegin)) {
      block.emplace();
      block->span.begin = at;
      block->made_file = line.find(kMadeFile) != line.npos;
      block->added_newline = line.find(kAddedNewline) != line.npos;
    } else if (block && line.starts_with(kEnd)) {
      block->span.end = next;
      return block;
    } else if (block) {
      ReadPattern(line, &*block);
    }
    at = next;
  }
  if (!block) return std::nullopt;
  return Fail(
      ErrorKind::kInvalid,
      "a line '" + std::string(kBegin) + "' without a line '" + std::string(kEnd) + "' after it",
      "remove what is left of these lines, and try again");
}

std::string BlockText(const Block& block, const std::vector<std::string>& patterns) {
  std::string text = std::string(kBegin) + std::string(kBy);
  if (block.made_file) text += kMadeFile;
  if (block.added_newline) text += kAddedNewline;
  text += ")\n";
  for (const std::string& pattern : patterns) text += pattern + std::string(kAttribute) + "\n";
  return text + std::string(kEnd) + "\n";
}

// In C's notation, as Git reads a pattern that begins with a double quote (quote.c).
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7f) {
      const auto digit = [&](int shift) { return static_cast<char>('0' + ((byte >> shift) & 7)); };
      quoted += {'\\', digit(6), digit(3), digit(0)};
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace

std::string AttributePattern(std::string_view directory, Depth depth) {
  std::string pattern = "/";
  bool quote = false;
  for (const char c : directory) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
    const auto byte = static_cast<unsigned char>(c);
    quote = quote || byte <= 0x20 || byte == 0x7f || c == '"';
  }
  if (!directory.empty()) pattern += '/';
  pattern += depth == Depth::kRecursive ? "**/*.py" : "*.py";
  return quote ? Quoted(pattern) : pattern;
}

Result<std::string> WithBlock(const std::optional<std::string>& text,
                              const std::vector<std::string>& patterns) {
  const std::string before = text.value_or("");
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<Block> found, FindBlock(before));
  if (found) {
    const Block& block = *found;
    return before.substr(0, block.span.begin) + BlockText(block, patterns) +
           before.substr(block.span.end);
  }
  Block block;
  block.made_file = !text;
  block.added_newline = !before.empty() && before.back() != '\n';
  return before + (block.added_newline ? "\n" : "") + BlockText(block, patterns);
}

Result<std::optional<std::string>> WithoutBlock(const std::string& text) {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<Block> found, FindBlock(text));
  if (!found) return text;
  const Block& block = *found;
  std::string before = text.substr(0, block.span.begin);
  const std::string after = text.substr(block.span.end);
  // With lines after the block, the line end before it has become theirs.
  if (block.added_newline && after.empty() && !before.empty()) before.pop_back();
  if (block.made_file && before.empty() && after.empty()) return std::nullopt;
  return before + after;
}

Result<std::optional<std::vector<std::string>>> BlockPatterns(const std::string& text) {
  ONEHEAD_ASSIGN_OR_RETURN(std::optional<Block> found, FindBlock(text));
  if (!found) return std::nullopt;
  return std::move(found->patterns);
}

}  // namespace onehead::git
