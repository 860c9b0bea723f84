// What single bytes are to the tokenizer, and finding the next one that matters.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace onehead {

enum CharClass : std::uint8_t {
  kWordStart,  // a letter or "_"
  kDigit,
  kNotAscii,     // a byte of a character that is not ASCII: part of a word, too
  kOtherChar,    // cannot stand in a line of source
  kExclamation,  // "!", which may only begin an operator
  kBlank,
  kSeparator,  // an operator of one byte, whatever follows
  kOperator,   // one that may be longer
  kDot,
  kOpening,
  kClosing,
  kComment,
  // What may end a string, or keep it from ending:
  kQuote,
  kBreak,  // "\n" or "\r"
  kBackslash,
};

constexpr std::array<CharClass, 256> MakeCharClasses() {
  std::array<CharClass, 256> classes = {};
  for (CharClass& found : classes) found = kOtherChar;
  const auto set = [&classes](std::string_view bytes, CharClass found) {
    for (const char c : bytes) classes[static_cast<unsigned char>(c)] = found;
  };
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kWordStart);
  for (std::size_t c = 0x80; c < 0x100; ++c) classes[c] = kNotAscii;
  set("0123456789", kDigit);
  set("'\"", kQuote);
  set(" \t\f", kBlank);
  set("\n\r", kBreak);
  set("#", kComment);
  set("\\", kBackslash);
  set(".", kDot);
  set("([{", kOpening);
  set(")]}", kClosing);
  set(",;~", kSeparator);
  set("+-*/%@&|^<>:=", kOperator);
  set("!", kExclamation);
  return classes;
}
inline constexpr std::array<CharClass, 256> kCharClasses = MakeCharClasses();

inline CharClass ClassOf(char c) { return kCharClasses[static_cast<unsigned char>(c)]; }

// A letter, a digit, "_" or a byte of a character that is not ASCII.
inline bool IsWordCharacter(char c) { return ClassOf(c) <= kNotAscii; }
inline bool MayEndString(char c) { return ClassOf(c) >= kQuote; }

// REQUIRES: a byte of the class kClosing.
inline char OpeningOf(char closing) { return closing == ')' ? '(' : closing == ']' ? '[' : '{'; }

// --- Eight bytes at a time --------------------------------------------------------------------

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;

inline std::uint64_t EightAt(std::string_view text, std::size_t i) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text.data() + i, 8);
  return eight;
}

constexpr std::uint64_t Eight(char c) { return kOnes * static_cast<unsigned char>(c); }

// The high bit of each byte up to the first one that is `c`; what is behind that means nothing.
inline std::uint64_t EqualBytes(std::uint64_t eight, char c) {
  const std::uint64_t zero = eight ^ Eight(c);
  return (zero - kOnes) & ~zero & kHighs;
}

// The high bit of each byte that is no IsWordCharacter().
inline std::uint64_t OtherThanWord(std::uint64_t eight) {
  const std::uint64_t low = eight & ~kHighs;
  // The high bit of each byte that is at least, or beyond, `c`.
  const auto from = [](std::uint64_t bytes, char c) { return bytes + Eight(char(0x80 - c)); };
  const auto beyond = [](std::uint64_t bytes, char c) { return bytes + Eight(char(0x7F - c)); };
  const std::uint64_t lower = low | Eight(' ');
  const std::uint64_t letter = from(lower, 'a') & ~beyond(lower, 'z');
  const std::uint64_t digit = from(low, '0') & ~beyond(low, '9');
  const std::uint64_t underscore = ~((low ^ Eight('_')) + ~kHighs);
  return ~(letter | digit | underscore | eight) & kHighs;
}

// The first byte at or behind `i` for which `marks` sets the high bit of one of eight, or `is` is
// true of one; the two must agree. The end: none.
template <typename Marks, typename Is>
std::size_t FindByte(std::string_view text, std::size_t i, Marks marks, Is is) {
  if constexpr (std::endian::native == std::endian::little) {
    for (; i + 8 <= text.size(); i += 8) {
      const std::uint64_t found = marks(EightAt(text, i));
      if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (i < text.size() && !is(text[i])) ++i;
  return i;
}

// The first byte at or behind `i` that is one of `wanted`, or the end.
template <typename... Bytes>
std::size_t FindFirst(std::string_view text, std::size_t i, Bytes... wanted) {
  return FindByte(
      text, i, [=](std::uint64_t eight) { return (EqualBytes(eight, wanted) | ...); },
      [=](char c) { return ((c == wanted) || ...); });
}

inline std::size_t WordEnd(std::string_view text, std::size_t i) {
  while (i < text.size() && IsWordCharacter(text[i])) ++i;
  return i;
}

// Behind the spaces at `i`.
inline std::size_t SpacesEnd(std::string_view text, std::size_t i) {
  return FindByte(
      text, i, [](std::uint64_t eight) { return eight ^ Eight(' '); },
      [](char c) { return c != ' '; });
}

}  // namespace onehead
