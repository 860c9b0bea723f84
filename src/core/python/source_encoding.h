// How the bytes of a Python source file stand for characters (PEP 263).
//
// Here: finding the encoding, checking the bytes against it, decoding single characters.
// Not here: tokens (tokenizer.h). Everything works on the bytes as they are in the file, so that
// positions stay exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "onehead/core/python/diagnostic.h"

namespace onehead {

enum class Encoding : std::uint8_t {
  kUtf8,
  kAscii,
  kLatin1,         // ISO 8859-1
  kLatin9,         // ISO 8859-15
  kWindows1252,    // cp1252
  kOtherByByte,    // ASCII is ASCII; what other bytes mean is not known here (koi8-r, cp1251, ...)
  kOtherSequence,  // the same, but an ASCII byte may be part of another character (gbk, big5, ...)
  kNone,           // not an encoding that Python accepts for source, or one that hides ASCII
};

// What is known before the code is read: a byte-order mark, the cookie of line 1 or 2, and whether
// they matter.
struct SourceHead {
  Encoding encoding = Encoding::kUtf8;
  std::size_t bom_size = 0;  // bytes to skip
  std::string cookie = {};   // as written; empty: none
  int cookie_line = 0;
  bool all_ascii = true;  // of the whole text; then it reads the same in every encoding
};
SourceHead ReadSourceHead(std::string_view text);

// The encoding that a cookie names, as CPython's tokenizer and codecs resolve it.
Encoding EncodingFromCookie(std::string_view name);

// Null: Python could decode `text`. NUL bytes are a defect too. REQUIRES: `head` is of `text`.
std::optional<ReadDefect> CheckEncoding(const SourceHead& head, std::string_view text);

// One character; `size` is 0 when the bytes are not of the encoding.
struct SourceCharacter {
  char32_t code = 0;
  std::size_t size = 0;
};
// REQUIRES: `text` is not empty.
SourceCharacter DecodeCharacter(Encoding encoding, std::string_view text);

void AppendUtf8(char32_t code, std::string* out);

// Appends `text` as UTF-8. False: a character is not known (kOtherByByte and the like); U+FFFD
// stands in its place.
bool AppendDecoded(Encoding encoding, std::string_view text, std::string* out);

// True when all bytes are below 0x80. Many at a time: most sources are nothing else.
bool IsAscii(std::string_view text);

// The first character of an identifier that can never be in one (a curly quote, a no-break
// space); 0: none known. Not the whole of Unicode's tables: what people paste by accident.
char32_t FindNonIdentifierCharacter(std::string_view name);

// True when Python's normalisation of identifiers (NFKC) could turn `name`, which is not ASCII,
// into a name that is (a full-width "revision").
bool MayNormalizeToAscii(Encoding encoding, std::string_view name);

// True when it could turn `name`, which is not ASCII, into `word`. REQUIRES: `word` is ASCII and
// shorter than 32 bytes.
bool MayNormalizeTo(Encoding encoding, std::string_view name, std::string_view word);

}  // namespace onehead
