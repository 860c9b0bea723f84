#include "core/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxBrackets = 200;      // CPython, MAXLEVEL
constexpr std::size_t kMaxIndentations = 100;  // CPython, MAXINDENT

constexpr std::size_t kMaxConflicts = 100;  // that are reported

enum CharClass : std::uint8_t { kOtherChar, kWordStart, kDigit, kQuote, kPunctuation };

constexpr std::array<CharClass, 256> MakeClasses() {
  std::array<CharClass, 256> classes = {};
  for (int c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80) {
      classes[static_cast<std::size_t>(c)] = kWordStart;
    }
    if (c >= '0' && c <= '9') classes[static_cast<std::size_t>(c)] = kDigit;
  }
  for (const char c : std::string_view("+-*/%@&|^~<>()[]{},:;.=!")) {
    classes[static_cast<std::size_t>(c)] = kPunctuation;
  }
  classes['"'] = kQuote;
  classes['\''] = kQuote;
  return classes;
}
constexpr std::array<CharClass, 256> kClasses = MakeClasses();

CharClass ClassOf(char c) { return kClasses[static_cast<unsigned char>(c)]; }

constexpr std::string_view kThreeByteOperators[] = {"**=", "//=", ">>=", "<<=", "..."};
constexpr std::string_view kTwoByteOperators[] = {"->", ":=", "==", "!=", "<=", ">=", "<>",
                                                  "+=", "-=", "*=", "/=", "%=", "&=", "|=",
                                                  "^=", "@=", "**", "//", "<<", ">>"};

// Most operators are one character in front of something else.
bool MayBeLonger(std::string_view rest) {
  constexpr std::string_view kSeconds = "=>*/<.";
  return rest.size() > 1 && kSeconds.find(rest[1]) != std::string_view::npos;
}

std::size_t OperatorSize(std::string_view rest) {
  if (!MayBeLonger(rest)) return rest[0] == '!' ? 0 : 1;
  for (const std::string_view op : kThreeByteOperators) {
    if (rest.substr(0, 3) == op) return 3;
  }
  for (const std::string_view op : kTwoByteOperators) {
    if (rest.substr(0, 2) == op) return 2;
  }
  return rest[0] == '!' ? 0 : 1;
}

char OpeningOf(char closing) { return closing == ')' ? '(' : closing == ']' ? '[' : '{'; }

}  // namespace

bool IsWordCharacter(char c) {
  const CharClass found = ClassOf(c);
  return found == kWordStart || found == kDigit;
}

std::string OneLine(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kBlanks = " \t\f\v\r\n";
  constexpr std::size_t kEnough = 1024;  // blanks and all; the text may be megabytes
  const bool longer = text.size() > kEnough;
  text = text.substr(0, kEnough);
  std::string line;
  while (!text.empty() && line.size() <= max_bytes) {
    const std::size_t blanks = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::string_view gap = text.substr(0, blanks);
    line += gap.find_first_of("\r\n") == std::string_view::npos ? gap : std::string_view(" ");
    text.remove_prefix(blanks);
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    line += word;
    text.remove_prefix(word.size());
  }
  if (longer) line += "...";
  const std::string whole = Printable(line);
  return whole.size() <= max_bytes ? whole : Printable(line, max_bytes - 3);
}

Lexer::Lexer(std::string_view text, std::size_t begin, Encoding encoding)
    : text_(text), encoding_(encoding), pos_(begin) {}

std::size_t Lexer::NewlineSize(std::size_t i) const {
  const char c = At(i);
  if (c == '\n') return 1;
  if (c != '\r') return 0;
  return At(i + 1) == '\n' ? 2 : 1;
}

std::size_t Lexer::LineEnd(std::size_t i) const {
  while (i < text_.size() && text_[i] != '\n' && text_[i] != '\r') ++i;
  return i;
}

Token Lexer::Make(TokenKind kind, std::size_t begin, int line) const {
  return Token{kind, 0,         static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(pos_),
               line, kNoPartner};
}

Token Lexer::Fail(int line, std::string reason, std::size_t begin, std::size_t end) {
  failed_ = true;
  error_ = {line, std::move(reason), OneLine(text_.substr(begin, end - begin))};
  return Make(TokenKind::kError, pos_, line_);
}

Token Lexer::Next() {
  if (!failed_ && at_line_start_) StartLine();
  if (!failed_ && pending_ != 0) return PendingIndentation();
  if (!failed_) SkipBlanks();
  if (failed_) return Make(TokenKind::kError, pos_, line_);
  if (pos_ >= text_.size()) return ReadEnd();
  const std::size_t begin = pos_;
  const int line = line_;
  if (NewlineSize(pos_) != 0) {
    PassNewline();
    at_line_start_ = true;
    after_newline_ = true;
    return Make(TokenKind::kNewline, begin, line);
  }
  after_newline_ = false;
  switch (ClassOf(text_[pos_])) {
    case kWordStart:
      return ReadWord();
    case kDigit:
      return ReadNumber();
    case kQuote:
      return ReadString(pos_, 0);
    case kPunctuation:
      return ReadOperator();
    case kOtherChar:
      break;
  }
  return Fail(line, "a character that cannot be in Python source", pos_, pos_ + 1);
}

