#include "onehead/core/policy/cache_record.h"

#include <cstring>
#include <utility>

namespace onehead {
namespace {

constexpr std::uint64_t kByteOrder = 0x0102030405060708;
constexpr std::uint64_t kHashFactor = 1099511628211U;  // FNV-1a

// Finds out damage, not malice.
std::uint64_t SumOf(std::string_view text) {
  std::uint64_t sum = text.size();
  for (; text.size() >= sizeof sum; text.remove_prefix(sizeof sum)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    sum = (sum ^ word) * kHashFactor;
    sum ^= sum >> 31;
  }
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * kHashFactor;
  return sum;
}

}  // namespace

RecordWriter::RecordWriter(std::string_view magic, std::string_view key) : bytes_(magic) {
  Number(kByteOrder);
  Text(key);
}

void RecordWriter::Number(std::uint64_t number) {
  bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void RecordWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_.append(text);
}

std::string RecordWriter::Finish() {
  Number(SumOf(bytes_));
  return std::move(bytes_);
}

RecordReader::RecordReader(std::string_view bytes, std::string_view magic, std::string_view key)
    : rest_(bytes) {
  constexpr std::size_t kSumBytes = sizeof(std::uint64_t);
  ok_ = bytes.size() >= magic.size() + kSumBytes && bytes.substr(0, magic.size()) == magic;
  if (!ok_) return;
  const std::string_view summed = bytes.substr(0, bytes.size() - kSumBytes);
  rest_ = bytes.substr(summed.size());
  ok_ = Number() == SumOf(summed);
  rest_ = summed.substr(magic.size());
  ok_ = ok_ && Number() == kByteOrder && Text() == key;
}

std::string_view RecordReader::Bytes(std::uint64_t count) {
  if (count > rest_.size()) ok_ = false;
  if (!ok_) return {};
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint64_t RecordReader::Number() {
  std::uint64_t number = 0;
  const std::string_view bytes = Bytes(sizeof number);
  if (ok_) std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

std::string_view RecordReader::Text() { return Bytes(Number()); }

std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kHashFactor;
  return hash;
}

}  // namespace onehead
