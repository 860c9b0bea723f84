// Numbers, as tok_get in CPython's Parser/tokenizer.c.
#include "core/python/tokenizer.h"

namespace onehead {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }
bool IsBinary(char c) { return c == '0' || c == '1'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr std::string_view kInvalidDecimal = "invalid decimal literal";

class NumberScanner {
 public:
  NumberScanner(std::string_view text, std::size_t begin)
      : text_(text), begin_(begin), pos_(begin) {}

  Scanned Scan() {
    if (At() != '0') {
      Decimal();
      return Done(kInvalidDecimal);
    }
    switch (text_.size() > pos_ + 1 ? text_[pos_ + 1] | 0x20 : 0) {
      case 'x':
        return Radix(IsHex, "invalid hexadecimal literal");
      case 'o':
        return Radix(IsOctal, "invalid octal literal");
      case 'b':
        return Radix(IsBinary, "invalid binary literal");
      default:
        return Zeros();
    }
  }

 private:
  char At(std::size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }

  // Digits with single "_" between them.
  bool Digits(bool (*is_digit)(char)) {
    if (!is_digit(At())) return false;
    while (is_digit(At()) || (At() == '_' && is_digit(At(1)))) ++pos_;
    return At() != '_';
  }

  Scanned Radix(bool (*is_digit)(char), std::string_view error) {
    pos_ += 2;
    if (At() == '_') ++pos_;
    if (!Digits(is_digit) || IsDigit(At())) return {pos_, error};
    return Done(error);
  }

  // A number that begins with 0: only zeros, unless it is a float or an imaginary one.
  Scanned Zeros() {
    if (!Digits(IsDigit)) return {pos_, kInvalidDecimal};
    const std::size_t digits_end = pos_;
    bool all_zero = true;
    for (const char c : text_.substr(begin_, digits_end - begin_)) {
      all_zero = all_zero && (c == '0' || c == '_');
    }
    Fraction();
    if (pos_ == digits_end && !all_zero) {
      return {pos_, "leading zeros in decimal integer literals are not permitted"};
    }
    return Done(kInvalidDecimal);
  }

  void Decimal() {
    if (At() != '.') failed_ = !Digits(IsDigit);
    if (!failed_) Fraction();
  }

  void Fraction() {
    if (At() == '.') {
      ++pos_;
      if (IsDigit(At())) failed_ = failed_ || !Digits(IsDigit);
    }
    if ((At() | 0x20) == 'e') {
      const std::size_t sign = At(1) == '+' || At(1) == '-' ? 1 : 0;
      if (IsDigit(At(1 + sign))) {
        pos_ += 1 + sign;
        failed_ = failed_ || !Digits(IsDigit);
      } else if (sign != 0) {
        failed_ = true;
      }
    }
    if ((At() | 0x20) == 'j') ++pos_;
  }

  // Only a keyword may follow at once ("1if x else 2").
  Scanned Done(std::string_view error) const {
    if (failed_) return {pos_, error};
    if (!IsWordCharacter(At())) return {pos_, {}};
    const std::string_view rest = text_.substr(pos_);
    for (const std::string_view keyword : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
      if (rest.substr(0, keyword.size()) == keyword) return {pos_, {}};
    }
    return {pos_, error};
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t pos_;
  bool failed_ = false;
};

}  // namespace

Scanned ScanNumber(std::string_view text, std::size_t begin) {
  // Most numbers are nothing but digits.
  std::size_t end = begin;
  while (end < text.size() && IsDigit(text[end])) ++end;
  const bool zeros = text[begin] == '0' && end - begin > 1;
  const bool more = end < text.size() && (IsWordCharacter(text[end]) || text[end] == '.');
  if (end > begin && !zeros && !more) return {end, {}};
  return NumberScanner(text, begin).Scan();
}

}  // namespace onehead