Token Lexer::ReadEnd() {
  if (!brackets_.empty()) {
    const Bracket open = brackets_.back();
    return Fail(open.line, fmt::format("'{}' is never closed", open.kind), open.begin,
                std::min(LineEnd(open.begin), text_.size()));
  }
  if (!after_newline_) {
    after_newline_ = true;
    at_line_start_ = true;
    return Make(TokenKind::kNewline, pos_, line_);
  }
  return Make(TokenKind::kEnd, pos_, line_);
}

// --- Lines, indentation, blanks ---------------------------------------------------------------

void Lexer::PassNewline() {
  pos_ += NewlineSize(pos_);
  ++line_;
}

// "<<<<<<< ours" and the like. In code the whole line is passed over.
bool Lexer::PassMarker(MarkerPlace place) {
  const char c = At(pos_);
  if (c != '<' && c != '>' && (place == MarkerPlace::kString || (c != '=' && c != '|'))) {
    return false;
  }
  for (std::size_t i = 1; i < 7; ++i) {
    if (At(pos_ + i) != c) return false;
  }
  const std::size_t after = pos_ + 7;
  if (after < text_.size() && At(after) != ' ' && NewlineSize(after) == 0) return false;
  const std::size_t end = LineEnd(pos_);
  ++markers_seen_;
  const bool starts = c == '<' || !in_conflict_;
  if (starts && conflicts_.size() < kMaxConflicts) {
    conflicts_.push_back(
        {line_, "a conflict marker starts a line", OneLine(text_.substr(pos_, end - pos_))});
  }
  in_conflict_ = c != '>' && (in_conflict_ || c == '<');
  if (place == MarkerPlace::kCode) pos_ = end;
  return true;
}

bool Lexer::SkipContinuation() {
  if (NewlineSize(pos_ + 1) == 0) {
    if (pos_ + 1 >= text_.size()) {
      Fail(line_, "the text ends after a backslash", pos_, pos_ + 1);
    } else {
      Fail(line_, "a character follows a line continuation", pos_, LineEnd(pos_));
    }
    return false;
  }
  ++pos_;
  PassNewline();
  if (pos_ >= text_.size()) {
    Fail(line_ - 1, "the text ends after a backslash", pos_, pos_);
    return false;
  }
  PassMarker(MarkerPlace::kCode);
  return true;
}

bool Lexer::SkipBlanks() {
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (c == ' ' || c == '\t' || c == '\f') {
      ++pos_;
    } else if (c == '#') {
      pos_ = LineEnd(pos_);
    } else if (c == '\\') {
      if (!SkipContinuation()) return false;
    } else if ((c == '\n' || c == '\r') && !brackets_.empty()) {
      PassNewline();
      PassMarker(MarkerPlace::kCode);
    } else {
      return true;
    }
  }
  return true;
}

// Blank lines and comments are no lines to the indentation.
bool Lexer::StartLine() {
  for (;;) {
    if (PassMarker(MarkerPlace::kCode) && pos_ < text_.size()) {
      PassNewline();
      continue;
    }
    Indentation found;
    if (!MeasureIndentation(&found)) return false;
    if (At(pos_) == '#') pos_ = LineEnd(pos_);
    if (pos_ >= text_.size()) found = {};
    if (pos_ < text_.size() && NewlineSize(pos_) != 0) {
      PassNewline();
      continue;
    }
    at_line_start_ = false;
    return ApplyIndentation(found);
  }
}

bool Lexer::MeasureIndentation(Indentation* found) {
  int continued = 0;  // the column of the first backslash decides
  Indentation at;
  for (;; ++pos_) {
    const char c = At(pos_);
    if (c == ' ') {
      ++at.column, ++at.alt_column;
    } else if (c == '\t') {
      at.column = (at.column / 8 + 1) * 8;
      ++at.alt_column;
    } else if (c == '\f') {
      at = {};
    } else if (c == '\\') {
      if (continued == 0) continued = at.column;
      if (!SkipContinuation()) return false;
      --pos_;
    } else {
      break;
    }
  }
  *found = continued != 0 ? Indentation{continued, continued} : at;
  return true;
}

