#include "core/python/source_encoding.h"

#include <algorithm>
#include <iterator>

#include "core/python/char_class.h"
#include "fmt/format.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

struct EncodingName {
  std::string_view name;  // lower case, "_" as "-"
  Encoding encoding;
};

// Python's encodings/aliases.py for what occurs in source files. A new encoding goes here.
constexpr EncodingName kEncodingNames[] = {
    {"utf8", Encoding::kUtf8},
    {"u8", Encoding::kUtf8},
    {"utf", Encoding::kUtf8},
    {"cp65001", Encoding::kUtf8},
    {"ascii", Encoding::kAscii},
    {"us-ascii", Encoding::kAscii},
    {"646", Encoding::kAscii},
    {"latin1", Encoding::kLatin1},
    {"latin", Encoding::kLatin1},
    {"l1", Encoding::kLatin1},
    {"iso8859-1", Encoding::kLatin1},
    {"iso8859", Encoding::kLatin1},
    {"8859", Encoding::kLatin1},
    {"cp819", Encoding::kLatin1},
    {"iso-8859-15", Encoding::kLatin9},
    {"iso8859-15", Encoding::kLatin9},
    {"latin9", Encoding::kLatin9},
    {"latin-9", Encoding::kLatin9},
    {"l9", Encoding::kLatin9},
    {"cp1252", Encoding::kWindows1252},
    {"windows-1252", Encoding::kWindows1252},
    {"1252", Encoding::kWindows1252},
    {"cp437", Encoding::kOtherByByte},
    {"cp850", Encoding::kOtherByByte},
    {"cp852", Encoding::kOtherByByte},
    {"cp866", Encoding::kOtherByByte},
    {"koi8-r", Encoding::kOtherByByte},
    {"koi8-u", Encoding::kOtherByByte},
    {"mac-roman", Encoding::kOtherByByte},
    {"euc-jp", Encoding::kOtherByByte},
    {"euc-kr", Encoding::kOtherByByte},
    {"gb2312", Encoding::kOtherByByte},
    {"gbk", Encoding::kOtherSequence},
    {"cp936", Encoding::kOtherSequence},
    {"gb18030", Encoding::kOtherSequence},
    {"big5", Encoding::kOtherSequence},
    {"cp950", Encoding::kOtherSequence},
    {"shift-jis", Encoding::kOtherSequence},
    {"sjis", Encoding::kOtherSequence},
    {"cp932", Encoding::kOtherSequence},
};

// "iso-8859-5", "iso8859-7", "cp1251", "windows-1250": one byte, one character.
bool IsNumberedSingleByte(std::string_view name) {
  for (const std::string_view prefix : {"iso-8859-", "iso8859-", "cp125", "windows-125"}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view rest = name.substr(prefix.size());
    const bool digits =
        std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && !rest.empty() && rest.size() <= 2 && rest != "0" && rest != "12";
  }
  return false;
}

bool IsCookieCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.';
}

// Lower case, "-" for "_".
std::string NormalName(std::string_view cookie) {
  std::string name(cookie);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return name;
}

// CPython, get_normal_name: Emacs appends "-unix" and the like.
bool IsPlainUtf8(std::string_view normal_name) {
  return normal_name == "utf-8" || normal_name.starts_with("utf-8-");
}

// The name in a comment line `[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`; empty: none.
std::string_view CookieOfLine(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t\f");
  if (start == std::string_view::npos || line[start] != '#') return {};
  for (std::size_t at = line.find("coding", start); at != std::string_view::npos;
       at = line.find("coding", at + 1)) {
    std::size_t i = at + 6;
    if (i >= line.size() || (line[i] != ':' && line[i] != '=')) continue;
    ++i;
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
    const std::size_t begin = i;
    while (i < line.size() && IsCookieCharacter(line[i])) ++i;
    if (i > begin) return line.substr(begin, i - begin);
  }
  return {};
}

bool IsBlankOrComment(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t\f");
  return start == std::string_view::npos || line[start] == '#';
}

SourceCharacter DecodeUtf8(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < size) return {};
  char32_t code = lead & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte & 0x3F);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || surrogate || code > 0x10FFFF) return {};
  return {code, size};
}

char32_t DecodeLatin9(unsigned char byte) {
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x0160;
    case 0xA8:
      return 0x0161;
    case 0xB4:
      return 0x017D;
    case 0xB8:
      return 0x017E;
    case 0xBC:
      return 0x0152;
    case 0xBD:
      return 0x0153;
    case 0xBE:
      return 0x0178;
    default:
      return byte;
  }
}

