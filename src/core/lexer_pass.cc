// Passing over code of which only a few words matter: the bodies of functions, most of what there
// is to read.
//
// What is ordinary is passed here, with as few looks at it as will do. All else is left to
// Next(), which knows every rule. What is ordinary ends at a line break at the latest: in
// front of the last one there is no need to look for the end of the text.
#include "core/lexer.h"
#include "core/lexer_bytes.h"

namespace onehead {
namespace {

bool IsFormatPrefix(std::string_view word) {
  std::uint8_t flags = 0;
  return !word.empty() && ParseStringPrefix(word, &flags) &&
         (flags & (kFormatString | kTemplateString)) != 0;
}

bool IsBlankOrBreak(char c) { return ClassOf(c) == kBlank || ClassOf(c) == kBreak; }

std::size_t AsciiWordEnd(const char* text, std::size_t i) {
  while (ClassOf(text[i]) <= kDigit) ++i;
  return i;
}

// Of the word or number that ends at `end`, no further back than `begin`.
std::size_t WordBegin(const char* text, std::size_t begin, std::size_t end) {
  while (end > begin && IsWordCharacter(text[end - 1])) --end;
  return end;
}

// Of a string on one line without escapes; 0: it is not.
std::size_t PlainStringEnd(const char* text, std::size_t quote) {
  std::size_t end = quote + 1;
  while (!MayEndString(text[end]) || (text[end] != text[quote] && ClassOf(text[end]) == kQuote)) {
    ++end;
  }
  const bool triple = end == quote + 1 && text[end + 1] == text[quote];
  return text[end] == text[quote] && !triple ? end + 1 : 0;
}

}  // namespace

Token Lexer::NextWanted() {
  for (;;) {
    if (failed_ || (at_line_start_ && !StartLine())) return Stopped();
    if (pending_ == 0) PassOrdinary();
    const Token token = Next();
    switch (token.kind) {
      case TokenKind::kNewline:
      case TokenKind::kNumber:
      case TokenKind::kOperator:
        break;
      case TokenKind::kName:
        if (words_->MayHold(text_.substr(token.begin, token.end - token.begin))) return token;
        break;
      case TokenKind::kString:
        if ((token.flags & kHasFields) != 0) return token;
        break;
      default:
        return token;
    }
  }
}

// To what only Next() can read, to a line that is indented otherwise, or to an error.
void Lexer::PassOrdinary() {
  if (pos_ >= last_break_) return;
  const char* const text = text_.data();
  std::size_t begin = pos_;  // from here on before_ is not up to date
  std::size_t i = pos_;
  for (;;) {
    switch (ClassOf(text[i])) {
      case kBlank:
      case kSeparator:
      case kOperator:
        ++i;
        continue;
      case kWordStart: {
        const std::size_t end = AsciiWordEnd(text, i + 1);
        if (words_->MayHold(text[i], end - i)) break;
        i = end;
        continue;
      }
      case kNotAscii:
        i = WordBegin(text, begin, i);
        break;
      case kOpening:
        if (!OpenBracket(i)) break;
        ++i;
        continue;
      case kClosing:
        if (!CloseBracket(i)) break;
        ++i;
        continue;
      case kQuote: {
        const std::size_t word = WordBegin(text, begin, i);
        const std::size_t end = PlainStringEnd(text, i);
        if (end == 0 || IsFormatPrefix(text_.substr(word, i - word))) {
          i = word;
          break;
        }
        i = end;
        continue;
      }
      case kDot:
        if (ClassOf(text[i + 1]) != kDigit) {
          i += text[i + 1] == '.' && text[i + 2] == '.' ? 3 : 1;
          continue;
        }
        [[fallthrough]];
      case kDigit: {
        const Scanned number = ScanNumber(text_, i);
        if (!number.error.empty()) break;
        before_ = i;
        begin = i = number.end;
        continue;
      }
      case kComment:
        NoteTokens(begin, i);
        begin = i = LineEnd(i);
        continue;
      case kBreak:
        if (i == last_break_) break;
        if (brackets_size_ != 0) {
          if (!PassBreak(&i)) break;
          continue;
        }
        if (!PassLineEnd(i) || pos_ >= last_break_) return;
        begin = i = pos_;
        continue;
      default:
        break;
    }
    break;
  }
  NoteTokens(begin, i);
  pos_ = i;
}

// In brackets.
bool Lexer::PassBreak(std::size_t* i) {
  const bool crlf = text_[*i] == '\r' && text_[*i + 1] == '\n';
  const std::size_t line = *i + (crlf ? 2 : 1);
  if (ClassOf(At(line)) == kOperator) return false;  // perhaps a conflict marker
  *i = SpacesEnd(text_, line);
  ++line_;
  return true;
}

// Outside of brackets. False: a token is due, or an error.
bool Lexer::PassLineEnd(std::size_t i) {
  pos_ = i;
  PassNewline();
  EndLine(i);
  return StartLine() && pending_ == 0;
}

// Sets before_ from what has been passed between the two.
void Lexer::NoteTokens(std::size_t begin, std::size_t end) {
  while (end > begin && IsBlankOrBreak(text_[end - 1])) --end;
  if (end == begin) return;
  before_ = --end;
  while (before_ > begin && IsWordCharacter(text_[before_]) &&
         IsWordCharacter(text_[before_ - 1])) {
    --before_;
  }
}

}  // namespace onehead
