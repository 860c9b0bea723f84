#include "core/python/char_class.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace onehead {
namespace {

constexpr std::string_view kWordBytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

bool BelongsToWord(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || kWordBytes.find(c) != std::string_view::npos;
}

// Every byte, at every place of a text, in front of every other kind of byte.
TEST(LexerBytes, TheEndOfAWordIsFoundWhereverItIs) {
  for (int byte = 1; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (std::size_t at = 0; at < 20; ++at) {
      for (const char filler : {'a', 'Z', '_', '9', '\x80', '\xFF'}) {
        std::string text(20, filler);
        text[at] = c;
        const std::size_t expected = BelongsToWord(c) ? text.size() : at;
        ASSERT_EQ(WordEnd(text, 0), expected) << byte << " at " << at;
      }
    }
  }
}

TEST(LexerBytes, TheFirstOfSeveralBytesIsFound) {
  const std::string_view bytes("'\\\n\r a\x80\xA7\x26\x28\x01\xFF", 13);
  for (const char before : bytes) {
    for (const char c : bytes) {
      for (std::size_t at = 0; at < 20; ++at) {
        for (std::size_t from = 0; from <= 20; ++from) {
          std::string text(20, before);
          text[at] = c;
          const std::size_t expected = std::min(text.find_first_of("'\\\n\r", from), text.size());
          ASSERT_EQ(FindFirst(text, from, '\'', '\\', '\n', '\r'), expected);
          const std::size_t other = std::min(text.find_first_not_of(' ', from), text.size());
          ASSERT_EQ(SpacesEnd(text, from), other);
        }
      }
    }
  }
}

TEST(LexerBytes, BehindTheEndNothingIsFound) {
  EXPECT_EQ(FindFirst("abc", 5, 'a'), 5u);
  EXPECT_EQ(WordEnd("", 0), 0u);
}

}  // namespace
}  // namespace onehead