// 0: the byte means nothing there.
char32_t DecodeWindows1252(unsigned char byte) {
  constexpr char32_t kUpper[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  return byte >= 0x80 && byte < 0xA0 ? kUpper[byte - 0x80] : byte;
}

struct CodeRange {
  char32_t first;
  char32_t last;
};

bool InRanges(const CodeRange* begin, const CodeRange* end, char32_t code) {
  return std::any_of(begin, end, [code](CodeRange r) { return code >= r.first && code <= r.last; });
}

// Line of the byte at `at`, 1-based; "\n", "\r\n" and "\r" end lines.
int LineAt(std::string_view text, std::size_t at) {
  int line = 1;
  for (std::size_t i = 0; i < at; ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n'))) {
      ++line;
    }
  }
  return line;
}

}  // namespace

Encoding EncodingFromCookie(std::string_view cookie) {
  const std::string name = NormalName(cookie);
  if (IsPlainUtf8(name)) return Encoding::kUtf8;
  for (const std::string_view latin : {"latin-1", "iso-8859-1", "iso-latin-1"}) {
    if (name == latin || name.starts_with(std::string(latin) + "-")) return Encoding::kLatin1;
  }
  for (const EncodingName& known : kEncodingNames) {
    if (name == known.name) return known.encoding;
  }
  return IsNumberedSingleByte(name) ? Encoding::kOtherByByte : Encoding::kNone;
}

SourceHead ReadSourceHead(std::string_view text) {
  SourceHead head;
  head.all_ascii = IsAscii(text);
  if (text.starts_with(kBom)) head.bom_size = kBom.size();
  text.remove_prefix(head.bom_size);
  for (int line_number = 1; line_number <= 2; ++line_number) {
    const std::size_t end = FindFirst(text, 0, '\r', '\n');
    const std::string_view line = text.substr(0, end);
    const std::string_view cookie = CookieOfLine(line);
    if (!cookie.empty()) {
      head.cookie = std::string(cookie);
      head.cookie_line = line_number;
      head.encoding = EncodingFromCookie(cookie);
      return head;
    }
    if (end == text.size() || !IsBlankOrComment(line)) return head;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return head;
}

std::optional<ReadDefect> CheckEncoding(const SourceHead& head, std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return ReadDefect{LineAt(text, nul), "a NUL byte cannot be in Python source", ""};
  }
  const auto name = [&head] { return Printable(head.cookie, 40); };
  if (head.encoding == Encoding::kNone) {
    return ReadDefect{head.cookie_line, "the source encoding is not known", name()};
  }
  // The tokenizer compares the normalised name, so "utf8" beside a mark is an error too.
  if (head.bom_size != 0 && !head.cookie.empty() && !IsPlainUtf8(NormalName(head.cookie))) {
    return ReadDefect{head.cookie_line, "a UTF-8 byte-order mark contradicts the encoding", name()};
  }
  if (head.all_ascii) return std::nullopt;
  for (std::size_t i = 0; i < text.size();) {
    const SourceCharacter c = DecodeCharacter(head.encoding, text.substr(i));
    if (c.size == 0) {
      return ReadDefect{
          LineAt(text, i),
          fmt::format("the bytes cannot be decoded as {}", head.cookie.empty() ? "utf-8" : name()),
          ""};
    }
    i += c.size;
  }
  return std::nullopt;
}

SourceCharacter DecodeCharacter(Encoding encoding, std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x80) return {byte, 1};
  switch (encoding) {
    case Encoding::kUtf8:
      return DecodeUtf8(text);
    case Encoding::kLatin1:
      return {byte, 1};
    case Encoding::kLatin9:
      return {DecodeLatin9(byte), 1};
    case Encoding::kWindows1252: {
      const char32_t code = DecodeWindows1252(byte);
      return code == 0 ? SourceCharacter{} : SourceCharacter{code, 1};
    }
    case Encoding::kOtherByByte:
      return {0xFFFD, 1};
    case Encoding::kAscii:
    case Encoding::kOtherSequence:
    case Encoding::kNone:
      return {};
  }
  return {};
}

