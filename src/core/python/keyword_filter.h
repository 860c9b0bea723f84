// Words that matter, and telling quickly that another one does not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onehead {

// A quick look whether a word can be one of some words: by its first letter and its size.
class WordFilter {
 public:
  // REQUIRES: the words are ASCII, none empty or longer than 31 bytes.
  template <typename Words>
  constexpr WordFilter With(const Words& words) const {
    WordFilter result = *this;
    for (const std::string_view word : words) result.sizes_[Slot(word[0])] |= 1U << word.size();
    return result;
  }
  // False: it is none of them. REQUIRES: `word` is not empty.
  constexpr bool MayHold(std::string_view word) const { return MayHold(word[0], word.size()); }
  constexpr bool MayHold(char first, std::size_t size) const {
    return ((sizes_[Slot(first)] >> (size & 31)) & 1) != 0;
  }

 private:
  static constexpr std::size_t Slot(char first) { return first & 31; }
  std::array<std::uint32_t, 32> sizes_ = {};
};

inline constexpr WordFilter kNoWords = {};

}  // namespace onehead
