// Skipping code of which only a few words matter: the bodies of functions, most of what there is
// to read.
//
// A loop over character classes with as few looks at each byte as will do: words are only measured
// and compared by first letter and size, plain strings are searched for their quote, brackets are
// counted. Whatever is not ordinary (f-strings, escapes, continuation lines, conflict markers, a
// word that may matter) is left to Next(), which knows every rule; both keep the same state, so
// either may go on where the other stopped. Linear; a search for the words alone would be faster
// still, but would find them in strings and comments. It ends in front of the last line break at
// the latest, so that it need not look for the end of the text.
#include "core/python/char_class.h"
#include "core/python/tokenizer.h"

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

// Of a string on one line without escapes that is no f-string; else `quote`.
std::size_t PlainStringEnd(const char* text, std::size_t begin, std::size_t quote) {
  const char c = text[quote];
  std::size_t end = quote + 1;
  while (!MayEndString(text[end]) || (ClassOf(text[end]) == kQuote && text[end] != c)) ++end;
  const bool triple = end == quote + 1 && text[end] == c && text[end + 1] == c;
  const std::size_t word = WordBegin(text, begin, quote);
  const bool plain = text[end] == c && !triple && !IsFormatPrefix({text + word, quote - word});
  return plain ? end + 1 : quote;
}

// `i` when something is wrong with it.
std::size_t PlainNumberEnd(std::string_view text, std::size_t i) {
  const Scanned number = ScanNumber(text, i);
  return number.error.empty() ? number.end : i;
}

}  // namespace

Token Tokenizer::NextWanted() {
  for (;;) {
    if (failed_ || (at_line_start_ && !StartLine())) return Stopped();
    if (pending_ == 0) SkipOrdinary();
    const Token token = Next();
    switch (token.kind) {
      case TokenKind::kNewline:
      case TokenKind::kNumber:
      case TokenKind::kOperator:
        break;
      case TokenKind::kName:
        if (IsWanted(text_.substr(token.begin, token.end - token.begin))) return token;
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
void Tokenizer::SkipOrdinary() {
  if (pos_ >= last_break_) return;
  const char* const text = text_.data();
  std::size_t begin = pos_;  // from here on before_ is not up to date
  std::size_t i = pos_;
  for (std::size_t end = i;; i = end) {
    switch (ClassOf(text[i])) {
      case kBlank:
      case kSeparator:
      case kOperator:
        end = i + 1;
        continue;
      case kWordStart:
        end = AsciiWordEnd(text, i + 1);
        if (words_->MayHold(text[i], end - i)) break;
        continue;
      case kOpening:
        end = i + 1;
        if (!OpenBracket(i)) break;
        continue;
      case kClosing:
        end = i + 1;
        if (!CloseBracket(i)) break;
        continue;
      case kQuote:
        end = PlainStringEnd(text, begin, i);
        if (end == i) break;
        continue;
      case kDot:
        end = i + (text[i + 1] == '.' && text[i + 2] == '.' ? 3 : 1);
        if (ClassOf(text[i + 1]) != kDigit) continue;
        [[fallthrough]];
      case kDigit:
        end = PlainNumberEnd(text_, i);
        if (end == i) break;
        before_ = i;
        begin = end;
        continue;
      case kComment:
        NoteTokens(begin, i);
        begin = end = LineEnd(i);
        continue;
      case kBreak:
        if (i == last_break_) break;
        if (brackets_size_ == 0) {
          if (!SkipLineEnd(i) || pos_ >= last_break_) return;
          begin = end = pos_;
          continue;
        }
        end = BreakEnd(i);
        if (end == i) break;
        continue;
      default:
        break;
    }
    break;
  }
  // In front of an error, or of the word that goes on with `i`: a prefix of a string, or a name.
  pos_ = failed_ ? i : WordBegin(text, begin, i);
  NoteTokens(begin, pos_);
}

// In brackets. The begin of the next token, or `i`.
std::size_t Tokenizer::BreakEnd(std::size_t i) {
  const char next = text_[i + 1];
  if (text_[i] == '\r' && next == '\n') return i + 1;  // it may be the last one
  if (ClassOf(next) == kOperator) return i;            // perhaps a conflict marker
  ++line_;
  return SpacesEnd(text_, i + 1);
}

// Outside of brackets. False: a token is due, or an error.
bool Tokenizer::SkipLineEnd(std::size_t i) {
  pos_ = i;
  SkipNewline();
  EndLine(i);
  return StartLine() && pending_ == 0;
}

// Sets before_ from what has been passed between the two.
void Tokenizer::NoteTokens(std::size_t begin, std::size_t end) {
  while (end > begin && IsBlankOrBreak(text_[end - 1])) --end;
  if (end == begin) return;
  before_ = --end;
  while (before_ > begin && IsWordCharacter(text_[before_]) &&
         IsWordCharacter(text_[before_ - 1])) {
    --before_;
  }
}

}  // namespace onehead