void AppendUtf8(char32_t code, std::string* out) {
  const auto byte = [out](char32_t bits) { out->push_back(static_cast<char>(bits)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

bool AppendDecoded(Encoding encoding, std::string_view text, std::string* out) {
  if (IsAscii(text)) {
    out->append(text);
    return true;
  }
  bool known = encoding != Encoding::kOtherByByte;
  while (!text.empty()) {
    const SourceCharacter c = DecodeCharacter(encoding, text);
    known = known && c.size != 0;
    AppendUtf8(c.size == 0 ? 0xFFFD : c.code, out);
    text.remove_prefix(std::max<std::size_t>(c.size, 1));
  }
  return known;
}

bool IsAscii(std::string_view text) {
  std::size_t i = 0;
  std::uint64_t all = 0;
  for (; i + 32 <= text.size(); i += 32) {
    all |= EightAt(text, i) | EightAt(text, i + 8) | EightAt(text, i + 16) | EightAt(text, i + 24);
  }
  for (; i + 8 <= text.size(); i += 8) all |= EightAt(text, i);
  for (; i < text.size(); ++i) all |= static_cast<unsigned char>(text[i]);
  return (all & kHighs) == 0;
}

char32_t FindNonIdentifierCharacter(std::string_view name) {
  static constexpr CodeRange kNever[] = {
      {0x80, 0xA9},      {0xAB, 0xB4},     {0xB6, 0xB6},     {0xB8, 0xB9},     {0xBB, 0xBF},
      {0xD7, 0xD7},      {0xF7, 0xF7},     {0x2000, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x2070},
      {0x20A0, 0x20CF},  {0x2190, 0x245F}, {0x2500, 0x2BFF}, {0x3000, 0x3004}, {0x3008, 0x3020},
      {0xE000, 0xF8FF},  {0xFEFF, 0xFEFF}, {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFFF0, 0xFFFF},
      {0x1F000, 0x1FAFF}};
  while (!name.empty()) {
    const SourceCharacter c = DecodeUtf8(name);
    if (c.size == 0) return 0xFFFD;
    if (InRanges(std::begin(kNever), std::end(kNever), c.code)) return c.code;
    name.remove_prefix(c.size);
  }
  return 0;
}

namespace {

// True for the compatibility characters that decompose to ASCII letters, digits or "_".
bool MayFold(char32_t code) {
  static constexpr CodeRange kFolds[] = {{0xAA, 0xAA},       {0xB2, 0xBA},       {0x132, 0x133},
                                         {0x17F, 0x17F},     {0x1C4, 0x1F3},     {0x2B0, 0x2FF},
                                         {0x1D00, 0x1DBF},   {0x2000, 0x218F},   {0x2460, 0x24FF},
                                         {0x2C7C, 0x2C7D},   {0x3000, 0x33FF},   {0xA69C, 0xABFF},
                                         {0xFB00, 0xFB06},   {0xFE30, 0xFE4F},   {0xFF00, 0xFFEF},
                                         {0x10780, 0x107BF}, {0x1CC00, 0x1CCFF}, {0x1D400, 0x1D7FF},
                                         {0x1F100, 0x1F1FF}, {0x1FBF0, 0x1FBF9}, {0xFFFD, 0xFFFD}};
  return InRanges(std::begin(kFolds), std::end(kFolds), code);
}

}  // namespace

bool MayNormalizeToAscii(Encoding encoding, std::string_view name) {
  while (!name.empty()) {
    const SourceCharacter c = DecodeCharacter(encoding, name);
    if (c.size == 0) return true;
    if (c.code >= 0x80 && !MayFold(c.code)) return false;
    name.remove_prefix(c.size);
  }
  return true;
}

bool MayNormalizeTo(Encoding encoding, std::string_view name, std::string_view word) {
  constexpr int kMaxLetters = 3;  // that one character stands for; more have only Roman numerals
  std::uint32_t ends = 1;         // bit i: what has been read may be the first i bytes of `word`
  while (!name.empty() && ends != 0) {
    const SourceCharacter c = DecodeCharacter(encoding, name);
    std::uint32_t next = 0;
    if (c.size != 0 && c.code < 0x80) {
      for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] == static_cast<char>(c.code)) next |= (ends & (1U << i)) << 1;
      }
    } else if (c.size == 0 || MayFold(c.code)) {
      for (int letters = 1; letters <= kMaxLetters; ++letters) next |= ends << letters;
    }
    ends = next;
    name.remove_prefix(std::max<std::size_t>(c.size, 1));
  }
  return (ends & (1U << word.size())) != 0;
}

}  // namespace onehead
