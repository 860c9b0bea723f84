// The bytes of a file that only saves time: fields behind a magic line and a key, and a sum at the
// end. Numbers are as this kind of machine has them. Whatever was not written by a RecordWriter for
// the same magic line and key, or not in full, is not ok.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace onehead {

class RecordWriter {
 public:
  RecordWriter(std::string_view magic, std::string_view key);
  void Number(std::uint64_t number);
  void Text(std::string_view text);
  std::string Finish();

 private:
  std::string bytes_;
};

// Takes the fields in the order in which they were written; once one is missing, all are null.
class RecordReader {
 public:
  // Borrows `bytes`.
  RecordReader(std::string_view bytes, std::string_view magic, std::string_view key);
  std::uint64_t Number();
  std::string_view Text();
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view Bytes(std::uint64_t count);

  std::string_view rest_;
  bool ok_ = true;
};

// For names of files; not against malice.
std::uint64_t HashOf(std::string_view text);

}  // namespace onehead
