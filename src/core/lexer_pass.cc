// Passing over code of which only a few words matter: the bodies of functions, most of what there
// is to read.
//
// What is ordinary is passed here, with as few looks at it as will do. All else is left to
// NextInLine(), which knows every rule. What is ordinary ends at a line break at the latest: in
// front of the last one there is no need to look for the end of the text.
#include "core/lexer.h"
#include "core/lexer_bytes.h"

namespace onehead {
namespace {

// An operator that nothing can be wrong with.
bool IsBlankOrOperator(char c) { return ClassOf(c) >= kBlank && ClassOf(c) <= kOperator; }

bool IsBlankOrBreak(char c) { return ClassOf(c) == kBlank || ClassOf(c) == kBreak; }

// These return where something ends that begins at `i`, or `i` when it is not ordinary.

// One line, no escapes.
std::size_t PlainStringEnd(const char* text, std::size_t i) {
  const char quote = text[i];
  std::size_t end = i + 1;
  while (!MayEndString(text[end]) || (text[end] != quote && ClassOf(text[end]) == kQuote)) ++end;
  const bool triple = end == i + 1 && text[end + 1] == quote;
  return text[end] == quote && !triple ? end + 1 : i;
}

// A word and a quote behind it; no f-string.
std::size_t PrefixedStringEnd(const char* text, std::size_t i, std::size_t quote) {
  std::uint8_t flags = 0;
  if (!ParseStringPrefix({text + i, quote - i}, &flags)) return quote;
  if ((flags & (kFormatString | kTemplateString)) != 0) return i;
  const std::size_t end = PlainStringEnd(text, quote);
  return end == quote ? i : end;
}

// ASCII, and nobody waits for it.
std::size_t PlainWordEnd(const char* text, std::size_t i, const WordFilter& words) {
  std::size_t end = i + 1;
  while (ClassOf(text[end]) <= kDigit) ++end;
  const CharClass next = ClassOf(text[end]);
  if (next == kNotAscii || words.MayHold(text[i], end - i)) return i;
  return next == kQuote ? PrefixedStringEnd(text, i, end) : end;
}

std::size_t NumberEnd(std::string_view text, std::size_t i) {
  const Scanned number = ScanNumber(text, i);
  return number.error.empty() ? number.end : i;
}

}  // namespace

Token Lexer::NextWanted() {
  for (;;) {
    if (failed_ || (at_line_start_ && !StartLine())) return Stopped();
    if (pending_ == 0) PassOrdinary();
    if (pending_ != 0) return PendingIndentation();
    const Token token = NextInLine();
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

// To what only NextInLine() can read, to a line that is indented otherwise, or to an error.
void Lexer::PassOrdinary() {
  if (pos_ >= last_break_) return;
  const char* const text = text_.data();
  std::size_t begin = pos_;  // from here on before_ is not up to date
  std::size_t i = pos_;
  for (std::size_t end = i;; i = end) {
    while (IsBlankOrOperator(text[i])) end = ++i;
    switch (ClassOf(text[i])) {
      case kWordStart:
        end = PlainWordEnd(text, i, *words_);
        break;
      case kOpening:
        end = OpenBracket(i) ? i + 1 : i;
        break;
      case kClosing:
        end = CloseBracket(i) ? i + 1 : i;
        break;
      case kQuote:
        end = PlainStringEnd(text, i);
        break;
      case kDot:
        if (ClassOf(text[i + 1]) != kDigit) {
          end = i + (text[i + 1] == '.' && text[i + 2] == '.' ? 3 : 1);
          break;
        }
        [[fallthrough]];
      case kDigit:
        before_ = i;
        begin = end = NumberEnd(text_, i);
        break;
      case kComment:
        NoteTokens(begin, i);
        begin = end = LineEnd(i);
        break;
      case kBreak:
        if (i == last_break_) break;
        if (brackets_size_ != 0) {
          end = BreakEnd(i);
          break;
        }
        if (!PassLineEnd(i) || pos_ >= last_break_) return;
        begin = end = pos_;
        break;
      default:
        break;
    }
    if (end == i) break;
  }
  NoteTokens(begin, i);
  pos_ = i;
}

// In brackets.
std::size_t Lexer::BreakEnd(std::size_t i) {
  if (text_[i] == '\r') return text_[i + 1] == '\n' ? i + 1 : i;
  if (ClassOf(text_[i + 1]) == kOperator) return i;  // perhaps a conflict marker
  ++line_;
  return SpacesEnd(text_, i + 1);
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