bool Lexer::ApplyIndentation(Indentation found) {
  const auto line_text = [this] { return std::pair(pos_, LineEnd(pos_)); };
  if (found.column > indents_.back().column) {
    if (indents_.size() >= kMaxIndentations) {
      Fail(line_, "too many levels of indentation", pos_, pos_);
      return false;
    }
    if (found.alt_column > indents_.back().alt_column) {
      indents_.push_back(found);
      pending_ = 1;
      return true;
    }
  } else {
    while (indents_.size() > 1 && found.column < indents_.back().column) {
      indents_.pop_back();
      --pending_;
    }
    if (found.column != indents_.back().column) {
      const auto [begin, end] = line_text();
      Fail(line_, "the indentation does not match any outer level", begin, end);
      return false;
    }
    if (found.alt_column == indents_.back().alt_column) return true;
  }
  const auto [begin, end] = line_text();
  Fail(line_, "inconsistent use of tabs and spaces in indentation", begin, end);
  return false;
}

Token Lexer::PendingIndentation() {
  const TokenKind kind = pending_ > 0 ? TokenKind::kIndent : TokenKind::kDedent;
  pending_ += pending_ > 0 ? -1 : 1;
  return Make(kind, pos_, line_);
}

// --- Tokens -----------------------------------------------------------------------------------

Token Lexer::ReadWord() {
  const std::size_t begin = pos_;
  bool ascii = true;
  while (pos_ < text_.size() && IsWordCharacter(text_[pos_])) {
    ascii = ascii && (text_[pos_] & 0x80) == 0;
    ++pos_;
  }
  const std::string_view word = text_.substr(begin, pos_ - begin);
  if (pos_ < text_.size() && ClassOf(text_[pos_]) == kQuote) {
    std::uint8_t flags = 0;
    if (ParseStringPrefix(word, &flags)) return ReadString(begin, flags);
  }
  if (!ascii && encoding_ == Encoding::kUtf8) {
    if (const char32_t bad = FindNonIdentifierCharacter(word); bad != 0) {
      return Fail(line_, fmt::format("invalid character U+{:04X}", static_cast<unsigned>(bad)),
                  begin, pos_);
    }
  }
  return Make(TokenKind::kName, begin, line_);
}

Token Lexer::ReadNumber() {
  const std::size_t begin = pos_;
  const Scanned number = ScanNumber(text_, begin);
  pos_ = number.end;
  while (!number.error.empty() && pos_ < text_.size() && IsWordCharacter(text_[pos_])) ++pos_;
  if (!number.error.empty()) return Fail(line_, std::string(number.error), begin, pos_);
  return Make(TokenKind::kNumber, begin, line_);
}

Token Lexer::ReadOperator() {
  const std::size_t begin = pos_;
  if (text_[begin] == '.' && ClassOf(At(begin + 1)) == kDigit) return ReadNumber();
  const std::size_t size = OperatorSize(text_.substr(begin));
  if (size == 0) {
    return Fail(line_, "a character that cannot be in Python source", begin, begin + 1);
  }
  pos_ += size;
  const Token token = Make(TokenKind::kOperator, begin, line_);
  if (!TrackBracket(token)) return Make(TokenKind::kError, pos_, line_);
  return token;
}

bool Lexer::TrackBracket(const Token& token) {
  const char c = text_[token.begin];
  if (c == '(' || c == '[' || c == '{') {
    if (brackets_.size() >= kMaxBrackets) {
      Fail(line_, "too many nested brackets", token.begin, token.end);
      return false;
    }
    brackets_.push_back({c, token.begin, token.line});
  } else if (c == ')' || c == ']' || c == '}') {
    if (brackets_.empty()) {
      Fail(line_, fmt::format("unmatched '{}'", c), token.begin, token.end);
      return false;
    }
    const Bracket open = brackets_.back();
    if (open.kind != OpeningOf(c)) {
      Fail(line_,
           fmt::format("'{}' does not match the opening '{}' of line {}", c, open.kind, open.line),
           token.begin, token.end);
      return false;
    }
    brackets_.pop_back();
  }
  return true;
}

Token Lexer::ReadString(std::size_t begin, std::uint8_t flags) {
  std::size_t quote = begin;
  while (ClassOf(text_[quote]) != kQuote) ++quote;
  const Scanned string = ScanString(text_, quote, flags);
  const int line = line_;
  pos_ = begin;
  CountLines(string.end);
  if (!string.error.empty()) {
    return Fail(line, std::string(string.error), begin, std::min(LineEnd(begin), string.end));
  }
  Token token = Make(TokenKind::kString, begin, line);
  token.flags = flags;
  if (string.has_fields) token.flags |= kHasFields;
  const bool triple = string.end - quote >= 6 && text_[quote + 1] == text_[quote] &&
                      text_[quote + 2] == text_[quote];
  if (triple) token.flags |= kTripleQuoted;
  return token;
}

// Looks at the bytes of the string only: a line may hold a million strings.
void Lexer::CountLines(std::size_t end) {
  end = std::min(end, text_.size());
  while (pos_ < end) {
    if (NewlineSize(pos_) == 0) {
      ++pos_;
      continue;
    }
    PassNewline();
    if (pos_ < end) PassMarker(MarkerPlace::kString);
  }
  pos_ = end;
}

}  // namespace onehead
