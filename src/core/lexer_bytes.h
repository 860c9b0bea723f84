// What single bytes are to the lexer, and finding the next one that matters. For src/core/lexer*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace onehead {

enum CharClass : std::uint8_t {
  kOtherChar,  // cannot stand in a line of source
  kWordStart,  // a letter, "_", or a byte of a character that is not ASCII
  kDigit,
  kQuote,
  kBlank,
  kBreak,  // "\n" or "\r"
  kComment,
  kBackslash,
  kDot,
  kOpening,
  kClosing,
  kSeparator,  // an operator of one byte, whatever follows
  kOperator,   // one that may be longer
};

constexpr std::array<CharClass, 256> MakeCharClasses() {
  std::array<CharClass, 256> classes = {};
  const auto set = [&classes](std::string_view bytes, CharClass found) {
    for (const char c : bytes) classes[static_cast<unsigned char>(c)] = found;
  };
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kWordStart);
  for (std::size_t c = 0x80; c < 0x100; ++c) classes[c] = kWordStart;
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
  set("+-*/%@&|^<>:=!", kOperator);
  return classes;
}
inline constexpr std::array<CharClass, 256> kCharClasses = MakeCharClasses();

inline CharClass ClassOf(char c) { return kCharClasses[static_cast<unsigned char>(c)]; }

// The first byte at or behind `i` that is one of `wanted`, or the end. Eight at a time.
template <typename... Bytes>
std::size_t FindFirst(std::string_view text, std::size_t i, Bytes... wanted) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + i, 8);
    // The lowest bit that is set belongs to the lowest byte that is equal.
    const auto equal = [eight](char c) {
      const std::uint64_t zero = eight ^ (kOnes * static_cast<unsigned char>(c));
      return (zero - kOnes) & ~zero;
    };
    const std::uint64_t found = (equal(wanted) | ...) & kHighs;
    if (found == 0) continue;
    if constexpr (std::endian::native == std::endian::little) {
      return i + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
    break;
  }
  while (i < text.size() && ((text[i] != wanted) && ...)) ++i;
  return i;
}

}  // namespace onehead
