#include "onehead/core/policy/cache_record.h"

#include <gtest/gtest.h>

namespace onehead {
namespace {

std::string Bytes() {
  RecordWriter to("magic\n", "key");
  to.Number(7);
  to.Text("text");
  return to.Finish();
}

// Is it what Bytes() wrote?
bool Reads(const std::string& bytes, std::string_view magic, std::string_view key) {
  RecordReader from(bytes, magic, key);
  return from.Number() == 7 && from.Text() == "text" && from.AtEnd();
}

TEST(CacheRecord, ComesBackForTheSameKeyOnly) {
  EXPECT_TRUE(Reads(Bytes(), "magic\n", "key"));
  EXPECT_FALSE(Reads(Bytes(), "magic\n", "keys"));
  EXPECT_FALSE(Reads(Bytes(), "magic", "key"));
  EXPECT_FALSE(Reads(Bytes(), "other\n", "key"));
}

TEST(CacheRecord, WhatIsDamagedDoesNotComeBack) {
  const std::string bytes = Bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(Reads(damaged, "magic\n", "key")) << i;
    EXPECT_FALSE(Reads(bytes.substr(0, i), "magic\n", "key")) << i;
  }
  EXPECT_FALSE(Reads(bytes + "x", "magic\n", "key"));
}

TEST(CacheRecord, WhatIsMissingIsNull) {
  RecordWriter to("", "");
  to.Number(1000);  // as the size of a text
  const std::string bytes = to.Finish();
  RecordReader from(bytes, "", "");
  EXPECT_TRUE(from.ok());
  EXPECT_EQ(from.Text(), "");
  EXPECT_FALSE(from.ok());
  EXPECT_EQ(from.Number(), 0U);
  EXPECT_FALSE(from.AtEnd());
}

}  // namespace
}  // namespace onehead
