#include "onehead/base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <type_traits>

namespace onehead {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t size = 0;  // bytes; 0: not UTF-8 here
};

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One UTF-8 character at the start of `text`, which is not empty.
Decoded DecodeUtf8(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = 0;
  char32_t code = 0;
  char32_t smallest = 0;
  if ((lead & 0xE0) == 0xC0) {
    size = 2, code = lead & 0x1F, smallest = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    size = 3, code = lead & 0x0F, smallest = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    size = 4, code = lead & 0x07, smallest = 0x10000;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if (!IsContinuation(text[i])) return {};
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

// What a terminal obeys, and what nobody sees: Unicode's controls, separators of lines, and what
// has the property Default_Ignorable_Code_Point (bidirectional controls, zero-width characters,
// tags).
bool IsUnseen(char32_t code) {
  constexpr struct {
    char32_t first;
    char32_t last;
  } kUnseen[] = {
      // in order
      {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
      {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
      {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
      {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
      {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
  };
  const auto range = std::find_if(std::begin(kUnseen), std::end(kUnseen),
                                  [code](const auto& each) { return code <= each.last; });
  return range != std::end(kUnseen) && range->first <= code;
}

// Emoji and some scripts are written with these.
bool IsJoinerOrSelector(char32_t code) {
  return code == 0x200C || code == 0x200D || (code >= 0xFE00 && code <= 0xFE0F);
}

// As Python and C write it: \x1b, \u202e, \U000e0001.
std::string Escaped(char32_t code) {
  constexpr char kDigits[] = "0123456789abcdef";
  const int digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
  std::string text = digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += kDigits[code >> shift & 0xF];
  return text;
}

enum class LineBreaks { kEscape, kKeep };

std::string Sanitize(std::string_view text, std::size_t max_bytes, LineBreaks breaks) {
  std::string out;
  out.reserve(max_bytes != 0 && max_bytes < text.size() ? max_bytes + 3 : text.size());
  bool joins = false;  // a visible character stands before, and is not ASCII
  while (!text.empty()) {
    const auto other =
        std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
    if (const auto plain = static_cast<std::size_t>(other - text.begin()); plain != 0) {
      const std::size_t room = max_bytes == 0 ? plain : std::min(plain, max_bytes - out.size());
      out += text.substr(0, room);
      if (room < plain) return out + "...";
      text.remove_prefix(plain);
      joins = false;
      continue;
    }
    const Decoded c = DecodeUtf8(text);
    const std::size_t used = c.size == 0 ? 1 : c.size;
    std::string piece(text.substr(0, used));
    const bool kept_break =
        breaks == LineBreaks::kKeep && (c.code == U'\n' || c.code == U'\t') && c.size == 1;
    const bool kept =
        c.size != 0 && (!IsUnseen(c.code) || kept_break || (joins && IsJoinerOrSelector(c.code)));
    if (!kept) piece = Escaped(c.size == 0 ? static_cast<unsigned char>(text[0]) : c.code);
    joins = kept && c.size > 1;
    if (max_bytes != 0 && out.size() + piece.size() > max_bytes) return out + "...";
    out += piece;
    text.remove_prefix(used);
  }
  return out;
}

}  // namespace

std::string Printable(std::string_view text, std::size_t max_bytes) {
  return Sanitize(text, max_bytes, LineBreaks::kEscape);
}

std::string PrintableLines(std::string_view text) { return Sanitize(text, 0, LineBreaks::kKeep); }

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

std::string_view TakeUntil(std::string_view* rest, char separator) {
  const std::string_view taken = rest->substr(0, rest->find(separator));
  rest->remove_prefix(std::min(taken.size() + 1, rest->size()));
  return taken;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string ShellQuote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string ShellWord(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+,:@%";
  const bool plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  return plain ? std::string(text) : ShellQuote(text);
}

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t same = 0;
  const auto pass = [&]<std::size_t step>(std::integral_constant<std::size_t, step>) {
    while (size - same >= step && std::memcmp(a.data() + same, b.data() + same, step) == 0) {
      same += step;
    }
  };
  pass(std::integral_constant<std::size_t, 256>());
  pass(std::integral_constant<std::size_t, sizeof(std::uint64_t)>());
  pass(std::integral_constant<std::size_t, 1>());
  return same;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  if (name.empty()) return std::string(directory);
  std::string path;
  path.reserve(directory.size() + 1 + name.size());
  return path.append(directory).append(1, '/').append(name);
}

std::string_view DirName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view BaseName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool IsUnder(std::string_view path, std::string_view directory) {
  if (directory.empty()) return true;
  if (path.substr(0, directory.size()) != directory) return false;
  return path.size() == directory.size() || path[directory.size()] == '/';
}

bool NormalizePath(std::string_view directory, std::string_view relative, std::string* out) {
  if (!relative.empty() && relative.front() == '/') return false;
  std::vector<std::string_view> parts;
  for (std::string_view source : {directory, relative}) {
    for (std::string_view part : Split(source, '/')) {
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (parts.empty()) return false;
        parts.pop_back();
      } else {
        parts.push_back(part);
      }
    }
  }
  std::string path;
  for (std::string_view part : parts) {
    if (!path.empty()) path += '/';
    path += part;
  }
  *out = std::move(path);
  return true;
}

}  // namespace onehead
